"""Is the truth about leaving inside what is said of it? (docs/evidence.md, "Leaving and pay")

The long run: python -m pytest -m long tests/simulation/test_leaving.py -s
What guards every day is the same on fewer unions, with the bounds that so few allow.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tests.simulation.leaving_runs import avoided_exits, placebo, slopes
from tests.simulation.leaving_worlds import World

USUAL = World()
WORLDS = {
    "towns have good and bad years": World(shocks=0.2),
    "the same, and pay differs by groups' years more than by people": World(
        shocks=0.2, raises=0.1, people_differ=0.05
    ),
    "towns of very different size": World(uneven=1.0),
    "eight towns": World(towns=8),
    "eight small towns, few exits": World(towns=8, people=30, monthly=0.004),
    "five towns": World(towns=5),
    "pay has nothing to do with it": World(slope=0.0),
}
RUNS = 300
MORE = 1_000
"""Unions of the usual world, so that chance moves a share of 95 % by 0.7 points, not by 1.3."""
FEW = 60


def counted(inside: pl.Series, runs: int) -> bool:
    """Whether so many intervals of `runs` hold the truth as 95 % intervals do, but for a chance of
    one in a thousand on either side."""
    low, high = stats.binom.ppf([0.001, 0.999], runs, 0.95)
    return bool(low <= inside.sum() <= high)


def test_the_truth_is_inside_the_interval_as_often_as_it_says() -> None:
    found = slopes(USUAL, range(FEW))

    assert found.height == FEW
    assert counted(found["inside"], FEW)
    assert abs(found["error"].mean()) < 4 * found["error"].std() / np.sqrt(FEW)  # type: ignore[arg-type, operator]


def test_next_years_pay_that_follows_leaving_is_found_out() -> None:
    share, testable = placebo(World(shocks=0.4, follows=0.5), range(3))

    assert (share, testable) == (1.0, 3)


def test_exits_avoided_by_a_raise_are_inside_their_interval() -> None:
    found = avoided_exits(USUAL, range(100, 103))
    inside = found.select(pl.col("truth").is_between("avoided_lower", "avoided_upper")).to_series()

    assert inside.mean() > 0.85  # of 81 intervals, 26 towns of a union share a slope


def test_exits_avoided_in_small_towns_are_inside_their_interval_too() -> None:
    found = avoided_exits(World(people=12), range(110, 116)).drop_nulls()
    inside = found.select(pl.col("truth").is_between("avoided_lower", "avoided_upper")).to_series()

    assert found.height == 6 * 26  # towns without exits among them
    assert inside.mean() > 0.85


@pytest.mark.long
def test_claims_of_the_slope_in_the_usual_union() -> None:
    found = slopes(USUAL, range(10_000, 10_000 + MORE))
    print(row("the first 300", found.head(RUNS), RUNS))
    print(row("usual", found, MORE))
    assert found.height == MORE
    assert 0.93 <= found["inside"].head(RUNS).mean() <= 0.97  # type: ignore[operator]
    assert 0.93 <= found["inside"].mean() <= 0.97  # type: ignore[operator]
    assert abs(found["error"].mean()) < 0.15 * found["error"].std()  # type: ignore[arg-type, operator]


@pytest.mark.long
@pytest.mark.parametrize("name", WORLDS)
def test_claims_of_the_slope_elsewhere(name: str) -> None:
    first = 20_000 + 10_000 * list(WORLDS).index(name)
    found = slopes(WORLDS[name], range(first, first + RUNS))
    print(row(name, found, RUNS))
    assert found["inside"].mean() >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(found))  # type: ignore[operator]
    assert abs(found["error"].mean()) < 0.25 * found["error"].std()  # type: ignore[arg-type, operator]


def row(name: str, found: pl.DataFrame, runs: int) -> str:
    """Of a table of docs/evidence.md."""
    error, spread = found["error"].to_numpy(), found["error"].to_numpy().std()
    size = np.sqrt(np.mean(found["se"].to_numpy() ** 2)) / spread
    return (
        f"| {name} | {len(found):,} of {runs:,} | {found['inside'].mean():.3f} | "
        f"{error.mean() / spread:+.3f} | {size:.3f} |"
    )


@pytest.mark.long
def test_claims_of_the_check_of_next_years_pay() -> None:
    honest, testable = placebo(USUAL, range(200_000, 200_000 + RUNS))
    shaken, of_shaken = placebo(World(shocks=0.2), range(210_000, 210_000 + RUNS))
    follows, of_follows = placebo(World(shocks=0.2, follows=0.25), range(220_000, 220_000 + RUNS))
    print(
        f"| fails {honest:.3f} of {testable} | {shaken:.3f} of {of_shaken} where towns have good "
        f"and bad years | {follows:.3f} of {of_follows} where pay follows leaving |"
    )
    assert honest <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)
    assert shaken <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)
    assert follows > 0.5


EXITS_OF = {
    "usual": (USUAL, 0.93),
    "small towns: 20 people": (World(people=20), 0.93),
    "ten people, 0.6 % leave a month": (World(people=10, monthly=0.006), 0.93),
    "towns of very different size, of 40 people": (World(people=40, uneven=1.0), 0.93),
    "eight towns of 60": (World(towns=8, people=60), 0.93),
    "towns have good and bad years (0.2)": (World(shocks=0.2), 0.88),
}
"""Worlds, and the least share of towns' intervals that may hold the truth: in good and bad years of
its own a town's last year is another than its years on record, of which no interval knows."""


@pytest.mark.long
@pytest.mark.parametrize("name", EXITS_OF)
def test_claims_of_exits_avoided(name: str) -> None:
    world, least = EXITS_OF[name]
    first = 300_000 + 10_000 * list(EXITS_OF).index(name)
    found = avoided_exits(world, range(first, first + RUNS))
    of_towns = found.drop_nulls("municipality")
    of_unions = found.filter(pl.col("municipality").is_null())
    for who, part, enough in (("town", of_towns, least), ("union", of_unions, 0.93)):
        inside = part["truth"].is_between(part["avoided_lower"], part["avoided_upper"]).mean()
        width = (part["avoided_upper"] - part["avoided_lower"]).mean()
        print(
            f"| {name} | {who} | {part.height:,} | {inside:.3f} | {part['truth'].mean():.2f} | "
            f"{part['avoided'].mean():.2f} | {width:.2f} |"
        )
        assert inside >= enough
