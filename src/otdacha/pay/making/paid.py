"""The measures of a scenario paid out: what each adds in every town, at the levels it has there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from otdacha.pay.making.material import Material
from otdacha.pay.measures import Levels, MeasuresFile, added_costs, left_out, steps_at_levels
from otdacha.pay.payroll import Payroll, payroll, payrolls
from otdacha.pay.payroll.year import BEHIND, BY_POST, BY_TOWN
from otdacha.pay.tables import EXCLUDED

COSTS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "measure": pl.String(),
        "kopecks": pl.Int64(),
        "people": pl.Int64(),  # who receive something by it there in that year
    }
)
AT_ONCE = 20_000_000
"""Pay of a post in a year under one way, held at once: no more than 200 MB."""


@dataclass(frozen=True)
class PaidOut:
    """Everybody paid with measures. parts: the measures at levels that some towns have alike, and
    the payroll of these towns."""

    material: Material
    parts: tuple[tuple[MeasuresFile, Payroll], ...]

    @cached_property
    def costs(self) -> pl.DataFrame:
        """`COSTS`: what each measure adds to those before it."""
        return pl.concat([COSTS.to_frame(), *map(_costs, self._payrolls)])

    @cached_property
    def by_post(self) -> pl.DataFrame:
        """`by_post` of a payroll."""
        return pl.concat([BY_POST.to_frame(), *(one.by_post for one in self._payrolls)])

    @cached_property
    def before(self) -> pl.DataFrame:
        """municipality, year, component, kopecks: `BY_TOWN` of the law alone, without `variant`."""
        return self._at(last=False)

    @cached_property
    def after(self) -> pl.DataFrame:
        """The same with all measures."""
        return self._at(last=True)

    @cached_property
    def behind(self) -> pl.DataFrame:
        """`BEHIND`: whom a component pays something; nobody is left out."""
        return pl.concat([BEHIND.to_frame(), *(one.behind for one in self._payrolls)])

    @cached_property
    def people(self) -> Mapping[str, int]:
        """A measure's key → how many people it pays something."""
        found = {one.key: 0 for one in self.material.measures.measures.measures}
        for one in self._payrolls:
            for key, people in one.people(self.material.facts.posts).iter_rows():
                found[key] += people
        return found

    @cached_property
    def left_out(self) -> pl.DataFrame:
        """`EXCLUDED`: whom measures pass over, of every measure that is taken anywhere, counted
        once."""
        counted = (left_out(file, self.material.facts) for file, _ in self.parts)
        return pl.concat([EXCLUDED.to_frame(), *counted]).unique(
            ["table", "reason"], keep="first", maintain_order=True
        )

    @property
    def _payrolls(self) -> list[Payroll]:
        return [paid for _, paid in self.parts]

    def _at(self, *, last: bool) -> pl.DataFrame:
        return pl.concat(
            [
                BY_TOWN.to_frame().drop("variant"),
                *(
                    one.by_town.filter(variant=len(one.steps) if last else 0).drop("variant")
                    for one in self._payrolls
                ),
            ]
        )


def _costs(paid: Payroll) -> pl.DataFrame:
    """What each measure adds, and the people behind it."""
    behind = paid.behind.rename({"component": "measure"})
    return (
        added_costs(paid)
        .join(behind, on=["municipality", "year", "measure"], how="left", maintain_order="left")
        .with_columns(pl.col("people").fill_null(0))
        .match_to_schema(COSTS)
    )


def paid_out(material: Material, levels: Mapping[str, Levels]) -> PaidOut:
    """Everybody paid with the measures at the levels of each town; a measure that is not named
    keeps the level of its file. Towns with equal levels are paid together."""
    made = steps_at_levels(material.measures, material.facts)
    parts = []
    for same, towns in _together(levels):
        posts = material.facts.posts.filter(pl.col("municipality").is_in(towns))
        paid = payroll(posts, material.law, material.years, made(same))
        parts.append((material.measures.at_levels(same), paid))
    return PaidOut(material, tuple(parts))


def paid_everywhere(material: Material, ways: Sequence[Levels]) -> Iterator[PaidOut]:
    """Everybody paid with the same levels in every town, way by way. What several ways have in
    common is counted once, of so many ways as are held at once."""
    made = steps_at_levels(material.measures, material.facts)
    posts = material.facts.posts
    at_once = max(1, AT_ONCE // (posts.height * len(material.years)))
    for start in range(0, len(ways), at_once):
        some = ways[start : start + at_once]
        paid = payrolls(posts, material.law, material.years, [made(levels) for levels in some])
        for levels, of_way in zip(some, paid, strict=True):
            yield PaidOut(material, ((material.measures.at_levels(levels), of_way),))


def _together(levels: Mapping[str, Levels]) -> list[tuple[Levels, list[str]]]:
    """Levels with the towns that have them."""
    groups: dict[tuple[tuple[str, float | None], ...], list[str]] = {}
    for town, own in levels.items():
        groups.setdefault(tuple(own.items()), []).append(town)
    return [(dict(same), towns) for same, towns in groups.items()]
