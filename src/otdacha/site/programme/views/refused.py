"""What is said where a form came without its guard: from another site, or without the cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.site.bank.page import fault


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return fault(request, "faults/403.html.j2", 403)
