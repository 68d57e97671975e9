"""A comparison of wages, kept as an immutable folder: `wages/<year>.<n>` of a workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.wages.columns import COLUMNS, open_tables
from otdacha.pay.wages.compared import compared, figures
from otdacha.pay.wages.export import csv_of
from otdacha.pay.wages.quarters import quarters
from otdacha.pay.wages.readme import readme
from otdacha.pay.wages.told import wages_told
from otdacha.progress import Progress, silent
from otdacha.records import Workspace
from otdacha.release.export import PROGRAMS
from otdacha.release.kept import Kind, is_kind, keep, kept, next_name
from otdacha.release.manifest import inputs, software
from otdacha.release.release import releases
from otdacha.release.writing import dictionary_of, parquet_bytes

COMPARISON = Kind(
    "wages",
    format=1,
    problem=PayProblem,
    none=text(
        "it is not a comparison of wages. Name a folder like wages/2024.1; make one: "
        "otdacha wages DIR"
    ),
    again=text("otdacha wages"),
)
FOLDER = "wages"
PUBLIC = "wages.csv"
"""The comparison for whoever has nothing but a spreadsheet."""


@dataclass(frozen=True)
class Comparison:
    """A comparison as it lies on disk.

    tables: municipalities (schema `told.MUNICIPALITIES`), years (`compared.YEARS`), quarters
    (`quarters.QUARTERS`), unmatched (`told.UNMATCHED`). hash: SHA-256 of the manifest, which names
    every other file by hash.
    """

    path: Path
    hash: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]

    @property
    def id(self) -> str:
        return str(self.manifest["wages"])

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are compared, the newest last."""
        return tuple(self.manifest["years"])

    @property
    def made(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.manifest["made"])

    @property
    def figures(self) -> Mapping[str, Any]:
        """The answer for the newest year (`compared.figures`)."""
        return dict(self.manifest["figures"][str(self.years[-1])])


def make_comparison(
    workspace: Workspace, *, made: dt.datetime | None = None, progress: Progress = silent
) -> Comparison:
    """Compare the wage of public administration with that of all activities, everywhere.

    Takes the register of municipalities and the wages from the records, and lands a folder
    `wages/<newest year>.<n>` in the workspace. made: otherwise now.

    Raises PayProblem where records hold no register, no wages, or no whole year of them.
    """
    told = wages_told(workspace)
    if not told.years:
        raise PayProblem(
            text(
                "{folder}: of no year the mean of January-December is told, so there is nothing to "
                "compare.",
                folder=workspace.path,
            )
        )
    tables = {
        "municipalities": told.towns,
        "years": compared(told),
        "quarters": quarters(told.means),
        "unmatched": told.unmatched,
    }
    place = workspace.path / FOLDER
    name = next_name(place, told.years[-1])
    manifest = {
        "wages": name,
        "made": (made or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds"),
        "years": told.years,
        "invented": workspace.invented,
        "sources": list(told.sources),
        "figures": {str(year): figures(tables["years"], year) for year in told.years},
        "quarters": _quarters_told(tables["quarters"]),
        "made_with": software(),
        "inputs": inputs(workspace, told.batches),
    }
    content = {
        **{f"{name}.parquet": parquet_bytes(table) for name, table in tables.items()},
        PUBLIC: csv_of(COLUMNS["years"], open_tables(tables)["years"], PROGRAMS),
        "data_dictionary.csv": dictionary_of(COLUMNS),
        "README.md": readme(manifest, tables),
    }
    step = text("Writing the comparison of wages")
    return load_comparison(keep(content, manifest, COMPARISON, place / name, progress, step))


def load_comparison(path: Path) -> Comparison:
    """The comparison in the folder `path`, checked against the hashes of its manifest.

    Raises PayProblem where the folder is no comparison, is damaged, or is of a newer format.
    """
    lying = kept(path, COMPARISON)
    return Comparison(path=path, hash=lying.hash, manifest=lying.manifest, tables=lying.tables)


def is_comparison(path: Path) -> bool:
    """Whether the folder says of itself that it is a comparison, whole or damaged."""
    return is_kind(path, COMPARISON)


def comparisons(workspace: Workspace) -> list[Path]:
    """The comparisons of a workspace, oldest first."""
    return releases(workspace.path / FOLDER)


def _quarters_told(table: pl.DataFrame) -> dict[str, int]:
    """How many quarters are in which state, of both wages together."""
    both = pl.concat([table["all_state"], table["o_state"]]).cast(pl.String)
    return dict(both.value_counts().sort(both.name).iter_rows())
