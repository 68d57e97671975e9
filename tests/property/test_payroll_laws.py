"""Laws of the payroll: it is what one reckons by hand, and everything adds up to the kopeck."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.pay.kopecks import RATE, SHARE, part_of
from otdacha.pay.parameters import Law, law_in
from otdacha.pay.payroll import Line, Payroll, Stage, Step, explained, payroll
from otdacha.pay.payroll.components import LOCAL
from tests.unit.pay.by_hand import ByHand, Row, kopecks, of_month, paid_by_hand
from tests.unit.pay.small_law import ROSTER

YEARS = [2025, 2026]
"""Years in which the samples of the demonstration change salaries."""
GROUPS = ["высшая", "главная", "ведущая", "старшая", "младшая"]
SUMS = ["total", "contributions", "cost"]

_days = st.dates(dt.date(2005, 1, 1), dt.date(2026, 11, 30))
_posts = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["s1", "s2", "s3", "s4"]),
        "municipality": st.sampled_from(["47701000", "28701000"]),
        "unit": st.just("Казна"),
        "position": st.sampled_from(["юрист", None]),
        "position_group": st.sampled_from(GROUPS),
        "pay_class": st.sampled_from([None, 1, 2, 3]),
        "share": st.integers(1, 1500),
        "class_rank": st.sampled_from([None, "референт муниципальной службы 2 класса"]),
        "secrecy": st.sampled_from([None, "секретно"]),
        "special_rate": st.none() | st.integers(0, 20_000),
        "salary": st.none() | st.integers(1, 30_000_000),
        "service_from": st.none() | _days,
        "north_from": st.none() | _days,
        "born": st.just(1980),
        "sex": st.just("female"),
        "started": _days,
        "ended": st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2027, 6, 1)),
        "main": st.booleans(),
    }
)
"""Posts of few people in two towns, so that people have several."""


@cache
def _law() -> Law:
    return law_in(Path(str(files("otdacha.demo") / "pay")))


def _roster(posts: list[Row]) -> pl.DataFrame:
    regions = {"47701000": "Мурманская область", "28701000": "Тверская область"}
    return pl.DataFrame(
        [
            {"post": number, "region": regions[post["municipality"]], **post}
            for number, post in enumerate(posts)
        ],
        schema=ROSTER,
    )


def _steps() -> list[Step]:
    worked, full = pl.col("share") * pl.col("days"), SHARE * pl.col("norm_days")

    after = part_of(pl.col("salary"), 10_750, RATE)
    since = pl.col("month") >= dt.date(2025, 7, 1)
    scarce = part_of(pl.lit(123_457, pl.Int64), worked, full)
    least = part_of(pl.lit(8_000_001, pl.Int64), worked, full)
    columns = {
        "salary": pl.when(since).then(after).otherwise("salary"),
        "scarce": pl.when(pl.col("position") == "юрист").then(scarce).otherwise(0),
        "floor": (least - pl.col("total")).clip(lower_bound=0),
    }
    return [
        Step("raised", Stage.LAW, {"salary": columns["salary"]}),
        Step("scarce", Stage.PAY, {"scarce": columns["scarce"]}),
        Step("floor", Stage.FLOOR, {"floor": columns["floor"]}, coefficient=False),
    ]


def _by_hand() -> list[ByHand]:
    def raised(line: Row) -> Row:
        if line["first"] < dt.date(2025, 7, 1):
            return {}
        return {"salary": kopecks(line["salary"] * Decimal("1.075"))}

    def scarce(line: Row) -> Row:
        of_post = of_month(line, Decimal("1234.57"))
        return {"scarce": of_post if line["position"] == "юрист" else Decimal(0)}

    def floor(line: Row) -> Row:
        least = of_month(line, Decimal("80000.01"))
        return {"floor": max(least - line["total"], Decimal(0))}

    return [
        ByHand("raised", "law", raised),
        ByHand("scarce", "pay", scarce),
        ByHand("floor", "floor", floor, coefficient=False),
    ]


def _paid(posts: pl.DataFrame) -> Payroll:
    return payroll(posts, _law(), YEARS, _steps())


@settings(max_examples=8, deadline=None)
@given(st.lists(_posts, min_size=1, max_size=6))
def test_the_payroll_is_what_one_reckons_by_hand_to_the_kopeck(posts: list[Row]) -> None:
    frame = _roster(posts)
    by_hand = paid_by_hand(frame.to_dicts(), _law(), YEARS, _by_hand())
    ours = {tuple(row[:4]): Decimal(row[4]) / 100 for row in _paid(frame).by_town.iter_rows()}
    assert ours == by_hand


@settings(max_examples=5, deadline=None)
@given(st.lists(_posts, min_size=1, max_size=6), st.integers(0, 999))
def test_everything_adds_up_in_whatever_order_posts_come(posts: list[Row], seed: int) -> None:
    """Components to the total, posts to towns, measures to the difference they make together."""
    frame = _roster(posts)
    result = _paid(frame.sample(fraction=1, shuffle=True, seed=seed))
    keys = ["municipality", "year", "variant"]
    parts = result.by_town.filter(~pl.col("component").is_in(SUMS)).group_by(keys)
    totals = result.by_town.filter(component="total").select(*keys, "kopecks")
    assert parts.agg(pl.col("kopecks").sum()).sort(keys).equals(totals.sort(keys))
    first, last = (totals.filter(variant=variant)["kopecks"].sum() for variant in (0, 3))
    assert (result.by_post["pay_before"].sum(), result.by_post["pay_after"].sum()) == (first, last)
    cost = result.by_town.filter(component="cost")
    before, after = (cost.filter(variant=variant)["kopecks"].sum() for variant in (0, 3))
    assert sum(result.cost(number)["kopecks"].sum() for number in (1, 2, 3)) == after - before
    assert result.by_town.equals(_paid(frame).by_town)


@settings(max_examples=8, deadline=None)
@given(st.lists(_posts, min_size=1, max_size=5), st.sampled_from(YEARS), st.integers(1, 12))
def test_every_kopeck_follows_from_what_its_line_says(
    posts: list[Row], year: int, month: int
) -> None:
    """Whoever reckons a line anew from its base and rate, and adds the lines up, has the result."""
    frame, day = _roster(posts), dt.date(year, month, 15)
    after = day + dt.timedelta(days=20)
    held = (pl.col("started") < day.replace(day=1)) & (pl.col("ended").fill_null(after) >= after)
    for person in frame.filter(held)["person"].unique():
        for one in explained(frame, _law(), person, day, _steps()):
            lines = {line.component: line for line in one.lines}
            for name in ("service", "special", "secrecy", "bonus", "incentive", *LOCAL):
                assert lines[name].result == _half_up(_part(lines[name], RATE))
            for name in ("aid", "leave_payment"):
                yearly = _part(lines[name], RATE * 12)
                before = _half_up(yearly * (month - 1))
                assert lines[name].result == _half_up(yearly * month) - before
            parts = [line.result for line in one.lines if line.component not in SUMS]
            assert sum(parts) == lines["total"].result
            whole = lines["total"].result + lines["contributions"].result
            assert whole == lines["cost"].result


def _part(line: Line, units: int) -> Fraction:
    assert line.base is not None
    assert line.rate is not None
    return Fraction(line.base * line.rate, units)


def _half_up(kopecks_: Fraction) -> int:
    return int(kopecks_ + Fraction(1, 2))
