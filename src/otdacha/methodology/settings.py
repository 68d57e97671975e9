"""Read a settings file (TOML) of any kind, and say clearly what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.methodology.load import first_fault

Settings = TypeVar("Settings", bound=BaseModel)


def read_settings(
    file: Path, model: type[Settings], default: Mapping[str, Any] = MappingProxyType({})
) -> Settings:
    """What the TOML file says, as `model` has it; what it does not say is as in `default`.

    Raises FileProblem where the file cannot be read, is not TOML or breaks a rule of the model; the
    message names the key.
    """
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as fault:
        raise FileProblem(
            text("{file} cannot be read: {fault}.", file=file, fault=fault.strerror)
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FileProblem(
            text("{file}: this is not a TOML file in UTF-8: {fault}.", file=file, fault=fault)
        ) from fault
    try:
        return model.model_validate({**default, **content})
    except ValidationError as fault:
        raise FileProblem(first_fault(fault, str(file))) from fault
