"""A release that is held in memory or in a database: its files as bytes, checked against their
hashes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import ReleaseProblem
from otdacha.language import text
from otdacha.methodology.load import methodology_in
from otdacha.release.release import (
    MANIFEST,
    METHODOLOGY,
    Release,
    completed,
    read_manifest,
    table_of,
)
from otdacha.release.tables import TABLES
from otdacha.release.writing import hash_of


def whole_content(path: Path) -> dict[str, bytes]:
    """Every file of the release in the folder `path` by name, the manifest last.

    The bytes that are given back are the ones whose hashes were checked. Raises ReleaseProblem
    where the folder is no release, a file differs from what the manifest names, or one is missing
    or too many.
    """
    manifest = read_manifest(path)
    content: dict[str, bytes] = {}
    wrong = []
    for name, named in manifest["files"].items():
        try:
            content[name] = (path / name).read_bytes()
        except OSError:
            wrong.append(name)
            continue
        if hash_of(content[name]) != named["sha256"]:
            wrong.append(name)
    wrong += sorted({entry.name for entry in path.iterdir()} - {*manifest["files"], MANIFEST})
    content[MANIFEST] = (path / MANIFEST).read_bytes()
    if wrong or json.loads(content[MANIFEST]) != manifest:
        raise ReleaseProblem(
            text(
                "{folder}: the release is damaged or was altered: {files} differ from what its "
                "manifest names. Nothing was published. Fetch the release anew; `otdacha verify` "
                "tells which files are as they were.",
                folder=path,
                files=", ".join(wrong or [MANIFEST]),
            )
        )
    return content


def held_release(read: Callable[[str], bytes], place: Path) -> Release:
    """The release whose file of a name is `read(name)`; a table is read when it is first looked at.

    place: what messages call it; nothing is looked up there.
    """
    written = read(MANIFEST)
    manifest = json.loads(written)
    return Release(
        path=place,
        hash=hash_of(written),
        manifest=completed(manifest),
        methodology=methodology_in(read(METHODOLOGY), str(place / METHODOLOGY)),
        tables=_Tables(manifest, read),
    )


class _Tables(Mapping[str, pl.DataFrame]):
    """The tables of a release, each read once, when it is asked for."""

    def __init__(self, manifest: Mapping[str, Any], read: Callable[[str], bytes]) -> None:
        self._manifest = manifest
        self._read = read
        self._known: dict[str, pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in TABLES:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = table_of(
                self._manifest, name, lambda file: io.BytesIO(self._read(file))
            )
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)
