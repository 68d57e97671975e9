"""The workspace: a folder that holds everything, and needs no server."""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from otdacha.errors import WorkspaceProblem
from otdacha.language import LANGUAGES, Language, text
from otdacha.methodology import DEFAULT, Methodology, load_methodology
from otdacha.records.engine_settings import EngineSettings, engine_settings
from otdacha.records.landing import land
from otdacha.records.pseudonyms import KEY_BYTES

SETTINGS = "otdacha.toml"
_VERSION = 1


@dataclass(frozen=True)
class Workspace:
    """An opened workspace. language: what its documents are written in. engine: what counts it.
    invented: its records are made up, and everything that comes out of it says so.

    Nothing is read until it is asked for.
    """

    path: Path
    language: Language
    engine: EngineSettings
    methodology_path: Path
    invented: bool = False

    @property
    def records(self) -> Path:
        return self.path / "records"

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    def methodology(self) -> Methodology:
        """The workspace's methodology; MethodologyProblem where the file is not valid."""
        return load_methodology(self.methodology_path)

    def pseudonym_key(self) -> bytes:
        """The key of the pseudonyms. It never leaves the workspace.

        Raises WorkspaceProblem where it is lost: a new one would make strangers of known people.
        """
        path = _key_path(self.path)
        try:
            key = bytes.fromhex(path.read_text("ascii").strip())
        except (OSError, ValueError) as fault:
            raise WorkspaceProblem(
                text(
                    "{file}: the pseudonym key is lost or damaged. Bring it back from a copy: "
                    "with another key the people already recorded would become strangers.",
                    file=path,
                )
            ) from fault
        if len(key) < KEY_BYTES:
            raise WorkspaceProblem(text("{file}: the pseudonym key is too short.", file=path))
        return key


def create_workspace(path: Path, *, language: Language = "ru", invented: bool = False) -> Workspace:
    """Make a workspace in the folder `path`; the folder may exist, a workspace may not.

    invented: the records will be made up (a demonstration, a test); every release says so.

    Writes keys/pseudonym.key (readable by the owner only), methodology.toml (a copy of the default
    that may be changed) and otdacha.toml last: the workspace exists when that does. Raises
    WorkspaceProblem where there is one already or the folder cannot be written.
    """
    path = Path(path)
    if (path / SETTINGS).exists():
        raise WorkspaceProblem(text("{folder}: there is a workspace here already.", folder=path))
    default = files("otdacha.methodology") / "files" / f"{DEFAULT}.toml"
    settings = (
        "# Otdacha workspace. Where things are and what works on them.\n"
        f"version = {_VERSION}\n"
        f'language = "{language}"\n'
        'engine = "duckdb"\n'
        'methodology = "methodology.toml"\n'
        + ("# The records are made up, and every release says so.\ninvented = true\n" * invented)
    )
    key = _key_path(path)
    if not key.exists():  # one that an interrupted start has left stays as it is
        land(key, secrets.token_hex(KEY_BYTES).encode() + b"\n", mode=0o600)
    if not (path / "methodology.toml").exists():
        land(path / "methodology.toml", default.read_bytes())
    land(path / SETTINGS, settings.encode())
    return open_workspace(path)


def open_workspace(path: Path) -> Workspace:
    """The workspace in the folder `path`; WorkspaceProblem where there is none or it is broken."""
    path = Path(path)
    file = path / SETTINGS
    try:
        settings = tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: there is no workspace here. Make one: otdacha init {folder}", folder=path
            )
        ) from fault
    except OSError as fault:
        raise WorkspaceProblem(
            text("{file} cannot be read: {fault}.", file=file, fault=fault.strerror)
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise WorkspaceProblem(
            text("{file}: this is not a TOML file in UTF-8: {fault}.", file=file, fault=fault)
        ) from fault
    return Workspace(
        path=path,
        language=_one_of(LANGUAGES, settings, "language", file),
        engine=engine_settings(settings, file),
        methodology_path=path / str(settings.get("methodology", "methodology.toml")),
        invented=_one_of((False, True), settings, "invented", file),
    )


def _one_of(allowed: tuple[Any, ...], settings: dict[str, Any], key: str, file: Path) -> Any:
    value = settings.get(key, allowed[0])
    if value not in allowed:
        raise WorkspaceProblem(
            text(
                "{file}: {key} is {value}, but may only be: {allowed}.",
                file=file,
                key=key,
                value=repr(value),
                allowed=", ".join(map(str, allowed)),
            )
        )
    return value


def _key_path(workspace: Path) -> Path:
    return workspace / "keys" / "pseudonym.key"
