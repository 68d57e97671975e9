"""The charts of a release as a whole: what a page shows and what can be taken away as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from otdacha.documents.charts import (
    Chart,
    Estimate,
    FunnelPoint,
    Month,
    Quantity,
    Town,
    caterpillar,
    density,
    event_study,
    funnel,
    schematic,
)
from otdacha.documents.figures import Measure
from otdacha.language import text
from otdacha.release.states import WITH_FIGURE, State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Municipality
from otdacha.site.bank.slugs import slug

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
        [_estimate(row, edition) for row in shown.iter_rows(named=True)],
        quantity(edition),
        threshold=threshold(edition),
        title=title,
    )


def release_funnel(edition: Edition) -> Chart:
    """Every estimate before shrinkage, against how exactly it is known."""
    measure = edition.measures[0]
    points = [
        FunnelPoint(
            name=_name(row),
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
    rows = [_estimate(row, edition) for row in _with_effect(edition).iter_rows(named=True)]
    return density(curve, rows, quantity(edition), threshold=threshold(edition))


def release_event_study(edition: Edition) -> Chart:
    """All organisations together, month by month before and after training."""
    measure = edition.measures[0]
    rows = edition.published.tables["event_study"].filter(
        pl.col("provider").is_null(), pl.col("indicator") == measure.id
    )
    return event_study(
        [_month(row, measure) for row in rows.iter_rows(named=True)], quantity(edition)
    )


def release_map(edition: Edition) -> Chart:
    """Every municipality that has a place, where it lies."""
    return towns_map(edition, edition.release.municipalities.all())


def towns_map(
    edition: Edition, municipalities: Iterable[Municipality], *, rows_elsewhere: bool = False
) -> Chart:
    """Those of the municipalities that have a place; each leads to its row of the map's table.

    rows_elsewhere: the rows stand in the tables of the regions.
    """

    def row(one: Municipality) -> str:
        if not rows_elsewhere:
            return f"#{anchor(one)}"
        if not one.region_slug:
            return ""
        return f"{edition.url('map')}?region={one.region_slug}#{anchor(one)}"

    towns = [
        Town(
            name=one.name,
            region=one.region,
            latitude=one.row["latitude"],
            longitude=one.row["longitude"],
            trained=one.row["trained"],
            state=State(one.row["trained_state"]),
            href=row(one),
        )
        for one in municipalities
        if placed(one)
    ]
    return schematic(towns, edition.numbers, id="map")


def anchor(municipality: Municipality) -> str:
    """What a municipality's row is called in addresses within the page of the map."""
    return f"town-{slug(municipality.code)}"


def placed(municipality: Municipality) -> bool:
    """Whether its released coordinates are a place on the globe."""
    latitude, longitude = (municipality.row.get(name) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        return False
    return bool(-90 <= latitude <= 90 and -180 <= longitude <= 180)


CHARTS: Mapping[str, Callable[[Edition], Chart]] = {
    "caterpillar": release_caterpillar,
    "funnel": release_funnel,
    "density": release_density,
    "event_study": release_event_study,
    "map": release_map,
}
"""The charts of a release by the name they have in addresses."""


def quantity(edition: Edition) -> Quantity:
    """What the headline is shown in."""
    return Quantity.of(edition.measures[0], edition.numbers)


def threshold(edition: Edition) -> float:
    """What the list is compared with, in the headline's unit."""
    return edition.measures[0].shown(edition.release.manifest["evaluation"]["threshold"])


def _with_effect(edition: Edition) -> pl.DataFrame:
    return edition.published.providers.filter(pl.col("state") == State.PUBLISHED)


def _name(row: Mapping[str, Any]) -> str:
    return str(row["name"] or row["provider"])


def _estimate(row: Mapping[str, Any], edition: Edition) -> Estimate:
    measure = edition.measures[0]
    lower, upper = sorted(measure.shown(row[end]) for end in ("lower", "upper"))
    return Estimate(
        name=_name(row),
        point=measure.shown(row["posterior_mean"]),
        lower=lower,
        upper=upper,
        listed=bool(row["listed"]),
        href=edition.url("organisation", provider=row["provider"]),
    )


def _month(row: Mapping[str, Any], measure: Measure) -> Month:
    state = State(row["state"])
    if state not in WITH_FIGURE:
        return Month(row["time"], state=state)
    lower, upper = sorted(measure.shown(row[end]) for end in ("lower", "upper"))
    lower_all, upper_all = sorted(measure.shown(row[end]) for end in ("lower_all", "upper_all"))
    return Month(
        row["time"], measure.shown(row["estimate"]), lower, upper, lower_all, upper_all, state
    )
