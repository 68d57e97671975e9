"""The figures that are read from a run, on a frame that can be checked by eye."""

from __future__ import annotations

import polars as pl
import pytest

from tests.simulation.runs import (
    FEW,
    MANY,
    OURS,
    all_ranks_coverage,
    by_reach,
    evaluated,
    intervals,
    lists,
    rank_coverage,
    rank_width,
    robust_coverage,
)
from tests.simulation.worlds.people import PeopleWorld


@pytest.fixture
def found() -> pl.DataFrame:
    """Two unions of three providers; the last one of the second has insufficient evidence."""
    return pl.DataFrame(
        {
            "seed": [1, 1, 1, 2, 2, 2],
            "towns": [3, 9, 10, 4, 12, 15],
            "truth": [1.0, 0.0, -1.0, 1.0, 1.0, 0.0],
            "estimate": [1.1, 0.3, -1.2, 1.0, 0.0, 5.0],
            "se": [0.1, 0.1, 0.1, 0.1, 0.1, None],
            "plain_se": [0.1, 0.1, 0.1, 0.1, 0.1, None],
            "df": [4.0, 4.0, 4.0, 4.0, 1e9, None],
            "lower": [0.9, 0.1, -1.5, 0.9, -0.2, None],
            "upper": [1.3, 0.5, -1.0, 1.1, 0.2, None],
            "rank_low": [1, 1, 2, 2, 2, None],
            "rank_high": [1, 1, 3, 2, 2, None],
            "best": [1, 2, 3, 1, 1, 3],
            "worst": [1, 2, 3, 2, 2, 2],
            OURS: [True, True, False, False, False, False],
        }
    )


def test_intervals_by_hand(found: pl.DataFrame) -> None:
    few, many = (intervals(part) for part in by_reach(found).values())
    # errors 0.1, 0.3, 0.0 with t(4): 0.278 and with the normal: 0.196
    assert (few.count, few.coverage, few.plain) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert few.bias == pytest.approx((0.4 / 3) / 0.124722, rel=1e-5)
    assert few.width == pytest.approx(0.1 / 0.124722, rel=1e-5)
    # errors -0.2 with t(4), and -1.0
    assert (many.count, many.coverage, many.plain) == (2, 0.5, 0.0)
    assert list(by_reach(found.filter(pl.col("towns") < 10))) == [FEW]
    assert list(by_reach(found)) == [FEW, MANY]


def test_lists_by_hand(found: pl.DataFrame) -> None:
    of = lists(found)
    assert of.places == 1.0
    assert of.rate == pytest.approx(0.25)  # one half of the first list, none of an empty one
    assert of.useless_places == pytest.approx(0.5)
    assert of.misled == of.anybody == 0.5
    assert of.power == pytest.approx(1 / 3)


def test_ranks_by_hand(found: pl.DataFrame) -> None:
    # first union: right, wrong, right; second: either of the two equal ranks is right
    assert rank_coverage(found).value == pytest.approx((2 / 3 + 1) / 2)
    assert rank_coverage(found).error == pytest.approx((1 / 6) / 2**0.5)
    assert rank_width(found) == pytest.approx((1 / 3 + 1 / 3 + 2 / 3 + 1 / 2 + 1 / 2) / 5)
    assert all_ranks_coverage(found) is None
    together = found.with_columns(rank_low_all="rank_low", rank_high_all="rank_high")
    together_of = all_ranks_coverage(together)
    assert together_of is not None
    assert together_of.value == 0.5


def test_robust_intervals_by_hand(found: pl.DataFrame) -> None:
    # first union: in, out, in; second: in, out, and one that says nothing
    assert robust_coverage(found).value == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_true_ranks_share_ties_and_count_those_that_are_ranked() -> None:
    world = PeopleWorld(towns=12, people=12, providers=6, few=(3, 4), many=(5, 6), zero_share=0.5)
    rows = evaluated(world.union(1)).sort("truth", descending=True)
    zeros = rows.filter(pl.col("truth") == 0)
    assert len(rows) == 6
    assert len(zeros) == 3
    assert (zeros["worst"] - zeros["best"] == 2).all()
    for row in rows.iter_rows(named=True):
        assert row["best"] == 1 + (rows["truth"] > row["truth"]).sum()
        assert row["worst"] == (rows["truth"] >= row["truth"]).sum()
