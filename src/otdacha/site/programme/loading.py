"""Load a plan into the site, whole or not at all; what tells of single people stays outside."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.db import IntegrityError, OperationalError, transaction

from otdacha.errors import ProgrammeProblem, WorkspaceProblem
from otdacha.language import text
from otdacha.programme.explain.worth import volume_by_provider
from otdacha.programme.plan import Plan, load_plan
from otdacha.progress import Progress, silent
from otdacha.release.release import MANIFEST
from otdacha.site.pieces import LONGEST_NAME
from otdacha.site.programme import models
from otdacha.site.programme.facets import counted
from otdacha.site.programme.small import Cell, hidden_cells, hidden_sums, part_shown

AT_ONCE = 500
PROBLEM = "problem.npz"
SOURCES = ("federal", "regional", "municipal", "own")
OPEN = (
    "lines",
    "funding",
    "groups",
    "offers",
    "budgets",
    "left_out",
    "results",
    "rivals",
    "frontier",
    "shadow",
    "sensitivity",
)
"""Tables whose files lie on the site. `people` names people; `seats`, `unmet` and `municipalities`
say how few people of a unit or a town there are: what may be shown of them is counted here."""
MANDATORY = "legal_duty"
"""The reason of needs that must be met."""
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
    content = _open_files(path, plan)
    try:
        with transaction.atomic():
            return _loaded(plan, content, fewest, again, progress)
    except (OperationalError, IntegrityError) as fault:
        raise WorkspaceProblem(
            text(
                "The site's database cannot be written ({fault}). Nothing was published: the site "
                "shows what it showed before. Make room or wait for another publication to end, "
                "and run it again.",
                fault=str(fault).strip(),
            )
        ) from fault


def _open_files(path: Path, plan: Plan) -> dict[str, bytes]:
    """The files of a plan that may lie on the site; `load_plan` has checked their hashes."""
    kept = {*(f"{name}.parquet" for name in OPEN), "parameters.json", *_CLOSED}
    return {
        name: (path / name).read_bytes()
        for name in (MANIFEST, *plan.manifest["files"])
        if name == MANIFEST or name in kept
    }


def _loaded(
    plan: Plan, content: Mapping[str, bytes], fewest: int, again: bool, progress: Progress
) -> Loaded:
    _refuse_unaddressable(plan)
    step = text("Loading the plan into the site")
    there = models.Plan.objects.filter(name=plan.id).first()
    if there is not None:
        if there.hash != plan.hash:
            raise ProgrammeProblem(
                text(
                    "Another plan {plan} is published: its manifest is not this one's. A published "
                    "plan is never replaced: plan again, the new one gets a number of its own.",
                    plan=plan.id,
                )
            )
        if not again:
            return _counted(there, fresh=False)
        there.delete()
    progress(step, 0, 3)
    made = _plan(plan, fewest)
    models.File.objects.bulk_create(
        models.File(
            plan=made,
            name=name,
            hash=plan.hash if name == MANIFEST else plan.manifest["files"][name],
            content=file,
        )
        for name, file in content.items()
    )
    progress(step, 1, 3)
    _lines(made, plan.tables["lines"])
    progress(step, 2, 3)
    _people(made, plan)
    progress(step, 3, 3)
    return _counted(made, fresh=True)


def _counted(plan: models.Plan, *, fresh: bool) -> Loaded:
    return Loaded(
        plan=plan.name,
        fresh=fresh,
        lines=plan.lines.count(),
        people=int(plan.manifest["figures"]["people"]),
    )


def _refuse_unaddressable(plan: Plan) -> None:
    """Each municipality has a page: a code that no address can hold is refused."""
    for code in plan.tables["municipalities"]["municipality"]:
        if not 0 < len(code) <= LONGEST_NAME or "\0" in code:
            raise ProgrammeProblem(
                text(
                    "Plan {plan} has a municipality whose code has {count} characters or signs "
                    "that no address can hold: “{code}”. Codes have from 1 to {most} characters.",
                    plan=plan.id,
                    count=len(code),
                    code=code[:60],
                    most=LONGEST_NAME,
                )
            )


def _plan(plan: Plan, fewest: int) -> models.Plan:
    year, number = map(int, plan.id.split("."))
    return models.Plan.objects.create(
        name=plan.id,
        year=year,
        number=number,
        hash=plan.hash,
        made=dt.datetime.fromisoformat(plan.manifest["made"]),
        manifest=dict(plan.manifest),
        sources=sorted(set(plan.problem.fund_source)),
        size=len(plan.problem.pair_class),
        facets=_facets(plan.tables["lines"]),
        fewest=fewest,
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


def _people(made: models.Plan, plan: Plan) -> None:
    """The needs and the towns, with the numbers of people that may be shown."""
    trained = _summed(plan.tables["seats"])
    left: defaultdict[Cell, Counter[str]] = defaultdict(Counter)
    for row in plan.tables["unmet"].iter_rows(named=True):
        left[_cell(row)][str(row["why"])] += row["people"]
    needed = {cell: trained.get(cell, 0) + left[cell].total() for cell in sorted({*trained, *left})}
    hidden = hidden_cells(needed, made.fewest)
    models.Need.objects.bulk_create(
        (
            models.Need(
                plan=made,
                municipality=cell[0],
                topic=cell[1],
                reason=cell[2],
                needed=None if cell in hidden else count,
                planned=None if cell in hidden else trained.get(cell, 0),
                why=dict.fromkeys(left[cell]) if cell in hidden else dict(left[cell]),
            )
            for cell, count in needed.items()
        ),
        batch_size=AT_ONCE,
    )
    _demands(made, needed, trained, hidden)
    _towns(made, plan.tables["municipalities"], needed, hidden)


def _summed(seats: pl.DataFrame) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for row in seats.iter_rows(named=True):
        counted[_cell(row)] += row["people"]
    return counted


def _cell(row: Mapping[str, Any]) -> Cell:
    return row["municipality"], row["topic"] or "", str(row["reason"])


def _demands(
    made: models.Plan,
    needed: Mapping[Cell, int],
    trained: Mapping[Cell, int],
    hidden: frozenset[Cell],
) -> None:
    inside = _grouped(needed, lambda cell: cell[1:])
    unsaid: set[tuple[str, ...]] = set()
    for reason in {cell[2] for cell in needed}:
        # how many must be trained by law is known of all towns together
        of_reason = {of: cells for of, cells in inside.items() if of[1] == reason}
        unsaid |= hidden_sums(of_reason, needed, hidden, made.fewest)
    models.Demand.objects.bulk_create(
        (
            models.Demand(
                plan=made,
                topic=of[0],
                reason=of[1],
                needed=None if of in unsaid else sum(needed[cell] for cell in cells),
                planned=None if of in unsaid else sum(trained.get(cell, 0) for cell in cells),
            )
            for of, cells in inside.items()
        ),
        batch_size=AT_ONCE,
    )


def _towns(
    made: models.Plan, towns: pl.DataFrame, needed: Mapping[Cell, int], hidden: frozenset[Cell]
) -> None:
    inside = _grouped(needed, lambda cell: cell[:1])
    unsaid = hidden_sums(inside, needed, hidden, made.fewest)
    by_law = _grouped((cell for cell in needed if cell[2] == MANDATORY), lambda cell: cell[:1])
    unsaid_by_law = hidden_sums(by_law, needed, hidden, made.fewest)
    rows = []
    for row in _rows(towns):
        shown = (row["municipality"],) not in unsaid
        apart = (row["municipality"],) not in unsaid_by_law and part_shown(
            row["needed"], row["mandatory"], made.fewest
        )
        rows.append(
            models.Town(
                plan=made,
                code=row["municipality"],
                name=row["name"] or row["municipality"],
                region=row["region"] or "",
                needed=row["needed"] if shown else None,
                mandatory=row["mandatory"] if shown and apart else None,
                planned=row["planned"],
                cost=kopecks(row["cost"]),
                benefit=row["benefit"],
                # plans that were made before there were bands have none
                lower=row.get("lower"),
                upper=row.get("upper"),
            )
        )
    models.Town.objects.bulk_create(rows, batch_size=AT_ONCE)


def _grouped(
    cells: Iterable[Cell], by: Callable[[Cell], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Cell]]:
    inside: defaultdict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        inside[by(cell)].append(cell)
    return inside


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON keeps them: a day is written as 2027-02-01, a code as its word."""
    days = [name for name, kind in table.schema.items() if kind == pl.Date]
    return table.with_columns(
        pl.col(pl.Enum).cast(pl.String), pl.col(days).dt.strftime("%Y-%m-%d")
    ).to_dicts()
