"""Read the files of the law of pay, and say clearly what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.methodology import read_toml, toml_in
from otdacha.methodology.dated import DATED_FAULTS
from otdacha.pay.parameters.entries import FederalParameters, RegionalParameters
from otdacha.pay.parameters.law import FEDERAL, Law, RegionalLaw
from otdacha.records import Workspace

FOLDER = "pay"
"""Where a workspace keeps the law of pay of its regions."""

_FAULTS: Mapping[str, Text] = {
    **DATED_FAULTS,
    "too_fine": text("it is finer than 1/{units}: pay is counted in kopecks and hundredths of a %"),
    "out_of_bounds": text("rate does not lie between at_least and at_most"),
    "amount_or_rate": text("a class rank has either an amount or a rate"),
    "said_twice": text("{key}: said twice in one entry"),
    "no_climb": text("{key}: every step must begin later than the one before"),
    "within_month": text(
        "{key}: the entry of {first} to {last} does not begin and end with a month; pay is counted "
        "by the month"
    ),
}


def load_law(workspace: Workspace) -> Law:
    """The law of pay of a workspace: every `pay/*.toml`, and the federal law that ships unless
    `pay/federal.toml` stands in its place.

    Raises PayProblem where a file is not TOML or breaks a rule of the model (the message names the
    file, the line and the key), where there is no file, or where two answer for one region.
    """
    return law_in(workspace.path / FOLDER)


def law_in(folder: Path) -> Law:
    """The law of pay in a folder of TOML files; raises PayProblem as `load_law` does."""
    found = sorted(file for file in folder.glob("*.toml") if file.name != FEDERAL)
    if not found:
        raise PayProblem(
            text(
                "{folder} holds no law of pay: a file for each region, pay/*.toml. Fill in the "
                "template: otdacha template law {folder}/region.toml",
                folder=folder,
            )
        )
    own = folder / FEDERAL
    sets = [RegionalLaw(f"{FOLDER}/{file.name}", read_regional(file)) for file in found]
    return Law(
        federal=read_federal(own) if own.exists() else federal_in(_shipped(FEDERAL), FEDERAL),
        federal_file=f"{FOLDER}/{FEDERAL}" if own.exists() else FEDERAL,
        sets=_one_answer(sets),
    )


def read_regional(path: Path) -> RegionalParameters:
    """The law of a set of regions in the TOML file at `path`; raises PayProblem."""
    return read_toml(path, PayProblem).checked(RegionalParameters, faults=_FAULTS)


def read_federal(path: Path) -> FederalParameters:
    """The federal law in the TOML file at `path`; raises PayProblem."""
    return read_toml(path, PayProblem).checked(FederalParameters, faults=_FAULTS)


def federal_in(written: bytes, file: str) -> FederalParameters:
    """The federal law that the bytes of a TOML file say; `file` is what messages call it."""
    return toml_in(written, file, PayProblem).checked(FederalParameters, faults=_FAULTS)


def template_bytes() -> bytes:
    """A file for a region, to be filled in."""
    return _shipped("region-template.toml")


def federal_bytes() -> bytes:
    """The federal law that ships, to be gone on with in a workspace's own file."""
    return _shipped(FEDERAL)


def _shipped(name: str) -> bytes:
    return (files("otdacha.pay.parameters") / "files" / name).read_bytes()


def _one_answer(sets: list[RegionalLaw]) -> tuple[RegionalLaw, ...]:
    by_region: dict[str, RegionalLaw] = {}
    for law in sets:
        for region in law.said.regions:
            if region in by_region:
                raise PayProblem(
                    text(
                        "{first} and {second} both say how {region} pays. Name a region in one "
                        "file only.",
                        first=by_region[region].file,
                        second=law.file,
                        region=region,
                    )
                )
            by_region[region] = law
    return tuple(sets)
