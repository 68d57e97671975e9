"""The method: the rules of this release's methodology file, and the pages that explain it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static

from otdacha.documents.method_pages import PARTS, as_html, headings, part_of
from otdacha.documents.rules import indicators, rules
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.page import page, shown


@page
def method(request: HttpRequest, edition: Edition) -> HttpResponse:
    release = edition.published
    return shown(
        request,
        edition,
        "method.html.j2",
        methodology=release.methodology,
        reported=bool(release.manifest.get("reported")),
        indicators=indicators(release.methodology, edition.numbers),
        rules=rules(release.methodology, edition.numbers),
        parts_of_method=PARTS,
    )


@page
def method_part(request: HttpRequest, edition: Edition, part: str) -> HttpResponse:
    found = part_of(part)
    if found is None:
        raise Http404
    at = PARTS.index(found)
    return shown(
        request,
        edition,
        "method_part.html.j2",
        part=found,
        number=at + 1,
        before=PARTS[at - 1] if at else None,
        after=PARTS[at + 1] if at + 1 < len(PARTS) else None,
        headings=headings(found),
        content=as_html(
            found,
            page=lambda slug: edition.url("method_part", part=slug),
            picture=lambda name: static(f"otdacha/method/{name}"),
        ),
    )
