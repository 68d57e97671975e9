"""What the columns of a template offer to choose from: closed lists, and what a workspace knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otdacha.language import Language, Text, text
from otdacha.records.choices import CHOICES
from otdacha.records.current import current, frame
from otdacha.records.explained import COLUMNS, GROUPS
from otdacha.records.tables import Table
from otdacha.records.workspace import Workspace

MOST_CHOICES = 2_000
"""A list that is longer helps nobody to choose: the column gets none."""


@dataclass(frozen=True)
class Choices:
    """What a column may hold. strict: whether anything else is refused, or only asked about."""

    values: tuple[str, ...]
    strict: bool


ANSWERS: Mapping[str, Text] = {
    "да": text("yes"),
    "нет": text("no"),
    "рабочие": text("working"),
    "календарные": text("calendar"),
}


def offered_choices(
    table: Table, workspace: Workspace | None, language: Language
) -> dict[str, Choices]:
    """The lists of a table's columns: closed ones, and what the workspace knows."""
    found: dict[str, Choices] = {}
    for name in COLUMNS[table.name]:
        kind = table.inputs[name]
        if kind == "yes_no":
            found[name] = _said("да", "нет", language=language)
        elif kind == "day_kind":
            found[name] = _said("рабочие", "календарные", language=language)
        elif kind in CHOICES:
            said = tuple(answer.said(language) for answer in CHOICES[kind].values())
            found[name] = Choices(said, strict=True)
        elif name == "position_group":
            found[name] = Choices(GROUPS, strict=False)
    if workspace is not None:
        for name, values in _known(table, workspace).items():
            if 0 < len(values) <= MOST_CHOICES:
                strict = (table.name, name) == ("results", "indicator")
                found[name] = Choices(tuple(values), strict=strict)
    return found


def _said(*answers: str, language: Language) -> Choices:
    return Choices(tuple(ANSWERS[answer].said(language) for answer in answers), strict=True)


def _known(table: Table, workspace: Workspace) -> dict[str, Sequence[str]]:
    """What the workspace knows that a column of the table may hold."""
    known: dict[str, Sequence[str]] = {}
    registers = {
        "municipality": "municipalities",
        "unit": "units",
        "provider": "providers",
        "programme": "programmes",
        "offer": "offers",
        "contract": "contracts",
    }
    for column, register in registers.items():
        if column in COLUMNS[table.name] and register != table.name:
            known[column] = frame(workspace, register)[column].unique().sort().to_list()
    if "town" in COLUMNS[table.name]:
        towns = frame(workspace, "municipalities")["municipality"]
        known["town"] = towns.unique().sort().to_list()
    if "service" in COLUMNS[table.name]:
        known["service"] = _services(workspace)
    if table.name in ("results", "needs"):
        indicators = workspace.methodology().indicators
        wanted = [one for one in indicators if table.name == "needs" or one.source == "results"]
        known["indicator"] = [one.id for one in wanted]
    return known


def _services(workspace: Workspace) -> list[str]:
    """Services that cases and results have come with."""
    import ibis  # slow to import, and not needed without a workspace

    connection = ibis.duckdb.connect()
    services: set[str] = set()
    for name in ("cases", "results"):
        found = connection.to_polars(
            current(workspace, name, connection).select("service").distinct()
        )
        services |= set(found["service"])
    return sorted(services)
