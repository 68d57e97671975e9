"""Every component of the site with invented figures, each with a line on when to use it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from otdacha.documents.figures import Figure
from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.release.states import WITH_FIGURE, State
from otdacha.site.bank import samples
from otdacha.site.bank.listing.pages import pages
from otdacha.site.bank.page import without_release

COLOURS = (
    "paper", "panel", "ink", "muted", "line", "edge", "link", "link-hover", "good", "good-soft",
    "warn", "warn-soft", "less", "more", "point", "band", "focus", "brand",
)  # fmt: skip
"""The tokens of colour in styles/_tokens.scss."""


def styleguide(request: HttpRequest, language: Language) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    numbers = Numbers(language)
    return without_release(
        request,
        language,
        "styleguide.html.j2",
        colours=COLOURS,
        states=[state.value for state in State if state not in WITH_FIGURE],
        figure_shown=Figure(numbers.signed(4.2, 1), numbers.interval(2.3, 6.1, 1)),
        measures=samples.measures(numbers),
        said_shown=samples.prices(numbers),
        entries=samples.entries(numbers),
        standings=samples.standings(numbers),
        offers=samples.offers(numbers),
        problems=samples.problems(),
        places=samples.places(numbers),
        pages=pages(1234, 7, lambda number: f"?page={number}"),
        charts=samples.charts(numbers),
    )
