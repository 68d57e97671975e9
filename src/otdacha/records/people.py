"""Who is who: somebody known by СНИЛС in one file and by name and birth date in another.

Pseudonyms "n..." (name and birth date) stand for "s..." (СНИЛС) where exactly one СНИЛС has come
with that name and birth date in any file in force. Where several have, nobody is guessed: training,
a need or an attendance known by such a name becomes "?...", which is on no staff list. Two people
by СНИЛС are never made one, and one СНИЛС is one person whatever names it came with; so no chain of
names joins anybody.

One Ibis expression, the same on every engine. See docs/decisions/0020-people.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from otdacha.records.cards import Batch

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


def as_one_person(rows: ibis.Table, named: ibis.Table, *, off_staff: bool) -> ibis.Table:
    """Rows with `person` as everywhere else, `recorded_as`: as this row's file tells it, and
    `ambiguous`: whether several people have the name that is all it tells.

    named: as `named_people`. off_staff: whether to take somebody ambiguous off every staff list.
    """
    import ibis  # slow to import, and not needed to add a file

    known = named.group_by(_name="person_by_name").agg(
        _people=named.count(), _snils=named.person.min()
    )
    linked = rows.left_join(known, rows.person == known["_name"])
    several = linked.person
    if off_staff:
        several = ibis.literal(AMBIGUOUS) + linked.person.substr(1)
    person = ibis.cases(
        (linked["_people"] == 1, linked["_snils"]),
        (linked["_people"] > 1, several),
        else_=linked.person,
    )
    ambiguous = (linked["_people"] > 1).fill_null(False)
    return linked.mutate(recorded_as=linked.person, person=person, ambiguous=ambiguous).select(
        *rows.columns, "recorded_as", "ambiguous"
    )


def without_mended(rows: ibis.Table, key: Sequence[str], order: str) -> ibis.Table:
    """Rows without those that were ambiguous and have been sent again with the СНИЛС.

    rows: as `as_one_person`, with the order of their batch's arrival in `order`. A row has been
    sent again where a newer batch has it with СНИЛС, the same name and the same rest of its `key`.
    """
    import ibis

    by_snils = rows.recorded_as.startswith(BY_SNILS)
    name = by_snils.ifelse(rows.person_by_name, rows.recorded_as)
    rest = [column for column in key if column != "person"]
    same = ibis.window(group_by=["_name", *rest])
    told = by_snils.ifelse(rows[order], ibis.null("int64"))
    known = rows.mutate(_name=name, _told=told)
    last = known.mutate(_last=known["_told"].max().over(same))
    mended = last.ambiguous & (last["_last"] > last[order]).fill_null(False)
    return last.filter(~mended).drop("_name", "_told", "_last", "ambiguous")
