"""Read a settings file (TOML) of any kind, and say clearly what is wrong with it, and where.

Every file that a person writes goes this road: the workspace's settings, methodologies, parameters
of the programme, profiles, labels, fields of a form. What they share is the message (file, line,
what was expected); what differs is the error, and so the exit code, that each ends with.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from otdacha.errors import FileProblem, OtdachaError
from otdacha.language import Text, text

Settings = TypeVar("Settings", bound=BaseModel)

_NOTHING: Mapping[str, Any] = MappingProxyType({})
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
    "finite_number": text("it must be a number"),
    "union_tag_invalid": text("{tag} is no kind that is known; it may only be {expected_tags}"),
    "union_tag_not_found": text("kind is missing"),
    "bool_parsing": text("it must be true or false"),
    "bool_type": text("it must be true or false"),
    "date_type": text("it must be a date like 2026-11-01"),
    "date_from_datetime_parsing": text("it must be a date like 2026-11-01"),
    "date_from_datetime_inexact": text("it must be a date like 2026-11-01"),
    "tuple_type": text("it must be a list"),
    "dict_type": text("it must be a table of keys and values"),
    "model_type": text("it must be a table of keys and values"),
}
"""What every model's own checks find, by their type; any other is quoted as it is."""
_NO_TOML: Mapping[str, Text] = {
    "Cannot overwrite a value": text("this key is there already"),
    "Cannot declare": text("this section is there already"),
    "Expected '=' after a key": text("after a key stand = and its value"),
    "Invalid value": text("after = stands text in quotation marks, a number, true or false"),
    "Expected newline or end of document": text("nothing more may stand after a value"),
    "Illegal character '\\n'": text("the quotation mark at the end is missing"),
    "Unterminated string": text("the quotation mark at the end is missing"),
    "Unclosed array": text("the bracket at the end is missing"),
    "Invalid statement": text("a line is a key with = and its value, or a [section]"),
    "Invalid initial character for a key": text(
        "a key is Latin letters, digits, _ and -; any other stands in quotation marks"
    ),
}
"""What is no TOML, by how Python's reader begins to say it; anything else is quoted as it is."""
_WHERE = re.compile(r"(?P<fault>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class SettingsFile:
    """A TOML file as it was read. file: what messages call it. said: what it says.
    problem: what is raised where it is not right."""

    file: str
    written: str
    said: Mapping[str, Any]
    problem: type[OtdachaError]

    def place(self, *key: str | int) -> Text:
        """The file, and the line that gives `key` its value; of a key that is not there the line
        of what it should stand in; for the whole file no line."""
        found = _line_of(self.written, key[: _depth(self.said, key)])
        return _place(self.file, found)

    def checked(
        self,
        model: type[Settings],
        default: Mapping[str, Any] = _NOTHING,
        faults: Mapping[str, Text] = _NOTHING,
    ) -> Settings:
        """What the file says, as `model` has it; what it does not say is as in `default`.

        faults: what checks of the model's own find, by their type. Raises the file's problem where
        it breaks a rule of the model; the message names the line and the key.
        """
        try:
            return model.model_validate({**default, **self.said})
        except ValidationError as fault:
            key = _written_key(self.said, fault.errors()[0]["loc"])
            raise self.problem(first_fault(fault, self.place(*key), faults, key)) from fault


def read_toml(
    file: Path, problem: type[OtdachaError] = FileProblem, absent: Text | None = None
) -> SettingsFile:
    """The TOML file at `file`.

    absent: what to say where there is none. Raises `problem` where it cannot be read or is not TOML
    in UTF-8; the message names the line.
    """
    try:
        written = file.read_bytes()
    except OSError as fault:
        if absent is not None and isinstance(fault, FileNotFoundError | NotADirectoryError):
            raise problem(absent) from fault
        raise problem(
            text("{file} cannot be read: {fault}.", file=file, fault=fault.strerror)
        ) from fault
    return toml_in(written, str(file), problem)


def toml_in(written: bytes, file: str, problem: type[OtdachaError] = FileProblem) -> SettingsFile:
    """What the bytes of a TOML file say; `file` is what messages call it.

    Editors of Windows begin a file with a mark of its encoding: it is passed over. Raises `problem`
    where it is not TOML in UTF-8.
    """
    try:
        content = written.decode("utf-8-sig").replace("\r\n", "\n")
        return SettingsFile(file, content, tomllib.loads(content), problem)
    except UnicodeDecodeError as fault:
        raise problem(
            text(
                "{file}: this is not UTF-8. Save the file as text in UTF-8.",
                file=_place(file, 1 + written[: fault.start].count(b"\n")),
            )
        ) from fault
    except tomllib.TOMLDecodeError as fault:
        told = _WHERE.fullmatch(str(fault))
        reason = told["fault"] if told else str(fault)
        line = int(told["line"]) if told and told["line"] else 1 + content.rstrip().count("\n")
        known = next((_NO_TOML[way] for way in _NO_TOML if reason.startswith(way)), None)
        raise problem(
            text(
                "{file}: this is not a TOML file: {fault}.",
                file=_place(file, line),
                fault=reason if known is None else known,
            )
        ) from fault


def read_settings(
    file: Path, model: type[Settings], default: Mapping[str, Any] = _NOTHING
) -> Settings:
    """What the TOML file says, as `model` has it; what it does not say is as in `default`.

    Raises FileProblem where the file cannot be read, is not TOML or breaks a rule of the model; the
    message names the line and the key.
    """
    return read_toml(file).checked(model, default)


def first_fault(
    fault: ValidationError,
    place: Text | str,
    faults: Mapping[str, Text] = _NOTHING,
    key: tuple[str | int, ...] | None = None,
) -> Text:
    """What is wrong with what a file says: the first key that breaks a rule, and how many do.

    place: the file, with the line where it is known. faults: what checks of its own find, by their
    type, beside those that all models share. key: what the file calls it, if not as the model does.
    """
    first = fault.errors()[0]
    known = {**_FAULTS, **faults}.get(first["type"], Text("{message}"))
    said = Text(known.template, {**first.get("ctx", {}), "message": first["msg"]})
    where = ".".join(str(part) for part in (first["loc"] if key is None else key))
    count = _count(fault)
    if not where:
        return text("{file}: {fault}. Faults in all: {count}.", file=place, fault=said, count=count)
    return text(
        "{file}: key {key}: {fault}. Faults in all: {count}.",
        file=place,
        key=where,
        fault=said,
        count=count,
    )


def _count(fault: ValidationError) -> int:
    """How many faults a person has to mend: a list is not too short for what is wrong in it."""
    found = fault.errors()
    inside = [one["loc"][:depth] for one in found for depth in range(len(one["loc"]))]
    return sum(one["type"] != "too_short" or one["loc"] not in inside for one in found)


def _place(file: str, line: int | None) -> Text:
    if line is None:
        return Text("{file}", {"file": file})
    return text("{file}, line {line}", file=file, line=line)


def _written_key(said: Any, key: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The key without what a model puts into it: which kind of an entry it took it for."""
    written: list[str | int] = []
    for part in key:
        kinds = said.values() if isinstance(said, Mapping) and part not in said else ()
        if any(kind == part for kind in kinds):
            continue
        written.append(part)
        said = said[part] if _depth(said, (part,)) else None
    return tuple(written)


def _depth(said: Any, key: tuple[str | int, ...]) -> int:
    """How many parts of the key are there, from the outermost."""
    for depth, part in enumerate(key):
        within = part in said if isinstance(said, Mapping) else (
            isinstance(said, list) and isinstance(part, int) and part < len(said)
        )  # fmt: skip
        if not within:
            return depth
        said = said[part]
    return len(key)


def _line_of(written: str, key: tuple[str | int, ...]) -> int | None:
    """The line with which the key is there: the shortest beginning of the file that says it.

    A beginning that ends within a value is no TOML and says nothing yet.
    """
    if not key:
        return None
    lines = written.split("\n")
    for count in range(1, len(lines) + 1):
        try:
            said = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        if _depth(said, key) == len(key):
            return count
    raise AssertionError("the whole file says the key")
