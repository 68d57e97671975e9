"""What a plan is worth at equal money, where the truth is known (docs/evidence.md, "The plan")."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from otdacha.programme.evidence.learning import ErrorLaw
from otdacha.programme.evidence.posterior import evidence_from
from tests.simulation.demo_union import demo_union
from tests.simulation.planning import believed_by_law
from tests.simulation.worth import FAIR, RIVALS, WORLDS, compared, gain, run, told

UNIONS = range(3000, 3100)
DEMONSTRATION = "the demonstration's union"


def test_gains_by_hand() -> None:
    found = pl.DataFrame({"plan": [3.0, 1.0], "cheapest": [1.0, 2.0], "best": [4.0, 2.0]})
    of = gain(found, "cheapest")
    # two more and one less; a half of the best, and minus a half
    assert (of.mean, of.of_best, of.wins, of.losses) == (0.5, 0.0, 1, 1)
    assert of.half == pytest.approx(1.96 * 1.5)
    assert gain(found, "best", "cheapest").mean == -1.5


def test_what_the_law_of_errors_lets_be_believed_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "provider": ["many", "few", "nobody"],
            "estimate": [0.4, None, None],
            "se": [0.1, None, None],
            "posterior_mean": [0.34, None, None],
            "state": ["estimated", "insufficient evidence", "insufficient evidence"],
        }
    )
    few = pl.DataFrame(
        {
            "provider": frame["provider"],
            "people": [40, 4, None],
            "municipalities": [5, 2, None],
            "estimate": [0.4, 0.5, None],
        }
    )
    believed = believed_by_law(evidence_from(frame, 0.1, 0.2), ErrorLaw(0.04, 0.02, 1.0, 9), few)
    # error² = 0.04/4 + 0.02/2, so the estimate weighs 0.04 / (0.04 + 0.02)
    assert believed == pytest.approx([0.34, 0.1 + 2 / 3 * 0.4, 0.1])


def test_the_union_in_memory_has_months_of_every_kind() -> None:
    union = demo_union(3, scale=0.1)
    assert set(union.cells["status"]) == {"clean", "exposed", "around_training", "after_horizon"}
    taught = union.exposure.join(union.cells, on=["unit", "month"], how="left")
    assert set(taught["status"]) == {"exposed"}
    assert union.cells.select("unit", "month").is_duplicated().sum() == 0
    share = union.cells["total"].sum() / union.cells["n"].sum()
    assert 0.5 < share < 0.95
    assert set(np.sign(union.truth)) == {-1.0, 0.0, 1.0}


def test_one_plan_beats_price_and_raw_rates_at_equal_money() -> None:
    one = compared(WORLDS[DEMONSTRATION], 2000)
    assert one["plan"] > max(one[rival] for rival in (*RIVALS, FAIR))
    assert one["plan"] <= 1.02 * one["best"]
    spent = [one[f"{rule}: rubles"] for rule in ("plan", *RIVALS[:2])]
    assert max(spent) < 1.05 * min(spent)
    assert one["cheapest: people"] >= one["plan: people"]


def test_what_is_not_published_is_what_a_plan_lacks_where_intake_differs() -> None:
    one = compared(WORLDS["intake differs"], 1002)
    assert one["the proven known"] < 1.05 * one["without learning"]
    assert one["the unproven known"] > 1.15 * one["without learning"]
    assert one["the unproven known"] > one["raw rate"] > one["without learning"]
    assert one["without learning"] > one[FAIR]
    assert one["without learning"] < one["by the law of errors"] <= 1.01 * one["best"]


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
def test_what_plans_gain(world: str) -> None:
    """`make evidence`; the same rows: `python -m tests.simulation.worth WORLD 3000 3100 FILE`."""
    found = run(WORLDS[world], UNIONS)
    print(f"\n{world}: {told(found)}")
    assert all(gain(found, rival).mean > 0 for rival in RIVALS)
    if world == DEMONSTRATION:
        assert all(gain(found, rival).wins >= 0.9 * len(found) for rival in RIVALS)
