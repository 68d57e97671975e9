"""Load a plan into the site, whole or not at all: of protected counts only what may be told."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from otdacha.errors import ProgrammeProblem
from otdacha.language import Text, text
from otdacha.programme.disclosure import EXACT, PROTECTED, Public, public
from otdacha.programme.explain.worth import volume_by_provider
from otdacha.programme.plan import Plan, load_plan
from otdacha.progress import Progress, silent
from otdacha.release.release import MANIFEST
from otdacha.release.writing import hash_of, parquet_bytes
from otdacha.site.programme import models
from otdacha.site.programme.facets import counted
from otdacha.site.publishing import all_or_nothing, refuse_another, refuse_unaddressable

AT_ONCE = 500
PROBLEM = "problem.npz"
SOURCES = ("federal", "regional", "municipal", "own")
OPEN = (*EXACT, *PROTECTED)
"""Tables that lie on the site as files: the first as they are in the plan, byte for byte."""
_CLOSED = (PROBLEM,)
"""Files that the site computes with and gives to nobody."""


@dataclass(frozen=True)
class Loaded:
    """What a publication did. fresh: it changed something; otherwise the plan was there."""

    plan: str
    fresh: bool
    lines: int
    people: int


def publish_plan(
    path: Path, fewest: int, *, again: bool = False, progress: Progress = silent
) -> Loaded:
    """Load the plan in the folder `path`; the site shows it when all of it is there.

    fewest: numbers of people below it are not shown (the methodology's `disclosure.people`). A plan
    that is there already is left as it is, or with `again` loaded anew. Raises ProgrammeProblem
    where the folder holds no sound plan or another plan of its name is published, WorkspaceProblem
    where the database cannot be written.
    """
    plan = load_plan(path)
    told = public(plan, fewest)
    content = _open_files(path, plan, told)
    with all_or_nothing():
        return _loaded(plan, told, content, again, progress)


def _open_files(path: Path, plan: Plan, told: Public) -> dict[str, bytes]:
    """The files that may lie on the site; `load_plan` has checked the hashes of the plan's own.

    Where not even the figures of the whole plan are told, its manifest is no file of the site.
    """
    own = {*(f"{name}.parquet" for name in EXACT), "parameters.json", *_CLOSED}
    names = [name for name in plan.manifest["files"] if name in own]
    if told.manifest(plan) == plan.manifest:
        names.append(MANIFEST)
    return {
        **{name: (path / name).read_bytes() for name in names},
        **{f"{name}.parquet": parquet_bytes(told.tables[name]) for name in PROTECTED},
    }


def _loaded(
    plan: Plan, told: Public, content: Mapping[str, bytes], again: bool, progress: Progress
) -> Loaded:
    codes = plan.tables["municipalities"]["municipality"]
    refuse_unaddressable(_named(plan), codes, ProgrammeProblem)
    step = text("Loading the plan into the site")
    there = models.Plan.objects.filter(name=plan.id).first()
    if there is not None:
        refuse_another(_named(plan), there.hash, plan.hash, ProgrammeProblem)
        if not again:
            return _counted(there, fresh=False)
        there.delete()
    progress(step, 0, 3)
    made = _plan(plan, told)
    models.File.objects.bulk_create(
        models.File(
            plan=made,
            name=name,
            hash=hash_of(file),
            content=file,
        )
        for name, file in content.items()
    )
    progress(step, 1, 3)
    _lines(made, plan.tables["lines"])
    progress(step, 2, 3)
    _people(made, told)
    progress(step, 3, 3)
    return _counted(made, fresh=True)


def _counted(plan: models.Plan, *, fresh: bool) -> Loaded:
    return Loaded(
        plan=plan.name,
        fresh=fresh,
        lines=plan.lines.count(),
        people=int(plan.manifest["figures"]["people"]),
    )


def _named(plan: Plan) -> Text:
    return text("Plan {plan}", plan=plan.id)


def _plan(plan: Plan, told: Public) -> models.Plan:
    year, number = map(int, plan.id.split("."))
    return models.Plan.objects.create(
        name=plan.id,
        year=year,
        number=number,
        hash=plan.hash,
        made=dt.datetime.fromisoformat(plan.manifest["made"]),
        manifest=told.manifest(plan),
        sources=sorted(set(plan.problem.fund_source)),
        size=len(plan.problem.pair_class),
        facets=_facets(plan.tables["lines"]),
        fewest=told.minimum,
        volumes=_volumes(plan),
    )


def _volumes(plan: Plan) -> list[float] | None:
    """Cases behind the plan's seats by provider; None where an older plan does not tell."""
    seats, problem = plan.tables["seats"], plan.problem
    if "pair" not in seats.columns:
        return None
    pairs = np.zeros(len(problem.pair_class), dtype=np.int64)
    pairs[seats["pair"].to_numpy()] = seats["people"].to_numpy()
    return [float(one) for one in volume_by_provider(problem, pairs)]


def _facets(lines: pl.DataFrame) -> dict[str, list[list[Any]]]:
    """What lines can be filtered by, with the number of lines."""
    return {
        "municipality": counted(lines, "municipality", "municipality_name"),
        "year": counted(lines, "year", "year"),
        "source": [
            [name, name, paid] for name in SOURCES if (paid := int((lines[name] > 0).sum()))
        ],
        "topic": counted(lines, "topic", "topic"),
        "provider": counted(lines, "provider", "provider_name"),
    }


def kopecks(rubles: float) -> int:
    """Rubles with two decimals as whole kopecks."""
    return round(rubles * 100)


def _lines(made: models.Plan, lines: pl.DataFrame) -> None:
    models.Line.objects.bulk_create(
        (
            models.Line(
                plan=made,
                position=position,
                municipality=row["municipality"],
                year=row["year"],
                topic=row["topic"] or "",
                provider=row["provider"],
                offer=row["offer"],
                seats=row["seats"],
                **{name: kopecks(row[name]) for name in ("cost", *SOURCES)},
                benefit=row["benefit"],
                evidence=row["evidence"],
                row=row,
            )
            for position, row in enumerate(_rows(lines), start=1)
        ),
        batch_size=AT_ONCE,
    )


def _people(made: models.Plan, told: Public) -> None:
    """The needs and the towns, with the numbers of people that may be told."""
    why: defaultdict[tuple[str, str | None], dict[str, int | None]] = defaultdict(dict)
    for row in told.tables["unmet"].iter_rows(named=True):
        why[row["municipality"], row["topic"]][row["why"]] = row["people"]
    models.Need.objects.bulk_create(
        (
            models.Need(
                plan=made,
                municipality=row["municipality"],
                topic=row["topic"] or "",
                reason="",
                needed=row["needed"],
                planned=row["planned"],
                why=why[row["municipality"], row["topic"]],
            )
            for row in told.tables["needs"].iter_rows(named=True)
        ),
        batch_size=AT_ONCE,
    )
    models.Demand.objects.bulk_create(
        (
            models.Demand(
                plan=made,
                topic=row["topic"] or "",
                reason=row["reason"] or "",
                needed=row["needed"],
                planned=row["planned"],
            )
            for row in told.tables["demands"].iter_rows(named=True)
        ),
        batch_size=AT_ONCE,
    )
    _towns(made, told.tables["municipalities"])


def _towns(made: models.Plan, towns: pl.DataFrame) -> None:
    models.Town.objects.bulk_create(
        (
            models.Town(
                plan=made,
                code=row["municipality"],
                name=row["name"] or row["municipality"],
                region=row["region"] or "",
                needed=row["needed"],
                mandatory=None,
                planned=row["planned"],
                cost=kopecks(row["cost"]),
                benefit=row["benefit"],
                # plans that were made before there were bands have none
                lower=row.get("lower"),
                upper=row.get("upper"),
            )
            for row in _rows(towns)
        ),
        batch_size=AT_ONCE,
    )


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON keeps them: a day is written as 2027-02-01, a code as its word."""
    days = [name for name, kind in table.schema.items() if kind == pl.Date]
    return table.with_columns(
        pl.col(pl.Enum).cast(pl.String), pl.col(days).dt.strftime("%Y-%m-%d")
    ).to_dicts()
