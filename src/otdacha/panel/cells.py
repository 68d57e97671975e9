"""Case log → cells: one aggregation in whole numbers.

Every figure is a count or a sum of integers, so cells do not depend on the order of the rows, on
the number of threads, on how a log is divided into batches, or on the engine.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Indicator
from otdacha.panel.measures import READ, Measure, is_share, measure, reasons_of, timed
from otdacha.panel.reasons import left_out_code, left_out_reason

NOBODY = -1
"""Instead of a person where a department holds the results."""
NO_DEPARTMENT = ""
"""Instead of a department where a person holds the results."""

_HOLDER = ["town", "person", "department", "service"]
_EXCLUDED = {"reason": pl.String, "indicator": pl.String, "rows": pl.Int64}


def attributed(cases: ir.Table, executors: ir.Table) -> ir.Table:
    """Cases with who holds their results, or the reason why they count for no indicator.

    cases: as `otdacha.panel.measures.timed` makes them, with town (number) and placed (Boolean: the
    town has a stratum). executors: as `otdacha.panel.staff.executors`, with `town` instead of the
    municipality. Adds person (a number, or `NOBODY`), department (or `NO_DEPARTMENT`) and left_out
    (the number of a reason, null where the case counts).

    A case that names an executor is the person's. It does not fall back to the department where the
    person is not known: the department would be measured by the cases of people who are not among
    its staff, and by whoever did not sign.
    """
    spells = executors.rename(spell_town="town", signature="executor", signed_by="person")
    linked = cases.left_join(
        spells,
        [
            cases.town == spells.spell_town,
            cases.executor == spells.signature,
            cases.opened_day >= spells.from_day,
            cases.opened_day <= spells.to_day,
        ],
    )
    is_signed = linked.executor.notnull()
    cancelled = linked.cancelled.notnull() | linked.is_cancelled.fill_null(False)
    return linked.mutate(
        person=ibis.coalesce(linked.signed_by, NOBODY).cast("int64"),
        department=is_signed.ifelse(NO_DEPARTMENT, linked.unit),
        left_out=ibis.cases(
            (cancelled, left_out_code("cancelled")),
            (~linked.placed, left_out_code("no_stratum")),
            (is_signed & linked.signed_by.isnull(), left_out_code("executor_unknown")),
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

    cases: the records' table. towns: municipality, town (number), placed (Boolean: has a stratum),
    last_day (date, of its data); every municipality of the cases is in it. executors: as for
    `attributed`. calendar: as for `otdacha.panel.measures.timed`.

    Columns: town, person, department, service, month, left_out, cases, and for indicator number i
    `n_i`, `ones_i` of a share or `total_i` and `squares_i` of anything else, and the cases left out
    of it for each reason but the last, which is what remains. Cases with a `left_out` are not told
    apart by holder.
    """
    in_towns = cases.select(READ).inner_join(towns, "municipality")
    known = attributed(timed(in_towns, calendar), executors)
    counts = known.left_out.isnull()
    keys = {
        "town": counts.ifelse(known.town, NOBODY),
        "person": counts.ifelse(known.person, NOBODY),
        "department": counts.ifelse(known.department, NO_DEPARTMENT),
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


def holders_of_cases(counts: ir.Table, towns: ir.Table, links: ir.Table) -> ir.Table:
    """Who holds the results of cases, in numbers and by name.

    counts: as `case_counts`. towns: municipality, town. links: as `otdacha.panel.staff.links`.
    Returns town, person, department, service as in `counts`, municipality and holder; distinct.
    """
    counting = counts.filter(counts.left_out.isnull()).select(_HOLDER).distinct()
    people = links.select("number", signature="person").distinct()
    known = counting.inner_join(towns.select("town", "municipality"), "town").left_join(
        people, [("person", "number")]
    )
    return known.select(
        *_HOLDER,
        "municipality",
        holder=ibis.coalesce(known.signature, known.department),
    )


def of_units(
    counts: ir.Table, holders: ir.Table, indicators: Sequence[Indicator], *, merged: bool
) -> ir.Table:
    """What was counted, by unit and month: unit, holder, month, and `n_i`, `total_i`, `squares_i`
    for indicator number i.

    holders: town, person, department, service, unit and holder (numbers). merged: whether several
    of them may be one unit. Of y in {0, 1} with s ones, Σ(y-c) = s-cn and Σ(y-c)² = (1-2c)s + c²n.
    """
    found = counts.filter(counts.left_out.isnull()).inner_join(holders, _HOLDER)
    figures: dict[str, ir.Value] = {}
    for number, indicator in enumerate(indicators):
        n, c = found[f"n_{number}"], indicator.centre
        if is_share(indicator):
            ones = found[f"ones_{number}"]
            total, squares = ones - n * c, ones * (1 - 2 * c) + n * (c * c)
        else:
            total, squares = found[f"total_{number}"], found[f"squares_{number}"]
        figures |= {f"n_{number}": n, f"total_{number}": total, f"squares_{number}": squares}
    by_unit = found.select("unit", "holder", "month", **figures)
    if not merged:
        return by_unit
    return by_unit.group_by("unit", "holder", "month").agg(
        **{name: by_unit[name].sum() for name in figures}
    )


def cells_of(by_unit: ir.Table, number: int) -> ir.Table:
    """The cells of indicator `number`: unit, holder, month, n, total, total_squares."""
    counted = by_unit.filter(by_unit[f"n_{number}"] > 0)
    return counted.select(
        "unit",
        "holder",
        "month",
        n=f"n_{number}",
        total=f"total_{number}",
        total_squares=f"squares_{number}",
    )


def cells_recorded(counts: ir.Table, indicators: Sequence[Indicator]) -> ir.Table:
    """How many cells each holder of cases has: town, person, department, service, rows."""
    counting = counts.filter(counts.left_out.isnull())
    cells: ir.IntegerValue = ibis.literal(0, "int64")
    for number in range(len(indicators)):
        cells = cells + (counting[f"n_{number}"] > 0).ifelse(1, 0)
    made = counting.mutate(cells=cells)
    return made.group_by(_HOLDER).agg(rows=made.cells.sum())


def added_up(counts: ir.Table, indicators: Sequence[Indicator]) -> ir.Table:
    """What was counted, by `left_out` (the number of a reason, null where cases count): cases,
    those that count for each indicator, and its exclusions by reason."""
    names = ["cases", *(f"n_{number}" for number in range(len(indicators)))]
    for number, indicator in enumerate(indicators):
        names += [f"{reason}_{number}" for reason in reasons_of(indicator)[:-1]]
    return counts.group_by("left_out").agg(**{name: counts[name].sum() for name in names})


def excluded(added: pl.DataFrame, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Cases that made no cell: reason, indicator (null: they count for none), rows.

    added: as `added_up`. An indicator's last reason is that of all cases no other explains.
    """
    of_all = added.filter(pl.col("left_out").is_not_null()).select("left_out", "cases")
    of_some = added.filter(pl.col("left_out").is_null()).sum().row(0, named=True)
    rows: list[tuple[str, str | None, int]] = [
        (left_out_reason(code), None, count) for code, count in of_all.iter_rows()
    ]
    for number, indicator in enumerate(indicators):
        *explicit, last = reasons_of(indicator) or ("",)
        left_out = {reason: of_some[f"{reason}_{number}"] for reason in explicit}
        rest = of_some["cases"] - of_some[f"n_{number}"] - sum(left_out.values())
        rows += [(reason, indicator.id, count) for reason, count in left_out.items()]
        rows.append((last, indicator.id, rest))
    return pl.DataFrame(rows, schema=_EXCLUDED, orient="row").filter(pl.col("rows") > 0)
