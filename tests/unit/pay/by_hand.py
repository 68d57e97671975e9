"""The payroll as one would write it by hand: one post, one month, one component at a time.

Decimal rubles, a loop over everything, the law read line by line. It is the twin that the payroll
in columns must agree with to the kopeck, and its rival in benchmarks/bench_pay.py.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import holidays

from otdacha.pay.parameters import Law

Row = dict[str, Any]
Key = tuple[str, int, int, str]
"""Municipality, year, variant, component."""
KOPECK = Decimal("0.01")


@dataclass(frozen=True)
class ByHand:
    """A measure. stage: "law", "pay" or "floor". counted: of a line (the post, what the law says of
    it, the components so far) new values of the law, or under `key` the rubles of the month."""

    key: str
    stage: str
    counted: Callable[[Row], Mapping[str, Any]]
    coefficient: bool = True


def paid_by_hand(
    posts: Iterable[Row], law: Law, years: Sequence[int], measures: Sequence[ByHand] = ()
) -> dict[Key, Decimal]:
    """Rubles of every component by municipality, year and variant."""
    of_employer: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for post in posts:
        of_employer[post["municipality"], post["person"]].append(post)
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for (town, _), own in of_employer.items():
        own.sort(key=lambda post: (not post["main"], post["started"], post["post"]))
        for year in years:
            for variant in range(len(measures) + 1):
                before = Decimal(0)
                for month in range(1, 13):
                    for post in own:
                        line = month_of(post, law, year, month, measures[:variant], before)
                        before += line["total"]
                        for component, rubles in line["components"].items():
                            sums[town, year, variant, component] += rubles
    return sums


def month_of(
    post: Row, law: Law, year: int, month: int, measures: Sequence[ByHand], before: Decimal
) -> Row:
    """One post in one month. before: what its employer paid the person earlier in the year."""
    first = dt.date(year, month, 1)
    norm, days = working_days(first), worked_days(post, first)
    line: Row = {**post, **by_law(post, law, first, bool(days)), "first": first}
    line["part"] = Decimal(post["share"]) / 1000 * days / norm
    line["exactly"] = Decimal(post["share"] * days), Decimal(1000 * norm)
    for measure in measures:
        if measure.stage == "law":
            line.update(measure.counted(line))
    salary = line["salary_paid"] = of_month(line, line["salary"])
    line["service"] = kopecks(salary * line["service_rate"])
    line["special"] = kopecks(salary * line["special_rate"])
    line["rank"] = of_month(line, line["rank_amount"]) + kopecks(salary * line["rank_rate"])
    line["secrecy"] = kopecks(salary * line["secrecy_rate"])
    line["bonus"] = kopecks(salary * line["bonus_rate"])
    line["incentive"] = kopecks(salary * line["incentive_rate"])
    for component, rate in (("aid", "aid_rate"), ("leave_payment", "leave_rate")):
        through = kopecks(salary * line[rate] * month / 12)
        line[component] = through - kopecks(salary * line[rate] * (month - 1) / 12)
    own = ["service", "special", "rank", "secrecy", "bonus", "incentive", "aid", "leave_payment"]
    base = salary + sum(line[component] for component in own)
    names = list(own)
    beside = Decimal(0)
    for measure in measures:
        if measure.stage == "pay":
            line[measure.key] = measure.counted(line)[measure.key]
            names.append(measure.key)
            if measure.coefficient:
                base += line[measure.key]
            else:
                beside += line[measure.key]
    line["coefficient"] = kopecks(base * line["coefficient_rate"])
    line["north"] = kopecks(base * line["north_rate"])
    line["total"] = base + beside + line["coefficient"] + line["north"]
    for measure in measures:
        if measure.stage == "floor":
            line[measure.key] = measure.counted(line)[measure.key]
            names.append(measure.key)
            line["total"] += line[measure.key]
    line["contributions"] = contributions(law, first, before, line["total"])
    line["cost"] = line["total"] + line["contributions"]
    names += ["coefficient", "north", "total", "contributions", "cost"]
    line["components"] = {"salary": salary, **{name: line[name] for name in names}}
    return line


def kopecks(rubles: Decimal) -> Decimal:
    """Rounded once, half up."""
    return rubles.quantize(KOPECK, ROUND_HALF_UP)


def of_month(line: Row, rubles: Decimal) -> Decimal:
    """What a monthly sum of a full post comes to."""
    worked, whole = line["exactly"]
    return kopecks(rubles * worked / whole)


def contributions(law: Law, day: dt.date, before: Decimal, paid: Decimal) -> Decimal:
    """What is due on `paid`, up to the ceiling of the year and beyond it."""
    rules = law.contributions_on(day)
    room = max(exact(rules.ceiling) - before, Decimal(0))
    below = min(paid, room)
    above = paid - below
    return kopecks(
        below * exact(rules.rate) + above * exact(rules.above_rate) + paid * exact(rules.injury)
    )


def by_law(post: Row, law: Law, day: dt.date, held: bool) -> Row:
    """What the law says of the post on the day; nothing of a post that nobody holds."""
    rules = law.of(post["region"])
    group, town = post["position_group"], post["municipality"]
    said: Row = dict.fromkeys(
        ("salary", "service_rate", "special_rate", "rank_amount", "rank_rate", "secrecy_rate",
         "bonus_rate", "incentive_rate", "aid_rate", "leave_rate", "coefficient_rate",
         "north_rate"),
        Decimal(0),
    )  # fmt: skip
    if not held:
        return said
    if post["salary"] is not None:
        said["salary"] = Decimal(post["salary"]) / 100
    else:
        lines = [one for one in rules.salaries_on(day).amounts if one.group == group]
        own = [one for one in lines if one.pay_class == post["pay_class"]]
        said["salary"] = exact((own or [one for one in lines if one.pay_class is None])[0].amount)
    since = post["service_from"] or post["started"]
    for step in rules.service_on(day).steps:
        if full_months(since, day) >= step.years * 12:
            said["service_rate"] = exact(step.rate)
    if special := rules.special_on(day):
        said["special_rate"] = exact(of_group(special.groups, group).rate)
        if post["special_rate"] is not None:
            said["special_rate"] = Decimal(post["special_rate"]) / 10_000
    if (ranks := rules.ranks_on(day)) and post["class_rank"] is not None:
        rank = next(one for one in ranks.ranks if one.class_rank == post["class_rank"])
        said["rank_amount"], said["rank_rate"] = exact(rank.amount or 0), exact(rank.rate or 0)
    if (secrecy := rules.secrecy_on(day)) and post["secrecy"] is not None:
        degree = next(one for one in secrecy.degrees if one.degree == post["secrecy"])
        said["secrecy_rate"] = exact(degree.rate)
    if bonus := rules.bonus_on(day):
        said["bonus_rate"] = exact(of_group(bonus.groups, group).rate)
    if incentive := rules.incentive_on(day):
        said["incentive_rate"] = exact(of_group(incentive.groups, group).rate)
    if aid := rules.aid_on(day):
        said["aid_rate"] = exact(aid.salaries)
    if leave := rules.leave_payment_on(day):
        said["leave_rate"] = exact(leave.salaries)
    if coefficients := rules.coefficients_on(day):
        said["coefficient_rate"] = exact(of_town(coefficients.municipalities, town).rate)
    if north := rules.north_on(day):
        there = post["north_from"] or post["started"]
        for step in of_town(north.municipalities, town).steps:
            if full_months(there, day) >= step.months:
                said["north_rate"] = exact(step.rate)
    return said


def of_group(lines: Sequence[Any], group: str) -> Any:
    return next(
        (one for one in lines if one.group == group),
        next((one for one in lines if one.group == "*"), None),
    )


def of_town(lines: Sequence[Any], town: str) -> Any:
    return next(
        (one for one in lines if one.municipality == town),
        next((one for one in lines if one.municipality == "*"), None),
    )


def exact(number: float) -> Decimal:
    """A number of a settings file as it is written there."""
    return Decimal(str(number))


def full_months(since: dt.date, day: dt.date) -> int:
    """Full months from `since` to the first of a month `day`."""
    return (day.year - since.year) * 12 + day.month - since.month - (since.day > 1)


def worked_days(post: Row, first: dt.date) -> int:
    """Working days of the month on which somebody holds the post."""
    last = last_of(first)
    begins = max(post["started"], first)
    ends = min(post["ended"] or last, last)
    if (begins, ends) == (first, last):
        return working_days(first)
    days = (first + dt.timedelta(days=day) for day in range((last - first).days + 1))
    return sum(begins <= day <= ends and _works(day) for day in days)


@cache
def working_days(first: dt.date) -> int:
    """Working days of the month."""
    days = range((last_of(first) - first).days + 1)
    return sum(_works(first + dt.timedelta(days=day)) for day in days)


def last_of(first: dt.date) -> dt.date:
    return first.replace(day=monthrange(first.year, first.month)[1])


@cache
def _works(day: dt.date) -> bool:
    return bool(holidays.country_holidays("RU", years=day.year).is_working_day(day))
