"""French apprentice centres: the early ranking predicts the last window better than its rivals."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from otdacha.methodology import Methodology, default_methodology
from otdacha.release import verify
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


def test_two_releases_hold_the_known_figures_and_say_what_the_last_window_changed(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    module = example("inserjeunes")
    known = module.centres(shared("france/inserjeunes_cfa.csv"))
    (early, early_file), (later, _) = module.released(table, known, tmp_path)
    assert early.manifest["evaluation"]["fit"]["noise_sd"] == pytest.approx(4.4764, abs=5e-5)
    came = table.filter(pl.col("window") == module.LAST).select("provider", came="estimate")
    both = early.providers.filter(pl.col("state") == "published").join(came, on="provider")
    assert both.height == 1306
    error = ((both["came"] - both["posterior_mean"]) ** 2).mean()
    assert error == pytest.approx(37.082, abs=5e-3)
    named = early.providers.filter(provider="0630003L").row(0, named=True)
    assert named["region"] == "AUVERGNE-RHONE-ALPES"
    assert early.change is None
    assert later.change == "minor"
    changes = dict(later.changes.group_by("change").len().iter_rows())
    assert changes["appeared"] + changes["entered_list"] > 579
    assert set(later.changes["cause"].drop_nulls()) == {"data", "noise", "unclear"}
    assert later.about.id == "inserjeunes"
    assert later.about.note is not None
    assert "not municipal work results" in later.about.note.en
    assert verify(early.path, file=early_file).good
