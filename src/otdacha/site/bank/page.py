"""A page of the data bank: found by its address, kept once made, and named by all it depends on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, wraps
from hashlib import sha256
from typing import Any

from django.core.cache import cache as kept
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified
from django.utils.http import parse_etags

from otdacha.language import LANGUAGES, Language
from otdacha.release.manifest import source_hash
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.beside import beside
from otdacha.site.templating import environment

View = Callable[..., HttpResponse]
"""Takes the request, the edition, then what the address names."""

LATEST_SECONDS = 300
PINNED_SECONDS = 86_400
"""How long a browser need not ask again: pages of a named release change by a reply or an erratum
only."""
_LARGEST_KEPT = 400_000


def page(view: View) -> Callable[..., HttpResponse]:
    """A view of an edition. Its answer is kept until the edition's bank changes, and carries an
    ETag, so that the same answer is made once and sent once."""
    return page_for(LATEST_SECONDS, PINNED_SECONDS)(view)


def page_for(latest: int, pinned: int) -> Callable[[View], Callable[..., HttpResponse]]:
    """The same where a browser need not ask again for `latest` or `pinned` seconds."""
    return lambda view: _page(view, latest, pinned)


def _page(view: View, latest: int, pinned: int) -> Callable[..., HttpResponse]:

    @wraps(view)
    def answered(
        request: HttpRequest,
        language: Language,
        bank: str | None = None,
        release: str | None = None,
        **named: Any,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = edition_of(language, bank, release)
        if edition is None:
            return nothing_published(request, language)
        seconds = pinned if edition.pinned else latest
        words = (
            edition.release.hash,
            edition.latest.hash,
            str(edition.bank.generation),
        )
        return kept_answer(request, words, seconds, lambda: view(request, edition, **named))

    return answered


def kept_answer(
    request: HttpRequest, words: Sequence[str], seconds: int, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer that `make` makes, made once and sent once as long as `words`, which name all that
    it depends on beside the code and the address, stay the same."""
    tag = _tag(request, words)
    if tag in _known_to(request):
        return _dated(HttpResponseNotModified(), seconds, tag)
    found = kept.get(tag)
    if found is not None:
        content, headers = found
        return _dated(HttpResponse(content, headers=headers), seconds, tag)
    response = make()
    if response.status_code != 200:
        return response
    if len(response.content) <= _LARGEST_KEPT:
        kept.set(tag, (response.content, dict(response.headers)))
    return _dated(response, seconds, tag)


def shown(
    request: HttpRequest, edition: Edition, template: str, status: int = 200, **values: Any
) -> HttpResponse:
    """The page that `template` makes of the edition and `values`."""
    return rendered(request, edition.language, template, status, {"edition": edition, **values})


def without_release(
    request: HttpRequest, language: Language, template: str, **values: Any
) -> HttpResponse:
    """A page that is about no release."""
    return rendered(request, language, template, 200, values)


def nothing_published(request: HttpRequest, language: Language) -> HttpResponse:
    """What is shown before the first release is published."""
    return without_release(request, language, "nothing.html.j2")


def fault(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page about what went wrong, in the language of the address that was asked for."""
    first = request.path.split("/")[1] if request.path.startswith("/") else ""
    spoken: Language = "en" if first == "en" else "ru"
    return rendered(request, spoken, template, status, {})


def rendered(
    request: HttpRequest, language: Language, template: str, status: int, values: dict[str, Any]
) -> HttpResponse:
    """What `template` makes of `values`, with what every page has around its content."""
    edition: Edition | None = values.get("edition")
    for_good = ""
    if edition is not None and "for_good" not in values:
        for_good = _for_good(request, edition)
    made = (
        environment(language)
        .get_template(template)
        .render(
            request=request,
            elsewhere=_elsewhere(request, language),
            beside=beside(request),
            **{"edition": None, "for_good": for_good, **values},
        )
    )
    return HttpResponse(made, status=status)


def _for_good(request: HttpRequest, edition: Edition) -> str:
    """The address under which this very page stays when newer releases come."""
    match = request.resolver_match
    assert match is not None
    assert match.url_name is not None
    place = ("language", "bank", "release")
    named = {name: value for name, value in match.kwargs.items() if name not in place}
    asked = request.META.get("QUERY_STRING", "")
    address = edition.pinned_url(match.url_name, **named)
    return f"{address}?{asked}" if asked else address


def _elsewhere(request: HttpRequest, language: Language) -> dict[Language, str]:
    """The same page in every language."""
    rest = request.get_full_path().removeprefix(f"/{language}")
    plain = request.path.startswith(f"/{language}/")
    return {one: f"/{one}{rest}" if plain else f"/{one}/" for one in LANGUAGES}


def _known_to(request: HttpRequest) -> set[str]:
    """The tags of what the reader has; of what came compressed, a weak one comes back."""
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    return {tag.removeprefix("W/") for tag in asked}


def _tag(request: HttpRequest, words: Sequence[str]) -> str:
    """Names an answer by all that it depends on."""
    named = (_code(), *words, *beside(request), request.get_host(), request.get_full_path())
    return f'"{sha256(chr(0).join(named).encode()).hexdigest()[:32]}"'


@cache
def _code() -> str:
    return source_hash(site=True)


def _dated(response: HttpResponse, seconds: int, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
