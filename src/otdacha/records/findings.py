"""What only several tables together can show: links that lead nowhere, people in two places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from otdacha.language import Text, text
from otdacha.progress import Progress, silent
from otdacha.records.current import current
from otdacha.records.reasons import FINDINGS
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

if TYPE_CHECKING:
    import ibis

_SERIOUS = frozenset({"no_rows", "unknown_municipality"})


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one table. rows: how many rows have it; they stay in force.

    serious: no evaluation can use these rows, or none is possible at all.
    """

    table: str
    code: str
    rows: int
    message: Text
    serious: bool


def check(workspace: Workspace, *, progress: Progress = silent) -> list[Finding]:
    """Check the tables against each other; findings in the order of the tables.

    A table that is looked up and has no rows at all makes no finding in the tables that look: it
    is reported once itself where an evaluation cannot do without it.
    """
    import ibis  # slow to import, and not needed to add a file

    connection = ibis.duckdb.connect()
    tables = {name: current(workspace, name, connection) for name in _READ}
    rows = {name: connection.to_pyarrow(table.count()).as_py() for name, table in tables.items()}
    counted = [(name, "no_rows", 1) for name in _NEEDED if not rows[name]]
    if not rows["cases"] and not rows["results"]:
        counted.append(("cases", "no_rows", 1))
    for done, (name, code, looked_up, query) in enumerate(_CHECKS):
        progress(text("Checking table {table}", table=name), done, len(_CHECKS))
        if rows[name] and rows[looked_up]:
            found = query(tables[name], tables[looked_up])
            counted.append((name, code, connection.to_pyarrow(found.count()).as_py()))
    progress(text("Checking tables"), len(_CHECKS), len(_CHECKS))
    order = {name: place for place, name in enumerate(_READ)}
    return [
        Finding(name, code, count, FINDINGS[code], code in _SERIOUS)
        for name, code, count in sorted(counted, key=lambda one: order[one[0]])
        if count
    ]


def _without(*columns: str) -> Any:
    """Rows whose `columns` are known and stand in no row of the table looked up."""

    def query(rows: ibis.Table, known: ibis.Table) -> ibis.Table:
        given = rows.filter([rows[column].notnull() for column in columns])
        return given.anti_join(known.select(*columns).distinct(), list(columns))

    return query


def _unknown_executors(cases: ibis.Table, staff: ibis.Table) -> ibis.Table:
    people = staff.select(staff.municipality, executor=staff.person)
    badges = staff.filter(staff.badge.notnull()).select("municipality", executor=staff.badge)
    known = people.union(badges, distinct=True)
    return cases.filter(cases.executor.notnull()).anti_join(known, ["municipality", "executor"])


def _two_departments(staff: ibis.Table, _same: ibis.Table) -> ibis.Table:
    """Rows of staff that share a day with another department of the same municipality.

    Both the first and the last day belong to a row; no last day means until now.
    """
    import ibis

    one = staff.view()
    other = staff.view()
    later = ibis.date("9999-12-31")
    return one.semi_join(
        other,
        [
            one.municipality == other.municipality,
            one.person == other.person,
            one.unit != other.unit,
            one.started <= ibis.coalesce(other.ended, later),
            other.started <= ibis.coalesce(one.ended, later),
        ],
    )


_NEEDED = ("municipalities", "training")
_READ = tuple(TABLES)
_CHECKS: tuple[tuple[str, str, str, Any], ...] = (
    *(
        (name, "unknown_municipality", "municipalities", _without("municipality"))
        for name in ("units", "staff", "training", "cases", "results")
    ),
    *(
        (name, "unknown_unit", "units", _without("municipality", "unit"))
        for name in ("staff", "cases", "results")
    ),
    ("staff", "two_departments", "staff", _two_departments),
    ("training", "unknown_person", "staff", _without("person")),
    ("training", "unknown_provider", "providers", _without("provider")),
    ("programmes", "unknown_provider", "providers", _without("provider")),
    ("training", "unknown_programme", "programmes", _without("provider", "programme")),
    ("cases", "unknown_executor", "staff", _unknown_executors),
)
"""Table, code, the table that is looked up, and the query for the rows that have the fault."""
