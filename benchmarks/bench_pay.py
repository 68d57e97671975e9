"""Payroll of a country's municipal servants with measures, against one person-month at a time.

    python benchmarks/bench_pay.py [people]        (default 300,000; 36 months, 5 measures)

The rival is the payroll as one would write it by hand: Decimal, a loop over posts, months and
measures, on a sample of the same roster. Both must agree to the kopeck on the sample. Printed are
seconds by the clock and of all processors (others may be at work on the machine), peak memory, and
the ratio of processor time for a person, which leaves out that columns use every core.
"""

from __future__ import annotations

import resource
import sys
import time
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.pay.by_hand import ByHand, Row, kopecks, of_month, paid_by_hand

from otdacha.pay.kopecks import RATE, SHARE, part_of
from otdacha.pay.parameters import Law, law_in
from otdacha.pay.payroll import Stage, Step, payroll

YEARS = (2027, 2028, 2029)
SAMPLE = 100
REGIONS = ("Тульская область", "Псковская область", "Мурманская область", "Рязанская область")
GROUPS = ("высшая", "главная", "ведущая", "старшая", "младшая")
RANKS = (None, "советник муниципальной службы 1 класса", "референт муниципальной службы 2 класса")


def roster(people: int) -> pl.DataFrame:
    """A roster made of arithmetic; one person in fifty has a second post."""
    number = pl.int_range(people, dtype=pl.Int64)
    base = pl.select(n=number).with_columns(post="n", main=pl.lit(True))
    second = base.filter(pl.col("n") % 50 == 0).with_columns(
        post=pl.int_range(pl.len(), dtype=pl.Int64) + people, main=pl.lit(False)
    )
    n, town = pl.col("n"), pl.col("n") % 200
    return pl.concat([base, second]).select(
        "post",
        person=pl.format("s{}", n),
        municipality=pl.format("{}", town + 10_000_000),
        region=pl.lit(pl.Series(REGIONS)).gather(town % len(REGIONS)),
        unit=pl.format("Unit {}", n % 7),
        position=pl.when(n % 9 == 0).then(pl.lit("юрист")).otherwise(pl.lit("специалист")),
        position_group=pl.lit(pl.Series(GROUPS)).gather(n % 5),
        pay_class=n % 3 + 1,
        share=pl.when("main").then(1000).otherwise(500).cast(pl.Int64),
        class_rank=pl.lit(pl.Series(RANKS, dtype=pl.String)).gather(n % 3),
        secrecy=pl.when(n % 20 == 0).then(pl.lit("секретно")),
        special_rate=pl.when(n % 4 == 0).then(8_000 + n % 7 * 1_000).cast(pl.Int64),
        salary=pl.when(n % 10 == 0).then(1_500_000 + n % 1_000 * 1_237).cast(pl.Int64),
        service_from=pl.date(2000 + n % 25, n % 12 + 1, n % 28 + 1),
        north_from=pl.when(n % 2 == 0).then(pl.date(2015 + n % 12, n % 12 + 1, 1)),
        born=1965 + n % 35,
        sex=pl.when(n % 10 < 7).then(pl.lit("female")).otherwise(pl.lit("male")),
        started=pl.when(n % 30 == 0).then(pl.date(2027, n % 12 + 1, 15)).otherwise(
            pl.date(2025, n % 12 + 1, 10)
        ),
        ended=pl.when(n % 40 == 0).then(pl.date(2028, n % 12 + 1, 20)),
        main="main",
    )  # fmt: skip


def measures() -> list[Step]:
    """A raise, a reform of ranks, two allowances and a floor."""
    worked = pl.col("share") * pl.col("days")
    full = SHARE * pl.col("norm_days")

    def of_month(kopecks: int) -> pl.Expr:
        return part_of(pl.lit(kopecks, pl.Int64), worked, full)

    raised = part_of(pl.col("salary"), 11_000, RATE)
    ranks = part_of(pl.col("rank_amount"), 15_000, RATE)
    scarce = part_of(pl.col("salary_paid"), 2_000, RATE)
    floor = pl.max_horizontal(of_month(6_000_000) - pl.col("total"), 0)
    return [
        Step("raise", Stage.LAW, {"salary": raised}),
        Step("ranks", Stage.LAW, {"rank_amount": ranks}),
        Step("scarce", Stage.PAY, {"scarce": _of(pl.col("position") == "юрист", scarce)}),
        Step(
            "trained",
            Stage.PAY,
            {"trained": _of(pl.col("post") % 8 == 0, of_month(300_000))},
            coefficient=False,
        ),
        Step("floor", Stage.FLOOR, {"floor": floor}, coefficient=False),
    ]


def _of(some: pl.Expr, kopecks: pl.Expr) -> pl.Expr:
    return pl.when(some).then(kopecks).otherwise(0)


def law() -> Law:
    """The law of the demonstration."""
    return law_in(Path(str(files("otdacha.demo") / "pay")))


def main(people: int) -> None:
    posts, rules, steps = roster(people), law(), measures()
    began, worked = time.perf_counter(), time.process_time()
    result = payroll(posts, rules, YEARS, steps)
    seconds, of_cores = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    cost = result.by_town.filter(component="cost", variant=len(steps))["kopecks"].sum()
    print(f"{people:,} people, {len(YEARS) * 12} months, {len(steps)} measures")
    print(f"columns: {seconds:.2f} s, {of_cores:.2f} s of processors, {peak:.2f} GB at most")
    print(f"{cost / 100:,.2f} rubles in all")
    compare(posts, rules, of_cores / people)


def by_hand() -> list[ByHand]:
    """The same measures, one post at a time."""

    def scarce(line: Row) -> dict[str, Decimal]:
        of_post = kopecks(line["salary_paid"] * Decimal("0.2"))
        return {"scarce": of_post if line["position"] == "юрист" else Decimal(0)}

    def trained(line: Row) -> dict[str, Decimal]:
        of_post = of_month(line, Decimal(3000))
        return {"trained": of_post if line["post"] % 8 == 0 else Decimal(0)}

    def floor(line: Row) -> dict[str, Decimal]:
        return {"floor": max(of_month(line, Decimal(60_000)) - line["total"], Decimal(0))}

    return [
        ByHand("raise", "law", lambda line: {"salary": kopecks(line["salary"] * Decimal("1.1"))}),
        ByHand(
            "ranks",
            "law",
            lambda line: {"rank_amount": kopecks(line["rank_amount"] * Decimal("1.5"))},
        ),
        ByHand("scarce", "pay", scarce),
        ByHand("trained", "pay", trained, coefficient=False),
        ByHand("floor", "floor", floor, coefficient=False),
    ]


def compare(posts: pl.DataFrame, rules: Law, per_person: float) -> None:
    """The rival on a sample: the same sums, and how much longer it takes."""
    towns = posts["municipality"].unique(maintain_order=True).head(1)
    sample = posts.filter(pl.col("municipality").is_in(towns.implode())).sort("person")
    sample = sample.filter(pl.col("person").is_in(sample["person"].unique().head(SAMPLE).implode()))
    began = time.process_time()
    rival = paid_by_hand(sample.to_dicts(), rules, YEARS, by_hand())
    seconds = time.process_time() - began
    ours = payroll(sample, rules, YEARS, measures()).by_town
    assert {tuple(row[:4]): Decimal(row[4]) / 100 for row in ours.iter_rows()} == dict(rival)
    people = sample["person"].n_unique()
    ratio = seconds / people / per_person
    print(f"by hand, on a sample of {people} people: {seconds:.2f} s, the same to the kopeck")
    print(f"by hand takes {ratio:.0f} times as long for a person")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
