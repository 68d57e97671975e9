"""Not built yet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def organisation_chart(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
