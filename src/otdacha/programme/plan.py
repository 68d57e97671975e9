"""A plan: made from a workspace and a release, and kept as an immutable folder."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from otdacha.errors import ProgrammeProblem
from otdacha.language import text
from otdacha.programme.assemble import problem_of
from otdacha.programme.clash.infeasible import Names, explanation
from otdacha.programme.clash.wording import plan_problem
from otdacha.programme.deciding.mending import mended
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.execution.replan import NoRest, Replanned, records_of, replanned
from otdacha.programme.explained import explained_tables
from otdacha.programme.material import Material, read_material
from otdacha.programme.parameters.entries import Parameters
from otdacha.programme.parameters.file import OWN, parameters_of
from otdacha.programme.problem import Caution, Learning, Moving, Problem, Share
from otdacha.programme.tables import plan_tables
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, batches
from otdacha.release import Release, load
from otdacha.release.kept import Kind, is_kind, keep, kept, next_name
from otdacha.release.manifest import inputs, software
from otdacha.release.release import releases
from otdacha.release.writing import parquet_bytes

PLAN = Kind(
    "plan",
    format=1,
    problem=ProgrammeProblem,
    none=text("it is not a plan. Name a folder like plans/2027.1; make one: otdacha plan DIR"),
    again=text("otdacha plan"),
)
PRIVATE = "people"
"""The table that never leaves the workspace: it holds pseudonyms."""
_PROBLEM = "problem.npz"
_EXPLAINING = 45.0
"""Seconds at most to find which rules clash; fewer where the plan itself had few."""
_MENDING = 3
"""One part in so many of the time of a search is given to mend the plan that it begins with."""
_SAID = ("shares", "learning", "caution", "moving")
"""Parts of a problem that are no arrays."""


@dataclass(frozen=True)
class Plan:
    """A plan as it lies on disk. tables: by name (docs/plan.md says what each holds), `PRIVATE`
    among them. hash: SHA-256 of the manifest, which names every other file by hash."""

    path: Path
    hash: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    problem: Problem

    @property
    def id(self) -> str:
        return str(self.manifest["plan"])

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.manifest["years"])

    @property
    def figures(self) -> Mapping[str, Any]:
        """Figures of the plan as a whole: people, cost, benefit, objective, bound, gap, seconds."""
        return dict(self.manifest["figures"])


def make_plan(
    workspace: Workspace,
    release: Release | None = None,
    parameters: Parameters | None = None,
    *,
    today: dt.date | None = None,
    first_year: int | None = None,
    created: dt.datetime | None = None,
    replan_from: Plan | None = None,
    notice: int = 0,
    explained: bool = False,
    progress: Progress = silent,
) -> Plan:
    """Plan the training of the years ahead and land it as `plans/<first year>.<n>`.

    release: by default the newest of the workspace; without any the plan goes by the priority of
    needs, and says so. parameters: by default the workspace's own `programme.toml`, else those of
    `replan_from`, else those that ship. today: nothing that has begun by then is planned.
    replan_from: a plan of the workspace that is under way; what contracts have signed of it stays,
    what is left is decided anew for the same years, and nothing that begins within `notice` days of
    `today` is added to. explained: also plan anew with other money, prices, effects and aims, which
    takes many times as long. Raises ProgrammeProblem where there is nothing to plan, PlanProblem
    where no plan keeps all rules.
    """
    parameters = parameters or _rules(workspace, replan_from)
    release = release or newest_release(workspace)
    known = batches(workspace)
    today = today or dt.date.today()
    if replan_from is not None:
        first_year = replan_from.years[0]
    material = read_material(
        workspace,
        release,
        parameters,
        # what begins before today of a plan under way may be signed, and stays
        today=today if replan_from is None else dt.date(replan_from.years[0], 1, 1),
        first_year=first_year,
        progress=progress,
    )
    choices = parameters.plan

    def decided(problem: Problem, start: Decision | None = None) -> Decision:
        return decide(
            problem, gap=choices.gap, seconds=choices.seconds, progress=progress, start=start
        )

    def mending(problem: Problem, start: Decision) -> tuple[Problem, Decision] | None:
        return mended(problem, start, gap=choices.gap, seconds=choices.seconds / _MENDING)

    anew: Replanned | None = None
    problem = problem_of(material) if replan_from is None else replan_from.problem
    try:
        if replan_from is None:
            decision = decided(problem)
            tables = plan_tables(material, problem, decision)
        else:
            anew = replanned(
                material,
                replan_from.tables,
                records_of(workspace, today),
                today=today,
                decide=decided,
                mend=mending,
                notice=notice,
                moving=choices.moving,
            )
            material, problem, decision = anew.material, anew.problem, anew.decision
            tables = plan_tables(material, problem, decision, anew.enrolled, anew.aside)
    except NoPlan as fault:
        if isinstance(fault, NoRest):
            material, problem = fault.material, fault.problem
        progress(text("Looking for the rules that clash"), 0, 1)
        at_most = min(_EXPLAINING, 1.5 * choices.seconds)
        raise plan_problem(explanation(problem, _names(material), seconds=at_most)) from None
    if explained:
        # what is signed cannot be otherwise: other plans are of the rest
        free = (problem, decision) if anew is None else (anew.left, anew.decided)
        tables |= explained_tables(workspace, release, material, *free, progress=progress)
    created = (created or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    folder = workspace.path / "plans"
    name = next_name(folder, material.years[0])
    content = {f"{table}.parquet": parquet_bytes(frame) for table, frame in tables.items()}
    content[_PROBLEM] = problem_bytes(problem)
    content["parameters.json"] = (parameters.model_dump_json(indent=2) + "\n").encode()
    manifest = {
        "plan": name,
        "made": created.isoformat(),
        "years": list(material.years),
        "release": None if release is None else {"id": release.id, "hash": release.hash},
        "evidence": material.evidence.release is not None,
        "because": _because(material),
        "invented": workspace.invented,
        "parameters": {
            "id": parameters.id,
            "version": parameters.version,
            "hash": parameters.hash,
            **choices.model_dump(),
        },
        "figures": _figures(problem, decision, tables),
        **_replanned(replan_from, anew, today),
        "made_with": software(),
        "inputs": inputs(workspace, known),
    }
    step = text("Writing the plan")
    return load_plan(keep(content, manifest, PLAN, folder / name, progress, step))


def _rules(workspace: Workspace, replan_from: Plan | None) -> Parameters:
    if replan_from is None or (workspace.path / OWN).exists():
        return parameters_of(workspace)
    kept = replan_from.path / "parameters.json"
    return Parameters.model_validate_json(kept.read_bytes())


def newest_release(workspace: Workspace) -> Release | None:
    """The newest release of a workspace; None where there is none yet."""
    there = releases(workspace.releases)
    return load(there[-1]) if there else None


def _names(material: Material) -> Names:
    """What towns, needs and runs are called before people."""
    needs = material.classes.frame.select("unit", "topic").iter_rows()
    return Names(
        towns=dict(material.towns.select("municipality", "name").iter_rows()),
        needs={
            name: ", ".join(part for part in said if part is not None) or name
            for name, said in zip(material.classes.names, needs, strict=True)
        },
    )


def _replanned(before: Plan | None, anew: Replanned | None, today: dt.date) -> dict[str, Any]:
    """The plan that this one follows, and what was kept of it."""
    if before is None or anew is None:
        return {}
    bound = int(anew.signed.spent.select(pl.col("fee", "travel").sum()).sum_horizontal().item())
    return {
        "replanned_from": {
            "id": before.id,
            "hash": before.hash,
            "on": today.isoformat(),
            "seats": int(anew.signed.seats.sum()),
            "signed": bound / 100,
            "moved": anew.moved,
            "moving": anew.problem.moving.price,
            "eased": list(anew.eased),
            "unmatched": anew.unmatched.to_dicts(),
        }
    }


def _because(material: Material) -> dict[str, str] | None:
    """Why there is no evidence, in both languages."""
    said = material.evidence.because
    return None if said is None else {code: said.said(code) for code in ("ru", "en")}


def _figures(
    problem: Problem, decision: Decision, tables: Mapping[str, pl.DataFrame]
) -> dict[str, Any]:
    towns = tables["municipalities"]
    return {
        "people": int(towns["planned"].sum()),
        "needed": int(towns["needed"].sum()),
        "mandatory": int(towns["mandatory"].sum()),
        "cost": round(float(towns["cost"].sum()), 2),
        "budget": round(float(problem.amount.sum()) / 100, 2),
        "benefit": decision.benefit,
        "objective": decision.objective,
        "bound": decision.bound,
        "gap": decision.gap,
    }


def load_plan(path: Path) -> Plan:
    """The plan in the folder `path`; its files are checked against the hashes of its manifest.

    Raises ProgrammeProblem where the folder is no plan, is damaged, or is of a newer format.
    """
    lying = kept(path, PLAN)
    return Plan(
        path=path,
        hash=lying.hash,
        manifest=lying.manifest,
        tables=lying.tables,
        problem=problem_in(lying.content[_PROBLEM]),
    )


def is_plan(path: Path) -> bool:
    """Whether the folder says of itself that it is a plan, whole or damaged."""
    return is_kind(path, PLAN)


def plans(workspace: Workspace) -> list[Path]:
    """The plans of a workspace, oldest first."""
    return releases(workspace.path / "plans")


def problem_bytes(problem: Problem) -> bytes:
    """A problem as a file of arrays; nothing in it is executed when it is read."""
    arrays: dict[str, Any] = {}
    for each in fields(problem):
        value = getattr(problem, each.name)
        if isinstance(value, np.ndarray):
            arrays[each.name] = value
        elif each.name in _SAID:
            continue
        elif isinstance(value, tuple):
            arrays[each.name] = np.array(value)
        else:
            arrays[each.name] = np.array([value])
    said = {
        "shares": [{**vars(share), "towns": share.towns.tolist()} for share in problem.shares],
        "learning": [
            {**vars(one), "seats": one.seats.tolist(), "values": one.values.tolist()}
            for one in problem.learning
        ],
        "caution": vars(problem.caution),
        "moving": vars(problem.moving),
    }
    arrays["said"] = np.frombuffer(json.dumps(said, ensure_ascii=False).encode(), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def problem_in(content: bytes) -> Problem:
    """The problem that `problem_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        said = json.loads(arrays["said"].tobytes())
        held: dict[str, Any] = {}
        for each in fields(Problem):
            if each.name not in arrays:
                continue
            value = arrays[each.name]
            if each.type == "float":
                held[each.name] = float(value[0])
            elif str(each.type).startswith("tuple"):
                held[each.name] = tuple(value.tolist())
            else:
                held[each.name] = value
    shares = [
        Share(**{**share, "towns": np.array(share["towns"], dtype=np.int64)})
        for share in said["shares"]
    ]
    learning = [
        Learning(**{**one, "seats": np.array(one["seats"]), "values": np.array(one["values"])})
        for one in said["learning"]
    ]
    return Problem(
        **held,
        shares=tuple(shares),
        learning=tuple(learning),
        caution=Caution(**said["caution"]),
        moving=_moving(said.get("moving")),
    )


def _moving(said: Mapping[str, Any] | None) -> Moving:
    """What it costs to move people; plans from before it had a price say nothing."""
    if said is None:
        return Moving()
    return Moving(tuple((*one,) for one in said["meant"]), said["price"])
