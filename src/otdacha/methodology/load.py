"""Read a methodology file (TOML) and say clearly what is wrong with it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from otdacha.errors import MethodologyProblem
from otdacha.language import text
from otdacha.methodology.model import Methodology

DEFAULT = "services-2026"
"""The methodology a new workspace starts with."""


def load_methodology(path: Path) -> Methodology:
    """The methodology in the TOML file at `path`.

    Raises MethodologyProblem where the file is absent, is not TOML, or breaks a rule of the model;
    the message names the key.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise MethodologyProblem(
            text(
                "{file}: the methodology cannot be read ({fault}).", file=path, fault=fault.strerror
            )
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MethodologyProblem(
            text("{file}: this is not a TOML file in UTF-8: {fault}.", file=path, fault=fault)
        ) from fault
    return _validated(content, str(path))


def default_methodology(name: str = DEFAULT) -> Methodology:
    """A methodology that ships with the package."""
    source = files("otdacha.methodology") / "files" / f"{name}.toml"
    return _validated(tomllib.loads(source.read_text("utf-8")), f"{name}.toml")


def _validated(content: object, file: str) -> Methodology:
    try:
        return Methodology.model_validate(content)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise MethodologyProblem(
            text(
                "{file}: key {key}: {fault}. Faults in all: {count}.",
                file=file,
                key=".".join(str(part) for part in first["loc"]) or "-",
                fault=first["msg"],
                count=fault.error_count(),
            )
        ) from fault
