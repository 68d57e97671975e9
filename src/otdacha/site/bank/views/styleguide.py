"""Not built yet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def styleguide(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
