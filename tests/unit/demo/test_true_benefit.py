"""What a plan and its rivals would truly bring, by a truth of two organisations."""

from pathlib import Path

import polars as pl
import pytest

from otdacha.demo.true_benefit import true_benefit, true_effects
from otdacha.demo.truth import FILE
from otdacha.programme.evidence.headline import headline_factors
from otdacha.programme.explain.rivals import SENT
from otdacha.programme.plan import Plan
from otdacha.release.release import Release
from tests.invented_plan import nothing_to_decide
from tests.invented_release import invented_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("truth")
    rows = [
        ("good", "on_time", 0.1),
        ("good", "duration", 2.0),
        ("good", "repeat", 0.0),
        ("bad", "on_time", -0.05),
        ("bad", "duration", 0.0),
        ("bad", "repeat", 0.0),
    ]
    frame = pl.DataFrame(rows, schema=["provider", "indicator", "structural"], orient="row")
    frame.write_parquet(folder / FILE)
    return folder


def planned(tables: dict[str, pl.DataFrame]) -> Plan:
    return Plan(Path("2027.1"), "", {"plan": "2027.1"}, tables, nothing_to_decide())


def test_a_true_effect_is_weighed_as_the_release_weighs_estimates(
    release: Release, truth: Path
) -> None:
    factor = headline_factors(release)
    assert true_effects(release, truth) == pytest.approx(
        {
            "good": 0.1 * factor["on_time"] + 2 * factor["duration"],
            "bad": -0.05 * factor["on_time"],
        }
    )


def test_seats_bring_the_true_effect_of_whoever_teaches_by_the_cases_behind_them(
    release: Release, truth: Path
) -> None:
    sent = [
        ("plan", "good", 4, 40_000.0, 400.0),
        ("cheapest", "good", 1, 10_000.0, 100.0),
        ("cheapest", "bad", 5, 30_000.0, 500.0),
    ]
    seats = pl.DataFrame(sent, schema={**SENT, "provider": pl.String}, orient="row")
    plan = planned({"rival_seats": seats})
    good, bad = (true_effects(release, truth)[name] for name in ("good", "bad"))
    found = true_benefit(plan, release, truth)
    assert list(found) == ["plan", "cheapest"]
    assert found["plan"] == pytest.approx(400 * good)
    assert found["cheapest"] == pytest.approx(100 * good + 500 * bad)


def test_a_plan_without_explanations_knows_no_rivals(release: Release, truth: Path) -> None:
    assert true_benefit(planned({}), release, truth) == {}
