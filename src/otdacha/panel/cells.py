"""Case log → cells: one aggregation in whole numbers.

Every figure is a count or a sum of integers, so cells do not depend on the order of the rows, on
the number of threads, or on how a log is divided into batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Indicator
from otdacha.panel.calendar import month_number
from otdacha.panel.measures import Measure, is_share, measure, reasons_of, timed
from otdacha.panel.reasons import ABOUT_THE_CASE

_UNITS: dict[str, pl.DataType | type[pl.DataType]] = {
    "unit": pl.UInt32,
    "municipality": pl.String,
    "holder": pl.String,
    "service": pl.String,
}
_CELLS: dict[str, pl.DataType | type[pl.DataType]] = {
    "unit": pl.UInt32,
    "month": pl.Int64,
    "indicator": pl.String,
    "n": pl.Int64,
    "total": pl.Int64,
    "total_squares": pl.Int64,
}
_EXCLUDED = {"reason": pl.String, "indicator": pl.String, "rows": pl.Int64}
_PARTS = ["municipality", "holder", "service"]
_LEFT_OUT = {reason: code for code, reason in enumerate(ABOUT_THE_CASE)}


@dataclass(frozen=True)
class Counted:
    """Cells, the units they are of, and the rows that made none.

    units: unit (a number from 0), municipality, holder, service; distinct.
    cells: unit, month (number), indicator, n, total, total_squares.
    excluded: reason, indicator (null: the rows count for no indicator), rows.
    """

    units: pl.DataFrame
    cells: pl.DataFrame
    excluded: pl.DataFrame


def nothing_counted() -> Counted:
    return Counted(
        pl.DataFrame(schema=_UNITS), pl.DataFrame(schema=_CELLS), pl.DataFrame(schema=_EXCLUDED)
    )


def left_out_code(reason: str) -> pl.Expr:
    """A column of reasons about the case as the numbers that stand for them in the engine."""
    return pl.col(reason).replace_strict(_LEFT_OUT, return_dtype=pl.Int64)


def together(first: Counted, second: Counted) -> Counted:
    """Both, with one number for a unit that both know."""
    units = (
        pl.concat([first.units, second.units])
        .drop("unit")
        .unique(maintain_order=True)
        .with_row_index("unit")
    )

    def renumbered(part: Counted) -> pl.DataFrame:
        number = part.units.join(units.rename({"unit": "number"}), on=_PARTS)
        return part.cells.join(number.select("unit", "number"), on="unit").select(
            *(pl.col("number").alias(name) if name == "unit" else name for name in _CELLS)
        )

    cells = [renumbered(part) for part in (first, second) if part.cells.height]
    return Counted(
        units,
        pl.concat(cells) if cells else pl.DataFrame(schema=_CELLS),
        pl.concat([first.excluded, second.excluded]),
    )


def attributed(cases: ir.Table, towns: ir.Table, executors: ir.Table) -> ir.Table:
    """Cases with who holds their results, or the reason why they count for no indicator.

    cases: the records' table. towns: municipality, town (number), placed (Boolean: has a stratum),
    last_day (date, of its data); every municipality of the cases is in it. executors: as
    `otdacha.panel.staff.executors`, with `town` instead of the municipality, `person` as a number
    and `fault` as a number. Adds town, last_day, person (number), department (null where a person
    holds) and left_out (null where the case counts).

    A case that names an executor is the person's. It does not fall back to the department where the
    person is not known: the department would be measured by the cases of people who are not among
    its staff, and by whoever did not sign.
    """
    in_towns = cases.inner_join(towns, "municipality")
    spells = executors.rename(spell_town="town", signature="executor")
    linked = in_towns.left_join(
        spells,
        [
            in_towns.town == spells.spell_town,
            in_towns.executor == spells.signature,
            in_towns.opened >= spells.from_day,
            in_towns.opened <= spells.to_day,
        ],
    )
    is_signed = linked.executor.notnull()
    return linked.mutate(
        department=is_signed.ifelse(ibis.null("string"), linked.unit),
        left_out=ibis.cases(
            (
                linked.cancelled.notnull() | linked.is_cancelled.fill_null(False),
                _LEFT_OUT["cancelled"],
            ),
            (~linked.placed, _LEFT_OUT["no_stratum"]),
            (is_signed & linked.person.isnull(), _LEFT_OUT["executor_unknown"]),
            else_=linked.fault,
        ),
    )


def case_counts(
    cases: ir.Table,
    towns: ir.Table,
    executors: ir.Table,
    calendar: ir.Table,
    indicators: Sequence[Indicator],
) -> ir.Table:
    """The one scan of the case log: a row for each town, holder, service and month.

    cases, towns, executors: as for `attributed`. calendar: as for `otdacha.panel.measures.timed`.

    Columns: town, person, department, service, month, left_out, cases, and for indicator number i
    `n_i`, `ones_i` of a share or `total_i` and `squares_i` of anything else, and the cases left out
    of it for each reason but the last, which is what remains. Cases with a `left_out` are not told
    apart by holder: town, person and department are null.
    """
    known = timed(attributed(cases, towns, executors), calendar)
    counts = known.left_out.isnull()
    keys = {
        name: counts.ifelse(known[name], ibis.null(known[name].type()))
        for name in ("town", "person", "department")
    }
    figures: dict[str, ir.Value] = {"cases": known.count()}
    for number, indicator in enumerate(indicators):
        figures |= _figures(known, number, indicator, measure(known, indicator))
    return known.group_by("service", "month", "left_out", **keys).agg(**figures)


def _figures(
    cases: ir.Table, number: int, indicator: Indicator, measured: Measure
) -> dict[str, ir.Value]:
    figures: dict[str, ir.Value] = {f"n_{number}": cases.count(where=measured.counts)}
    if is_share(indicator):
        figures[f"ones_{number}"] = cases.count(where=measured.counts & measured.steps)
    else:
        deviation = measured.counts.ifelse(measured.steps - indicator.centre, ibis.null("int64"))
        figures[f"total_{number}"] = deviation.sum()
        figures[f"squares_{number}"] = (deviation * deviation).sum()
    not_left_out_yet: ir.BooleanValue = ibis.literal(True)
    for reason, condition in list(measured.left_out.items())[:-1]:
        figures[f"{reason}_{number}"] = cases.count(where=not_left_out_yet & condition)
        not_left_out_yet = not_left_out_yet & ~condition
    return figures


def counted(
    counts: pl.DataFrame,
    towns: pl.DataFrame,
    people: pl.DataFrame,
    indicators: Sequence[Indicator],
) -> Counted:
    """The rows of `case_counts` as units, cells and exclusions.

    towns: town, municipality. people: person (number), holder.
    """
    about_the_case = (
        counts.group_by(reason="left_out")
        .agg(rows=pl.col("cases").sum())
        .drop_nulls("reason")
        .select(
            pl.col("reason").replace_strict(
                {code: reason for reason, code in _LEFT_OUT.items()}, return_dtype=pl.String
            ),
            pl.lit(None, pl.String).alias("indicator"),
            "rows",
        )
    )
    named = (
        counts.filter(pl.col("left_out").is_null())
        .join(towns, on="town")
        .join(people, on="person", how="left")
        .with_columns(holder=pl.coalesce("holder", "department"))
    )
    units = named.select(_PARTS).unique().with_row_index("unit")
    of_units = named.join(units, on=_PARTS)
    cells = [pl.DataFrame(schema=_CELLS)]
    excluded = [about_the_case]
    for number, indicator in enumerate(indicators):
        cells.append(_cells(of_units, number, indicator))
        excluded.append(_excluded(of_units, number, indicator))
    return Counted(units, pl.concat(cells), _some(excluded))


def _cells(counts: pl.DataFrame, number: int, indicator: Indicator) -> pl.DataFrame:
    """One indicator's cells. Of y in {0, 1} with s ones, Σ(y-c) = s-cn, Σ(y-c)² = (1-2c)s + c²n."""
    n, ones, c = pl.col(f"n_{number}"), pl.col(f"ones_{number}"), indicator.centre
    if is_share(indicator):
        total, squares = ones - c * n, (1 - 2 * c) * ones + c * c * n
    else:
        total, squares = pl.col(f"total_{number}"), pl.col(f"squares_{number}")
    return counts.filter(n > 0).select(
        "unit",
        "month",
        indicator=pl.lit(indicator.id),
        n=n,
        total=total,
        total_squares=squares,
    )


def _excluded(counts: pl.DataFrame, number: int, indicator: Indicator) -> pl.DataFrame:
    """What one indicator leaves out; its last reason is that of all cases no other explains."""
    *explicit, last = reasons_of(indicator) or ("",)
    names = [f"{reason}_{number}" for reason in explicit]
    cases, n, *some = counts.select("cases", f"n_{number}", *names).sum().row(0)
    rows = {**dict(zip(explicit, some, strict=True)), last: cases - n - sum(some)}
    return pl.DataFrame(
        [(reason, indicator.id, count) for reason, count in rows.items()],
        schema=_EXCLUDED,
        orient="row",
    )


def _some(excluded: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=_EXCLUDED), *excluded]).filter(pl.col("rows") > 0)


def reported(
    results: pl.DataFrame, placed: pl.DataFrame, indicators: Sequence[Indicator]
) -> Counted:
    """Cells from results that were reported as n, mean and perhaps standard deviation.

    results: the records' table. placed: the municipalities that have a stratum. A mean is turned
    back into whole steps, rounded half to even: total = n·(mean/resolution - centre) and
    total_squares = (n-1)·(sd/resolution)² + n·(mean/resolution - centre)². Without sd the squares
    of a share follow from its mean; of anything else they are unknown: null.
    """
    rules = pl.DataFrame(
        [(i.id, i.resolution, i.centre, i.share) for i in indicators],
        schema={
            "indicator": pl.String,
            "resolution": pl.Float64,
            "centre": pl.Int64,
            "share": pl.Boolean,
        },
        orient="row",
    )
    asked = results.join(rules, on="indicator")
    placed_there = asked.join(placed, on="municipality", how="semi")
    kept = placed_there.filter(pl.col("n") > 0).rename({"unit": "holder"})
    units = kept.select(_PARTS).unique().with_row_index("unit")
    n, step, centre = pl.col("n"), pl.col("resolution"), pl.col("centre")
    mean, spread = pl.col("mean") / step, pl.col("sd") / step
    of_known_spread = (n - 1) * spread**2 + n * (mean - centre) ** 2
    of_share = n * (mean / step - 2 * centre * mean + centre**2)
    cells = kept.join(units, on=_PARTS).select(
        "unit",
        "indicator",
        "n",
        month=month_number("month"),
        total=(n * (mean - centre)).round().cast(pl.Int64),
        total_squares=pl.coalesce(of_known_spread, pl.when("share").then(of_share))
        .round()
        .cast(pl.Int64),
    )
    left_out = {
        "indicator_not_asked": results.height - asked.height,
        "result_without_stratum": asked.height - placed_there.height,
        "result_of_no_cases": placed_there.height - kept.height,
    }
    rows = [(reason, None, count) for reason, count in left_out.items()]
    excluded = pl.DataFrame(rows, schema=_EXCLUDED, orient="row")
    return Counted(units, cells.select(*_CELLS), _some([excluded]))
