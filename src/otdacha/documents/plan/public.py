"""The tables of a plan as anybody may have them: no group of a few people can be worked out.

From the top down (decision 0041). A count below the minimum is suppressed, with the money and the
improvement that it could be divided out of. Of a total that is shown no small rest is left over:
beside it further rows are suppressed until those hidden are two at least and hold the minimum
together. Below a row that is suppressed everything is. Totals by course are not published at all,
for they would cross those by town.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.documents.plan.columns import COLUMNS
from otdacha.programme.plan import Plan
from otdacha.release.columns import ROW
from otdacha.release.states import STATE, State

_LINE = ["municipality", "year", "provider", "offer"]
_SEEN, _HIDDEN = "_seen", "_hidden"


def public_tables(plan: Plan, minimum: int) -> dict[str, pl.DataFrame]:
    """Every public table that the plan holds, with its states, its columns as `COLUMNS` says.

    minimum: people; a smaller count is not published. Nobody at all is no small group.
    """
    held = plan.tables
    towns = _towns(held["municipalities"], held["unmet"], minimum)
    hidden_towns = towns.filter(_HIDDEN).select("municipality")
    lines = hide(held["lines"], "seats", ["municipality", "year"], minimum, hidden_towns)
    hidden_lines = lines.filter(_HIDDEN).select(_LINE)
    funding = held["funding"].join(
        hidden_lines.with_columns(pl.lit(True).alias(_HIDDEN)), on=_LINE, how="left",
        maintain_order="left",
    ).with_columns(pl.col(_HIDDEN).fill_null(False))  # fmt: skip
    seats = hide(held["seats"], "people", _LINE, minimum, hidden_lines)
    unmet = hide(held["unmet"], "people", ["municipality"], minimum, hidden_towns)
    made = {
        "municipalities": towns,
        "lines": lines,
        "funding": funding,
        "groups": held["groups"],
        "seats": seats,
        "unmet": unmet,
        "left_out": hide(held["left_out"], "rows", ["what"], minimum),
        "budgets": _budgets(held["budgets"], hidden_towns),
    }
    for name in ("results", "rivals", "frontier", "shadow", "sensitivity"):
        if name in held:
            made[name] = _of_the_whole(name, held[name], minimum)
    return {name: _published(name, made[name]) for name in COLUMNS if name in made}


def hide(
    frame: pl.DataFrame,
    count: str,
    whole: Sequence[str],
    minimum: int,
    below: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`frame` with a column that says which rows are hidden.

    whole: columns of the total that is shown elsewhere and that the rows are parts of; none: the
    whole plan. below: keys of rows of the level above that are hidden; what belongs to them is.
    In each total the hidden rows are two at least and hold `minimum` people together, or are all.
    """
    rows = frame.with_row_index(_SEEN)
    hidden = {
        row[_SEEN]
        for row in rows.iter_rows(named=True)
        if row[count] is not None and 0 < row[count] < minimum
    }
    if below is not None:
        hidden |= set(rows.join(below, on=below.columns, how="semi")[_SEEN])
    groups = rows.partition_by(list(whole), maintain_order=True) if whole else [rows]
    for group in groups:
        counts = dict(zip(group[_SEEN], group[count].fill_null(0), strict=True))
        inside = [row for row in counts if row in hidden]
        others = [row for row in counts if row not in hidden and counts[row] > 0]
        while inside and others and (
            len(inside) < 2 or sum(counts[row] for row in inside) < minimum
        ):  # fmt: skip
            inside.append(others.pop(0))
        hidden |= set(inside)
    return rows.with_columns(pl.col(_SEEN).is_in(sorted(hidden)).alias(_HIDDEN)).drop(_SEEN)


def _towns(towns: pl.DataFrame, unmet: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """A town is hidden where few are sent from it; its needs also where few of them are not met."""
    towns = hide(towns, "planned", [], minimum)
    rest = pl.col("needed") - pl.col("planned")
    small = [
        pl.col("needed").is_between(1, minimum - 1),
        rest.is_between(1, minimum - 1),
        pl.col("mandatory").is_between(1, minimum - 1),
        (pl.col("needed") - pl.col("mandatory")).is_between(1, minimum - 1),
    ]
    return towns.with_columns(
        _state("needed", pl.any_horizontal(small[0], small[1], pl.col(_HIDDEN))).alias(
            "needed_state"
        ),
        _state("mandatory", pl.any_horizontal(small[2], small[3])).alias("mandatory_state"),
    )


def _state(count: str, hidden: pl.Expr) -> pl.Expr:
    return (
        pl.when(hidden)
        .then(pl.lit(State.SUPPRESSED))
        .when(pl.col(count) == 0)
        .then(pl.lit(State.TRUE_ZERO))
        .otherwise(pl.lit(State.PUBLISHED))
        .cast(STATE)
    )


def _budgets(budgets: pl.DataFrame, hidden_towns: pl.DataFrame) -> pl.DataFrame:
    """What a hidden town spends of its own budget is hidden with it."""
    return budgets.with_columns(
        pl.col("holder").is_in(hidden_towns["municipality"].to_list()).fill_null(False)
        .alias(_HIDDEN)
    )  # fmt: skip


def _of_the_whole(name: str, table: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Figures about the whole plan: a count is hidden only where the whole plan is of a few."""
    if "people" not in table.columns:
        return table
    few = pl.col("people").is_between(1, minimum - 1).fill_null(False)
    if name == "frontier":
        return table.with_columns(people_state=_state("people", few))
    return table.with_columns(few.alias(_HIDDEN))


def _published(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """The columns as they are described; what its state hides is null."""
    described = COLUMNS[name]
    if _HIDDEN in table.columns:
        published = pl.when(_HIDDEN).then(pl.lit(State.SUPPRESSED))
        table = table.with_columns(
            published.otherwise(pl.lit(State.PUBLISHED)).cast(STATE).alias(ROW)
        )
    states = {column.state for column in described} - {None}
    hidden = {each: pl.col(each) == State.SUPPRESSED.value for each in states if each is not None}
    return table.select(
        pl.when(~hidden[column.state]).then(pl.col(column.name)).alias(column.name)
        if column.state is not None
        else pl.col(column.name)
        for column in described
    ).cast({column.name: column.type for column in described})
