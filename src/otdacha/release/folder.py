"""The folder of a release: what is in it, what it is called, and how it comes to stand there."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent
from otdacha.records.landing import flush_folder
from otdacha.release.diff import Edition, changes, edition, kind_of
from otdacha.release.manifest import named
from otdacha.release.readme import readme
from otdacha.release.release import MANIFEST, METHODOLOGY, Release, load, releases
from otdacha.release.writing import (
    dictionary_bytes,
    json_bytes,
    parquet_bytes,
    write_durably,
)

_LANDING = ".landing-"


def assembled(
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    methodology: Methodology,
    methodology_bytes: bytes,
    previous: Release | None,
) -> dict[str, bytes]:
    """Every file of a release by name, the manifest last.

    tables: the published ones; `changes` is made here, against `previous`. manifest: without
    its files, and `change` still open.
    """
    now = edition(tables["providers"], manifest)
    before = Edition.of(previous) if previous else None
    tables = {**tables, "changes": changes(now, before)}
    manifest = {**manifest, "change": kind_of(now, before).value if before else None}
    content = {f"{name}.parquet": parquet_bytes(table) for name, table in tables.items()}
    content[METHODOLOGY] = methodology_bytes
    content["data_dictionary.csv"] = dictionary_bytes()
    content["README.md"] = readme(manifest, methodology, tables["providers"])
    rows = {f"{name}.parquet": table.height for name, table in tables.items()}
    content[MANIFEST] = json_bytes({**manifest, "files": named(content, rows)})
    return content


def following(folder: Path, created: dt.datetime) -> tuple[str, Release | None]:
    """What the next release in `folder` is called, and the newest one there."""
    earlier = releases(folder)
    year = f"{created.year}."
    numbers = [int(path.name.split(".")[1]) for path in earlier if path.name.startswith(year)]
    return f"{year}{max(numbers, default=0) + 1}", load(earlier[-1]) if earlier else None


WRITING = text("Writing the release")


def land(
    content: Mapping[str, bytes], place: Path, progress: Progress = silent, step: Text = WRITING
) -> Path:
    """Write the files of a release, or of what else is never replaced, beside their place, then
    move them there in one step.

    step: what is said meanwhile. Raises OSError where the place is taken.
    """
    folder = place.parent
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_LANDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(prefix=_LANDING, dir=folder))
    try:
        for done, (name, file) in enumerate(content.items()):
            progress(step, done, len(content))
            write_durably(beside / name, file)
        beside.chmod(0o755)
        flush_folder(beside)
        beside.rename(place)
        flush_folder(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    progress(step, len(content), len(content))
    return place
