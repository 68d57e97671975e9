"""Who is who: somebody known by СНИЛС in one file and by name and birth date in another.

Pseudonyms "n..." (name and birth date) stand for "s..." (СНИЛС) where exactly one СНИЛС has come
with that name and birth date in any file in force. Where several have, nobody is guessed: training
known by such a name becomes "?...", which is on no staff list. Two people by СНИЛС are never made
one, and one СНИЛС is one person whatever names it came with; so no chain of names joins anybody.

One Ibis expression, the same on every engine. See docs/decisions/0020-people.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from otdacha.records.store import Batch

if TYPE_CHECKING:
    import ibis

BY_SNILS, BY_NAME, AMBIGUOUS = "s", "n", "?"
"""What a pseudonym begins with."""


def may_be_known_otherwise(table: Iterable[Batch], with_both: Iterable[Batch]) -> bool:
    """Whether any row of these batches could be known by СНИЛС from elsewhere.

    with_both: the batches that give СНИЛС and names together. A batch older than the count of its
    rows by name may have some.
    """
    return any(batch.by_name != 0 for batch in table) and any(True for _ in with_both)


def named_people(rows: Iterable[ibis.Table]) -> ibis.Table:
    """Distinct pairs of person (by СНИЛС) and person_by_name in these rows."""
    first, *others = (
        one.filter(one.person.startswith(BY_SNILS), one.person_by_name.notnull()).select(
            "person", "person_by_name"
        )
        for one in rows
    )
    return first.union(*others, distinct=True) if others else first.distinct()


def as_one_person(rows: ibis.Table, named: ibis.Table, *, training: bool) -> ibis.Table:
    """Rows with `person` as everywhere else, and `recorded_as`: as this row's file tells it.

    named: as `named_people`. training: whether to take somebody ambiguous off every staff list.
    """
    import ibis  # slow to import, and not needed to add a file

    known = named.group_by(_name="person_by_name").agg(
        _people=named.count(), _snils=named.person.min()
    )
    linked = rows.left_join(known, rows.person == known["_name"])
    several = linked.person
    if training:
        several = ibis.literal(AMBIGUOUS) + linked.person.substr(1)
    person = ibis.cases(
        (linked["_people"] == 1, linked["_snils"]),
        (linked["_people"] > 1, several),
        else_=linked.person,
    )
    return linked.mutate(recorded_as=linked.person, person=person).select(
        *rows.columns, "recorded_as"
    )
