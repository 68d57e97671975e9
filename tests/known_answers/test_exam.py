"""65 London schools (Goldstein et al. 1993): value added against the published answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from otdacha.effects import Effects, value_added
from otdacha.ranking import told_apart
from tests.known_answers.examples import example
from tests.known_answers.shared_data import shared


@pytest.fixture(scope="module")
def fit() -> Effects:
    found: Effects = example("exam").fitted(shared("multilevel/Exam.csv"))
    return found


def test_maximum_likelihood_gives_the_known_answer(fit: Effects) -> None:
    found = fit.diagnostics["value_added"]
    assert found["minus_two_log_likelihood"] == pytest.approx(9357.243, abs=5e-4)
    assert found["slope"] == pytest.approx(0.563371, abs=5e-7)
    assert found["provider_variance"] == pytest.approx(0.092129, abs=5e-7)
    assert found["residual_variance"] == pytest.approx(0.565731, abs=5e-7)
    assert len(fit.providers) == 65
    assert found["people"] == 4059


def test_half_of_the_schools_can_be_told_apart_from_the_mean(fit: Effects) -> None:
    ranking = example("exam").ranked(fit)
    assert len(ranking.frame.filter(pl.col("state") == "estimated")) == 65
    assert len(told_apart(ranking, 0.10)) == 34
    assert len(ranking.listed) == 17
    assert set(ranking.listed) <= set(told_apart(ranking, 0.10))


def test_the_command_line_gives_the_same_answer() -> None:
    run = subprocess.run(
        [
            Path(sys.executable).with_name("otdacha"),
            "value-added",
            shared("multilevel/Exam.csv"),
            "--outcome",
            "normexam",
            "--intake",
            "standLRT",
            "--provider",
            "school",
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["fit"]["minus_two_log_likelihood"] == pytest.approx(9357.243, abs=5e-4)
    assert found["fit"]["slope"] == pytest.approx(0.563371, abs=5e-7)
    # one school has two pupils, fewer than the methodology's minimum of people
    assert found["told_apart_from_the_mean"] == {"ranked": 64, "above": 17, "either_side": 34}


def test_restricted_maximum_likelihood_agrees_with_statsmodels() -> None:
    import statsmodels.formula.api as smf

    pupils = pl.read_csv(shared("multilevel/Exam.csv"))
    ours = value_added(
        pupils, outcome="normexam", intake="standLRT", provider="school", method="reml"
    ).diagnostics["value_added"]
    theirs = smf.mixedlm("normexam ~ standLRT", pupils.to_pandas(), groups="school").fit(reml=True)
    assert ours["minus_two_log_likelihood"] == pytest.approx(-2 * theirs.llf, abs=1e-4)
    assert ours["slope"] == pytest.approx(theirs.params["standLRT"], abs=1e-5)
    assert ours["residual_variance"] == pytest.approx(theirs.scale, abs=1e-4)
