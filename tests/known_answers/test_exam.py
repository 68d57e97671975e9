"""65 London schools (Goldstein et al. 1993): value added against the published answer."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.effects import Effects, value_added
from tests.known_answers.shared_data import shared


@pytest.fixture(scope="module")
def fit() -> Effects:
    pupils = pl.read_csv(shared("multilevel/Exam.csv"))
    return value_added(pupils, outcome="normexam", intake="standLRT", provider="school")


def test_maximum_likelihood_gives_the_known_answer(fit: Effects) -> None:
    found = fit.diagnostics["value_added"]
    assert found["minus_two_log_likelihood"] == pytest.approx(9357.243, abs=5e-4)
    assert found["slope"] == pytest.approx(0.563371, abs=5e-7)
    assert found["provider_variance"] == pytest.approx(0.092129, abs=5e-7)
    assert found["residual_variance"] == pytest.approx(0.565731, abs=5e-7)
    assert len(fit.providers) == 65
    assert found["people"] == 4059


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
