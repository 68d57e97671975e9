"""What the settings file of a workspace says of the engine: which one, where, with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from otdacha.errors import WorkspaceProblem
from otdacha.language import Text, text
from otdacha.methodology import SettingsFile

ENGINES = ("duckdb", "spark", "postgres")

_TABLE = re.compile(r"[^.\"\x00]+(\.[^.\"\x00]+){0,2}")
_SIZE = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)


@dataclass(frozen=True)
class DuckDBSettings:
    """Inside this process. memory: what the engine may hold; the rest goes to disk, beside the
    system's temporary files or in `overflow`. threads: None: one for each processor."""

    name: Literal["duckdb"] = "duckdb"
    memory: str = "3GB"
    threads: int | None = None
    overflow: Path | None = None


@dataclass(frozen=True)
class SparkSettings:
    """A cluster, or `local[*]`. cases: a path (with `/`) or a table with the columns of `cases`;
    None: the files of the workspace, which every executor must be able to read. conf: passed on."""

    name: Literal["spark"] = "spark"
    master: str = "local[*]"
    cases: str | None = None
    conf: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class PostgresSettings:
    """A server whose table or view `cases` has the columns of `cases`. url: without it, and for
    whatever it leaves out, the variables of PostgreSQL's own tools count (PGHOST, PGPASSWORD, ...).
    """

    cases: str
    name: Literal["postgres"] = "postgres"
    url: str | None = field(default=None, repr=False)


EngineSettings = DuckDBSettings | SparkSettings | PostgresSettings

_KEYS: Mapping[str, Mapping[str, str]] = {
    "duckdb": {"memory": "text", "threads": "whole", "overflow": "text"},
    "spark": {"master": "text", "cases": "text", "conf": "table"},
    "postgres": {"url": "text", "cases": "text"},
}
_KINDS: Mapping[str, tuple[type, Text]] = {
    "text": (str, text("a text in quotes")),
    "whole": (int, text("a whole number, 1 or more")),
    "table": (dict, text("a section of names and values")),
}


def engine_settings(settings: SettingsFile, folder: Path) -> EngineSettings:
    """The engine that the settings ask for; the sections of others are checked and left alone.

    folder: what paths are seen from. Raises WorkspaceProblem that names the file, the line, the
    section and the key. Values are not quoted
    where they may hold a password.
    """
    asked = settings.said.get("engine", "duckdb")
    if asked not in ENGINES:
        raise WorkspaceProblem(
            text(
                "{file}: {key} is {value}, but may only be: {allowed}.",
                file=settings.place("engine"),
                key="engine",
                value=repr(asked),
                allowed=", ".join(ENGINES),
            )
        )
    sections = {name: _section(settings, name) for name in ENGINES}
    said = sections[asked]
    if asked == "duckdb":
        return _duckdb(said, settings, folder)
    if asked == "spark":
        conf = {name: _as_conf(value) for name, value in said.pop("conf", {}).items()}
        return SparkSettings(**said, conf=MappingProxyType(conf))
    return _postgres(said, settings)


def _section(settings: SettingsFile, name: str) -> dict[str, Any]:
    said = settings.said.get(name, {})
    if not isinstance(said, dict):
        raise WorkspaceProblem(
            text(
                "{file}: {section} must be a section of its own: a line [{section}] and its keys "
                "below.",
                file=settings.place(name),
                section=name,
            )
        )
    for key, value in said.items():
        if key not in _KEYS[name]:
            raise WorkspaceProblem(
                text(
                    "{file}, section [{section}]: nothing is called {key}. Known: {known}.",
                    file=settings.place(name, key),
                    section=name,
                    key=key,
                    known=", ".join(_KEYS[name]),
                )
            )
        kind, expected = _KINDS[_KEYS[name][key]]
        if not isinstance(value, kind) or isinstance(value, bool) or value in ("", 0):
            raise _wrong(settings, name, key, expected)
    return dict(said)


def _duckdb(said: dict[str, Any], settings: SettingsFile, folder: Path) -> DuckDBSettings:
    if "memory" in said and not _SIZE.fullmatch(said["memory"]):
        raise _wrong(settings, "duckdb", "memory", text('a size, like "3GB" or "500MB"'))
    if said.get("threads", 1) < 1:
        raise _wrong(settings, "duckdb", "threads", _KINDS["whole"][1])
    if "overflow" in said:
        said["overflow"] = folder / said["overflow"]
    return DuckDBSettings(**said)


def _postgres(said: dict[str, Any], settings: SettingsFile) -> PostgresSettings:
    if not _TABLE.fullmatch(said.get("cases", "")):
        raise _wrong(
            settings, "postgres", "cases", text('a table or view with its schema, like "mfc.cases"')
        )
    if "url" in said and urlsplit(said["url"]).scheme not in ("postgres", "postgresql"):
        raise _wrong(
            settings, "postgres", "url", text('an address like "postgresql://user@host/database"')
        )
    return PostgresSettings(**said)


def _wrong(settings: SettingsFile, section: str, key: str, expected: Text) -> WorkspaceProblem:
    return WorkspaceProblem(
        text(
            "{file}, section [{section}]: {key} must be {expected}.",
            file=settings.place(section, key),
            section=section,
            key=key,
            expected=expected,
        )
    )


def _as_conf(value: Any) -> str:
    """A value as Spark writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
