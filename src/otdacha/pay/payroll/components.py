"""What pay consists of: each component as one expression over the columns of a month.

A component is rounded to the kopeck once, from what the law gives and what the salary came to in
the month; nothing is rounded again, so components add up to `total`, and `total` and
`contributions` to `cost`, exactly. What is paid once a year is accrued by months: after m months
m/12 of the yearly sum, rounded, has been accrued, so that twelve equal months give it whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import polars as pl

from otdacha.pay.kopecks import RATE, SHARE, part_of
from otdacha.pay.parameters.entries import Contributions
from otdacha.pay.payroll.steps import Stage, Step

SALARY = "salary_paid"
"""The column of the component "salary": what the salary came to in the month. The column `salary`
is the law's: kopecks a month of a full post."""
OF_LAW = (
    SALARY,
    "service",
    "special",
    "rank",
    "secrecy",
    "bonus",
    "incentive",
    "aid",
    "leave_payment",
)
"""Components that the law knows without any measure, before coefficients, in order."""
LOCAL = ("coefficient", "north")
SUMS = ("total", "contributions", "cost")
MONTHS = 12
KOPECKS = 100
"""Of a ruble."""

Formulas = Mapping[str, pl.Expr]


def named(column: str) -> str:
    """What results call the component of a column."""
    return "salary" if column == SALARY else column


def worked(sum_: pl.Expr) -> pl.Expr:
    """What a monthly sum of a full post comes to for the share of a post and the days worked."""
    return part_of(sum_, pl.col("share") * pl.col("days"), SHARE * pl.col("norm_days"))


def of_law() -> tuple[Formulas, Formulas]:
    """The components of `OF_LAW`: the salary, and what is reckoned from it."""
    salary = pl.col(SALARY)

    def part(rate: str) -> pl.Expr:
        return part_of(salary, pl.col(rate), RATE)

    return {SALARY: worked(pl.col("salary"))}, {
        "service": part("service_rate"),
        "special": part("special_rate"),
        # a rank has an amount or a rate, never both: the other is zero and rounds nothing
        "rank": worked(pl.col("rank_amount")) + part("rank_rate"),
        "secrecy": part("secrecy_rate"),
        "bonus": part("bonus_rate"),
        "incentive": part("incentive_rate"),
        "aid": accrued(salary, pl.col("aid_rate")),
        "leave_payment": accrued(salary, pl.col("leave_rate")),
    }


def accrued(salary: pl.Expr, yearly: pl.Expr) -> pl.Expr:
    """What the month adds to a yearly sum of `yearly` ten-thousandths of a monthly salary."""
    month = pl.col("of_year")
    through = part_of(salary, yearly * month, MONTHS * RATE)
    before = part_of(salary, yearly * (month - 1), MONTHS * RATE)
    return through - before


def accrued_through(salary: int, yearly: int, month: int) -> int:
    """What of such a yearly sum has been accrued after so many months, by itself: whole kopecks."""
    return (2 * salary * yearly * month + MONTHS * RATE) // (2 * MONTHS * RATE)


def added_up(steps: Sequence[Step]) -> tuple[Formulas, ...]:
    """Coefficient and northern allowance, on what the law pays and on measures that bear them, and
    the total of everything paid; level by level, so that no sum is made twice."""
    bearing = [step.key for step in steps if step.stage is Stage.PAY and step.coefficient]
    beside = [step.key for step in steps if step.stage is Stage.PAY and not step.coefficient]
    floors = [step.key for step in steps if step.stage is Stage.FLOOR]
    return (
        {"by_law": _sum(OF_LAW)},
        {"base": _sum(["by_law", *bearing])},
        {
            "coefficient": part_of(pl.col("base"), pl.col("coefficient_rate"), RATE),
            "north": part_of(pl.col("base"), pl.col("north_rate"), RATE),
        },
        {"total": _sum(["base", *beside, *LOCAL, *floors])},
    )


def contributions(law: Contributions) -> Formulas:
    """Insurance contributions on `total`, of which `below` lies below the ceiling of the year."""
    up_to, beyond, injury = (round(rate * RATE) for rate in (law.rate, law.above_rate, law.injury))
    due = pl.col("below") * (up_to - beyond) + pl.col("total") * (beyond + injury)
    return {"contributions": part_of(due, 1, RATE)}


BELOW: Formulas = {"below": pl.min_horizontal("total", "room")}
"""What of `total` lies below the ceiling; `room` is how much of it is left before this post."""
COST: Formulas = {"cost": pl.col("total") + pl.col("contributions")}


def ceiling(law: Contributions) -> int:
    """The ceiling of a year in kopecks."""
    return round(law.ceiling * KOPECKS)


def components(steps: Sequence[Step]) -> tuple[str, ...]:
    """The columns of all components, in order, under these steps."""
    paid = [step.key for step in steps if step.stage is Stage.PAY]
    floors = [step.key for step in steps if step.stage is Stage.FLOOR]
    return (*OF_LAW, *paid, *LOCAL, *floors, *SUMS)


def _sum(columns: Sequence[str]) -> pl.Expr:
    return reduce(add, (pl.col(column) for column in columns))
