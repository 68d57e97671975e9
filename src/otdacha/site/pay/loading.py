"""Load a scenario into the site, whole or not at all: of its tables only what may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.pay.disclosure import Told, public
from otdacha.pay.scenario import Scenario, load_scenario
from otdacha.progress import Progress, silent
from otdacha.release.release import MANIFEST
from otdacha.release.writing import hash_of, parquet_bytes
from otdacha.site.pay import models
from otdacha.site.pay.told import MADE, WHOLE
from otdacha.site.publishing import all_or_nothing, refuse_another, refuse_unaddressable

PLAIN = (MANIFEST, "parameters.json", "measures.json")
"""What beside tables of a scenario lies there, byte for byte, where the scenario has it."""


@dataclass(frozen=True)
class Loaded:
    """What a publication did. fresh: it changed something; otherwise the scenario was there.

    hidden: towns of so few people that nothing is told of their pay, and those beside them.
    """

    scenario: str
    fresh: bool
    municipalities: int
    measures: int
    hidden: int


def publish_scenario(
    path: Path, fewest: int, *, again: bool = False, progress: Progress = silent
) -> Loaded:
    """Load the scenario in the folder `path`; the site shows it when all of it is there.

    fewest: of fewer people nothing is shown (the methodology's `disclosure.people`). A scenario
    that is there already is left as it is, or with `again` loaded anew. Raises PayProblem where the
    folder holds no sound scenario or another one of its name is published, WorkspaceProblem where
    the database cannot be written.
    """
    scenario = load_scenario(path)
    codes = scenario.tables["municipalities"]["municipality"]
    refuse_unaddressable(_named(scenario), codes, PayProblem)
    told = public(scenario, fewest)
    content = {
        **{name: (path / name).read_bytes() for name in _own_files(scenario, told)},
        **{f"{name}.parquet": parquet_bytes(told.tables[name]) for name in MADE},
    }
    with all_or_nothing():
        fresh = _loaded(scenario, told, content, again, progress)
    return Loaded(
        scenario=scenario.id,
        fresh=fresh,
        municipalities=scenario.tables["municipalities"].height,
        measures=scenario.tables["measures"].height,
        hidden=len(told.towns),
    )


def _own_files(scenario: Scenario, told: Told) -> list[str]:
    """The files that are given away as they are; `load_scenario` has checked their hashes.

    Where not all figures and packages are told, the manifest is no file of the site: it has them.
    """
    there = set(scenario.manifest["files"])
    if told.figures == scenario.figures and _all_packages(scenario, told):
        there.add(MANIFEST)
    return [name for name in (*PLAIN, *(f"{one}.parquet" for one in WHOLE)) if name in there]


def _all_packages(scenario: Scenario, told: Told) -> bool:
    return told.tables["packages"].height == scenario.tables["packages"].height


def _loaded(
    scenario: Scenario, told: Told, content: Mapping[str, bytes], again: bool, progress: Progress
) -> bool:
    """Whether something was loaded."""
    step = text("Loading the scenario into the site")
    there = models.Scenario.objects.filter(name=scenario.id).first()
    if there is not None:
        refuse_another(_named(scenario), there.hash, scenario.hash, PayProblem)
        if not again:
            return False
        there.delete()
    progress(step, 0, 1)
    year, number = map(int, scenario.id.split("."))
    made = models.Scenario.objects.create(
        name=scenario.id,
        year=year,
        number=number,
        hash=scenario.hash,
        made=scenario.made,
        manifest={**scenario.manifest, "figures": dict(told.figures)},
        fewest=told.minimum,
    )
    models.File.objects.bulk_create(
        models.File(scenario=made, name=name, hash=hash_of(file), content=file)
        for name, file in content.items()
    )
    progress(step, 1, 1)
    return True


def _named(scenario: Scenario) -> Text:
    return text("Scenario {scenario}", scenario=scenario.id)
