"""A scenario as open data: its public tables as CSV, JSON, Parquet or Excel, with what columns
mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, get_args

import polars as pl

from otdacha.documents.landing import put
from otdacha.documents.pay.columns import COLUMNS
from otdacha.documents.pay.public import described_tables
from otdacha.documents.pay.words import (
    PAYERS,
    capital,
    component_of,
    group_of,
    measure_names,
    town_names,
)
from otdacha.documents.pay.writing import INVENTED
from otdacha.documents.words import said, span
from otdacha.errors import PayProblem
from otdacha.language import Language, Text, text
from otdacha.methodology import Disclosure, default_methodology
from otdacha.pay import wording
from otdacha.pay.disclosure import Told, public
from otdacha.pay.scenario import Scenario
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
    "municipalities": text("Municipalities"),
    "measures": text("Measures"),
    "costs": text("Costs by municipality"),
    "costs_by_measure": text("Costs by measure"),
    "money": text("Money"),
    "distribution": text("Who receives"),
    "limits": text("Limits of pay"),
    "components": text("Parts of pay"),
    "components_by_town": text("Parts of pay by municipality"),
    "fund": text("Fund of pay"),
    "fund_by_town": text("Fund of pay by municipality"),
    "packages": text("Packages"),
    "levels": text("Levels"),
    "rivals": text("Other ways"),
    "leaving": text("Who leaves"),
    "wages": text("Wages next door"),
    "excluded": text("Left out"),
}
"""What people call the public tables of a scenario."""
_TOLD = (
    "scenario", "title", "made", "years", "release", "invented", "parameters", "measures",
    "leaving", "choice",
)  # fmt: skip


def export_scenario(
    scenario: Scenario,
    folder: Path,
    format: Format = "csv",
    *,
    language: Language = "ru",
    disclosure: Disclosure | None = None,
) -> list[Path]:
    """Write the public tables of a scenario into `folder`; the files written.

    csv: a file per table and the data dictionary; json: one file; parquet: a file per table, typed,
    and the dictionary; xlsx: one workbook, headers and states in `language`. What is told is
    decided by `otdacha.pay.disclosure`: nothing of fewer people than `disclosure.people` (by
    default that of the methodology that ships), and nothing that it would follow from.

    Raises PayProblem where the format is unknown, WorkspaceProblem where a file cannot be written.
    """
    if format not in get_args(Format):
        raise PayProblem(
            text(
                "There is no format {format}. Choose one of: {formats}.",
                format=format,
                formats=", ".join(get_args(Format)),
            )
        )
    told = public(scenario, (disclosure or default_methodology().disclosure).people)
    tables = described_tables(told)
    stem = f"otdacha-pay-{scenario.id}"
    match format:
        case "json":
            files = {f"{stem}.json": json_bytes(_json(scenario, told, tables))}
        case "xlsx":
            files = {f"{stem}.xlsx": _workbook(scenario, tables, language)}
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
        files[f"{stem}-data_dictionary.csv"] = dictionary_of(COLUMNS)
    return [put(folder / name, content) for name, content in files.items()]


def _json(scenario: Scenario, told: Told, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    about = {key: scenario.manifest[key] for key in _TOLD}
    return {
        "about": {
            **about,
            "figures": dict(told.figures),
            "manifest": scenario.hash,
            "people_at_least": told.minimum,
        },
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


def _workbook(scenario: Scenario, tables: Mapping[str, pl.DataFrame], language: Language) -> bytes:
    heading = text("Measures that raise the pay of municipal servants, {years}",
                   years=span(scenario.years))  # fmt: skip
    worded = partial(_worded, town_names(scenario), measure_names(scenario, language))
    sections = [
        Section(TITLES[name], COLUMNS[name], table, partial(worded, name))
        for name, table in tables.items()
    ]
    return described_workbook(
        f"{heading.said(language)}: {scenario.id}",
        INVENTED if scenario.manifest["invented"] else None,
        scenario.made,
        sections,
        language,
    )


def _worded(
    towns: Mapping[str, str], measures: Mapping[str, str], table: str, column: Column,
    row: Mapping[str, Any], language: Language,
) -> Any:  # fmt: skip
    """A value as people read it."""
    value = row[column.name]
    if isinstance(value, State):
        return WORDS[value].said(language)
    if isinstance(value, bool):
        return (text("yes") if value else text("no")).said(language)
    if column.name == "value":
        return group_of(row["by"], value, towns, language)
    if table == "costs_by_measure" and column.name == "measure" and value is None:
        return capital(wording.OTHER_MEASURES.said(language))
    if value is None:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if column.name == "component":
        return capital(component_of(value, measures, language))
    if column.name == "measure":
        return measures.get(value, value)
    words = {
        "by": wording.DIMENSIONS,
        "limit": wording.LIMITS,
        "rule": wording.RULES,
        "unit": wording.UNITS,
        "source": PAYERS if table != "wages" else {},
    }
    return said(words[column.name], value, language) if column.name in words else value
