"""Folders that are written once and never replaced, and how they are found sound again.

A release has readers of its own; plans, scenarios of pay and comparisons of wages go this road: a
manifest names every other file by its hash and says what kind of folder it is.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import OtdachaError
from otdacha.language import Text, text
from otdacha.progress import Progress, silent
from otdacha.release.folder import land
from otdacha.release.release import MANIFEST, releases
from otdacha.release.writing import hash_of, json_bytes


@dataclass(frozen=True)
class Kind:
    """A kind of folder. name: what its manifest says it is. format: the one that is read.
    problem: what is raised. none: what is said where `folder` is nothing of the kind. again: how it
    is made anew where it is damaged."""

    name: str
    format: int
    problem: type[OtdachaError]
    none: Text
    again: Text


@dataclass(frozen=True)
class Kept:
    """A folder as it lies on disk. hash: SHA-256 of the manifest. content: every file by name."""

    path: Path
    hash: str
    manifest: Mapping[str, Any]
    content: Mapping[str, bytes]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The Parquet files, by the name of their table."""
        return {
            name.removesuffix(".parquet"): pl.read_parquet(io.BytesIO(file))
            for name, file in self.content.items()
            if name.endswith(".parquet")
        }


def keep(
    content: Mapping[str, bytes],
    manifest: Mapping[str, Any],
    kind: Kind,
    place: Path,
    progress: Progress = silent,
    step: Text | None = None,
) -> Path:
    """Land files and the manifest that names them at `place`, in one step; gives back the place.

    Raises OSError where the place is taken.
    """
    files = {name: hash_of(file) for name, file in content.items()}
    written = json_bytes({"kind": kind.name, "format": kind.format, **manifest, "files": files})
    saying = text("Writing {folder}", folder=place.name) if step is None else step
    return land({**content, MANIFEST: written}, place, progress, saying)


def kept(path: Path, kind: Kind) -> Kept:
    """What lies in the folder `path`, checked against the hashes of its manifest.

    Raises the kind's problem where the folder is nothing of the kind, is damaged, or is of another
    format than this program reads.
    """
    try:
        written = (path / MANIFEST).read_bytes()
        manifest = json.loads(written)
        version = manifest["format"] if manifest.get("kind") == kind.name else None
    except (OSError, ValueError, KeyError, AttributeError) as fault:
        raise kind.problem(_none(path, kind)) from fault
    if version is None:
        raise kind.problem(_none(path, kind))
    if version != kind.format:
        raise kind.problem(
            text(
                "{folder} has format {found}, this program reads format {known}. Use the version "
                "of Otdacha that made the folder, or make it anew: {again}",
                folder=path,
                found=version,
                known=kind.format,
                again=kind.again,
            )
        )
    content = {name: _sound(path, name, known, kind) for name, known in manifest["files"].items()}
    return Kept(path, sha256(written).hexdigest(), manifest, content)


def is_kind(path: Path, kind: Kind) -> bool:
    """Whether the folder says of itself that it is of the kind, whole or damaged."""
    try:
        said = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("kind") == kind.name


def next_name(folder: Path, year: int) -> str:
    """What the next one of a year in `folder` is called: 2027.1, 2027.2…"""
    numbers = [
        int(path.name.split(".")[1])
        for path in releases(folder)
        if path.name.startswith(f"{year}.")
    ]
    return f"{year}.{max(numbers, default=0) + 1}"


def _none(path: Path, kind: Kind) -> Text:
    return text("{folder}: {none}", folder=path, none=kind.none)


def _sound(path: Path, name: str, known: str, kind: Kind) -> bytes:
    try:
        file = (path / Path(name).name).read_bytes()
    except OSError as fault:
        raise kind.problem(_damaged(path, name, kind)) from fault
    if hash_of(file) != known:
        raise kind.problem(_damaged(path, name, kind))
    return file


def _damaged(path: Path, name: str, kind: Kind) -> Text:
    return text(
        "{folder}: {file} is damaged or was altered. Bring it back from a copy, or make it anew: "
        "{again}",
        folder=path,
        file=name,
        again=kind.again,
    )
