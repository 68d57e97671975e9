"""Which courses bear on which units in which months.

A course that begins in month s and ends in month f bears on a person

- from s - anticipation to f: it is under way (or about to be);
- from f + 1 to f + horizon: the person is exposed to its provider;
- from then to f + look-back: it is remembered; nothing is learnt from these months.

A department is touched through the people linked to it in the month. Once somebody who was exposed
there has left, the course is still remembered: what was learnt may have been handed on.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from otdacha.methodology import Design, Methodology
from otdacha.panel.calendar import month_of
from otdacha.panel.frames import STATUSES
from otdacha.panel.reasons import ABOUT_TRAINING
from otdacha.records.people import AMBIGUOUS

_MONTH = ["holder", "month"]


def courses(
    training: ir.Table, people: ir.Table, providers: ir.Table | None, methodology: Methodology
) -> ir.Table:
    """Courses in numbers and months.

    training: the records' table. people: person, number: everybody on a staff list. providers:
    provider, stands_for: whose training counts for whom now; None where nobody has merged.

    Returns course (a number for each row), municipality, person, number (null: on no staff list),
    recorded (the provider on record), provider (who stands for it), begins (with anticipation)
    and ends (months), finished (date), long_enough.
    """
    numbered = training.mutate(
        course=ibis.row_number().over(order_by=[training.person, training.finished])
    )
    known = numbered.left_join(people, "person").select(*numbered.columns, "number")
    if providers is not None:
        known = known.left_join(providers, "provider").select(*known.columns, "stands_for")
    else:
        known = known.mutate(stands_for=ibis.null("string"))
    return known.select(
        "course",
        "municipality",
        "person",
        "number",
        "finished",
        recorded="provider",
        provider=ibis.coalesce(known.stands_for, known.provider),
        begins=month_of(known.started) - methodology.design.anticipation_months,
        ends=month_of(known.finished),
        long_enough=known.hours >= methodology.minimum.training_hours,
    )


def bearing(months: ir.Table, members: ir.Table, courses: ir.Table, design: Design) -> ir.Table:
    """Where courses bear on the months that are asked for.

    months: holder, month. members: as `otdacha.panel.staff.members`. courses: as above, those that
    count. Returns holder, month, person (a number), provider, course, and three Booleans of which
    at least one is true: under_way, exposed, remembered.
    """
    taken = courses.select("course", "provider", "begins", "ends", person="number")
    spells = members.inner_join(taken, "person")
    first = ibis.greatest(spells.from_month, spells.ends + 1)
    last = ibis.least(spells.to_month, spells.ends + design.horizon_months)
    spells = spells.mutate(exposed_from=first, exposed_to=last, was_exposed=first <= last)
    asked = months.inner_join(
        spells,
        [
            "holder",
            months.month >= spells.begins,
            months.month <= spells.ends + design.look_back_months,
        ],
    )
    month, ends = asked.month, asked.ends
    there = (asked.from_month <= month) & (month <= asked.to_month)
    borne = asked.select(
        *_MONTH,
        "person",
        "provider",
        "course",
        under_way=there & (month <= ends),
        exposed=month.between(asked.exposed_from, asked.exposed_to),
        remembered=(asked.was_exposed & (month >= asked.exposed_from))
        | (there & (month > ends + design.horizon_months)),
    )
    return borne.filter(borne.under_way | borne.exposed | borne.remembered)


def people_exposed(borne: ir.Table, headcount: ir.Table) -> ir.Table:
    """How many of a holder's people are exposed to each provider, by month.

    borne: as `bearing`. headcount: holder, month, staff. A person counts once for a provider,
    however many of its courses they took, and for each of several providers in full. Returns
    holder, month, provider, people, staff.
    """
    exposed = borne.filter(borne.exposed).select(*_MONTH, "provider", "person").distinct()
    counted = exposed.group_by(*_MONTH, "provider").agg(people=exposed.count())
    known = headcount.filter(headcount.staff.notnull()).select(*_MONTH, "staff")
    return counted.inner_join(known, _MONTH).select(*_MONTH, "provider", "people", "staff")


def reach(courses: ir.Table, borne: ir.Table, statuses: ir.Table, holders: ir.Table) -> ir.Table:
    """Whom each provider's courses reached: provider, people, municipalities, trained.

    courses: all on record. statuses: holder, month, status (a number). holders: holder,
    municipality. Reached is who was exposed in a month that effects are read from.
    """
    read_from = statuses.filter(statuses.status == STATUSES.index("exposed"))
    exposed = (
        borne.filter(borne.exposed)
        .semi_join(read_from, _MONTH)
        .select("holder", "person", "provider")
        .distinct()
        .inner_join(holders, "holder")
    )
    reached = exposed.group_by("provider").agg(
        people=exposed.person.nunique(), municipalities=exposed.municipality.nunique()
    )
    trained = courses.group_by("provider").agg(trained=courses.person.nunique())
    both = trained.left_join(reached, "provider")
    return both.select(
        "provider",
        people=both.people.fill_null(0),
        municipalities=both.municipalities.fill_null(0),
        trained="trained",
    )


def without_cells(
    courses: ir.Table, borne: ir.Table, design: Design, first: int, last: int
) -> ir.Table:
    """Training records behind no exposed cell: reason, provider, rows.

    courses: all on record. first, last: the months of the cells.
    """
    idle = courses.anti_join(borne.filter(borne.exposed), "course")
    outside = (idle.ends + design.horizon_months < first) | (idle.ends + 1 > last)
    *reasons, otherwise = ABOUT_TRAINING
    ambiguous = idle.person.startswith(AMBIGUOUS)
    conditions = (~idle.long_enough, ambiguous, idle.number.isnull(), outside)
    told = idle.select(
        "provider", reason=ibis.cases(*zip(conditions, reasons, strict=True), else_=otherwise)
    )
    return told.group_by("reason", "provider").agg(rows=told.count())
