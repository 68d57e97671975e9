"""What each measure does to months of pay, as steps of the payroll.

What is paid for a month of a full post is paid for the share of a post and the days that were
worked, and rounded once; a percent of the salary is one of what the salary came to in the month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache, reduce

import polars as pl

from otdacha.language import text
from otdacha.pay.kopecks import RATE, SHARE, part_of
from otdacha.pay.measures.entries import (
    AnyMeasure,
    ClassRank,
    Index,
    RaiseSalary,
    Rent,
    ScarceAllowance,
    TrainingAllowance,
    WageFloor,
    YoungPayment,
    hundredths,
)
from otdacha.pay.measures.facts import Facts
from otdacha.pay.measures.file import Levels, MeasuresFile
from otdacha.pay.measures.granted import (
    PayingPosts,
    granted_for_months,
    granted_once,
    month_number,
    number_of,
)
from otdacha.pay.measures.who import (
    are_scarce,
    as_compared,
    chosen_by_name,
    chosen_by_time,
    is_named,
    scarce_on,
)
from otdacha.pay.measures.words import amount_in_words
from otdacha.pay.parameters import folded
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order, of_year

_RUBLE = 100
Columns = Mapping[str, pl.Expr]
Ratio = tuple[pl.Expr, pl.Expr]
Receiving = Callable[[Month], pl.Series]
_NOTHING = pl.lit(0, pl.Int64)
Component = TrainingAllowance | ScarceAllowance | YoungPayment | Rent


def stage_of(one: AnyMeasure) -> Stage:
    """When in a month a measure is counted."""
    if isinstance(one, RaiseSalary | Index | ClassRank):
        return Stage.LAW
    return Stage.FLOOR if isinstance(one, WageFloor) else Stage.PAY


def steps(file: MeasuresFile, facts: Facts) -> list[Step]:
    """The measures as steps of the payroll, in the order in which they take effect.

    Raises PayProblem where a measure follows prices of a year that the law does not forecast.
    """
    return steps_at_levels(file, facts)({})


def steps_at_levels(file: MeasuresFile, facts: Facts) -> Callable[[Levels], list[Step]]:
    """Levels → the measures at these levels as `steps` has them. A measure that is twice asked for
    at the same level is the same step, and whom it is for is found once."""
    receives = {one.key: _receives(one, facts) for one in file.measures.measures}
    made: dict[tuple[str, float | None], Step] = {}

    def at(levels: Levels) -> list[Step]:
        there = file.at_levels(levels).measures.measures
        for one in there:
            if (one.key, one.level) not in made:
                made[one.key, one.level] = _step(file, one, facts, receives[one.key])
        return in_order([made[one.key, one.level] for one in there])

    return at


def months_of(one: AnyMeasure) -> Iterator[Month]:
    """The months in which a measure holds."""
    for year in range(one.begins.year, one.ends.year + 1):
        yield from (month for month in of_year(year) if one.holds(month.first))


def receiving(one: AnyMeasure, facts: Facts) -> Receiving:
    """Month → which of the posts are paid something by a measure (of a floor: could be).

    In the order of `facts.posts`, never null. What does not depend on the month is found once.
    """
    posts = facts.posts
    by_name = posts.select(chosen_by_name(one.who) & _of_kind(one)).to_series()
    granted = _granted(one, facts)
    paying = None if granted is None else PayingPosts.of(granted, posts)

    @cache
    def scarce(month: dt.date) -> pl.Series:
        return are_scarce(posts, scarce_on(facts.scarce, month))

    @cache
    def with_wage(year: int) -> pl.Series | None:
        towns = facts.towns_with_wages(one, year)
        return None if towns is None else posts["municipality"].is_in(sorted(towns))

    def in_month(month: Month) -> pl.Series:
        found = by_name & posts.select(_by_time(one, month)).to_series()
        if one.who.scarce:
            found &= scarce(facts.scarce_since(month.first))
        wage = with_wage(month.year)
        if wage is not None:
            found &= wage
        if paying is not None:
            found &= facts.are_posts(paying.in_month(month))
        return found

    return in_month


def _of_kind(one: AnyMeasure) -> pl.Expr:
    """Whether a post can be paid by such a measure at all."""
    if not isinstance(one, ClassRank):
        return pl.lit(True)
    return (
        is_named("class_rank", one.amounts) if one.amounts else pl.col("class_rank").is_not_null()
    )


def _by_time(one: AnyMeasure, month: Month) -> pl.Expr:
    """Who is of the age and service that a measure asks for, those of its kind among them."""
    asked = chosen_by_time(one.who, month)
    if not isinstance(one, YoungPayment):
        return asked
    age = pl.lit(month.year, pl.Int64) - pl.col("born")
    return asked & (age <= one.max_age).fill_null(False)


def _step(file: MeasuresFile, one: AnyMeasure, facts: Facts, who: pl.Expr) -> Step:
    """who: whether a post is paid something in the month of a row."""
    columns: Columns
    match one:
        case RaiseSalary():
            columns = _raised(one, who)
        case Index():
            columns = _indexed(file, one, facts, who)
        case ClassRank():
            columns = _ranks(one, who)
        case WageFloor():
            columns = _lifted(one, facts, who)
        case TrainingAllowance() | ScarceAllowance() | YoungPayment() | Rent():
            columns = _paid(one, who)
    coefficient = getattr(one, "coefficient", True)
    return Step(one.key, stage_of(one), columns, coefficient, amount_in_words(one))


def _receives(one: AnyMeasure, facts: Facts) -> pl.Expr:
    """Whether a post is paid something by a measure in the month of a row; false in a month in
    which the measure does not hold."""
    in_month = receiving(one, facts)
    months = list(months_of(one))
    number = month_number("month") - number_of(months[0].first)
    holds = number.is_between(0, len(months) - 1)
    found = facts.by_post([in_month(month) for month in months], pl.when(holds).then(number))
    return found.fill_null(False)


def _granted(one: AnyMeasure, facts: Facts) -> pl.DataFrame | None:
    """The months in which people are paid by a measure of persons; None: it is of posts."""
    match one:
        case TrainingAllowance():
            return facts.trained[one.key].granted(one.months)
        case YoungPayment():
            return granted_once(one, facts.posts)
        case Rent():
            return granted_for_months(one, facts.posts)
        case _:
            return None


def _raised(one: RaiseSalary, who: pl.Expr) -> Columns:
    salary = pl.col("salary")
    higher = _to_rubles(_above(salary, one.hundredths), one.whole_rubles)
    return {"salary": pl.when(who).then(higher).otherwise(salary)}


def _indexed(file: MeasuresFile, one: Index, facts: Facts, who: pl.Expr) -> Columns:
    salary = pl.col("salary")
    years = range(one.begins.year, one.ends.year + 1)
    if one.to == "wages":
        now, then = facts.highest_wages_by_post(years), facts.wages_before(one.begins.year)
        followed = part_of(salary, now, then)
        higher = pl.max_horizontal(salary, _to_rubles(followed, one.whole_rubles))
    else:
        rises = _rises(file, one, facts)
        higher = reduce(
            lambda sum_, year: _to_rubles(part_of(sum_, *rises(year)), one.whole_rubles),
            years,
            salary,
        )
    return {"salary": pl.when(who).then(higher).otherwise(salary)}


def _rises(file: MeasuresFile, one: Index, facts: Facts) -> Callable[[int], Ratio]:
    """By what a salary is multiplied in January of a year, numerator and denominator; by 1 before
    it. Prices that fall lower none."""
    regions = sorted(facts.posts["region"].unique())
    for year in range(one.begins.year, one.ends.year + 1):
        for region in regions if one.to == "prices" else ():
            if year not in facts.prices.get(region, {}):
                raise file.fault(
                    file.at(one.key, "to"),
                    text(
                        "the law of {region} says nothing about prices of {year}; add it to "
                        "forecast",
                        region=region,
                        year=year,
                    ),
                )

    def since(year: int, numerator: pl.Expr, denominator: pl.Expr) -> Ratio:
        reached, same = pl.col("year") >= year, pl.lit(1, pl.Int64)
        return (
            pl.when(reached).then(numerator).otherwise(same),
            pl.when(reached).then(denominator).otherwise(same),
        )

    def by_level(year: int) -> Ratio:
        return since(year, pl.lit(RATE + one.hundredths, pl.Int64), pl.lit(RATE, pl.Int64))

    def with_prices(year: int) -> Ratio:
        rises = [max(Fraction(1), facts.prices[region][year]) for region in regions]
        numerator, denominator = (
            facts.posts["region"].replace_strict(regions, parts, return_dtype=pl.Int64)
            for parts in ([one.numerator for one in rises], [one.denominator for one in rises])
        )
        return since(year, facts.by_post([numerator]), facts.by_post([denominator]))

    return by_level if one.to is None else with_prices


def _ranks(one: ClassRank, who: pl.Expr) -> Columns:
    amount, rate = pl.col("rank_amount"), pl.col("rank_rate")
    if one.amounts:
        said = {folded(rank): hundredths(sum_) for rank, sum_ in one.amounts.items()}
        new = as_compared("class_rank").replace_strict(said, default=None, return_dtype=pl.Int64)
        new_rate: pl.Expr = pl.lit(0, pl.Int64)
        # a part of a high salary may be more than the new sum: nobody's pay falls
        more = amount + part_of(pl.col("salary"), rate, RATE) > new
        new = pl.when(more).then(amount).otherwise(new)
        new_rate = pl.when(more).then(rate).otherwise(new_rate)
    else:
        new, new_rate = _above(amount, one.hundredths), _above(rate, one.hundredths)
    return {
        "rank_amount": pl.when(who).then(new).otherwise(amount),
        "rank_rate": pl.when(who).then(new_rate).otherwise(rate),
    }


def _paid(one: Component, who: pl.Expr) -> Columns:
    sum_ = pl.lit(one.hundredths, pl.Int64)
    match one:
        case YoungPayment():
            paid = sum_
        case Rent():
            paid = part_of(sum_, pl.col("days"), pl.col("norm_days"))
        case TrainingAllowance() if one.counted_in == "rubles":
            one_post_at_most = pl.min_horizontal("share", pl.lit(SHARE, pl.Int64))
            paid = part_of(sum_, one_post_at_most * pl.col("days"), SHARE * pl.col("norm_days"))
        case TrainingAllowance() | ScarceAllowance():
            paid = part_of(pl.col("salary_paid"), one.hundredths, RATE)
    return {one.key: pl.when(who).then(paid).otherwise(_NOTHING)}


def _lifted(one: WageFloor, facts: Facts, who: pl.Expr) -> Columns:
    least = part_of(
        facts.wages_by_post(range(one.begins.year, one.ends.year + 1)),
        one.hundredths * pl.col("share") * pl.col("days"),
        RATE * SHARE * pl.col("norm_days"),
    )
    lacking = least - pl.col("total")
    return {one.key: pl.when(who).then(pl.max_horizontal(lacking, _NOTHING)).otherwise(_NOTHING)}


def _above(sum_: pl.Expr, rate: int) -> pl.Expr:
    return part_of(sum_, RATE + rate, RATE)


def _to_rubles(sum_: pl.Expr, whole: bool) -> pl.Expr:
    """Rounded up to a whole ruble, as many laws of salaries have it."""
    return (sum_ + (_RUBLE - 1)) // _RUBLE * _RUBLE if whole else sum_
