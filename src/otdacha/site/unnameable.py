"""Addresses with a NUL in them name nothing: PostgreSQL holds no such text and would fail on it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(answer: Answer) -> Answer:
    """Middleware: 404 for an address with a NUL, written or encoded."""

    def answered(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in asked or "%00" in asked:
            raise Http404
        return answer(request)

    return answered
