"""A plan as open data: its public tables as CSV, JSON, Parquet or Excel, with what columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, get_args

from otdacha.documents.landing import put
from otdacha.documents.plan.columns import COLUMNS
from otdacha.documents.plan.public import described_tables
from otdacha.documents.plan.words import FORMS, WHAT, why_left_out
from otdacha.documents.plan.writing import INVENTED, made
from otdacha.documents.words import SOURCES, said, span
from otdacha.errors import ProgrammeProblem
from otdacha.language import Language, Text, text
from otdacha.methodology import Disclosure, default_methodology
from otdacha.programme.disclosure import public
from otdacha.programme.offers import REASONS as FAULTS
from otdacha.programme.plan import Plan
from otdacha.programme.wording import (
    CHANGED,
    EVIDENCE,
    LINE_WHY,
    NOT_GAINED,
    PASSED_OVER,
    REASONS,
    RESTS_ON,
    RULES,
    STATES,
    UNMET,
)
from otdacha.programme.wording import said as explained
from otdacha.release.columns import Column
from otdacha.release.export import (
    PROGRAMS,
    Format,
    Section,
    csv_of,
    described_workbook,
    shown_rows,
)
from otdacha.release.states import WORDS, State
from otdacha.release.writing import dictionary_of, json_bytes, parquet_bytes

TITLES: Mapping[str, Text] = {
    "lines": text("Lines"),
    "offers": text("Offers"),
    "funding": text("Who pays"),
    "groups": text("Groups"),
    "needs": text("Needs"),
    "unmet": text("Unmet needs"),
    "demands": text("Needs of all municipalities"),
    "left_out": text("Left out"),
    "budgets": text("Budgets"),
    "municipalities": text("Municipalities"),
    "results": text("Expected results"),
    "rivals": text("Other ways"),
    "frontier": text("More or less money"),
    "shadow": text("The next rubles"),
    "sensitivity": text("What if"),
}
"""What people call the public tables of a plan."""

_IN_WORDS: Mapping[str, Mapping[str, Text]] = {
    "source": SOURCES,
    "evidence": EVIDENCE,
    "form": FORMS,
    "what": WHAT,
    "why_not": {**PASSED_OVER, **FAULTS},
    "rule": RULES,
    "state": STATES,
    "changed": CHANGED,
    "rests_on": RESTS_ON,
}
"""Columns whose codes mean the same in every table."""
_WHY: Mapping[str, Mapping[str, Text]] = {
    "lines": LINE_WHY,
    "unmet": UNMET,
    "shadow": NOT_GAINED,
}
"""What the codes of `why` mean, by table."""


def export_plan(
    plan: Plan,
    folder: Path,
    format: Format = "csv",
    *,
    language: Language = "ru",
    disclosure: Disclosure | None = None,
) -> list[Path]:
    """Write the public tables of a plan into `folder`; the files written.

    csv: a file per table and the data dictionary; json: one file; parquet: a file per table, typed,
    and the dictionary; xlsx: one workbook, headers and states in `language`. What is told is
    decided by `otdacha.programme.disclosure`: protected counts of people below `disclosure.people`
    (by default that of the methodology that ships) are suppressed, and what they would follow from.

    Raises ProgrammeProblem where the format is unknown, WorkspaceProblem where a file cannot be
    written.
    """
    if format not in get_args(Format):
        raise ProgrammeProblem(
            text(
                "There is no format {format}. Choose one of: {formats}.",
                format=format,
                formats=", ".join(get_args(Format)),
            )
        )
    minimum = (disclosure or default_methodology().disclosure).people
    told = public(plan, minimum)
    tables = described_tables(told)
    stem = f"otdacha-plan-{plan.id}"
    match format:
        case "json":
            files = {f"{stem}.json": json_bytes(_json(plan, told.manifest(plan), tables, minimum))}
        case "xlsx":
            files = {f"{stem}.xlsx": _workbook(plan, tables, language)}
        case "csv":
            files = {
                f"{stem}-{name}.csv": csv_of(COLUMNS[name], table, PROGRAMS)
                for name, table in tables.items()
            }
        case "parquet":
            files = {
                f"{stem}-{name}.parquet": parquet_bytes(table) for name, table in tables.items()
            }
    if format in ("csv", "parquet"):
        files[f"{stem}-data_dictionary.csv"] = dictionary_of(
            {name: COLUMNS[name] for name in tables}
        )
    return [put(folder / name, content) for name, content in files.items()]


def _json(
    plan: Plan, manifest: Mapping[str, Any], tables: Mapping[str, Any], minimum: int
) -> dict[str, Any]:
    about = {
        key: manifest[key]
        for key in (
            "plan",
            "made",
            "years",
            "release",
            "evidence",
            "because",
            "invented",
            "figures",
        )
    }
    return {
        "about": {**about, "manifest": plan.hash, "people_at_least": minimum},
        **{
            name: [
                {key: _plain(value) for key, value in row.items()}
                for row in shown_rows(COLUMNS[name], table)[1]
            ]
            for name, table in tables.items()
        },
    }


def _plain(value: Any) -> Any:
    """A day as ISO 8601 has it; JSON knows none."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _workbook(plan: Plan, tables: Mapping[str, Any], language: Language) -> bytes:
    heading = text("Training programme of municipal servants, {years}", years=span(plan.years))
    sections = [
        Section(TITLES[name], COLUMNS[name], table, partial(_worded, name))
        for name, table in tables.items()
    ]
    return described_workbook(
        f"{heading.said(language)}: {plan.id}",
        INVENTED if plan.manifest["invented"] else None,
        made(plan),
        sections,
        language,
    )


def _worded(table: str, column: Column, row: Mapping[str, Any], language: Language) -> Any:
    value = row[column.name]
    if isinstance(value, State):
        return WORDS[value].said(language)
    if value is None:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if column.name == "reason":
        return (
            why_left_out(value, language) if table == "left_out" else said(REASONS, value, language)
        )
    if column.name == "why":
        codes = (explained(code, _WHY[table]).said(language) for code in value.split())
        return ". ".join(codes)
    if column.name in _IN_WORDS:
        return explained(value, _IN_WORDS[column.name]).said(language)
    return value
