"""Why a component of somebody's pay is what it is: step by step, each with the law behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.methodology import WorkingDays
from otdacha.methodology.dated import Dated
from otdacha.pay.kopecks import RATE
from otdacha.pay.parameters import Law, RegionalLaw
from otdacha.pay.parameters.entries import Contributions
from otdacha.pay.payroll.amounts import multiple, percent, share
from otdacha.pay.payroll.components import SALARY, accrued_through, ceiling, components, named
from otdacha.pay.payroll.months import (
    EMPLOYED,
    Months,
    Rules,
    Together,
    Worked,
    variants,
)
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order, of_year
from otdacha.programme.clash.amounts import number, rubles

_RATES = {
    "service": "service_rate",
    "special": "special_rate",
    "secrecy": "secrecy_rate",
    "bonus": "bonus_rate",
    "incentive": "incentive_rate",
}
"""Components that are a part of the salary of the month, and the column of their rate."""
_YEARLY = {"aid": "aid_rate", "leave_payment": "leave_rate"}


@dataclass(frozen=True)
class Line:
    """How one component came about. base, result: kopecks; rate: ten-thousandths; share:
    thousandths of a full post; None where the component has no such part. reference, valid_from:
    where the law says so, and since when; None where no law does: the roster's own salary, a
    measure, a sum. words: the same as a sentence.
    """

    component: str
    base: int | None
    rate: int | None
    share: int | None
    result: int
    reference: str | None
    valid_from: dt.date | None
    words: Text


@dataclass(frozen=True)
class Explanation:
    """The pay of one post in one month, component by component."""

    post: int
    person: str
    month: dt.date
    lines: tuple[Line, ...]

    def line(self, component: str) -> Line:
        return next(line for line in self.lines if line.component == component)


def explained(
    posts: pl.DataFrame,
    law: Law,
    person: str,
    month: dt.date,
    steps: Sequence[Step] = (),
    facts: pl.DataFrame | None = None,
    working_days: WorkingDays | None = None,
) -> list[Explanation]:
    """Why each post of `person` is paid what it is in the month of the day `month`, with `steps`.

    It is the payroll itself that is asked, from January on, so what is explained is what was paid.
    Raises PayProblem where the person has no post in that month.
    """
    own = posts.filter(person=person).sort(*EMPLOYED, ~pl.col("main"), "started", "post")
    own = own.with_columns(salary_said="salary")
    known = in_order(steps)
    since_january = [each for each in of_year(month.year) if each.first <= month]
    paid = [] if own.is_empty() else _paid(own, law, since_january, known, facts, working_days)
    found = [_explained(rows, law, since_january[-1], known) for rows in zip(*paid, strict=True)]
    if not found:
        raise PayProblem(
            text(
                "{person} has no post on a working day of the month of {day}. Name another day.",
                person=person,
                day=month,
            )
        )
    return found


def _paid(
    own: pl.DataFrame,
    law: Law,
    months: Sequence[Month],
    steps: Sequence[Step],
    facts: pl.DataFrame | None,
    working_days: WorkingDays | None,
) -> list[list[dict[str, Any]]]:
    """The posts that are worked in the last of `months`, under the law alone and with each further
    step."""
    year = months[-1].year
    worked = Worked.of([year], working_days or WorkingDays())
    frame = Rules(own, law, [year], worked, facts).frame(months, slice(0, own.height))
    to_pay = Months(frame, law.contributions_of(year), Together.of(own))
    asked = (pl.col("month") == months[-1].first) & (pl.col("days") > 0)
    return [one.frame.filter(asked).rows(named=True) for one in variants(to_pay, [steps])]


def _explained(
    variants: Sequence[dict[str, Any]], law: Law, month: Month, steps: Sequence[Step]
) -> Explanation:
    row = variants[-1]
    said = _Said(
        row, variants, law.of(row["region"]), law.contributions_of(month.year), month, steps
    )
    lines = tuple(said.line(column) for column in components(steps))
    return Explanation(row["post"], row["person"], month.first, lines)


@dataclass(frozen=True)
class _Said:
    """One row of a month, with the law that it was paid by. variants: the row under the law alone
    and with each further step; row: the last of them."""

    row: dict[str, Any]
    variants: Sequence[dict[str, Any]]
    law: RegionalLaw
    insured: Contributions
    month: Month
    steps: Sequence[Step]

    def line(self, column: str) -> Line:
        if column in _RATES:
            return self._of_salary(column, _RATES[column])
        if column in _YEARLY:
            return self._of_year(column, _YEARLY[column])
        known: dict[str, Callable[[], Line]] = {
            SALARY: self._salary,
            "rank": self._rank,
            "coefficient": lambda: self._local("coefficient", "coefficient_rate"),
            "north": lambda: self._local("north", "north_rate"),
            "total": self._total,
            "contributions": self._contributions,
            "cost": self._cost,
        }
        return known.get(column, lambda: self._measure(column))()

    def _salary(self) -> Line:
        return self._for_days(SALARY, "salary", self._entry(SALARY))

    def _rank(self) -> Line:
        if self.row["rank_rate"]:
            return self._of_salary("rank", "rank_rate")
        return self._for_days("rank", "rank_amount", self._entry("rank"))

    def _for_days(self, column: str, of_month: str, entry: Dated | None) -> Line:
        monthly = self.row[of_month]
        words = text(
            "{monthly} a month for a full post × {share} of a post × {days} of {norm} working days",
            monthly=rubles(monthly),
            share=share(self.row["share"]),
            days=number(self.row["days"]),
            norm=number(self.row["norm_days"]),
        )
        words = self._with_measures(words, of_month, rubles)
        return self._line(column, words, base=monthly, share=self.row["share"], entry=entry)

    def _of_salary(self, column: str, rate: str) -> Line:
        base = self.row[SALARY]
        words = text(
            "{rate} of the salary of the month, {base}",
            rate=percent(self.row[rate]),
            base=rubles(base),
        )
        words = self._with_measures(words, rate, percent)
        return self._line(column, words, base=base, rate=self.row[rate], entry=self._entry(column))

    def _with_measures(self, words: Text, column: str, told: Callable[[int], Text]) -> Text:
        """The words, with what measures have made of the law's own number in a column."""
        numbers = [one[column] for one in self.variants]
        changing = [
            step.key
            for step, (before, after) in zip(self.steps, pairwise(numbers), strict=True)
            if before != after
        ]
        if not changing:
            return words
        return text(
            "{words}; before the measures {measures} it was {number}",
            words=words,
            measures=", ".join(changing),
            number=told(numbers[0]),
        )

    def _of_year(self, column: str, rate: str) -> Line:
        base, month = self.row[SALARY], self.month.first.month
        words = text(
            "monthly salaries a year: {salaries}, of {base}; {month}/12 of it is {through}, "
            "without what {earlier}/12 is, {before}",
            salaries=multiple(self.row[rate]),
            base=rubles(base),
            month=number(month),
            through=rubles(accrued_through(base, self.row[rate], month)),
            earlier=number(month - 1),
            before=rubles(accrued_through(base, self.row[rate], month - 1)),
        )
        return self._line(column, words, base=base, rate=self.row[rate], entry=self._entry(column))

    def _local(self, column: str, rate: str) -> Line:
        base = self.row["base"]
        words = text(
            "{rate} of what it is paid on, {base}", rate=percent(self.row[rate]), base=rubles(base)
        )
        return self._line(column, words, base=base, rate=self.row[rate], entry=self._entry(column))

    def _measure(self, column: str) -> Line:
        place = next(place for place, step in enumerate(self.steps) if step.key == column)
        step, pays = self.steps[place], self.row[column] > 0
        words = (
            text("paid by the measure {key}", key=column)
            if pays
            else text("the measure {key} pays nothing here in this month", key=column)
        )
        if step.words is not None:
            words = text("{words}: {amount}", words=words, amount=step.words)
        if pays and step.stage is Stage.FLOOR:
            before, after = (self.variants[at]["total"] for at in (place, place + 1))
            words = text(
                "{words}; it lifts {before} to {after}",
                words=words,
                before=rubles(before),
                after=rubles(after),
            )
        if pays and step.words is not None:
            words = text(
                "{words}; held are {share} of a post and {days} of {norm} working days",
                words=words,
                share=share(self.row["share"]),
                days=number(self.row["days"]),
                norm=number(self.row["norm_days"]),
            )
        return self._line(column, words)

    def _total(self) -> Line:
        return self._line("total", text("everything above together"))

    def _contributions(self) -> Line:
        law, paid, below = self.insured, self.row["total"], self.row["below"]
        words = text(
            "{rate} of {below} below the yearly ceiling of {ceiling}, {above_rate} of {above} "
            "beyond it, and {injury} of {paid}; left below the ceiling before: {room}",
            rate=percent(round(law.rate * RATE)),
            below=rubles(below),
            ceiling=rubles(ceiling(law)),
            above_rate=percent(round(law.above_rate * RATE)),
            above=rubles(paid - below),
            injury=percent(round(law.injury * RATE)),
            paid=rubles(paid),
            room=rubles(self.row["room"]),
        )
        return self._line("contributions", words, base=paid, entry=law)

    def _cost(self) -> Line:
        return self._line("cost", text("pay and contributions together"))

    def _entry(self, column: str) -> Dated | None:
        """The entry of the law that speaks of the component; None where none does."""
        day = self.month.first
        if column == SALARY:
            return self.law.salaries_on(day) if self.row["salary_said"] is None else None
        asked: dict[str, Callable[[dt.date], Dated | None]] = {
            "service": self.law.service_on,
            "special": self.law.special_on,
            "rank": self.law.ranks_on,
            "secrecy": self.law.secrecy_on,
            "bonus": self.law.bonus_on,
            "incentive": self.law.incentive_on,
            "aid": self.law.aid_on,
            "leave_payment": self.law.leave_payment_on,
            "coefficient": self.law.coefficients_on,
            "north": self.law.north_on,
        }
        return asked[column](day)

    def _line(
        self,
        column: str,
        words: Text,
        *,
        base: int | None = None,
        rate: int | None = None,
        share: int | None = None,
        entry: Dated | None = None,
    ) -> Line:
        return Line(
            component=named(column),
            base=base,
            rate=rate,
            share=share,
            result=self.row[column],
            reference=None if entry is None else entry.reference,
            valid_from=None if entry is None else entry.valid_from,
            words=words,
        )
