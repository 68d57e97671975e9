"""What only several rows together can show: links that lead nowhere, people in two places, mergers,
names that one ИНН has come with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import polars as pl

from otdacha.language import Text, text
from otdacha.progress import Progress, silent
from otdacha.records.current import current
from otdacha.records.held_at_once import READ, held_at_once
from otdacha.records.links import Links, links
from otdacha.records.names import several_names
from otdacha.records.people import AMBIGUOUS
from otdacha.records.reasons import FINDINGS
from otdacha.records.register import events
from otdacha.records.store import refuse_damaged, steady
from otdacha.records.successions import Successions, department_successions, successions
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace

if TYPE_CHECKING:
    import ibis

_SERIOUS = frozenset({"no_rows", "unknown_municipality", "successor_circle"})


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one table. rows: how many rows have it; they stay in force.

    serious: no evaluation can use these rows, or none is possible at all. details: of what the rows
    are, where a number does not say enough: names and batches, predecessors and successors.
    """

    table: str
    code: str
    rows: int
    message: Text
    serious: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What a check has found. links: how surely training is linked to staff."""

    findings: list[Finding]
    links: Links


def check(workspace: Workspace, *, progress: Progress = silent) -> list[Finding]:
    """Check the tables against each other; findings in the order of the tables.

    A table that is looked up and has no rows at all makes no finding in the tables that look: it
    is reported once itself where an evaluation cannot do without it.
    """
    return checked(workspace, progress=progress).findings


def checked(workspace: Workspace, *, progress: Progress = silent) -> Checked:
    """As `check`, with the links that it had to look at."""
    with steady(workspace):
        return _found(workspace, progress)


def _found(workspace: Workspace, progress: Progress) -> Checked:
    import ibis  # slow to import, and not needed to add a file

    refuse_damaged(workspace)
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
    findings = [
        Finding(name, code, count, FINDINGS[code], code in _SERIOUS)
        for name, code, count in counted
        if count
    ]
    linked = links(workspace)
    findings += _of_people(linked)
    findings += _of_names(workspace)
    findings += _of_mergers(
        {name: connection.to_polars(tables[name].select(*_MERGE[name])) for name in _MERGE}
    )
    if rows["posts"]:
        findings += _of_posts(connection.to_polars(tables["posts"].select(*READ)))
    order = {name: place for place, name in enumerate(_READ)}
    return Checked(sorted(findings, key=lambda one: order[one.table]), linked)


def _of_people(found: Links) -> list[Finding]:
    """People who are in doubt, and rows that stand twice. rows: in the table itself."""
    codes = {"ambiguous": "ambiguous_person", "several_names": "several_names_of_person"}
    in_doubt = found.listed.group_by("table", "doubt").len().sort("table", "doubt")
    return [
        *(
            _finding(table, codes.get(doubt, doubt), rows, ())
            for table, doubt, rows in in_doubt.iter_rows()
        ),
        *(
            _finding(table, "one_person_twice", rows, ())
            for table, rows in found.repeated.items()
            if rows
        ),
    ]


def _of_names(workspace: Workspace) -> list[Finding]:
    """ИНН that have come with several names. rows: those whose name is not the one that is shown.

    Names of sole traders are public; an ИНН of twelve digits is masked where its row was rejected.
    """
    found = several_names(workspace)
    if found.is_empty():
        return []
    shown = found.filter(~pl.col("rejected")).group_by("provider").agg(shown=pl.col("name").last())
    details = [
        f"{inn}: " + "; ".join(f"{name} ({batch})" for name, batch in zip(*names, strict=True))
        for inn, *names in found.unique(["provider", "name", "batch"], maintain_order=True)
        .group_by("provider", maintain_order=True)
        .agg("name", "batch")
        .iter_rows()
    ]
    others = found.join(shown, on="provider").filter(pl.col("name") != pl.col("shown"))
    return [_finding("providers", "several_names", others.height, details)]


def _of_posts(posts: pl.DataFrame) -> list[Finding]:
    """Posts that nobody can hold at once, and posts that no law can be looked up for."""
    clashes = held_at_once(posts).drop_nulls().value_counts().sort("clash")
    groupless = posts["position_group"].null_count()
    return [
        *(_finding("posts", code, rows, ()) for code, rows in clashes.iter_rows()),
        *([_finding("posts", "no_position_group", groupless, ())] if groupless else []),
    ]


def _of_mergers(tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """What the registers say of mergers, and what of it leads nowhere."""
    findings = []
    of_providers = successions(tables["providers"], "provider")
    registers: tuple[tuple[str, Successions, str], ...] = (
        (
            "municipalities",
            successions(tables["municipalities"], "municipality"),
            "merged_municipality",
        ),
        ("units", department_successions(tables["units"]), "merged_unit"),
        ("providers", of_providers, "merged_provider"),
    )
    for name, told, merged in registers:
        findings += [
            _finding(name, merged, len(told.into), _arrows(told.into)),
            _finding(name, "unknown_successor", len(told.unknown), _arrows(told.unknown)),
            _finding(name, "successor_circle", len(told.circles), told.circles),
        ]
    splits = [event for event in events(tables["municipalities"]) if event.is_split]
    findings.append(
        _finding(
            "municipalities",
            "split_municipality",
            sum(len(event.ended) for event in splits),
            [f"{', '.join(event.ended)} → {', '.join(event.formed)}" for event in splits],
        )
    )
    into = of_providers.into
    late = (
        tables["training"]
        .join(tables["providers"].select("provider", "merged_on"), on="provider")
        .filter(pl.col("provider").is_in(list(into)), pl.col("started") >= pl.col("merged_on"))
    )
    findings.append(
        _finding(
            "training", "training_after_merger", late.height, sorted(late["provider"].unique())
        )
    )
    return [finding for finding in findings if finding.rows]


def _arrows(into: Mapping[str, str]) -> list[str]:
    return [f"{old} → {new}" for old, new in into.items()]


def _finding(table: str, code: str, rows: int, details: Sequence[str]) -> Finding:
    return Finding(table, code, rows, FINDINGS[code], code in _SERIOUS, tuple(details))


def _without(*columns: str) -> Any:
    """Rows whose `columns` are known and stand in no row of the table looked up."""

    def query(rows: ibis.Table, known: ibis.Table) -> ibis.Table:
        given = rows.filter([rows[column].notnull() for column in columns])
        return given.anti_join(known.select(*columns).distinct(), list(columns))

    return query


def _unknown_people(training: ibis.Table, staff: ibis.Table) -> ibis.Table:
    """Training of people on no staff list; who is ambiguous is told apart from them."""
    given = training.filter(~training.person.startswith(AMBIGUOUS))
    return given.anti_join(staff.select("person").distinct(), "person")


def _not_on_staff(rows: ibis.Table, staff: ibis.Table) -> ibis.Table:
    """Rows about somebody who is not on the staff of the municipality, by person or by badge."""
    known = staff.select("municipality", "person").distinct()
    badges = staff.filter(staff.badge.notnull()).select("municipality", "badge").distinct()
    certain = rows.person.notnull() & ~rows.person.startswith(AMBIGUOUS)
    only_badge = rows.person.isnull() & rows.badge.notnull()
    people = rows.filter(certain).anti_join(known, ["municipality", "person"])
    by_badge = rows.filter(only_badge).anti_join(badges, ["municipality", "badge"])
    return people.union(by_badge)


def _in_doubt(rows: ibis.Table, _staff: ibis.Table) -> ibis.Table:
    return rows.filter(rows.person.startswith(AMBIGUOUS))


def _unknown_towns(offers: ibis.Table, municipalities: ibis.Table) -> ibis.Table:
    known = municipalities.select(town=municipalities.municipality).distinct()
    return offers.filter(offers.town.notnull()).anti_join(known, "town")


def _licence_ended(offers: ibis.Table, providers: ibis.Table) -> ibis.Table:
    licences = providers.filter(providers.licence_until.notnull())
    return offers.semi_join(
        licences,
        [
            offers.provider == licences.provider,
            offers.finished > licences.licence_until,
        ],
    )


def _unknown_holders(budgets: ibis.Table, municipalities: ibis.Table) -> ibis.Table:
    towns = municipalities.select(holder=municipalities.municipality)
    known = towns.union(municipalities.select(holder=municipalities.region)).distinct()
    return budgets.filter(budgets.holder.notnull()).anti_join(known, "holder")


def _contradicting_contracts(contracts: ibis.Table, _same: ibis.Table) -> ibis.Table:
    """Rows of contracts that tell of themselves in two ways."""
    one = contracts.view()
    other = contracts.view()
    differ = [one[name] != other[name] for name in ("provider", "offer", "seats", "signed")]
    return one.semi_join(
        other,
        [
            one.municipality == other.municipality,
            one.contract == other.contract,
            reduce(or_, differ),
        ],
    )


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
_MERGE: Mapping[str, tuple[str, ...]] = {
    "municipalities": ("municipality", "valid_from", "successor", "formed_by", "ended_by"),
    "units": ("municipality", "unit", "successor"),
    "providers": ("provider", "successor", "merged_on"),
    "training": ("provider", "started"),
}
"""What is read of mergers."""
_READ = tuple(TABLES)
_CHECKS: tuple[tuple[str, str, str, Any], ...] = (
    *(
        (name, "unknown_municipality", "municipalities", _without("municipality"))
        for name in (
            *("units", "staff", "training", "cases", "results", "statistics"),
            *("needs", "contracts", "attendance", "payments", "posts", "finances"),
        )
    ),
    *(
        (name, "unknown_unit", "units", _without("municipality", "unit"))
        for name in ("staff", "cases", "results", "needs", "posts")
    ),
    ("staff", "two_departments", "staff", _two_departments),
    ("training", "unknown_person", "staff", _unknown_people),
    ("training", "unknown_provider", "providers", _without("provider")),
    ("programmes", "unknown_provider", "providers", _without("provider")),
    ("training", "unknown_programme", "programmes", _without("provider", "programme")),
    ("cases", "unknown_executor", "staff", _unknown_executors),
    *((name, "not_on_staff", "staff", _not_on_staff) for name in ("needs", "attendance")),
    *((name, "person_in_doubt", name, _in_doubt) for name in ("needs", "attendance", "posts")),
    ("offers", "unknown_provider", "providers", _without("provider")),
    ("offers", "unknown_programme", "programmes", _without("provider", "programme")),
    ("offers", "unknown_town", "municipalities", _unknown_towns),
    ("offers", "licence_ended", "providers", _licence_ended),
    ("budgets", "unknown_holder", "municipalities", _unknown_holders),
    *(
        (name, "unknown_offer", "offers", _without("provider", "offer"))
        for name in ("contracts", "attendance")
    ),
    ("contracts", "contradicting_contract", "contracts", _contradicting_contracts),
    ("payments", "unknown_contract", "contracts", _without("municipality", "contract")),
    *(
        (name, "unknown_budget_code", "budgets", _without("source", "code"))
        for name in ("contracts", "payments")
    ),
)
"""Table, code, the table that is looked up, and the query for the rows that have the fault."""
