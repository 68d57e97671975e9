"""One municipality: its wages year by year and quarter by quarter, and its neighbours."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.language import Text, text
from otdacha.pay.wages.states import KNOWN, PROXY, QUARTER_SENTENCES, YEAR_SENTENCES
from otdacha.site.wages.edition import WagesEdition
from otdacha.site.wages.models import Town
from otdacha.site.wages.page import wages_page, wages_shown
from otdacha.site.wages.rows import quarters_of, year_row
from otdacha.site.wages.words import short


@wages_page
def town(request: HttpRequest, edition: WagesEdition, town: str) -> HttpResponse:
    found = edition.comparison.towns.filter(code=town).first()
    if found is None:
        raise Http404
    known = edition.comparison.towns.filter(region_slug=found.region_slug, state=KNOWN)
    lower = known.filter(ratio__lt=found.ratio).count() if found.state == KNOWN else 0
    return wages_shown(
        request,
        edition,
        "wages/town.html.j2",
        town=found,
        name=short(found.name),
        said=_said(edition, found),
        why=YEAR_SENTENCES[found.state],
        proxy=PROXY,
        years=[year_row(edition, found, row) for row in reversed(found.years)],
        quarters=quarters_of(edition, found),
        strange="impossible" in _states(found),
        quarter_why=QUARTER_SENTENCES["impossible"],
        region_known=known.count(),
        region_lower=lower,
    )


def _states(town: Town) -> set[str]:
    """The states of its quarters."""
    return {row[name] for row in town.quarters for name in ("all_state", "o_state")}


def _said(edition: WagesEdition, town: Town) -> Text | None:
    """The comparison of the newest year in a sentence; None where there is none."""
    if town.state != KNOWN:
        return None
    assert town.difference is not None
    assert town.wage_o is not None
    assert town.wage_all is not None
    told = {
        "year": edition.year,
        "o": edition.rubles(town.wage_o),
        "all": edition.rubles(town.wage_all),
        "difference": edition.rubles(abs(town.difference)),
    }
    if town.difference < 0:
        return text(
            "In {year} public administration earned {o} a month here, all activities {all}: "
            "{difference} less.",
            **told,
        )
    if town.difference > 0:
        return text(
            "In {year} public administration earned {o} a month here, all activities {all}: "
            "{difference} more.",
            **told,
        )
    return text("In {year} public administration and all activities earned {all} here.", **told)
