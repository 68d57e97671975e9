"""A table, a file of the release, or the whole release, to save."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from otdacha.site.bank.edition import Edition
from otdacha.site.bank.files.downloads import NotUnderstood, answer, download
from otdacha.site.bank.page import page


def table(request: HttpRequest, **named: str) -> HttpResponse:
    """The file that the address names, or 304 where the reader has it already."""
    response = _table(request, **named)
    if response.status_code != 200:
        return response
    if not response.has_header("ETag"):
        raise Http404  # nothing is published yet, so there is no file
    known = get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=parse_http_date_safe(response.headers["Last-Modified"]),
        response=response,
    )
    return known or response


@page
def _table(request: HttpRequest, edition: Edition, table: str, kind: str) -> HttpResponse:
    try:
        file = download(edition, table, kind, request.GET)
    except NotUnderstood as fault:
        said = "\n".join(problem.said(edition.language) for problem in fault.problems)
        return HttpResponse(said + "\n", status=400, content_type="text/plain; charset=utf-8")
    if file is None:
        raise Http404
    return answer(edition, file)
