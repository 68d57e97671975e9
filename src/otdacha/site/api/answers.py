"""How the interface answers: open to every site, kept by its content, problems as documents."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from otdacha.site.api.problems import MEDIA_TYPE, USUAL, problem
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS

PREFIX = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


def open_interface(answer: Answer) -> Answer:
    """Middleware of the addresses under /api/: whatever comes of them comes in this shape."""

    def answered(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return answer(request)
        response = _preflight() if request.method == "OPTIONS" else _read(request, answer)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        return response

    return answered


def _read(request: HttpRequest, answer: Answer) -> HttpResponse:
    head = request.method == "HEAD"
    if head:
        request.method = "GET"  # the same headers, without the content
    response = answer(request)
    if response.status_code == 200:
        response = _kept(request, response)
    elif response.status_code >= 400 and response.headers["Content-Type"] != MEDIA_TYPE:
        response = _problem(request, response)
    if head:
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With an ETag of its content; 304 where the reader has it already."""
    seconds = PINNED_SECONDS if request.GET.get("release") else LATEST_SECONDS
    response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    known = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    assert isinstance(known, HttpResponse)
    return known


def _problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What Django would say in HTML, as a document for programs."""
    status = response.status_code
    made = problem(request, status, USUAL.get(status, USUAL[400 if status < 500 else 500]))
    if "Allow" in response.headers:
        made.headers["Allow"] = "GET, HEAD, OPTIONS"
    return made


def _preflight() -> HttpResponse:
    """A browser asks whether another site's script may send If-None-Match."""
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
