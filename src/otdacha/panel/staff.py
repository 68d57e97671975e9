"""Who worked where and when: from dated staff links to executors and to members of units."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from otdacha.panel.calendar import day_of, month_of
from otdacha.panel.reasons import left_out_code

_STILL_THERE = dt.date(9999, 12, 30)


def links(staff: ir.Table) -> ir.Table:
    """Staff links in numbers: people, days and months.

    staff: the records' table. Returns municipality, person, number (of the person, from 0), badge,
    unit, started, ended (days, both inclusive), from_month, to_month (inclusive). A link without a
    last day lasts to the end of days.
    """
    people = staff.select("person").distinct()
    numbered = people.mutate(number=ibis.row_number().over(order_by=people.person))
    known = staff.inner_join(numbered, "person")
    ended = ibis.coalesce(known.ended, ibis.date(_STILL_THERE))
    return known.select(
        "municipality",
        "person",
        "number",
        "badge",
        "unit",
        started=day_of(known.started),
        ended=day_of(ended),
        from_month=month_of(known.started),
        to_month=month_of(ended),
    )


def executors(links: ir.Table) -> ir.Table:
    """Whom a badge or a person pseudonym means, day by day.

    links: as above. Returns municipality, executor, from_day, to_day (both inclusive), person (a
    number), fault (the number of a reason about the case, else null: in these days the executor
    means several people, or somebody who is listed in two departments). The spells of one executor
    do not overlap, so joining cases to them repeats none.
    """
    key = ["municipality", "executor"]
    named = ibis.union(
        *(
            links.filter(links[name].notnull()).select(
                "municipality", "number", "unit", "started", "ended", executor=links[name]
            )
            for name in ("person", "badge")
        )
    )
    cuts = ibis.union(
        named.select(*key, day=named.started),
        named.select(*key, day=named.ended + 1),
        distinct=True,
    )
    following = cuts.day.lead().over(group_by=key, order_by=cuts.day)
    spells = cuts.select(*key, from_day=cuts.day, to_day=following - 1)
    spells = spells.filter(spells.to_day.notnull())
    present = spells.inner_join(
        named,
        [*key, spells.from_day >= named.started, spells.to_day <= named.ended],
    )
    meant = present.group_by(*key, "from_day", "to_day").agg(
        person=present.number.min(),
        people=present.number.nunique(),
        departments=present.unit.nunique(),
    )
    return meant.select(
        *key,
        "from_day",
        "to_day",
        "person",
        fault=ibis.cases(
            (meant.people > 1, left_out_code("executor_ambiguous")),
            (meant.departments > 1, left_out_code("two_departments")),
            else_=ibis.null("int64"),
        ),
    )


def home_departments(links: ir.Table) -> ir.Table:
    """The department each person was first in (municipality, person, home).

    A person who moves stays in the cluster where they began: units must lie within clusters.
    """
    first = ibis.row_number().over(
        group_by=[links.municipality, links.person], order_by=[links.started, links.unit]
    )
    placed = links.mutate(place=first)
    return placed.filter(placed.place == 0).select("municipality", "person", home="unit")


def members(holders: ir.Table, links: ir.Table, first: int, last: int) -> ir.Table:
    """The spells of months in which people belong to the holders of results.

    holders: holder (a number), municipality, name (a person pseudonym or a department). A person
    holds results for themselves in all months; a department has whoever is linked to it on any day
    of the month. Months are clipped to first..last.
    Returns holder, person (a number), personal (Boolean), from_month, to_month (inclusive).
    """
    people = links.select("municipality", "number", name="person").distinct()
    themselves = holders.inner_join(people, ["municipality", "name"]).select(
        "holder",
        person="number",
        personal=ibis.literal(True),
        from_month=ibis.literal(first, "int64"),
        to_month=ibis.literal(last, "int64"),
    )
    named = links.select("municipality", "number", "from_month", "to_month", name="unit")
    linked = holders.inner_join(named, ["municipality", "name"])
    of_departments = linked.select(
        "holder",
        person="number",
        personal=ibis.literal(False),
        from_month=ibis.greatest(linked.from_month, first).cast("int64"),
        to_month=ibis.least(linked.to_month, last).cast("int64"),
    )
    return ibis.union(
        themselves, of_departments.filter(of_departments.from_month <= of_departments.to_month)
    )


def headcount(months: ir.Table, members: ir.Table) -> ir.Table:
    """People who hold results together: holder, month, staff.

    months: holder, month, as asked for. A person counts once in a month; a month of a department
    that nobody is linked to is not in the result.
    """
    together = members.filter(~members.personal)
    present = months.inner_join(
        together,
        ["holder", months.month >= together.from_month, months.month <= together.to_month],
    )
    of_departments = (
        present.select("holder", "month", "person")
        .distinct()
        .group_by("holder", "month")
        .agg(staff=ibis._.count())
    )
    alone = members.filter(members.personal).select("holder").distinct()
    of_people = months.semi_join(alone, "holder").mutate(staff=ibis.literal(1, "int64"))
    return ibis.union(of_departments, of_people.select("holder", "month", "staff"))
