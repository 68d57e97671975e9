"""French apprentice centres: the early ranking predicts the last window better than its rivals."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.methodology import Methodology, default_methodology
from tests.known_answers.examples import example
from tests.known_answers.shared_data import shared


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    found: pl.DataFrame = example("inserjeunes").value_added(shared("france/inserjeunes_cfa.csv"))
    return found


def with_prior(prior: str) -> Methodology:
    """The methodology for reported figures; few draws, for rank ranges are not looked at here."""
    known = default_methodology("reported")
    return known.model_copy(
        update={
            "shrinkage": known.shrinkage.model_copy(update={"prior": prior}),
            "ranks": known.ranks.model_copy(update={"draws": 100}),
        }
    )


def test_the_windows_are_read_and_blanks_are_left_out(table: pl.DataFrame) -> None:
    counts = dict(table.group_by("window").len().iter_rows())
    assert counts["2019-2020"] == 779
    assert counts["2021-2022"] == 1502
    assert counts["2023-2024"] == 1973


@pytest.mark.parametrize(("prior", "error"), [("normal", 37.082), ("npmle", 37.365)])
def test_the_ranking_predicts_better_than_the_raw_mean_and_than_everyone_average(
    table: pl.DataFrame, prior: str, error: float
) -> None:
    found = example("inserjeunes").predict(table, with_prior(prior))
    assert found.centres == 1306
    assert found.noise_sd == pytest.approx(4.4764, abs=5e-5)
    assert found.ranked == pytest.approx(error, abs=5e-3)
    assert found.raw_mean == pytest.approx(52.836, abs=5e-3)
    assert found.everyone_average == pytest.approx(39.395, abs=5e-3)
    assert found.ranked < found.everyone_average < found.raw_mean


def test_for_centres_seen_twice_it_promises_what_comes(table: pl.DataFrame) -> None:
    module = example("inserjeunes")
    found = module.predict(module.seen_in_both(table), with_prior("normal"))
    assert found.centres == 564
    assert found.ranked == pytest.approx(22.011, abs=5e-3)
    assert found.raw_mean == pytest.approx(27.354, abs=5e-3)
    assert found.everyone_average == pytest.approx(27.124, abs=5e-3)
    assert found.slope == pytest.approx(0.932, abs=5e-4)


def test_the_prediction_has_not_seen_the_last_window(table: pl.DataFrame) -> None:
    module = example("inserjeunes")
    shuffled = table.with_columns(
        estimate=pl.when(pl.col("window") == module.LAST)
        .then(-pl.col("estimate"))
        .otherwise("estimate")
    )
    one, _ = module.ranked_early(table, with_prior("normal"))
    other, _ = module.ranked_early(shuffled, with_prior("normal"))
    assert one.frame.equals(other.frame)
