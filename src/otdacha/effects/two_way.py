"""Errors that are shared within a town and within a run of a course: clustering in two ways.

A good or bad run of a course is shared by its participants, whichever towns they came from. With
towns c and sessions g the variance is `V = Σ_c ψ_c ψ_c' + Σ_g φ_g φ_g'`, φ being the same score
summed by session. Cameron, Gelbach and Miller (2011) subtract what pairs in the same town and the
same session count twice; the difference need not be positive semidefinite, and cannot be written
as scores. Without the subtraction it is both, and not too small (Davezies, D'Haultfoeuille,
Guyonvarch 2021; MacKinnon, Nielsen, Webb 2021); docs/decisions/0009.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from otdacha.effects.fit import Fit
from otdacha.methodology import Minimum


@dataclass(frozen=True)
class Sessions:
    """Runs of courses: `units` has unit, session_code of the trained units; names by code."""

    units: pl.DataFrame
    names: tuple[str, ...]


def session_labels(exposure: pl.DataFrame) -> Sessions:
    """The session of each trained unit: the one it was first exposed by.

    exposure: schema `otdacha.panel.frames.EXPOSURE`, and `session` where it is known; else a
    session is a provider and the unit's first exposed month. Of several that begin in one month
    the first by name counts: a unit's error must stay in one cluster.
    """
    if "session" in exposure.columns:
        named = pl.col("session").cast(pl.String)
    else:
        month = pl.col("month").dt.strftime("%Y-%m")
        named = pl.concat_str("provider", month, separator="/")
    first = (
        exposure.with_columns(session=named)
        .filter(pl.col("session").is_not_null())
        .sort("unit", "month", "session")
        .unique("unit", keep="first", maintain_order=True)
        .select("unit", "session")
    )
    names = first["session"].unique().sort()
    codes = pl.DataFrame({"session": names}).with_row_index("session_code")
    units = first.join(codes, on="session").select("unit", pl.col("session_code").cast(pl.Int64))
    return Sessions(units, tuple(names))


def both_ways(by_town: Fit, by_session: Fit, sessions: int, minimum: Minimum) -> Fit:
    """The fit whose ψ has a row for each town and then for each session.

    by_session: the same fit clustered by session, in which units that were never trained stand
    after the `sessions` under their town: pairs of them are dependent through the town only, which
    the first rows count already, so they make no rows. Degrees of freedom: the smaller of both.
    A provider that rests on one session, or on fewer degrees of freedom than the methodology asks
    for, cannot be told from the luck of that session.
    """
    # nan where one session decides: the towns' own reasons say what they lack
    known = np.isfinite(by_town.df)
    lucky = ~(by_session.df > minimum.degrees_of_freedom - 1e-9)
    kept = known & ~by_session.one_cluster
    return replace(
        by_town,
        psi=np.where(kept, np.vstack([by_town.psi, by_session.psi[:sessions]]), 0.0),
        df=np.where(kept, np.fmin(by_town.df, by_session.df), by_town.df),
        few_sessions=known & (by_session.one_cluster | lucky),
    )
