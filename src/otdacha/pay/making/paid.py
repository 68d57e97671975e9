"""The measures of a scenario paid out: what each adds in every town, at the levels it has there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.pay.making.material import Material
from otdacha.pay.measures import added_costs, left_out, steps
from otdacha.pay.measures.file import MeasuresFile
from otdacha.pay.payroll import Payroll, payroll
from otdacha.pay.payroll.year import BEHIND, BY_POST, BY_TOWN
from otdacha.pay.tables import EXCLUDED

Levels = Mapping[str, float | None]
"""A measure's key → its level; None: it is not taken."""
COSTS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "measure": pl.String(),
        "kopecks": pl.Int64(),
        "people": pl.Int64(),  # who receive something by it there in that year
    }
)


@dataclass(frozen=True)
class PaidOut:
    """costs: `COSTS`, what each measure adds to those before it. by_post: of a payroll. before,
    after: municipality, year, component, kopecks (`BY_TOWN` of the law alone and with all measures,
    without `variant`). behind: `BEHIND`, whom a component pays something, 0 left out. people: a
    measure's key → who receive something by it. left_out: `EXCLUDED`.
    """

    costs: pl.DataFrame
    by_post: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame
    behind: pl.DataFrame
    people: Mapping[str, int]
    left_out: pl.DataFrame


def everywhere(material: Material, levels: Levels) -> dict[str, Levels]:
    """The same levels in every town."""
    return dict.fromkeys(material.towns["municipality"], levels)


def paid_out(material: Material, levels: Mapping[str, Levels]) -> PaidOut:
    """Everybody paid with the measures at these levels. levels: by town; a measure that is not
    named keeps the level of its file. Towns with equal levels are paid together."""
    parts = [
        _part(material, material.measures.at_levels(same), towns)
        for same, towns in _together(levels)
    ]
    paid = [payroll_ for _, payroll_ in parts]
    return PaidOut(
        costs=pl.concat([COSTS.to_frame(), *(_costs(one) for one in paid)]),
        by_post=pl.concat([BY_POST.to_frame(), *(one.by_post for one in paid)]),
        before=_at(paid, last=False),
        after=_at(paid, last=True),
        behind=pl.concat([BEHIND.to_frame(), *(one.behind for one in paid)]),
        people=_people(material, paid),
        left_out=_left_out(material, [file for file, _ in parts]),
    )


def _together(levels: Mapping[str, Levels]) -> list[tuple[Levels, list[str]]]:
    """Levels with the towns that have them."""
    groups: dict[tuple[tuple[str, float | None], ...], list[str]] = {}
    for town, own in levels.items():
        groups.setdefault(tuple(own.items()), []).append(town)
    return [(dict(same), towns) for same, towns in groups.items()]


def _part(
    material: Material, file: MeasuresFile, towns: Sequence[str]
) -> tuple[MeasuresFile, Payroll]:
    posts = material.facts.posts.filter(pl.col("municipality").is_in(towns))
    made = steps(file, material.facts)
    return file, payroll(posts, material.law, material.years, made)


def _costs(paid: Payroll) -> pl.DataFrame:
    """What each measure adds, and the people behind it."""
    behind = paid.behind.rename({"component": "measure"})
    return (
        added_costs(paid)
        .join(behind, on=["municipality", "year", "measure"], how="left", maintain_order="left")
        .with_columns(pl.col("people").fill_null(0))
        .match_to_schema(COSTS)
    )


def _at(paid: Sequence[Payroll], *, last: bool) -> pl.DataFrame:
    return pl.concat(
        [
            BY_TOWN.to_frame().drop("variant"),
            *(
                one.by_town.filter(variant=len(one.steps) if last else 0).drop("variant")
                for one in paid
            ),
        ]
    )


def _people(material: Material, paid: Sequence[Payroll]) -> dict[str, int]:
    """How many people each measure pays something."""
    found = {one.key: 0 for one in material.measures.measures.measures}
    for one in paid:
        for key, people in one.people(material.facts.posts).iter_rows():
            found[key] += people
    return found


def _left_out(material: Material, files: Sequence[MeasuresFile]) -> pl.DataFrame:
    """Whom measures pass over, of every measure that is taken anywhere, counted once."""
    counted = [EXCLUDED.to_frame(), *(left_out(file, material.facts) for file in files)]
    return pl.concat(counted).unique(["table", "reason"], keep="first", maintain_order=True)
