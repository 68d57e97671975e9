"""A scenario of pay of a whole country: 300,000 posts of municipal service in 2,594 invented towns.

    python benchmarks/bench_scenario.py [people] [ways]      (default 300,000; 16 ways, or 9)

Records tell three years in which people left, the less they were paid the rather, and who came in
their place. Two measures have levels of which each town may have its own, two more are for all. The
scenario is made as `otdacha pay` makes it, in a process of its own that reads the records. Beside
it, in another one, the same people are paid out once with one way to put the measures together: the
ratio says how many such payrolls the whole scenario takes as long as.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
from national_workspace import TOWNS, keep

from otdacha.language import Text
from otdacha.pay.making import make_scenario
from otdacha.pay.making.material import read_material
from otdacha.pay.making.paid import paid_everywhere
from otdacha.pay.measures import read_measures
from otdacha.pay.parameters import law_in
from otdacha.records import create_workspace, open_workspace

PEOPLE = 300_000
SLOPE = -1.5
"""Of leaving on the logarithm of the salary; a scenario estimates that on pay, another figure."""
HAZARD = 0.008
"""Of leaving in a month where pay is the usual one."""
FIRST, MONTHS = dt.date(2023, 1, 1), 36
TODAY = dt.date(2026, 1, 20)
GROUPS = {"высшая": 14_000, "главная": 11_000, "ведущая": 9_000, "старшая": 7_500, "младшая": 6_000}
"""Position groups with the usual salary."""
LEVELS = {9: ("5, 10", "50, 55"), 16: ("5, 10, 15", "50, 55, 60")}
"""By the number of ways: levels of the raise and of the floor."""
MEASURES = """
id = "country"
version = "2026.1"
title = {{ ru = "Страна", en = "A country" }}
years = [2026, 2027, 2028]
{purses}
[[measures]]
key = "lower_salaries"
kind = "raise_salary"
name = {{ ru = "Повышение", en = "A raise" }}
who = {{ groups = ["старшая", "младшая"] }}
levels = [{raises}]
sources = {{ federal = 0.5, regional = 0.3, municipal = 0.2 }}
[[measures]]
key = "with_prices"
kind = "index"
name = {{ ru = "Индексация", en = "Indexing" }}
to = "prices"
valid_from = 2027-01-01
sources = {{ regional = 0.3, municipal = 0.7 }}
[[measures]]
key = "young_start"
kind = "young_payment"
name = {{ ru = "Выплата молодым", en = "A payment to the young" }}
level = 80_000
max_age = 35
within_months = 36
sources = {{ federal = 0.5, regional = 0.5 }}
[[measures]]
key = "local_floor"
kind = "wage_floor"
name = {{ ru = "Не ниже", en = "A floor" }}
levels = [{floors}]
sources = {{ federal = 0.8, regional = 0.2 }}
"""


def country(folder: Path, people: int, ways: int) -> None:
    """A workspace in `folder` and the measures in `measures.toml` in it."""
    rng = np.random.default_rng(1)
    workspace = create_workspace(folder, language="en", invented=True)
    shutil.copytree(Path(str(files("otdacha.demo") / "pay")), folder / "pay")
    towns = _towns(max(20, TOWNS * people // PEOPLE), rng)
    posts = _posts(towns, people, rng)
    for order, (table, rows) in enumerate(
        {
            "municipalities": towns.drop("wage", "weight"),
            "posts": posts,
            "statistics": _wages(towns, rng),
            "finances": _finances(towns, posts, rng),
        }.items(),
        start=1,
    ):
        keep(workspace, table, rows, order)
    raises, floors = LEVELS[ways]
    purses = "".join(
        f'[[purse]]\nsource = "{source}"\nyear = {year}\namount = {people * each}\n'
        for year in (2026, 2027, 2028)
        for source, each in (("federal", 8_000), ("regional", 20_000))
    )
    measures = MEASURES.format(purses=purses, raises=raises, floors=floors)
    (folder / "measures.toml").write_text(measures, "utf-8")


def _towns(count: int, rng: np.random.Generator) -> pl.DataFrame:
    regions = [
        region
        for parameters in law_in(Path(str(files("otdacha.demo") / "pay"))).sets
        for region in parameters.said.regions
    ]
    region = np.sort(rng.integers(0, len(regions), count))
    known = dt.date(2018, 1, 1)
    return pl.DataFrame(
        {
            "municipality": (pl.Series(np.arange(count)) + 10_000_000).cast(pl.String),
            "name": [f"Town {town}" for town in range(count)],
            "region": [regions[each] for each in region],
            "macroregion": [f"Macroregion {each % 8}" for each in region],
            "wage": np.exp(rng.normal(np.log(62_000), 0.2, count)),
            "weight": np.exp(rng.normal(0, 0.8, count)),
        }
    ).with_columns(valid_from=pl.lit(known), training_known_from=pl.lit(known))


def _posts(towns: pl.DataFrame, people: int, rng: np.random.Generator) -> pl.DataFrame:
    """Who held a post when the three years began, and who came after those who left in them."""
    part = towns["weight"].to_numpy()
    at_first = _terms(rng.choice(len(part), people, p=part / part.sum()), rng)
    began = rng.integers(-5_000, -30, people)
    left = _months_until_leaving(at_first, rng)
    gone = left < MONTHS
    after = _terms(at_first["town"].to_numpy()[gone], rng)
    came = (left[gone] * 30.4 + 30).astype(np.int64)
    left_again = left[gone] + 1 + _months_until_leaving(after, rng)
    first = pl.lit(FIRST)
    both = pl.concat(
        [
            at_first.with_columns(began=pl.Series(began), left=pl.Series(left)),
            after.with_columns(began=pl.Series(came), left=pl.Series(left_again)),
        ]
    ).with_row_index("number")
    return both.select(
        municipality=towns["municipality"].gather(both["town"]),
        person="s" + pl.col("number").cast(pl.String).str.zfill(31),
        badge=pl.col("number").cast(pl.String),
        unit=pl.format("Unit {}", pl.col("number") % 7),
        position=pl.lit("Специалист"),
        position_group="group",
        share=pl.lit(1.0),
        salary="salary",
        born=1965 + pl.col("number") % 36,
        sex=pl.when(pl.col("number") % 10 < 7).then(pl.lit("female")).otherwise(pl.lit("male")),
        started=first + pl.duration(days="began"),
        ended=pl.when(pl.col("left") < MONTHS).then(
            first + pl.duration(days=(pl.col("left") * 30.4).cast(pl.Int64))
        ),
        employment=pl.lit("main"),
    )


def _terms(town: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """Somebody for each post: town, group, salary, and by how much pay is above the usual one."""
    group = rng.integers(0, len(GROUPS), len(town))
    own = rng.normal(0, 0.12, len(town))
    usual = np.array(list(GROUPS.values()))[group]
    return pl.DataFrame(
        {
            "town": town,
            "group": np.array(list(GROUPS))[group],
            "salary": (usual * np.exp(own)).round(),
            "own": own + np.log(usual / 9_000),
        }
    )


def _months_until_leaving(terms: pl.DataFrame, rng: np.random.Generator) -> np.ndarray:
    return rng.exponential(1 / (HAZARD * np.exp(SLOPE * terms["own"].to_numpy())))


def _wages(towns: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The mean wage of all activities and of letter O, of three years."""
    return pl.concat(
        [
            towns.select(
                "municipality",
                indicator=pl.lit("средняя зарплата"),
                begins=dt.date(year, 1, 1),
                ends=dt.date(year, 12, 31),
                breakdown=pl.lit(letter),
                value=(pl.col("wage") * share * 1.1 ** (year - 2025)).round(),
                measured_in=pl.lit("рублей"),
                source=pl.lit("invented"),
                proxy=pl.lit(letter != "0"),
            )
            for year in (2023, 2024, 2025)
            for letter, share in (("0", 1.0), ("O", 1.02))
        ]
    )


def _finances(towns: pl.DataFrame, posts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Grants of all towns; a third of them knows its norm of pay; all can add something."""
    people = posts.group_by("municipality").agg(people=pl.len())
    share = pl.Series(rng.uniform(0, 0.6, towns.height))
    norm = pl.Series(rng.random(towns.height) < 1 / 3)
    known = towns.select("municipality", share=share, norm=norm).join(people, on="municipality")
    return pl.concat(
        [
            known.select(
                "municipality",
                year=pl.lit(year),
                grants_share="share",
                norm=pl.when("norm").then(pl.col("people") * 700_000.0),
                available=pl.col("people") * 40_000.0,
            )
            for year in range(2022, 2029)
        ]
    )


def made(folder: Path) -> None:
    """Make the scenario and say how long each step took."""
    steps: list[tuple[str, float, float]] = []

    def progress(step: Text, done: int, of: int) -> None:
        said = step.said("en")
        if not steps or steps[-1][0] != said:
            steps.append((said, time.process_time(), most_memory()))

    began, worked = time.perf_counter(), time.process_time()
    scenario = make_scenario(open_workspace(folder), today=TODAY, progress=progress)
    ended, worked_until = time.perf_counter(), time.process_time()
    print(
        f"scenario: {ended - began:.1f} s, {worked_until - worked:.1f} s of processors, "
        f"{most_memory():.2f} GB at most",
        flush=True,
    )
    ends = [*((at, most) for _, at, most in steps[1:]), (worked_until, most_memory())]
    print("  of processors, and memory at most until then:")
    for (said, at, _), (after, most) in zip(steps, ends, strict=True):
        print(f"  {after - at:6.1f} s {most:5.2f} GB  {said}")
    choice, leaving = scenario.manifest["choice"], scenario.manifest["leaving"]
    towns = scenario.tables["municipalities"]
    print(
        f"  {towns.height:,} towns, {towns['people'].sum():,} people; "
        f"{leaving['person_months']:,} person-months, {leaving['exits']:,} exits, slope "
        f"{leaving['estimate']:.2f} ({leaving['lower']:.2f} to {leaving['upper']:.2f})"
    )
    print(
        f"  {choice['ways']} ways, gap {choice['gap']:.2%}, settled: {choice['settled']}; "
        f"{scenario.tables['packages'].height} packages, "
        f"{scenario.figures['cost'] / 1e9:.1f} billion rubles"
    )
    sizes = {name: scenario.path.joinpath(f"{name}.parquet").stat().st_size / 2**20
             for name in scenario.tables}  # fmt: skip
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    print("  " + ", ".join(f"{name} {sizes[name]:.1f} MB" for name in largest))


def paid_once(folder: Path) -> None:
    """The same people paid out in one way."""
    material = read_material(open_workspace(folder), read_measures(folder / "measures.toml"), TODAY)
    began, worked = time.perf_counter(), time.process_time()
    next(paid_everywhere(material, [{}]))
    print(
        f"payroll of one way: {time.perf_counter() - began:.1f} s, "
        f"{time.process_time() - worked:.1f} s of processors, {most_memory():.2f} GB at most",
        flush=True,
    )


def most_memory() -> float:
    """GB that this process has held at once; `ru_maxrss` would count those of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def main(people: int, ways: int) -> None:
    with tempfile.TemporaryDirectory(prefix="scenario-") as folder:
        workspace = Path(folder) / "country"
        subprocess.run(
            [sys.executable, __file__, "write", workspace, str(people), str(ways)], check=True
        )
        for step in ("made", "paid"):
            subprocess.run([sys.executable, __file__, step, workspace], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", folder, people, ways]:
            country(Path(folder), int(people), int(ways))
        case ["made", folder]:
            made(Path(folder))
        case ["paid", folder]:
            paid_once(Path(folder))
        case [*given]:
            main(*(int(each) for each in [*given, *("300000", "16")[len(given) :]]))
