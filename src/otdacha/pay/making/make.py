"""`make_scenario`: what measures cost and bring, from a workspace to an immutable folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES, text
from otdacha.pay.leaving import History, Leaving
from otdacha.pay.making.chosen import Chosen, chosen
from otdacha.pay.making.estimated import history, leaving, placebo
from otdacha.pay.making.material import Material, read_material
from otdacha.pay.making.rows import scenario_tables
from otdacha.pay.measures import read_measures
from otdacha.pay.packages.rivals import verdict
from otdacha.pay.scenario import FOLDER, Scenario, scenario_figures, write_scenario
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, batches
from otdacha.release.manifest import inputs, software

OWN = "measures.toml"
"""Where a workspace keeps its own measures."""
_STEPS = 5


def make_scenario(
    workspace: Workspace,
    measures: Path | None = None,
    *,
    today: dt.date | None = None,
    created: dt.datetime | None = None,
    progress: Progress = silent,
) -> Scenario:
    """Cost measures of pay and say what they bring, and land that as `scenarios/<first year>.<n>`.

    measures: a file of measures; by default the workspace's own `measures.toml`. today: nothing
    after it is history. Where measures have levels, the best package of them inside the sums of the
    file and the norms of БК 136 is chosen. Raises PayProblem where the file, the law of pay or the
    records do not allow it; the message says what to mend.
    """
    file = read_measures(measures or workspace.path / OWN)
    known_batches = batches(workspace)
    progress(text("Reading posts, law and wages"), 0, _STEPS)
    material = read_material(workspace, file, today or dt.date.today())
    progress(text("Looking at who left and what they were paid"), 1, _STEPS)
    known = history(material)
    found = leaving(known)
    progress(text("Paying out the measures"), 2, _STEPS)
    levels = chosen(material, found, progress)
    progress(text("Working out what they bring"), 3, _STEPS)
    tables = scenario_tables(material, known, found, levels)
    created = (created or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    manifest = {
        "title": material.measures.measures.title.model_dump(),
        "made": created.isoformat(),
        "years": list(material.years),
        "release": _release(material),
        "invented": workspace.invented,
        "parameters": _parameters(material),
        "measures": {
            "id": file.measures.id,
            "version": file.measures.version,
            "hash": material.measures.measures.hash,
        },
        "figures": scenario_figures(tables),
        "leaving": _leaving(known, found),
        "choice": _choice(levels, tables["rivals"]),
        "made_with": software(),
        "inputs": inputs(workspace, known_batches),
    }
    files = {
        "measures.json": _json(material.measures.measures),
        **{
            f"law-{law.said.id}.json": _json(law.said)
            for law in material.law.sets
            if set(law.said.regions) & set(material.towns["region"])
        },
        "law-federal.json": _json(material.law.federal),
    }
    return write_scenario(workspace.path / FOLDER, tables, manifest, files, progress)


def _json(model: Any) -> bytes:
    return f"{model.model_dump_json(indent=2)}\n".encode()


def _release(material: Material) -> Mapping[str, str] | None:
    """The release that says whose training showed effect; None where no measure asks."""
    for trained in material.facts.trained.values():
        return {"id": trained.release, "hash": trained.hash}
    return None


def _parameters(material: Material) -> list[Mapping[str, Any]]:
    regions = set(material.towns["region"])
    told: list[Mapping[str, Any]] = [
        {
            "id": law.said.id,
            "version": law.said.version,
            "hash": law.said.hash,
            "regions": sorted(set(law.said.regions) & regions),
        }
        for law in material.law.sets
        if set(law.said.regions) & regions
    ]
    federal = material.law.federal
    return [
        *told,
        {"id": federal.id, "version": federal.version, "hash": federal.hash, "regions": ["*"]},
    ]


def _leaving(known: History, found: Leaving) -> Mapping[str, Any]:
    return {
        "state": found.state,
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "person_months": found.person_months,
        "exits": found.exits,
        "municipalities": found.municipalities,
        "first": None if found.first is None else found.first.isoformat(),
        "last": None if found.last is None else found.last.isoformat(),
        "excluded": dict(found.excluded),
        "placebo": placebo(known, found),
    }


def _choice(levels: Chosen, rivals: pl.DataFrame) -> Mapping[str, Any] | None:
    """How the levels were chosen, and how sure that is; None where there was nothing to choose."""
    choice = levels.choice
    if choice is None:
        return None
    said = verdict(rivals)
    return {
        "aim": str(levels.wanted.aim),
        "gain": choice.gain,
        "bound": choice.bound,
        "gap": choice.gap,
        "settled": choice.settled,
        "ways": len(choice.package.options.combinations),
        "verdict": {code: said.said(code) for code in LANGUAGES},
    }
