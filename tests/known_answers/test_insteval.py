"""73,421 ratings of lecturers at ETH Zürich (R's lme4): crossed groupings, the published answer."""

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
    found: Effects = example("insteval").fitted(shared("multilevel/InstEval.csv"))
    return found


def test_maximum_likelihood_gives_the_known_answer(fit: Effects) -> None:
    """The deviance as published; variances and slope as lme4 1.1-31 finds them."""
    found = fit.diagnostics["value_added"]
    assert found["minus_two_log_likelihood"] == pytest.approx(237721.7688, abs=5e-5)
    assert found["intercept"] == pytest.approx(3.282581, abs=2e-6)
    assert found["covariates"]["service"] == pytest.approx(-0.092589, abs=1e-6)
    lme4 = {"s": 0.105968, "d": 0.265207, "dept": 0.006165}
    assert found["variances"] == pytest.approx(lme4, abs=1e-5)
    assert found["residual_variance"] == pytest.approx(1.386490, abs=5e-6)
    assert found["levels"] == {"d": 1128, "s": 2972, "dept": 14}
    assert found["gradient"] < 1e-3


def test_students_connect_all_lecturers_and_departments_none(fit: Effects) -> None:
    found = fit.diagnostics["value_added"]
    assert found["connected_sets"] == {"s": 1, "dept": 14}
    assert found["intake"] is None
    assert found["boundary"] == []


def test_lecturers_are_estimated_with_one_joint_covariance(fit: Effects) -> None:
    table = fit.of()
    assert (table["state"] == "estimated").all()
    V = fit.covariance()
    within = fit.diagnostics["value_added"]["residual_variance"]
    assert (V.diagonal() > within / table["cases"].to_numpy() * 0.9).all()
    assert table["cases"].to_numpy() @ V @ table["cases"].to_numpy() == pytest.approx(0, abs=1e-6)


def test_restricted_maximum_likelihood_gives_lme4s_criterion() -> None:
    frame = pl.read_csv(shared("multilevel/InstEval.csv"))
    found = value_added(
        frame, outcome="y", provider="d", covariates=["service"], crossed=["s", "dept"],
        method="reml",
    ).diagnostics["value_added"]  # fmt: skip
    assert found["minus_two_log_likelihood"] == pytest.approx(237733.8341, abs=1e-4)


def test_the_command_line_gives_the_same_answer() -> None:
    line = [
        Path(sys.executable).with_name("otdacha"),
        "value-added",
        shared("multilevel/InstEval.csv"),
        *("--outcome", "y", "--provider", "d", "--covariates", "service"),
        *("--crossed", "s", "--crossed", "dept", "--json"),
    ]
    run = subprocess.run(line, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    assert found["fit"]["minus_two_log_likelihood"] == pytest.approx(237721.7688, abs=5e-5)
    assert found["fit"]["intake"] is None
    assert found["told_apart_from_the_mean"]["above"] > 200


def test_many_lecturers_can_be_told_apart_from_the_mean(fit: Effects) -> None:
    ranking = example("insteval").ranked(fit)
    assert len(told_apart(ranking, 0.10)) == 513
    assert len(ranking.listed) == 254
