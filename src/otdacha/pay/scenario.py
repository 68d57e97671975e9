"""A scenario: what measures of pay cost and bring, kept as an immutable folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.tables import TABLES
from otdacha.progress import Progress, silent
from otdacha.release.kept import Kind, is_kind, keep, kept, next_name
from otdacha.release.writing import parquet_bytes

SCENARIO = Kind(
    "scenario",
    format=3,
    problem=PayProblem,
    none=text(
        "it is not a scenario of pay. Name a folder like scenarios/2027.1; make one: "
        "otdacha pay DIR --measures FILE"
    ),
    again=text("otdacha pay"),
)
FOLDER = "scenarios"


@dataclass(frozen=True)
class Scenario:
    """A scenario as it lies on disk. tables: by name, `otdacha.pay.tables.TABLES`. hash: SHA-256 of
    the manifest, which names every other file by hash."""

    path: Path
    hash: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]

    @property
    def id(self) -> str:
        return str(self.manifest["scenario"])

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.manifest["years"])

    @property
    def made(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.manifest["made"])

    @property
    def figures(self) -> Mapping[str, Any]:
        """Figures of the scenario as a whole; the keys are those of `scenario_figures`."""
        return dict(self.manifest["figures"])


def write_scenario(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    progress: Progress = silent,
) -> Scenario:
    """Land a scenario in `folder` as `<first year>.<n>`.

    tables: all of `TABLES`, in their schemas. manifest: title {ru, en}, made (ISO 8601, UTC),
    years, release ({id, hash} or null), invented, parameters, measures, figures, leaving,
    made_with, inputs. files: what else lies beside the tables (`parameters.json`, `measures.json`).
    """
    name = next_name(folder, int(manifest["years"][0]))
    content = {
        f"{table}.parquet": parquet_bytes(tables[table].match_to_schema(schema))
        for table, schema in TABLES.items()
    }
    manifest = {"scenario": name, **manifest}
    step = text("Writing the scenario")
    return load_scenario(
        keep({**content, **(files or {})}, manifest, SCENARIO, folder / name, progress, step)
    )


def load_scenario(path: Path) -> Scenario:
    """The scenario in the folder `path`; its files are checked against the hashes of its manifest.

    Raises PayProblem where the folder is no scenario, is damaged, or is of another format.
    """
    lying = kept(path, SCENARIO)
    return Scenario(path=path, hash=lying.hash, manifest=lying.manifest, tables=lying.tables)


def is_scenario(path: Path) -> bool:
    """Whether the folder says of itself that it is a scenario, whole or damaged."""
    return is_kind(path, SCENARIO)


def scenario_figures(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The figures of a scenario as a whole, added up from its tables; money in rubles.

    cost: of all measures and years; by source: what each pays; people: in all towns; avoided: exits
    with the bounds of the 95 % interval, null where nothing could be estimated.
    """
    costs, towns = tables["costs"], tables["municipalities"]
    by_source = dict(costs.group_by("source").agg(pl.col("cost").sum()).iter_rows())
    chosen = tables["packages"].filter("chosen")
    estimated = None if chosen.is_empty() else chosen.row(0, named=True)
    return {
        "people": int(towns["people"].sum()),
        "cost": float(costs["cost"].sum()),
        "sources": {name: float(sum_) for name, sum_ in sorted(by_source.items())},
        **{
            name: None if estimated is None else estimated[name]
            for name in ("avoided", "avoided_lower", "avoided_upper")
        },
        "vacancy_cost": float(towns["vacancy_cost"].sum()),
        "training_kept": float(towns["training_kept"].sum()),
    }
