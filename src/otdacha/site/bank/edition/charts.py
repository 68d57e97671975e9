"""The charts of a release as a whole: what a page shows and what can be taken away as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from otdacha.documents.charts import (
    Chart,
    FunnelPoint,
    caterpillar,
    density,
    event_study,
    funnel,
)
from otdacha.language import text
from otdacha.release.states import State
from otdacha.site.bank.edition.drawn import (
    month,
    months_of_all,
    of_provider,
    quantity,
    threshold,
)
from otdacha.site.bank.edition.edition import Edition
from otdacha.site.bank.edition.towns import towns_map

MOST_ROWS = 60
"""Organisations that a caterpillar names, one below the other; what is further down is counted."""


def release_caterpillar(edition: Edition) -> Chart:
    """The organisations with an effect, best first, as many as a picture has room for."""
    rows = _with_effect(edition)
    shown = rows.head(MOST_ROWS)
    title = ""
    if rows.height > shown.height:
        title = text(
            "The first {shown} of {count} organisations with an effect, best first",
            shown=edition.numbers.whole(shown.height),
            count=edition.numbers.whole(rows.height),
        ).said(edition.language)
    return caterpillar(
        [of_provider(edition, row) for row in shown.iter_rows(named=True)],
        quantity(edition),
        threshold=threshold(edition),
        title=title,
    )


def release_funnel(edition: Edition) -> Chart:
    """Every estimate before shrinkage, against how exactly it is known."""
    measure = edition.measures[0]
    points = [
        FunnelPoint(
            name=row["name"] or row["provider"],
            estimate=measure.shown(row["estimate"]),
            error=row["se"] * measure.factor,
            people=row["people"] or None,
            people_state=State(row["people_state"]),
            listed=bool(row["listed"]),
            href=edition.url("organisation", provider=row["provider"]),
        )
        for row in _with_effect(edition).drop_nulls(["estimate", "se"]).iter_rows(named=True)
    ]
    return funnel(points, quantity(edition), threshold=threshold(edition))


def release_density(edition: Edition) -> Chart:
    """How common which true effect is, and a stroke for each organisation."""
    measure = edition.measures[0]
    prior = edition.published.tables["prior"].filter(indicator=measure.id)
    curve = [
        (measure.shown(effect), height / measure.factor)
        for effect, height in prior.select("effect", "density").iter_rows()
    ]
    rows = [of_provider(edition, row) for row in _with_effect(edition).iter_rows(named=True)]
    return density(curve, rows, quantity(edition), threshold=threshold(edition))


def release_event_study(edition: Edition) -> Chart:
    """All organisations together, month by month before and after training."""
    months = [month(row, edition.measures[0]) for row in months_of_all(edition)]
    return event_study(months, quantity(edition))


def release_map(edition: Edition) -> Chart:
    """Every municipality that has a place, where it lies."""
    return towns_map(edition, edition.release.municipalities.all())


CHARTS: Mapping[str, Callable[[Edition], Chart]] = {
    "caterpillar": release_caterpillar,
    "funnel": release_funnel,
    "density": release_density,
    "event_study": release_event_study,
    "map": release_map,
}
"""The charts of a release by the name they have in addresses."""


def _with_effect(edition: Edition) -> pl.DataFrame:
    return edition.published.providers.filter(pl.col("state") == State.PUBLISHED)
