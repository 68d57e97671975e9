"""Read a methodology file (TOML) and say clearly what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from otdacha.errors import MethodologyProblem
from otdacha.language import Text, text
from otdacha.methodology.model import Methodology

_FAULTS: Mapping[str, Text] = {
    "missing": text("it is missing"),
    "extra_forbidden": text("there is no such key"),
    "literal_error": text("it may only be {expected}"),
    "greater_than": text("it must be above {gt}"),
    "greater_than_equal": text("it must be {ge} or more"),
    "less_than": text("it must be below {lt}"),
    "less_than_equal": text("it must be {le} or less"),
    "string_pattern_mismatch": text("it must look like {pattern}"),
    "string_type": text("it must be text in quotation marks"),
    "string_too_short": text("it must not be empty"),
    "string_too_long": text("it must have {max_length} characters at most"),
    "too_short": text("it must not be empty"),
    "int_type": text("it must be a whole number"),
    "int_parsing": text("it must be a whole number"),
    "int_from_float": text("it must be a whole number"),
    "float_type": text("it must be a number"),
    "float_parsing": text("it must be a number"),
    "bool_parsing": text("it must be true or false"),
    "bool_type": text("it must be true or false"),
    "date_type": text("it must be a date like 2026-11-01"),
    "short_look_back": text("look_back_months must not be shorter than horizon_months"),
    "indicator_ids": text("the ids of indicators must differ, and none may be called composite"),
    "placebo_weight": text("a placebo indicator must have the weight 0"),
    "no_weight": text("at least one indicator needs a weight above zero"),
}
"""What the model's own checks find, by their type; any other is quoted as it is."""

DEFAULT = "services-2026"
"""The methodology a new workspace starts with."""


def load_methodology(path: Path) -> Methodology:
    """The methodology in the TOML file at `path`.

    Raises MethodologyProblem where the file is absent, is not TOML, or breaks a rule of the model;
    the message names the key.
    """
    try:
        written = path.read_bytes()
    except OSError as fault:
        raise MethodologyProblem(
            text(
                "{file}: the methodology cannot be read ({fault}).", file=path, fault=fault.strerror
            )
        ) from fault
    return methodology_in(written, str(path))


def methodology_in(written: bytes, file: str) -> Methodology:
    """The methodology that the bytes of a TOML file say; `file` is what messages call it.

    Raises MethodologyProblem where it is not TOML in UTF-8 or breaks a rule of the model.
    """
    try:
        content = tomllib.loads(written.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MethodologyProblem(
            text("{file}: this is not a TOML file in UTF-8: {fault}.", file=file, fault=fault)
        ) from fault
    return _validated(content, file)


def default_methodology(name: str = DEFAULT) -> Methodology:
    """A methodology that ships with the package."""
    content = default_methodology_bytes(name).decode()
    return _validated(tomllib.loads(content), f"{name}.toml")


def default_methodology_bytes(name: str = DEFAULT) -> bytes:
    """The file of a methodology that ships with the package, as it is."""
    return (files("otdacha.methodology") / "files" / f"{name}.toml").read_bytes()


def _validated(content: object, file: str) -> Methodology:
    try:
        return Methodology.model_validate(content)
    except ValidationError as fault:
        raise MethodologyProblem(first_fault(fault, file)) from fault


def first_fault(
    fault: ValidationError, file: str, more: Mapping[str, Text] = MappingProxyType({})
) -> Text:
    """What is wrong with a settings file: the first key that breaks a rule, and how many do.

    more: what checks of its own find, by their type, beside those that all such files share.
    """
    first = fault.errors()[0]
    known = {**_FAULTS, **more}.get(first["type"], Text("{message}"))
    return text(
        "{file}: key {key}: {fault}. Faults in all: {count}.",
        file=file,
        key=".".join(str(part) for part in first["loc"]) or "-",
        fault=Text(known.template, {**first.get("ctx", {}), "message": first["msg"]}),
        count=fault.error_count(),
    )
