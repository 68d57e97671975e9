"""Staff and their training → what each month may be used for, and who was exposed to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Methodology
from otdacha.panel.counted import Counted
from otdacha.panel.engines import Engine
from otdacha.panel.exposure import bearing, courses, people_exposed, reach, without_cells
from otdacha.panel.frames import REACH
from otdacha.panel.mergers import known_of_the_group
from otdacha.panel.registers import Registers
from otdacha.panel.staff import headcount, members
from otdacha.panel.statuses import earliest_courses, history_known_from, statuses
from otdacha.panel.tables import Tables

_NONE_MERGED = pl.Schema({"provider": pl.String, "rows": pl.Int64})


@dataclass(frozen=True)
class Followed:
    """statuses: holder, month, status, staff. exposure: holder, month, provider, people, staff.
    reach: schema `REACH`. excluded: reason, provider, rows. recorded: where providers have merged:
    provider, rows of training as recorded. months: how many there are from the first cell to the
    last.
    """

    statuses: ir.Table
    exposure: ir.Table
    reach: pl.DataFrame
    excluded: pl.DataFrame
    recorded: pl.DataFrame
    months: int


def follow_training(
    tables: Tables,
    counted: Counted,
    registers: Registers,
    methodology: Methodology,
    engine: Engine,
) -> Followed:
    """Where the courses on record bear on the cells that were counted."""
    design, into = methodology.design, registers.into
    months = engine.keep(counted.unit_months.select("holder", "month").distinct())
    first, last = _ends(months, engine)
    holders = engine.keep(
        counted.units.select("municipality", holder="holder_number", name="holder").distinct()
    )
    belonging = engine.keep(
        members(holders, counted.links_now, first - design.look_back_months, last)
    )
    people = counted.links.select("person", "number").distinct()
    on_record = courses(tables.training, people, _lent(into.providers, engine), methodology)
    taken = engine.keep(on_record)
    borne = engine.keep(bearing(months, belonging, taken.filter(taken.long_enough), design))
    staffed = engine.keep(headcount(months, belonging))
    at_work = counted.units.select(municipality="own_municipality").distinct()
    earliest = engine.fetch(earliest_courses(at_work, taken, counted.links))
    known = known_of_the_group(
        history_known_from(registers.municipalities, earliest.drop_nulls("day")),
        earliest["municipality"],
        into.towns,
    )
    known_from = holders.inner_join(engine.lend(known), "municipality")
    use = engine.keep(
        statuses(months, borne, staffed, known_from.select("holder", "known_from"), design)
    )
    reached = engine.fetch(reach(taken, borne, use, holders.select("holder", "municipality")))
    return Followed(
        statuses=use,
        exposure=people_exposed(borne, staffed),
        reach=reached.select(REACH.names()).cast(REACH).sort("provider"),
        excluded=engine.fetch(without_cells(taken, borne, design, first, last)),
        recorded=engine.fetch(taken.group_by(provider="recorded").agg(rows=taken.count()))
        if into.providers
        else _NONE_MERGED.to_frame(),
        months=last - first + 1,
    )


def _ends(months: ir.Table, engine: Engine) -> tuple[int, int]:
    """The first and the last month; (0, 0) where there is none."""
    ends = engine.fetch(months.agg(first=months.month.min(), last=months.month.max()))
    first, last = ends.row(0)
    return (0, 0) if first is None else (int(first), int(last))


def _lent(providers: Mapping[str, str], engine: Engine) -> ir.Table | None:
    """provider, stands_for; None where nobody has merged."""
    if not providers:
        return None
    told = pl.DataFrame(list(providers.items()), schema=["provider", "stands_for"], orient="row")
    return engine.lend(told)
