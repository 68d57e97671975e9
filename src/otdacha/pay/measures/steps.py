"""What each measure does to a month of pay, as steps of the payroll.

What is paid for a month of a full post is paid for the share of a post and the days that were
worked, and rounded once; a percent of the salary is one of what the salary came to in the month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
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
from otdacha.pay.measures.file import MeasuresFile
from otdacha.pay.measures.granted import PayingPosts, granted_for_months, granted_once
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
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order

_RUBLE = 100
Columns = Callable[[Month], Mapping[str, pl.Expr]]
Receiving = Callable[[Month], pl.Series]
Chosen = Callable[[Month], pl.Expr]
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
    return in_order([_step(file, one, facts) for one in file.measures.measures])


def receiving(one: AnyMeasure, facts: Facts) -> Receiving:
    """Month → which of the posts are paid something by a measure (of a floor: could be).

    In the order of `facts.posts`, never null; none in a month in which the measure does not hold.
    What does not depend on the month is found once.
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

    @cache  # the payroll asks once for each batch of posts
    def in_month(month: Month) -> pl.Series:
        if not one.holds(month.first):
            return pl.repeat(False, posts.height, dtype=pl.Boolean, eager=True)
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


def _step(file: MeasuresFile, one: AnyMeasure, facts: Facts) -> Step:
    columns: Columns
    chosen = receiving(one, facts)

    def who(month: Month) -> pl.Expr:
        return facts.by_post(chosen(month))

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

    def in_force(month: Month) -> Mapping[str, pl.Expr]:
        return columns(month) if one.holds(month.first) else {}

    return Step(one.key, stage_of(one), in_force, coefficient, amount_in_words(one))


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


def _raised(one: RaiseSalary, who: Chosen) -> Columns:
    salary = pl.col("salary")
    higher = _to_rubles(_above(salary, one.hundredths), one.whole_rubles)
    return lambda month: {"salary": pl.when(who(month)).then(higher).otherwise(salary)}


def _indexed(file: MeasuresFile, one: Index, facts: Facts, who: Chosen) -> Columns:
    salary = pl.col("salary")
    rises = _rises(file, one, facts)
    wages = cache(facts.wages_by_post)

    def columns(month: Month) -> Mapping[str, pl.Expr]:
        if one.to == "wages":
            then = wages(one.begins.year - 1)
            so_far = range(one.begins.year, month.year + 1)
            now = pl.max_horizontal(wages(year) for year in so_far)
            followed = part_of(salary, now, then)
            higher = pl.max_horizontal(salary, _to_rubles(followed, one.whole_rubles))
        else:
            higher = reduce(
                lambda sum_, year: _to_rubles(rises(sum_, year), one.whole_rubles),
                range(one.begins.year, month.year + 1),
                salary,
            )
        return {"salary": pl.when(who(month)).then(higher).otherwise(salary)}

    return columns


def _rises(file: MeasuresFile, one: Index, facts: Facts) -> Callable[[pl.Expr, int], pl.Expr]:
    """What a salary becomes in January of a year; prices that fall lower none."""
    if one.to is None:
        return lambda sum_, year: _above(sum_, one.hundredths)
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

    @cache
    def growth(year: int) -> tuple[pl.Expr, pl.Expr]:
        rises = [max(Fraction(1), facts.prices[region][year]) for region in regions]
        numerator, denominator = (
            facts.posts["region"].replace_strict(regions, parts, return_dtype=pl.Int64)
            for parts in ([one.numerator for one in rises], [one.denominator for one in rises])
        )
        return facts.by_post(numerator), facts.by_post(denominator)

    return lambda sum_, year: part_of(sum_, *growth(year))


def _ranks(one: ClassRank, who: Chosen) -> Columns:
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
    return lambda month: {
        "rank_amount": pl.when(who(month)).then(new).otherwise(amount),
        "rank_rate": pl.when(who(month)).then(new_rate).otherwise(rate),
    }


def _paid(one: Component, who: Chosen) -> Columns:
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
    nothing = pl.lit(0, pl.Int64)
    return lambda month: {one.key: pl.when(who(month)).then(paid).otherwise(nothing)}


def _lifted(one: WageFloor, facts: Facts, who: Chosen) -> Columns:
    nothing = pl.lit(0, pl.Int64)
    wages = cache(facts.wages_by_post)

    def columns(month: Month) -> Mapping[str, pl.Expr]:
        least = part_of(
            wages(month.year),
            one.hundredths * pl.col("share") * pl.col("days"),
            RATE * SHARE * pl.col("norm_days"),
        )
        lacking = least - pl.col("total")
        lifted = pl.when(who(month)).then(pl.max_horizontal(lacking, nothing))
        return {one.key: lifted.otherwise(nothing)}

    return columns


def _above(sum_: pl.Expr, rate: int) -> pl.Expr:
    return part_of(sum_, RATE + rate, RATE)


def _to_rubles(sum_: pl.Expr, whole: bool) -> pl.Expr:
    """Rounded up to a whole ruble, as many laws of salaries have it."""
    return (sum_ + (_RUBLE - 1)) // _RUBLE * _RUBLE if whole else sum_
