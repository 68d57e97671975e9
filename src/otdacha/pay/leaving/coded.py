"""Person-months of a frame as arrays: names become numbers, and what can say nothing is set aside.

A municipality, a quarter or a class of tenure in which nobody left would have an effect of minus
infinity: its person-months fit perfectly whatever pay does, and are left out with a count. Where
one goes, the exits of another may be gone: it is repeated until nothing is left to go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.pay.leaving.likelihood import Floats, PersonMonths

AXES = ("municipality", "quarter", "tenure")
_COLUMNS = ("municipality", "month", "tenure", "left")
WITHOUT_EXITS = {name: f"{name}_without_exits" for name in AXES}


@dataclass(frozen=True)
class Coded:
    """rows: what says something. names: of towns, quarters (year · 4 + 0..3), classes, as in rows.
    months (quarters,): person-months of all towns by quarter from the first of the frame to its
    last, also of those set aside. excluded: person-months set aside, by reason.
    """

    rows: PersonMonths
    names: tuple[list[str], list[int], list[str]]
    months: Mapping[int, int]
    excluded: Mapping[str, int]
    person_months: NDArray[np.int64]


def coded(frame: pl.DataFrame, regressors: Sequence[str]) -> Coded:
    """frame: municipality, month (Date), tenure, left (Boolean) and the regressors.

    Raises ValueError where any of them is null or no finite number: log of a pay of nothing.
    """
    for name in (*_COLUMNS, *regressors):
        if frame[name].has_nulls() or (name in regressors and not frame[name].is_finite().all()):
            raise ValueError(f"{name}: a person-month without a value")
    names, codes = zip(*(_codes(frame, axis) for axis in AXES), strict=True)
    shape = (len(names[0]), len(names[1]), len(names[2]))
    cell = (codes[0] * shape[1] + codes[1]) * shape[2] + codes[2]
    left = frame["left"].to_numpy()
    size = int(np.prod(shape))
    exits = np.bincount(cell[left], minlength=size).reshape(shape)
    months = np.bincount(cell, minlength=size).reshape(shape)
    kept, excluded = _with_exits(exits, months)
    places = [np.flatnonzero(there) for there in kept]
    inside = kept[0][:, None, None] & kept[1][None, :, None] & kept[2][None, None, :]
    number = np.full(size, -1, dtype=np.int64)
    number[inside.ravel()] = np.arange(int(inside.sum()))
    new = number[cell]
    stays = new >= 0
    x: Floats = np.column_stack(
        [frame[name].to_numpy().astype(np.float64, copy=False) for name in regressors]
    )
    whole = bool(stays.all())
    rows = PersonMonths(
        x=x if whole else x[stays],
        cell=new if whole else new[stays],
        left=left if whole else left[stays],
        shape=(len(places[0]), len(places[1]), len(places[2])),
    )
    quarters = [int(name) for name in names[1]]
    return Coded(
        rows=rows,
        names=(
            [str(names[0][at]) for at in places[0]],
            [quarters[at] for at in places[1]],
            [str(names[2][at]) for at in places[2]],
        ),
        months=dict(zip(quarters, months.sum(axis=(0, 2)).tolist(), strict=True)),
        excluded=excluded,
        person_months=months[np.ix_(*places)].sum(axis=(1, 2)),
    )


def quarter_of(month: str) -> pl.Expr:
    """The number of the quarter of a day, year · 4 + 0..3."""
    day = pl.col(month)
    return day.dt.year().cast(pl.Int64) * 4 + day.dt.quarter() - 1


def _codes(frame: pl.DataFrame, axis: str) -> tuple[list[object], NDArray[np.int64]]:
    """Sorted names, and each row's place among them."""
    if axis == "quarter":
        values = frame.select(quarter=quarter_of("month"))["quarter"]
        names = values.unique().sort().to_list()
        first = names[0] if names else 0
        place = np.zeros(max(names, default=0) - first + 1, dtype=np.int64)
        place[np.array(names, dtype=np.int64) - first] = np.arange(len(names))
        return names, place[values.to_numpy() - first]
    values = frame[axis]
    names = values.unique().sort().cast(pl.String).to_list()
    numbers = values.cast(pl.String).cast(pl.Enum(names)).to_physical()
    return names, numbers.to_numpy().astype(np.int64)


def _with_exits(
    exits: NDArray[np.int64], months: NDArray[np.int64]
) -> tuple[list[NDArray[np.bool_]], dict[str, int]]:
    """Which towns (M,), quarters (Q,), classes (T,) have exits where the others have some."""
    kept = [np.ones(length, dtype=bool) for length in exits.shape]
    excluded = dict.fromkeys(WITHOUT_EXITS.values(), 0)
    exits, months = exits.copy(), months.copy()
    while True:
        before = [there.copy() for there in kept]
        for at, axis in enumerate(AXES):
            others = tuple(other for other in range(3) if other != at)
            gone = kept[at] & (exits.sum(axis=others) == 0)
            index = tuple(gone if place == at else slice(None) for place in range(3))
            excluded[WITHOUT_EXITS[axis]] += int(months[index].sum())
            months[index] = 0
            kept[at] &= ~gone
        if all((now == then).all() for now, then in zip(kept, before, strict=True)):
            return kept, {reason: rows for reason, rows in excluded.items() if rows}
