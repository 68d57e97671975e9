"""The charts of an organisation's page, by the names that their files have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from otdacha.documents import charts
from otdacha.documents.charts import Chart, Estimate, Quantity
from otdacha.documents.figures import Measure
from otdacha.language import text
from otdacha.release.states import WITH_FIGURE, State
from otdacha.site.bank.edition.drawn import estimate, month, months_of_all, quantity, threshold
from otdacha.site.bank.profile.profile import Past, Profile

Row = Mapping[str, Any]


def by_indicator(profile: Profile) -> Chart:
    """Its effect on every indicator, and those of its peers."""
    edition, peers = profile.edition, profile.peers
    listed = profile.organisation.listed
    rows = [
        charts.Indicator(
            Quantity.of(measure, edition.numbers),
            estimate(
                profile.effects[measure.id], measure, profile.organisation.name, listed=listed
            ),
            tuple(
                estimate(peers.effects[peer["provider"], measure.id], measure, _name(peer))
                for peer in peers.rows
            ),
        )
        for measure in edition.measures
    ]
    return charts.indicators(rows, edition.language, id="indicators")


def before_and_after(profile: Profile) -> Chart | None:
    """The months around training: its own, or those of all where the release holds none of its.

    None where the release holds no months at all: somebody else's figures have none.
    """
    edition = profile.edition
    own = own_months(profile)
    months = own or months_of_all(edition)
    if not months:
        return None
    title = (
        text("Before and after training: {name}", name=profile.organisation.name)
        if own
        else text("Before and after training: all organisations together")
    )
    measure = edition.measures[0]
    return charts.event_study(
        [month(row, measure) for row in months],
        quantity(edition),
        id="before-and-after",
        title=title.said(edition.language),
    )


def own_months(profile: Profile) -> list[dict[str, Any]]:
    """Its months before and after training on the headline; none where none has a figure."""
    headline = profile.edition.published.headline
    months = [row for row in profile.figures("event_study") if row["indicator"] == headline]
    return months if _some_figure(months) else []


def _some_figure(rows: Iterable[Row]) -> bool:
    return any(row["state"] in WITH_FIGURE for row in rows)


def among_peers(profile: Profile) -> Chart | None:
    """It and its peers by estimate and exactness; None where it has no figure to stand there."""
    if not profile.published:
        return None
    edition = profile.edition
    measure = edition.measures[0]

    def point(row: Row, *, highlighted: bool = False) -> charts.FunnelPoint:
        return charts.FunnelPoint(
            name=_name(row),
            estimate=measure.shown(row["estimate"]),
            error=row["se"] * measure.factor,
            listed=bool(row["listed"]),
            highlighted=highlighted,
            href="" if highlighted else edition.url("organisation", provider=row["provider"]),
        )

    return charts.funnel(
        [point(profile.row, highlighted=True), *(point(row) for row in profile.peers.rows)],
        quantity(edition),
        threshold=threshold(edition),
        id="peers",
        title=text("{name} among its peers", name=profile.organisation.name).said(edition.language),
    )


def over_releases(profile: Profile) -> Chart:
    """Its effect in every release that has it, oldest first."""
    edition = profile.edition
    measure = edition.measures[0]
    rows = [estimate_then(profile, past, measure) for past in reversed(profile.past) if past.row]
    return charts.history(rows, quantity(edition), id="history")


def estimate_then(profile: Profile, past: Past, measure: Measure) -> Estimate:
    """What a release said of it; not comparable where that release ranked another figure."""
    assert past.row is not None
    href = profile.edition.in_release(
        past.release, "organisation", provider=profile.organisation.provider
    )
    if not past.comparable:
        return Estimate(past.release, state=State.NOT_COMPARABLE, href=href)
    listed = bool(past.row["listed"])
    return estimate(past.row, measure, past.release, listed=listed, href=href)


CHARTS: Mapping[str, Callable[[Profile], Chart | None]] = {
    "indicators": by_indicator,
    "before-and-after": before_and_after,
    "peers": among_peers,
    "history": over_releases,
}


def _name(row: Row) -> str:
    return str(row["name"] or row["provider"])
