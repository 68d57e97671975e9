"""Read `programme.toml` and say clearly what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from otdacha.errors import ProgrammeProblem
from otdacha.language import Text, text
from otdacha.methodology import SettingsFile, read_toml, toml_in
from otdacha.methodology.dated import DATED_FAULTS
from otdacha.programme.parameters.entries import Parameters
from otdacha.records import Workspace

DEFAULT = "programme-2027"
"""The parameters of a workspace that holds none of its own."""
OWN = "programme.toml"
"""Where a workspace keeps its own parameters, beside its methodology."""

_FAULTS: Mapping[str, Text] = {
    **DATED_FAULTS,
    "no_room": text("at_least is above at_most"),
    "rise_twice": text("price_rise: two entries for {year}"),
    "shares_above_one": text(
        "{key}: on {first} what the sources must bear at least is above 100 %"
    ),
    "shares_below_one": text(
        "{key}: on {first} what all four sources may bear at most is below 100 %"
    ),
}


def load_parameters(path: Path | None = None) -> Parameters:
    """The parameters in the TOML file at `path`; without a path, those that ship.

    Raises ProgrammeProblem where the file is absent, is not TOML, or breaks a rule of the model;
    the message names the file, the line and the key.
    """
    if path is None:
        return parameters_in(default_parameters_bytes(), f"{DEFAULT}.toml")
    return _checked(read_toml(path, ProgrammeProblem))


def parameters_of(workspace: Workspace) -> Parameters:
    """The workspace's own parameters where it holds `programme.toml`, else those that ship.

    Raises ProgrammeProblem as `load_parameters` does.
    """
    own = workspace.path / OWN
    return load_parameters(own if own.exists() else None)


def parameters_in(written: bytes, file: str) -> Parameters:
    """The parameters that the bytes of a TOML file say; `file` is what messages call it.

    Raises ProgrammeProblem where it is not TOML in UTF-8 or breaks a rule of the model.
    """
    return _checked(toml_in(written, file, ProgrammeProblem))


def default_parameters_bytes() -> bytes:
    """The file of the parameters that ship with the package, as it is."""
    return (files("otdacha.programme.parameters") / "files" / f"{DEFAULT}.toml").read_bytes()


def _checked(file: SettingsFile) -> Parameters:
    return file.checked(Parameters, faults=_FAULTS)
