"""Sessions: which of a provider's courses an exposed month is owed to, and effects by session.

A session is a provider and the first exposed month of a unit; it takes in the unit's exposed months
of one horizon from then, and the next exposed month begins the next session. For a person that is
one course (a second course within the horizon is part of the session that is under way), and for a
department, where somebody is always exposed, it is a horizon's worth of courses.

Sessions are put together into parts of a provider, exposure is labelled by part instead of
provider, and effects are estimated anew: the parts have one joint covariance like any providers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from otdacha.effects.composite import composite
from otdacha.effects.result import COMPOSITE, Effects
from otdacha.methodology import Methodology

PARTS = pl.Schema({"id": pl.String, "provider": pl.String, "part": pl.String})

EARLY, LATE = "early", "late"
HALVES = ("a1", "a2", "b1", "b2")
"""Half of a provider's places (a, b) and half of its sessions (1, 2)."""

APART = (("a1", "b2"), ("a2", "b1"))
"""The pairs of quarters that share neither a place nor a session."""


@dataclass(frozen=True)
class Parts:
    """Exposure labelled by parts of providers.

    exposure: as in `otdacha.panel.frames`, where `provider` holds the id of a part.
    key: schema `PARTS`, one row per part that has exposure. An id is the part, a bar and the
    provider; parts have no bar in their names, so no two parts share an id.
    """

    exposure: pl.DataFrame
    key: pl.DataFrame

    def reach(self, reach: pl.DataFrame | None) -> pl.DataFrame | None:
        """The providers' reach under the ids of their parts: a part is known where its provider is.

        How many people stand behind a part alone is not on record; the minimum of clusters and of
        degrees of freedom guards it.
        """
        if reach is None:
            return None
        known = self.key.join(reach, on="provider").drop("provider", "part")
        return known.rename({"id": "provider"})

    def of(self, effects: Effects, part: str) -> Effects:
        """The effects of one part of each provider, under the providers' names."""
        mine = self.key.filter(pl.col("part") == part).sort("id")
        place = {name: column for column, name in enumerate(effects.providers)}
        columns = [place[name] for name in mine["id"]]
        names = dict(zip(mine["id"], mine["provider"], strict=True))

        def own(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.filter(pl.col("provider").is_in(list(names))).with_columns(
                pl.col("provider").replace(names)
            )

        return replace(
            effects,
            providers=tuple(mine["provider"]),
            estimates=own(effects.estimates),
            scores={name: np.asarray(psi)[:, columns] for name, psi in effects.scores.items()},
            excluded=own(effects.excluded),
        )


def with_sessions(exposure: pl.DataFrame, horizon_months: int) -> pl.DataFrame:
    """Exposure with `session`, the first month of the session that each row belongs to."""
    dated = exposure.with_columns(session=pl.lit(None, pl.Date))
    unit, waiting = ["unit", "provider"], pl.col("session").is_null()
    while dated["session"].null_count():
        first = pl.col("month").filter(waiting).min().over(unit)
        dated = dated.with_columns(first=first).with_columns(
            session=pl.when(
                waiting & (pl.col("month") < pl.col("first").dt.offset_by(f"{horizon_months}mo"))
            )
            .then("first")
            .otherwise("session")
        )
    return dated.select(*exposure.columns, "session")


def balanced_cut(dated: pl.DataFrame, cells: pl.DataFrame) -> dt.date | None:
    """The month that leaves the smaller side largest: exposure until then, or in sessions after it.

    dated: exposure with sessions. Exposure is counted in person-months that have an exposed cell.
    Of equal months the earliest. None where no month leaves anything on both sides.
    """
    exposed = cells.filter(pl.col("status") == "exposed").select("unit", "month").unique()
    seen = dated.join(exposed, on=["unit", "month"], how="semi").with_columns(
        people=pl.col("share") * pl.col("staff")
    )
    until = seen.group_by("month").agg(pl.col("people").sum().alias("until"))
    begun = seen.group_by(month="session").agg(pl.col("people").sum().alias("begun"))
    sides = (
        until.join(begun, on="month", how="full", coalesce=True)
        .fill_null(0.0)
        .sort("month")
        .with_columns(
            until=pl.col("until").cum_sum(), after=pl.col("begun").sum() - pl.col("begun").cum_sum()
        )
        .with_columns(smaller=pl.min_horizontal("until", "after"))
        # sums in another order differ in the last digit; a side of nothing is no side
        .filter(pl.col("smaller") > 1e-9 * pl.col("until").max())
    )
    if sides.is_empty():
        return None
    best: dt.date = sides.sort("smaller", descending=True, maintain_order=True)["month"][0]
    return best


def early_and_late(dated: pl.DataFrame, cut: dt.date) -> Parts:
    """Each provider's sessions that began until the cut month, and those that began after it."""
    early = pl.col("session") <= cut
    return _labelled(dated, pl.when(early).then(pl.lit(EARLY)).otherwise(pl.lit(LATE)))


def quarters(dated: pl.DataFrame, places: pl.DataFrame) -> Parts:
    """Each provider's exposure by half of its places and half of its sessions (`HALVES`).

    places: unit, place. Places are dealt out in the order of their person-months and sessions in
    the order of time, first, second, second, first and so on, so that halves have the same number
    (or differ by one) and about the same size or the same mean date.
    """
    here = dated.join(places, on="unit")
    by_size = (
        here.group_by("provider", "place")
        .agg(people=(pl.col("share") * pl.col("staff")).sum().round(6))
        .sort("provider", "people", "place", descending=[False, True, False])
    )
    by_time = here.select("provider", "session").unique().sort("provider", "session")
    of_places = _dealt(by_size, "a", "b").select("provider", "place", of_places="half")
    of_sessions = _dealt(by_time, "1", "2").select("provider", "session", of_sessions="half")
    dealt = here.join(of_places, on=["provider", "place"]).join(
        of_sessions, on=["provider", "session"]
    )
    return _labelled(dealt, pl.col("of_places") + pl.col("of_sessions"))


def _dealt(sorted_rows: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """Rows of each provider dealt out in the order they have: one, other, other, one, …"""
    place = pl.int_range(pl.len()).over("provider") % 4
    return sorted_rows.with_columns(
        half=pl.when(place.is_in([0, 3])).then(pl.lit(one)).otherwise(pl.lit(other))
    )


def _labelled(dated: pl.DataFrame, part: pl.Expr) -> Parts:
    rows = dated.with_columns(pl.col("provider").cast(pl.String), part=part)
    rows = rows.with_columns(id=pl.col("part") + "|" + pl.col("provider"))
    return Parts(
        exposure=rows.select("unit", "month", pl.col("id").alias("provider"), "share", "staff"),
        key=rows.select(PARTS.names()).unique().sort("id").cast(PARTS),
    )


def in_scales_of(effects: Effects, reference: Effects, methodology: Methodology) -> Effects:
    """The same effects with their composite made in the standard deviations of `reference`."""
    if COMPOSITE not in effects.scores:
        return effects
    parts = replace(
        effects,
        estimates=effects.estimates.filter(pl.col("indicator") != COMPOSITE),
        scores={name: psi for name, psi in effects.scores.items() if name != COMPOSITE},
        scales=reference.scales,
    )
    return composite(parts, methodology)
