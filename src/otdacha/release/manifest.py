"""The manifest: what a release was made from, by what, and the hash of every file in it."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES
from otdacha.methodology import Methodology
from otdacha.ranking.comparisons import MOST_COMPARED
from otdacha.records import Batch, Workspace, stored_rows
from otdacha.release.disclosure import people_rule, rounded, suppressed
from otdacha.release.publish import Results
from otdacha.release.release import FORMAT, Release
from otdacha.release.states import State
from otdacha.release.verdict import EVENT_STUDIES
from otdacha.release.writing import hash_of, hash_of_file, significant

_ENGINES = ("duckdb", "ibis-framework", "numpy", "polars", "scipy")
_SOURCE = (".py", ".toml", ".po", ".j2", ".css")


def source_hash() -> str:
    """Names the exact source code of this package: SHA-256 over its files, in path order."""
    root = Path(str(files("otdacha")))
    digest = sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in _SOURCE and p.is_file()):
        digest.update(f"{path.relative_to(root).as_posix()}\0{hash_of_file(path)}\n".encode())
    return digest.hexdigest()


def software() -> dict[str, Any]:
    """The versions that a release was made with."""
    return {
        "otdacha": version("otdacha"),
        "source": source_hash(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _ENGINES},
        "platform": f"{platform.system()} {platform.machine()}",
    }


def inputs(workspace: Workspace, found: Iterable[Batch]) -> list[dict[str, Any]]:
    """The batches in force, in order of arrival.

    File names stay behind: people put names of people into them. Row counts are of whole files, not
    of a group, and are exact.
    """
    return [
        {
            "batch": batch.id,
            "table": batch.table,
            "source": batch.source_hash,
            "stored": hash_of_file(stored_rows(workspace, batch.table, batch.id)),
            "accepted": batch.accepted,
            "rejected": batch.rejected,
            "reasons": dict(sorted(batch.reasons.items())),
        }
        for batch in found
    ]


def manifest(
    *,
    release: str,
    created: dt.datetime,
    previous: Release | None,
    made_with: Mapping[str, Any],
    inputs: list[dict[str, Any]],
    invented: bool,
    methodology: Methodology,
    results: Results,
    contents: Mapping[str, bytes],
    tables: Mapping[str, pl.DataFrame],
) -> dict[str, Any]:
    """The manifest of a release. contents: every other file; tables: what is in those of them that
    are tables."""
    rows = {f"{name}.parquet": table.height for name, table in tables.items()}
    return {
        "format": FORMAT,
        "release": release,
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "invented": invented,
        "previous": {"release": previous.id, "manifest": previous.hash} if previous else None,
        "software": dict(made_with),
        "methodology": {
            "id": methodology.id,
            "version": methodology.version,
            "hash": methodology.hash,
        },
        "evaluation": _evaluation(results, methodology) | _limits(results, tables),
        "inputs": inputs,
        "files": {
            name: {"sha256": hash_of(content), "bytes": len(content)}
            | ({"rows": rows[name]} if name in rows else {})
            for name, content in contents.items()
        },
    }


def _evaluation(results: Results, methodology: Methodology) -> dict[str, Any]:
    """Figures about the evaluation as a whole; counts pass the same disclosure as the tables'."""
    cells, effects = results.panel.cells, results.effects
    ranking = results.rankings[effects.headline]
    months = cells["month"]
    prediction = results.verdict.prediction
    return {
        "design": effects.design,
        "because": effects.diagnostics.get(effects.indicators[0], {}).get("because"),
        "withheld": results.verdict.withheld,
        "headline": effects.headline,
        "months": [str(months.min()), str(months.max())],
        "municipalities": cells["municipality"].n_unique(),
        "training_links": _links(results.links, methodology),
        # departments are no business of a release: it speaks of towns and organisations
        "mergers": results.panel.mergers.filter(pl.col("of") != "units")
        .select("of", "predecessor", "successor")
        .to_dicts(),
        "indicators": {
            indicator: {
                "scale": significant(effects.scales.get(indicator)),
                "cells": _by_status(cells, indicator, methodology),
            }
            for indicator in effects.indicators
        },
        "threshold": significant(ranking.threshold),
        "null_share": significant(ranking.null_share),
        "prior": {
            "kind": ranking.prior.kind,
            "mean": significant(ranking.prior.mean),
            "sd": significant(ranking.prior.sd),
            "reference": ranking.prior.reference,
            "precision": ranking.prior.diagnostics.get("precision", {}).get("found", False),
        },
        "variance_of_effects": {
            name: significant(value) for name, value in results.verdict.sessions.figures.items()
        },
        "grading": {name: significant(value) for name, value in ranking.grading.items()},
        "prediction": {
            "state": prediction.state,
            "cut": str(prediction.cut) if prediction.cut else None,
            "providers": prediction.providers,
            "sentence": {code: prediction.sentence.said(code) for code in LANGUAGES},
        },
    }


def _limits(results: Results, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """What is not shown of everybody because its work or its size grows too fast: how much of it
    is shown, and the bound (most)."""
    ranked = results.rankings[results.effects.headline].frame["posterior_mean"].count()
    published = tables["providers"].filter(pl.col("state") == State.PUBLISHED)
    return {
        "comparisons": {
            "pairs": tables["comparisons"].height,
            "providers": ranked,
            "most": MOST_COMPARED,
            "shown": ranked <= MOST_COMPARED,
        },
        "event_studies": {
            "shown": tables["event_study"]["provider"].drop_nulls().n_unique(),
            "of": published.height,
            "most": EVENT_STUDIES,
        },
    }


def _links(counts: Mapping[str, int], methodology: Methodology) -> dict[str, int | None]:
    """Training records by how their person was found on the staff, rounded; null is suppressed."""
    rule = people_rule(methodology.disclosure)
    said = pl.DataFrame(
        list(counts.items()), schema={"how": pl.String, "n": pl.Int64}, orient="row"
    )
    shown = said.select("how", rounded(suppressed(pl.col("n"), rule), rule))
    return dict(shown.iter_rows())


def _by_status(
    cells: pl.DataFrame, indicator: str, methodology: Methodology
) -> dict[str, dict[str, int | None]]:
    """Cells and cases of an indicator by what they were used for, rounded; null is suppressed."""
    rule = people_rule(methodology.disclosure)
    counted = (
        cells.filter(pl.col("indicator") == indicator)
        .group_by("status")
        .agg(cells=pl.len().cast(pl.Int64), cases=pl.col("n").sum())
        .sort("status")
        .with_columns(
            rounded(suppressed(pl.col(name), rule), rule).alias(name) for name in ("cells", "cases")
        )
    )
    return {
        str(row["status"]): {"cells": row["cells"], "cases": row["cases"]}
        for row in counted.iter_rows(named=True)
    }
