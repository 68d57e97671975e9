"""The workspace: a folder that holds everything, and needs no server."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from otdacha.errors import WorkspaceProblem
from otdacha.language import LANGUAGES, Language, Text, text
from otdacha.methodology import DEFAULT, Methodology, SettingsFile, load_methodology, read_toml
from otdacha.records.engine_settings import EngineSettings, engine_settings
from otdacha.records.landing import land
from otdacha.records.pseudonyms import KEY_BYTES, Keys

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

    @property
    def runs(self) -> Path:
        """Where an evaluation keeps its finished steps; they hold pseudonyms."""
        return self.path / "runs"

    @property
    def key_file(self) -> Path:
        return self.path / "keys" / "pseudonym.key"

    @property
    def key_card(self) -> Path:
        """The JSON that says which generation of the key the records are made with."""
        return self.records / "key.json"

    def key_generation(self) -> int:
        """How often the key has been changed, and 1. No key is needed to know it.

        Raises WorkspaceProblem where what says so is damaged.
        """
        return self._key_card()[0]

    def key_changed(self) -> str | None:
        """When the key was changed last, ISO 8601 in UTC; None where it never was."""
        return self._key_card()[1]

    def renewed_rows(self) -> Mapping[str, str]:
        """SHA-256 of the rows of each batch that was there when the key was changed last."""
        return self._key_card()[2]

    def _key_card(self) -> tuple[int, str | None, Mapping[str, str]]:
        try:
            said = json.loads(self.key_card.read_text("utf-8"))
            generation, changed = int(said["generation"]), str(said["changed"])
            rows = {str(batch): str(known) for batch, known in said["rows"].items()}
        except (FileNotFoundError, NotADirectoryError):
            return 1, None, {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise WorkspaceProblem(_damaged_card(self.key_card)) from fault
        if generation < 1:
            raise WorkspaceProblem(_damaged_card(self.key_card))
        return generation, changed, rows

    def pseudonym_keys(self) -> Keys:
        """The keys of the pseudonyms, up to the generation of the records; one a line of the file.

        They never leave the workspace. Raises WorkspaceProblem where they are lost: a new one would
        make strangers of known people.
        """
        return self.every_key()[: self.key_generation()]

    def every_key(self) -> Keys:
        """All keys of the file: one that the records do not know yet was left by a change of the
        key that did not end, or is younger than a copy of the records that was brought back."""
        generation = self.key_generation()
        path = self.key_file
        try:
            keys = tuple(bytes.fromhex(line) for line in path.read_text("ascii").split())
        except (OSError, ValueError) as fault:
            raise WorkspaceProblem(
                text(
                    "{file}: the pseudonym key is lost or damaged. Bring it back from a copy: "
                    "with another key the people already recorded would become strangers.",
                    file=path,
                )
            ) from fault
        if len(keys) < generation:
            raise WorkspaceProblem(
                text(
                    "{file}: this key is older than the records: it has been changed since. Bring "
                    "the present key back from a copy.",
                    file=path,
                )
            )
        if min(map(len, keys)) < KEY_BYTES:
            raise WorkspaceProblem(text("{file}: the pseudonym key is too short.", file=path))
        return keys


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
    key = path / "keys" / "pseudonym.key"
    if not key.exists():  # one that an interrupted start has left stays as it is
        land(key, as_key_file((secrets.token_bytes(KEY_BYTES),)), mode=0o600)
    if not (path / "methodology.toml").exists():
        land(path / "methodology.toml", default.read_bytes())
    land(path / SETTINGS, settings.encode())
    return open_workspace(path)


def open_workspace(path: Path) -> Workspace:
    """The workspace in the folder `path`; WorkspaceProblem where there is none or it is broken."""
    path = Path(path)
    settings = read_toml(
        path / SETTINGS,
        WorkspaceProblem,
        absent=text(
            "{folder}: there is no workspace here. Make one: otdacha init {folder}", folder=path
        ),
    )
    return Workspace(
        path=path,
        language=_one_of(LANGUAGES, settings, "language"),
        engine=engine_settings(settings, path),
        methodology_path=path / _inside(settings),
        invented=_one_of((False, True), settings, "invented"),
    )


def _inside(settings: SettingsFile) -> Path:
    """Where the methodology lies: a workspace that was sent by somebody leads nowhere else."""
    written = Path(str(settings.said.get("methodology", "methodology.toml")))
    if written.is_absolute() or ".." in written.parts:
        raise WorkspaceProblem(
            text(
                "{file}: methodology is {value}, and that lies outside the workspace. Copy the "
                "file into the workspace, or name it on the command line with --methodology.",
                file=settings.place("methodology"),
                value=written,
            )
        )
    return written


def _one_of(allowed: tuple[Any, ...], settings: SettingsFile, key: str) -> Any:
    value = settings.said.get(key, allowed[0])
    if value not in allowed:
        raise WorkspaceProblem(
            text(
                "{file}: {key} is {value}, but may only be: {allowed}.",
                file=settings.place(key),
                key=key,
                value=repr(value),
                allowed=", ".join(map(str, allowed)),
            )
        )
    return value


def as_key_file(keys: Keys) -> bytes:
    """The content of the file with the keys: one a line, in hexadecimal digits."""
    return "".join(f"{key.hex()}\n" for key in keys).encode()


def _damaged_card(file: Path) -> Text:
    return text(
        "{file}: what says how often the pseudonym key was changed is damaged. Bring it back from "
        "a copy.",
        file=file,
    )
