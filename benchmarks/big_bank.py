"""A release of 10,000 organisations with 100,000 programmes, for the site's benchmarks.

It is the release of an invented union many times over: every copy has ids, names and prices of its
own. What it says is true of nobody; its tables, states and sizes are what a country's would be.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.release import Release
from otdacha.release.folder import land
from otdacha.release.manifest import named
from otdacha.release.release import MANIFEST
from otdacha.release.tables import TABLES
from otdacha.release.writing import json_bytes, parquet_bytes

ORGANISATIONS, PROGRAMMES = 10_000, 100_000
_SYLLABLES = "бавегидожузакиломынепиросатуфехоцачишущеэлюняросиг"
SYLLABLES = [_SYLLABLES[at : at + 2] for at in range(0, len(_SYLLABLES), 2)]
_OF_PROVIDERS = (
    "effects",
    "event_study",
    "second_opinion",
    "drift",
    "predicted",
    "weights",
    "excluded",
)


def big_release(
    source: Release, folder: Path, organisations: int = ORGANISATIONS, programmes: int = PROGRAMMES
) -> Path:
    """Write the release to `folder` and give back its path; the same source gives the same."""
    draw = np.random.default_rng(5)
    copies = -(-organisations // source.providers.height)
    tables = dict(source.tables)
    tables["providers"] = _many(source.providers, copies).head(organisations)
    kept = tables["providers"].select("provider")
    words = pl.Series(["".join(draw.choice(SYLLABLES, 3)).title() for _ in range(organisations)])
    tables["providers"] = tables["providers"].with_columns(
        name=pl.col("name") + " " + words,
    ).sort("state", "posterior_mean", descending=[False, True], nulls_last=True)  # fmt: skip
    for name in _OF_PROVIDERS:
        of_all = source.tables[name].filter(pl.col("provider").is_null())
        own = _many(source.tables[name].filter(pl.col("provider").is_not_null()), copies)
        tables[name] = pl.concat([of_all, own.join(kept, on="provider", how="semi")])
    each = -(-programmes // (source.tables["programmes"].height * copies)) + 1
    taught = _many(source.tables["programmes"], copies).join(kept, on="provider", how="semi")
    again = pl.concat(
        taught.with_columns(programme=pl.col("programme") + f"/{number}") for number in range(each)
    ).head(programmes)
    prices = pl.Series(draw.integers(15, 400, again.height) * 100.0)
    tables["programmes"] = again.with_columns(price=prices).sort("provider", "programme")
    tables["gates"] = source.tables["gates"].filter(pl.col("provider").is_null())
    tables["comparisons"] = source.tables["comparisons"].clear()
    tables["changes"] = source.tables["changes"].clear()
    return _landed(source, tables, folder)


def _many(table: pl.DataFrame, copies: int) -> pl.DataFrame:
    """The rows `copies` times, each time with other ids."""
    return pl.concat(
        table.with_columns(
            provider=pl.col("provider").str.slice(4).str.pad_start(6, "0") + f"{copy:04d}"
        )
        for copy in range(copies)
    )


def _landed(source: Release, tables: dict[str, pl.DataFrame], folder: Path) -> Path:
    content = {
        name: (source.path / name).read_bytes()
        for name in source.manifest["files"]
        if not name.endswith(".parquet")
    }
    content |= {f"{name}.parquet": parquet_bytes(tables[name]) for name in TABLES}
    rows = {f"{name}.parquet": tables[name].height for name in TABLES}
    manifest = {**source.manifest, "release": "2026.1", "previous": None, "change": None}
    manifest["about"] = {**source.manifest["about"], "id": "big"}
    content[MANIFEST] = json_bytes(
        json.loads(json.dumps(manifest)) | {"files": named(content, rows)}
    )
    return land(content, folder / "2026.1")
