"""Pages about what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.site.bank.page import fault


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return fault(request, "faults/400.html.j2", 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return fault(request, "faults/404.html.j2", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return fault(request, "faults/500.html.j2", 500)
