"""Read a methodology file (TOML) and say clearly what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from otdacha.errors import MethodologyProblem
from otdacha.language import Text, text
from otdacha.methodology.model import Methodology
from otdacha.methodology.settings import SettingsFile, read_toml, toml_in

_FAULTS: Mapping[str, Text] = {
    "short_look_back": text("look_back_months must not be shorter than horizon_months"),
    "indicator_ids": text("the ids of indicators must differ, and none may be called composite"),
    "placebo_weight": text("a placebo indicator must have the weight 0"),
    "no_weight": text("at least one indicator needs a weight above zero"),
}
"""What the model's own checks find, by their type."""

DEFAULT = "services-2026"
"""The methodology a new workspace starts with."""


def load_methodology(path: Path) -> Methodology:
    """The methodology in the TOML file at `path`.

    Raises MethodologyProblem where the file is absent, is not TOML, or breaks a rule of the model;
    the message names the line and the key.
    """
    return _checked(read_toml(path, MethodologyProblem))


def methodology_in(written: bytes, file: str) -> Methodology:
    """The methodology that the bytes of a TOML file say; `file` is what messages call it.

    Raises MethodologyProblem where it is not TOML in UTF-8 or breaks a rule of the model.
    """
    return _checked(toml_in(written, file, MethodologyProblem))


def default_methodology(name: str = DEFAULT) -> Methodology:
    """A methodology that ships with the package."""
    return methodology_in(default_methodology_bytes(name), f"{name}.toml")


def default_methodology_bytes(name: str = DEFAULT) -> bytes:
    """The file of a methodology that ships with the package, as it is."""
    return (files("otdacha.methodology") / "files" / f"{name}.toml").read_bytes()


def _checked(file: SettingsFile) -> Methodology:
    return file.checked(Methodology, faults=_FAULTS)
