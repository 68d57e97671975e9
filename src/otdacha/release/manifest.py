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
from otdacha.ranking import Ranking
from otdacha.ranking.comparisons import MOST_COMPARED
from otdacha.records import Batch, Workspace, stored_rows
from otdacha.release.about import About
from otdacha.release.disclosure import people_rule, rounded, suppressed
from otdacha.release.publish import Results
from otdacha.release.release import FORMAT, Release
from otdacha.release.states import State
from otdacha.release.verdict import EVENT_STUDIES
from otdacha.release.writing import hash_of, hash_of_file, significant

_ENGINES = ("duckdb", "ibis-framework", "numpy", "polars", "scipy")
_SOURCE = (".py", ".toml", ".po", ".j2", ".css", ".scss", ".svg")
_SITE = "site"


def source_hash(*, site: bool = False) -> str:
    """Names the exact source code of this package: SHA-256 over its files, in path order.

    site: with that of the site, which no release depends on.
    """
    root = Path(str(files("otdacha")))
    digest = sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in _SOURCE and p.is_file()):
        place = path.relative_to(root)
        if site or place.parts[0] != _SITE:
            digest.update(f"{place.as_posix()}\0{hash_of_file(path)}\n".encode())
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
    about: About,
    inputs: list[dict[str, Any]],
    reported: Mapping[str, Any] | None,
    invented: bool,
    methodology: Methodology,
    evaluation: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of a release, without what is known last: its kind of change and its files.

    inputs: the batches of a workspace; reported: what a release of somebody's figures was made from
    (`otdacha.release.figures`), else None.
    """
    return {
        "format": FORMAT,
        "release": release,
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "invented": invented,
        "about": about.model_dump(),
        "previous": {"release": previous.id, "manifest": previous.hash} if previous else None,
        "change": None,
        "software": dict(made_with),
        "methodology": {
            "id": methodology.id,
            "version": methodology.version,
            "hash": methodology.hash,
        },
        "evaluation": dict(evaluation),
        "inputs": inputs,
        "reported": dict(reported) if reported else None,
    }


def named(contents: Mapping[str, bytes], rows: Mapping[str, int]) -> dict[str, Any]:
    """Every file with its hash. contents: all but the manifest; rows: of those that are tables."""
    return {
        name: {"sha256": hash_of(content), "bytes": len(content)}
        | ({"rows": rows[name]} if name in rows else {})
        for name, content in contents.items()
    }


def evaluation(
    results: Results, methodology: Methodology, tables: Mapping[str, pl.DataFrame]
) -> dict[str, Any]:
    """Figures about the evaluation as a whole; counts pass the same disclosure as the tables'.

    tables: the published ones.
    """
    cells, effects = results.panel.cells, results.effects
    months = cells["month"]
    prediction = results.verdict.prediction
    return _limits(results, tables) | {
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
        **ranked(results.rankings[effects.headline]),
        "variance_of_effects": {
            name: significant(value) for name, value in results.verdict.sessions.figures.items()
        },
        "prediction": {
            "state": prediction.state,
            "cut": str(prediction.cut) if prediction.cut else None,
            "providers": prediction.providers,
            "sentence": {code: prediction.sentence.said(code) for code in LANGUAGES},
        },
    }


def ranked(ranking: Ranking) -> dict[str, Any]:
    """Figures about a ranking as a whole."""
    return {
        "threshold": significant(ranking.threshold),
        "null_share": significant(ranking.null_share),
        "prior": {
            "kind": ranking.prior.kind,
            "mean": significant(ranking.prior.mean),
            "sd": significant(ranking.prior.sd),
            "reference": ranking.prior.reference,
            "precision": ranking.prior.diagnostics.get("precision", {}).get("found", False),
        },
        "grading": {name: significant(value) for name, value in ranking.grading.items()},
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
