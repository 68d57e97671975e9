"""A NUL names nothing: PostgreSQL holds no such text and would fail on it.

In a path, and in whatever is asked of the interface for programs, it is answered with 404. Pages
read a query string themselves and say what of it they cannot follow.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.site.api.answers import PREFIX

Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(answer: Answer) -> Answer:
    """Middleware: 404 for an address with a NUL, written or encoded, that no page can explain."""

    def answered(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        for_programs = request.path.startswith(PREFIX)
        if "\0" in request.path or (for_programs and ("\0" in asked or "%00" in asked)):
            raise Http404
        return answer(request)

    return answered
