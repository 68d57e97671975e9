"""Not built yet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def topics(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def topic(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
