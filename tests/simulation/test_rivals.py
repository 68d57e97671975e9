"""The usual ways to name the best providers are what others make them. How they do where the truth
is known: `test_short_run`, `test_claims`."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tests.simulation.rivals import (
    RIVALS,
    best_raw_means,
    most_satisfying,
    raw_means,
    significant_in_two_way_fixed_effects,
    two_way_fixed_effects,
)
from tests.simulation.worlds import WORLDS, Union


@pytest.mark.parametrize(
    "name", ["every provider in 3-9 towns", "departments, shares, several providers"]
)
def test_two_way_fixed_effects_agree_with_pyfixest(name: str) -> None:
    pyfixest = pytest.importorskip("pyfixest")
    union = WORLDS[name].union(3)
    doses = union.exposure.pivot(on="provider", index=["unit", "month"], values="share")
    frame = union.cells.join(doses, on=["unit", "month"], how="left").with_columns(
        pl.col(r"^p\d+$").fill_null(0.0), y=pl.col("total") / pl.col("n")
    )
    theirs = pyfixest.feols(
        f"y ~ {' + '.join(union.providers['provider'])} | unit + month",
        frame.to_pandas(),
        weights="n",
        vcov={"CRV1": "cluster"},
    )
    ours = two_way_fixed_effects(union)
    assert ours.estimate == pytest.approx(theirs.coef().to_numpy(), abs=1e-8)
    assert ours.se == pytest.approx(theirs.se().to_numpy(), rel=1e-8)


@pytest.fixture
def tiny() -> Union:
    """Two people of one provider and one of another, two months, by hand."""
    cells = pl.DataFrame(
        {
            "unit": [0, 0, 1, 1, 2, 2],
            "month": [0, 1] * 3,
            "cluster": [0, 0, 1, 1, 2, 2],
            "n": [1, 2, 1, 4, 1, 2],
            "total": [0.0, 6.0, 0.0, 4.0, 0.0, 2.0],
            "status": ["clean", "exposed"] * 3,
        }
    )
    exposure = pl.DataFrame(
        {
            "unit": [0, 1, 2],
            "month": [1, 1, 1],
            "provider": ["p000", "p000", "p001"],
            "share": [1.0, 1.0, 1.0],
        }
    )
    said = pl.DataFrame(
        {"unit": [0, 1, 2], "provider": ["p000", "p000", "p001"], "score": [3, 4, 5]}
    )
    return Union(cells, exposure, np.zeros(2), np.ones(2), said)


def test_raw_means_by_hand(tiny: Union) -> None:
    means = raw_means(tiny)
    assert means["mean"].to_list() == pytest.approx([10 / 6, 1.0])
    assert means["mean_of_units"].to_list() == pytest.approx([2.0, 1.0])
    assert means["se"][0] == pytest.approx(np.sqrt(2) / np.sqrt(2))  # 3 and 1: sd √2, two people
    assert means["se"][1] is None


def test_the_top_quarter_of_two_is_one_or_nobody_and_of_twenty_four_six(tiny: Union) -> None:
    assert best_raw_means(tiny) == most_satisfying(tiny) == set()
    union = WORLDS["half have none, intake differs"].union(1)
    assert len(best_raw_means(union)) == len(most_satisfying(union)) == 6


def test_every_rival_lists_providers_of_the_union() -> None:
    union = WORLDS["departments, shares, several providers"].union(1)
    known = set(union.providers["provider"])
    assert all(listed(union) <= known for listed in RIVALS.values())
    assert significant_in_two_way_fixed_effects(union)
