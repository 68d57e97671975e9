"""What the law says of each post on a day, as columns beside it.

The law is asked once for each distinct key (a group and class, a rank, a municipality), not once
for each post, and its answers are joined. A post without an answer is an error that names the file
and the line that lacks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.kopecks import RATE
from otdacha.pay.parameters import OTHERS, Law, RegionalLaw, folded
from otdacha.pay.parameters.entries import (
    CoefficientLine,
    GroupLine,
    NorthLine,
    RankLine,
    SalaryLine,
    SecrecyLine,
    SpecialLine,
)
from otdacha.pay.payroll.amounts import percent
from otdacha.pay.payroll.components import KOPECKS
from otdacha.pay.payroll.ladders import Ladders

LAW_COLUMNS = (
    "salary",
    "service_rate",
    "special_rate",
    "rank_amount",
    "rank_rate",
    "secrecy_rate",
    "bonus_rate",
    "incentive_rate",
    "aid_rate",
    "leave_rate",
    "coefficient_rate",
    "north_rate",
)
"""Columns of the law: money in kopecks a month of a full post, rates in ten-thousandths; Int64."""


Steps = tuple[tuple[int, float], ...]
"""(months, rate) of a ladder."""


@dataclass(frozen=True)
class Lawful:
    """Posts with the columns of the law as they hold from a day on, all but those that rise with
    service: these are asked by month."""

    posts: pl.DataFrame
    service: Ladders
    north: Ladders

    @property
    def climbing(self) -> dict[str, pl.Expr]:
        """The rates that rise with service, of a frame with months."""
        return {
            "service_rate": self.service.rate("service_ladder", "service_since"),
            "north_rate": self.north.rate("north_ladder", "north_since"),
        }


def lawful(posts: pl.DataFrame, law: Law, day: dt.date, last: dt.date) -> Lawful:
    """The posts with what the law says from `day` to `last`, between which it does not change.

    Only posts that somebody holds in that time are asked about; the rest have zeros. Raises
    PayProblem where the law lacks an answer or the roster breaks a bound of it.
    """
    held = (pl.col("started") <= last) & (pl.col("ended").is_null() | (pl.col("ended") >= day))
    of_region = {region: law.of(region) for region in posts["region"].unique().sort()}
    asked = _Asked(posts.with_columns(held=held), of_region, day)
    asked.salaries()
    asked.specials()
    asked.ranks()
    asked.of_groups("bonus_rate", "bonus", lambda one: _groups(one.bonus_on(day)))
    asked.of_groups("incentive_rate", "incentive", lambda one: _groups(one.incentive_on(day)))
    asked.secrecy()
    asked.regions()
    service, north = asked.ladders()
    return Lawful(asked.posts.drop("held"), service, north)


class _Asked:
    """Posts that gain one column of the law after another."""

    def __init__(
        self, posts: pl.DataFrame, of_region: Mapping[str, RegionalLaw], day: dt.date
    ) -> None:
        self.posts = posts
        self.of_region = of_region
        self.day = day

    def salaries(self) -> None:
        def amount(law: RegionalLaw, group: str, pay_class: int | None) -> dict[str, int] | None:
            lines = law.salaries_on(self.day).amounts
            line = _salary(lines, group, pay_class)
            return None if line is None else {"salary_by_law": round(line.amount * KOPECKS)}

        self._join(
            "salary",
            ("position_group", "pay_class"),
            {"salary_by_law": 0},
            amount,
            pl.col("salary").is_null(),
        )
        self.posts = self.posts.with_columns(
            salary=pl.coalesce("salary", "salary_by_law").cast(pl.Int64)
        ).drop("salary_by_law")

    def specials(self) -> None:
        def bounds(law: RegionalLaw, group: str) -> dict[str, int] | None:
            special = law.special_on(self.day)
            if special is None:
                return {"special_by_law": 0, "special_least": 0, "special_most": 0}
            line = _of_group(special.groups, group)
            if line is None:
                return None
            return {
                "special_by_law": round(line.rate * RATE),
                "special_least": round(line.at_least * RATE),
                "special_most": round(line.at_most * RATE),
            }

        zeros = {"special_by_law": 0, "special_least": 0, "special_most": 0}
        self._join("special", ("position_group",), zeros, bounds)
        said = pl.col("special_rate")
        outside = self.posts.filter(
            "held", (said < pl.col("special_least")) | (said > pl.col("special_most"))
        )
        if not outside.is_empty():
            first = outside.row(0, named=True)
            raise PayProblem(
                text(
                    "{file}: on {day} the law pays {least} to {most} for special conditions of the "
                    "group {group}; the list of posts says {said} of {person} ({municipality}). "
                    "Posts beyond the law: {count}. Correct the list, or the entry of special.",
                    file=self.of_region[first["region"]].file,
                    day=self.day,
                    group=first["position_group"],
                    least=percent(first["special_least"]),
                    most=percent(first["special_most"]),
                    said=percent(first["special_rate"]),
                    person=first["person"],
                    municipality=first["municipality"],
                    count=outside.height,
                )
            )
        self.posts = self.posts.with_columns(
            special_rate=pl.coalesce("special_rate", "special_by_law").cast(pl.Int64)
        ).drop(zeros)

    def ranks(self) -> None:
        def paid(law: RegionalLaw, rank: str, group: str) -> dict[str, int] | None:
            ranks = law.ranks_on(self.day)
            if ranks is None:
                return {"rank_amount": 0, "rank_rate": 0}
            line = _rank(ranks.ranks, rank, group)
            if line is None:
                return None
            return {
                "rank_amount": round((line.amount or 0) * KOPECKS),
                "rank_rate": round((line.rate or 0) * RATE),
            }

        self._join(
            "rank",
            ("class_rank", "position_group"),
            {"rank_amount": 0, "rank_rate": 0},
            paid,
            pl.col("class_rank").is_not_null(),
        )

    def secrecy(self) -> None:
        def paid(law: RegionalLaw, degree: str) -> dict[str, int] | None:
            secrecy = law.secrecy_on(self.day)
            if secrecy is None:
                return {"secrecy_rate": 0}
            line = _degree(secrecy.degrees, degree)
            if line is None:
                return None
            return {"secrecy_rate": round(line.rate * RATE)}

        self._join(
            "secrecy", ("secrecy",), {"secrecy_rate": 0}, paid, pl.col("secrecy").is_not_null()
        )

    def of_groups(
        self,
        column: str,
        section: str,
        lines: Callable[[RegionalLaw], tuple[GroupLine, ...] | None],
    ) -> None:
        def paid(law: RegionalLaw, group: str) -> dict[str, int] | None:
            known = lines(law)
            if known is None:
                return {column: 0}
            line = _of_group(known, group)
            if line is None:
                return None
            return {column: round(line.rate * RATE)}

        self._join(section, ("position_group",), {column: 0}, paid)

    def regions(self) -> None:
        def paid(law: RegionalLaw, municipality: str) -> dict[str, int] | None:
            coefficients = law.coefficients_on(self.day)
            if coefficients is None:
                return {"coefficient_rate": 0}
            line = _of_town(coefficients.municipalities, municipality)
            if line is None:
                return None
            return {"coefficient_rate": round(line.rate * RATE)}

        def yearly(law: RegionalLaw) -> dict[str, int]:
            aid, leave = law.aid_on(self.day), law.leave_payment_on(self.day)
            return {
                "aid_rate": round(aid.salaries * RATE) if aid else 0,
                "leave_rate": round(leave.salaries * RATE) if leave else 0,
            }

        self._join("coefficient", ("municipality",), {"coefficient_rate": 0}, paid)
        self._join("aid", (), {"aid_rate": 0, "leave_rate": 0}, yearly)

    def ladders(self) -> tuple[Ladders, Ladders]:
        """The ladders of service and of the North; a post gains the numbers of its own."""
        service: list[Steps] = [()]
        north: list[Steps] = [()]

        def numbered(law: RegionalLaw, municipality: str) -> dict[str, int] | None:
            zones = law.north_on(self.day)
            line = zones and _of_town(zones.municipalities, municipality)
            if zones and line is None:
                return None
            steps = [(step.years * 12, step.rate) for step in law.service_on(self.day).steps]
            climbing = [(step.months, step.rate) for step in line.steps] if line else []
            return {
                "service_ladder": _number(service, tuple(steps)),
                "north_ladder": _number(north, tuple(climbing)),
            }

        self._join("north", ("municipality",), {"service_ladder": 0, "north_ladder": 0}, numbered)
        return Ladders.of(service), Ladders.of(north)

    def _join(
        self,
        section: str,
        keys: tuple[str, ...],
        zeros: Mapping[str, int],
        answer: Callable[..., Mapping[str, int] | None],
        asking: pl.Expr | None = None,
    ) -> None:
        """Give every post the columns `zeros` with what `answer(law, *key)` says of its key.

        asking: which posts ask at all; the others, and those nobody holds, have the zeros.
        """
        asks = pl.col("held") if asking is None else pl.col("held") & asking
        by = ("region", *keys)
        wanted = self.posts.filter(asks).group_by(by).len().sort(by)
        said: list[Mapping[str, Any]] = []
        for row in wanted.iter_rows(named=True):
            law = self.of_region[row["region"]]
            found = answer(law, *(row[key] for key in keys))
            if found is None:
                named = [str(row[key]) for key in keys if row[key] is not None]
                law.lacks(" ".join([section, *named]), self.day, row["len"])
            said.append({**{key: row[key] for key in by}, **found})
        schema = {key: self.posts.schema[key] for key in by} | dict.fromkeys(zeros, pl.Int64())
        answers = pl.DataFrame(said, schema=schema)
        joined = self.posts.join(
            answers, on=list(by), how="left", nulls_equal=True, maintain_order="left"
        )
        self.posts = joined.with_columns(
            pl.when(asks).then(pl.col(name)).otherwise(zero).alias(name)
            for name, zero in zeros.items()
        )


def _number(ladders: list[Steps], steps: tuple[tuple[int, float], ...]) -> int:
    if steps not in ladders:
        ladders.append(steps)
    return ladders.index(steps)


def _groups(entry: Any) -> tuple[GroupLine, ...] | None:
    return None if entry is None else entry.groups


def _salary(lines: Sequence[SalaryLine], group: str, pay_class: int | None) -> SalaryLine | None:
    """The line of the class, else that of the group as a whole."""
    of_group = [line for line in lines if line.group == folded(group)]
    own = [line for line in of_group if line.pay_class == pay_class]
    return next(iter([*own, *(line for line in of_group if line.pay_class is None)]), None)


def _rank(lines: Sequence[RankLine], rank: str, group: str) -> RankLine | None:
    """The line of the rank in the group, else that of the rank in any."""
    of_rank = [line for line in lines if line.class_rank == folded(rank)]
    own = [line for line in of_rank if line.group == folded(group)]
    return next(iter([*own, *(line for line in of_rank if line.group is None)]), None)


def _degree(lines: Sequence[SecrecyLine], degree: str) -> SecrecyLine | None:
    return next((line for line in lines if line.degree == folded(degree)), None)


Grouped = TypeVar("Grouped", bound=GroupLine | SpecialLine)
Local = TypeVar("Local", bound=CoefficientLine | NorthLine)


def _of_group(lines: Sequence[Grouped], group: str) -> Grouped | None:
    own = [line for line in lines if line.group == folded(group)]
    return next(iter([*own, *(line for line in lines if line.group == OTHERS)]), None)


def _of_town(lines: Sequence[Local], municipality: str) -> Local | None:
    own = [line for line in lines if line.municipality == municipality]
    return next(iter([*own, *(line for line in lines if line.municipality == OTHERS)]), None)
