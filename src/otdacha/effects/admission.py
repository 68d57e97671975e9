"""Which cells may be used at all: every other one is counted, by reason (docs/method/bad-input.md).

A figure that is absent is no zero, a share beyond one is no share, and of two figures for one month
nobody knows which is right: such cells are left out whole rather than mended by a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.methodology import Indicator

MOST_CASES = 1e9
"""Of one unit in one month. A larger number is none of cases, and its weight would swallow the
digits of all others: sums of n·y keep about 16."""

USABLE = ("clean", "exposed")
_LEFT_OUT = ("around_training", "after_horizon", "history_unknown")
REASONS = (
    *_LEFT_OUT,
    "status_missing",
    "identifier_missing",
    "not_a_number",
    "no_cases",
    "too_many_cases",
    "repeated_cell",
    "exposure_missing",
    "exposure_not_valid",
)
"""Why a cell is left out, in the order in which it is asked and told."""

_ORDER = ("stratum", "unit", "month")
_SHARE_ROUNDING = 1e-9
"""A share may exceed one by this much: it is a quotient."""


@dataclass(frozen=True)
class Admission:
    """cells: what may be used, sorted by stratum, unit, month. excluded: reason → cells left out.

    Columns of `cells`: stratum, unit, month, cluster, n, y, clean and the covariates.
    """

    cells: pl.DataFrame
    excluded: dict[str, int]


def admit(
    mine: pl.DataFrame, indicator: Indicator, clusters: pl.DataFrame, covariates: Sequence[str]
) -> Admission:
    """The cells of one indicator that may be used, and why the others may not.

    mine: the indicator's rows of `otdacha.panel.frames.CELLS`. clusters: cluster, cluster_code.
    A cell has one reason: its status, `status_missing`, `identifier_missing`, `no_cases`,
    `not_a_number`, `too_many_cases`, `repeated_cell`.
    """
    counts = mine["status"].cast(pl.String).value_counts()
    by_status = {status: int(rows) for status, rows in counts.iter_rows()}
    excluded = {status: by_status[status] for status in _LEFT_OUT if status in by_status}
    unsaid = sum(rows for said, rows in by_status.items() if said not in (*USABLE, *_LEFT_OUT))

    step = indicator.sign * indicator.resolution
    used = (
        mine.filter(pl.col("status").cast(pl.String).is_in(USABLE))
        .join(clusters, on="cluster", how="left", maintain_order="left")
        .select(
            "stratum",
            "unit",
            "month",
            "n",
            *covariates,
            cluster="cluster_code",
            y=pl.col("total").cast(pl.Float64) * step / pl.col("n"),
            clean=pl.col("status").cast(pl.String) == "clean",
        )
    )
    nameless = _any_null(used, (*_ORDER, "cluster"))
    n = _values(used["n"])
    empty, swollen = n <= 0, n > MOST_CASES
    finite = _finite(used, ("n", "y", *covariates))
    reasons = {
        "status_missing": unsaid,
        "identifier_missing": int(nameless.sum()),
        "not_a_number": int((~nameless & ~empty & ~finite).sum()),
        "no_cases": int((~nameless & empty).sum()),
        "too_many_cases": int((~nameless & finite & swollen).sum()),
    }
    right = ~nameless & ~empty & finite & ~swollen
    used = used if right.all() else used.filter(pl.Series(right))
    if not _is_sorted(used):
        used = used.sort(_ORDER)
    repeated = _repeated(used)
    if repeated.any():
        reasons["repeated_cell"] = int(repeated.sum())
        used = used.filter(pl.Series(~repeated))
    excluded |= {reason: rows for reason, rows in reasons.items() if rows}
    return Admission(used, excluded)


def admit_exposure(
    links: pl.DataFrame, exposed: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """The cells that stay once it is asked of the exposed ones by whom and how much, (cells,).

    links: row (of the cells), provider (code, null: nobody's), share, staff; sorted by row and
    provider. exposed: (cells,). An exposed cell without a link is `exposure_missing`; one with a
    link that names nobody, has a share outside 0-1 or no staff, or stands twice, is
    `exposure_not_valid`: to drop the link alone would give its effect to the others.
    """
    row, share, staff = links["row"].to_numpy(), _values(links["share"]), _values(links["staff"])
    # a comparison with nan is false, so what is no number fails it
    wrong = ~((share > 0) & (share <= 1 + _SHARE_ROUNDING) & (staff >= 1) & np.isfinite(staff))
    wrong |= links["provider"].is_null().to_numpy()
    twice = np.zeros(len(row), dtype=bool)
    code = links["provider"].fill_null(-1).to_numpy()
    twice[1:] = (row[1:] == row[:-1]) & (code[1:] == code[:-1])
    doubtful = np.zeros(len(exposed), dtype=bool)
    doubtful[row[wrong | twice]] = True
    told = np.zeros(len(exposed), dtype=bool)
    told[row] = True
    counted = {
        "exposure_missing": int((exposed & ~told).sum()),
        "exposure_not_valid": int(doubtful.sum()),
    }
    return ~doubtful & (told | ~exposed), {why: rows for why, rows in counted.items() if rows}


def _values(column: pl.Series) -> NDArray[np.float64]:
    """A column as float64; null is nan."""
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _any_null(frame: pl.DataFrame, names: Sequence[str]) -> NDArray[np.bool_]:
    found = np.zeros(len(frame), dtype=bool)
    for name in names:
        if frame[name].null_count():
            found |= frame[name].is_null().to_numpy()
    return found


def _finite(frame: pl.DataFrame, names: Sequence[str]) -> NDArray[np.bool_]:
    finite = np.ones(len(frame), dtype=bool)
    for name in names:
        if frame.schema[name].is_float() or frame[name].null_count():
            finite &= np.isfinite(_values(frame[name]))
    return finite


def _repeated(used: pl.DataFrame) -> NDArray[np.bool_]:
    """Rows of a unit's month that stands more than once; `used` is sorted."""
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in _ORDER)
    again = used.select(same.fill_null(False).alias("again"))["again"].to_numpy()
    either = again.copy()
    either[:-1] |= again[1:]
    return either


def _is_sorted(frame: pl.DataFrame) -> bool:
    stratum, unit, month = (pl.col(name) for name in _ORDER)
    same_stratum = stratum == stratum.shift()
    same_unit = same_stratum & (unit == unit.shift())
    falls = (
        (stratum < stratum.shift())
        | (same_stratum & (unit < unit.shift()))
        | (same_unit & (month < month.shift()))
    )
    return not bool(frame.select(falls.fill_null(False).any()).item())
