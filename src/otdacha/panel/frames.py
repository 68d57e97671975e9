"""The frames between records and effects: cells, exposure, reach."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

STATUSES = ("clean", "exposed", "around_training", "after_horizon", "history_unknown")
"""What a unit-month may be used for.

clean: nobody of the unit was trained in the look-back; the counterfactual is learnt here.
exposed: somebody finished a course within the horizon; effects are read here.
around_training: a course is under way or begins within the anticipation months; left out.
after_horizon: training lies between the horizon and the look-back; left out.
history_unknown: the training records do not reach back far enough to call it clean; left out.
"""

_CELLS: dict[str, pl.DataType | type[pl.DataType]] = {
    "unit": pl.String,  # holder (person or department) x service x municipality
    "municipality": pl.String,  # the one that stands for it now, where it has merged
    "stratum": pl.String,
    "cluster": pl.String,
    "month": pl.Date,  # first day of the month
    "indicator": pl.String,
    "n": pl.Int64,  # cases
    "total": pl.Int64,  # Σ(y - centre), in steps of the indicator's resolution
    "total_squares": pl.Int64,  # Σ(y - centre)², in steps²
    "status": pl.Enum(STATUSES),
    "staff": pl.Int64,  # people of the unit in that month (1 for a person); null: nobody known
}
CELLS = pl.Schema(_CELLS)

EXPOSURE = pl.Schema(
    {
        "unit": pl.String,
        "month": pl.Date,
        "provider": pl.String,
        "share": pl.Float64,  # of the unit's staff, 0-1, that finished a course in the horizon
        "staff": pl.Int64,  # staff of the unit in that month (1 for a person)
    }
)

REACH = pl.Schema(
    {
        "provider": pl.String,
        "people": pl.Int64,  # people trained whose unit has exposed cells
        "municipalities": pl.Int64,
        "trained": pl.Int64,  # all people in the training records
    }
)

MERGERS = pl.Schema(
    {
        "of": pl.String,  # municipalities | units | providers
        "predecessor": pl.String,  # a department as municipality/department
        "successor": pl.String,  # who stands for it now
        "rows": pl.Int64,  # its cells, its training records: read under the successor's name
    }
)


@dataclass(frozen=True)
class Panel:
    """Everything the effects need, and nothing of a person but a pseudonymous unit.

    cells: schema `CELLS`, sorted by indicator, stratum, unit, month.
    exposure: schema `EXPOSURE`, one row per unit, month and provider with a positive share,
        sorted by these.
    reach: schema `REACH`.
    excluded: schema `otdacha.methodology.counting.EXCLUDED`: cases and training rows that made no
        cell, counted by reason.
    mergers: schema `MERGERS`: what was read under the name of a successor.
    """

    cells: pl.DataFrame
    exposure: pl.DataFrame
    reach: pl.DataFrame
    excluded: pl.DataFrame
    mergers: pl.DataFrame = field(default_factory=MERGERS.to_frame)
