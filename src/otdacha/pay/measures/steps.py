"""What each measure does to a month of pay, as steps of the payroll.

What is paid for a month of a full post is paid for the share of a post and the days that were
worked, and rounded once; a percent of the salary is one of what the salary came to in the month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce

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
from otdacha.pay.measures.granted import granted_for_months, granted_once, paying_posts
from otdacha.pay.measures.who import as_compared, is_named, receives
from otdacha.pay.parameters.entries import folded
from otdacha.pay.payroll.steps import Month, Stage, Step, in_order

_RUBLE = 100
Columns = Callable[[Month], Mapping[str, pl.Expr]]
Receiving = Callable[[Month], pl.Expr]
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
    """Month → whether a post is paid something by a measure (of a floor: whether it could be).

    Never null; false everywhere in a month in which the measure does not hold.
    """
    of_person = _granted(one, facts)
    concerned = None if of_person is None else facts.posts.join(of_person, "person", how="semi")

    def in_month(month: Month) -> pl.Expr:
        if not one.holds(month.first):
            return pl.lit(False)
        conditions = [receives(one.who, month, facts.scarce)]
        if isinstance(one, YoungPayment):
            age = pl.lit(month.year, pl.Int64) - pl.col("born")
            conditions.append((age <= one.max_age).fill_null(False))
        if isinstance(one, ClassRank) and one.amounts:
            conditions.append(is_named("class_rank", one.amounts))
        if isinstance(one, ClassRank) and not one.amounts:
            conditions.append(pl.col("class_rank").is_not_null())
        towns = facts.towns_with_wages(one, month.year)
        if towns is not None:
            conditions.append(pl.col("municipality").is_in(sorted(towns)))
        if of_person is not None and concerned is not None:
            paying = paying_posts(of_person, concerned, month)
            conditions.append(pl.col("post").is_in(paying.implode()))
        return pl.all_horizontal(conditions)

    return in_month


def _step(file: MeasuresFile, one: AnyMeasure, facts: Facts) -> Step:
    columns: Columns
    who = receiving(one, facts)
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

    return Step(one.key, stage_of(one), in_force, coefficient=coefficient)


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


def _raised(one: RaiseSalary, who: Receiving) -> Columns:
    salary = pl.col("salary")
    higher = _to_rubles(_above(salary, one.hundredths), one.whole_rubles)
    return lambda month: {"salary": pl.when(who(month)).then(higher).otherwise(salary)}


def _indexed(file: MeasuresFile, one: Index, facts: Facts, who: Receiving) -> Columns:
    salary = pl.col("salary")
    rises = _rises(file, one, facts)

    def columns(month: Month) -> Mapping[str, pl.Expr]:
        if one.to == "wages":
            then, now = facts.wages_of(one.begins.year - 1), facts.wages_of(month.year)
            followed = part_of(salary, _by_town(now), _by_town(then))
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

    def with_prices(sum_: pl.Expr, year: int) -> pl.Expr:
        growth = [max(Fraction(1), facts.prices[region][year]) for region in regions]
        numerator, denominator = (
            pl.col("region").replace_strict(regions, parts, return_dtype=pl.Int64)
            for parts in ([one.numerator for one in growth], [one.denominator for one in growth])
        )
        return part_of(sum_, numerator, denominator)

    return with_prices


def _ranks(one: ClassRank, who: Receiving) -> Columns:
    amount, rate = pl.col("rank_amount"), pl.col("rank_rate")
    if one.amounts:
        said = {folded(rank): hundredths(sum_) for rank, sum_ in one.amounts.items()}
        new = as_compared("class_rank").replace_strict(said, default=None, return_dtype=pl.Int64)
        new_rate: pl.Expr = pl.lit(0, pl.Int64)
    else:
        new, new_rate = _above(amount, one.hundredths), _above(rate, one.hundredths)
    return lambda month: {
        "rank_amount": pl.when(who(month)).then(new).otherwise(amount),
        "rank_rate": pl.when(who(month)).then(new_rate).otherwise(rate),
    }


def _paid(one: Component, who: Receiving) -> Columns:
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


def _lifted(one: WageFloor, facts: Facts, who: Receiving) -> Columns:
    nothing = pl.lit(0, pl.Int64)

    def columns(month: Month) -> Mapping[str, pl.Expr]:
        wage = _by_town(facts.wages_of(month.year))
        least = part_of(
            wage,
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


def _by_town(wages: Mapping[str, int]) -> pl.Expr:
    """The wage of a post's town; null where none is known."""
    return pl.col("municipality").replace_strict(
        list(wages), list(wages.values()), default=None, return_dtype=pl.Int64
    )
