import datetime as dt

import numpy as np
import polars as pl
import pytest

from otdacha.demo.scenery import MONTHS, Organisation
from otdacha.demo.truth import Effects, draw_effects, growth, realised

BETTER = Organisation("лучше", "центр", "better", reach=1, size=1)
NOTHING = Organisation("никак", "центр", "none", reach=1, size=1)


def records(*rows: tuple[int, int, dt.date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["person", "number", "finished"], orient="row")


def test_an_effect_grows_for_half_a_year_and_is_gone_after_two():
    shape = growth()

    assert shape[0] == 0
    assert shape[3] == pytest.approx(shape[6] / 2)
    assert shape[6:13] == pytest.approx(shape[6])
    assert shape[18] == pytest.approx(shape[6] / 2)
    assert shape[24] == 0


def test_the_mean_over_the_horizon_is_the_effect():
    assert growth()[1:13].mean() == pytest.approx(1)


def test_a_course_changes_nothing_before_the_month_after_it():
    effects = draw_effects(
        np.random.default_rng(1), (BETTER,), records((0, 0, dt.date(2022, 5, 20))), np.array([0])
    )

    assert (effects.monthly[0, :5] == 0).all()
    on_time, days, repeats = effects.monthly[0, 5]
    assert on_time > 0 > max(days, repeats)


def test_an_organisation_without_effect_changes_nothing_at_all():
    effects = draw_effects(
        np.random.default_rng(1), (NOTHING,), records((0, 0, dt.date(2022, 5, 20))), np.array([0])
    )

    assert (effects.monthly == 0).all()


def test_the_realised_effect_is_the_mean_over_person_months_with_cases():
    # Finished in month 0. Cases in months 1 (one) and 2 (three): growth 1/6 and 2/6 of the peak,
    # and the peak is 12/9.5 of the mean over the horizon.
    laid = pl.DataFrame({"person": [0], "number": [0], "month": [0], "receptive": [1.0]})
    effects = Effects(np.array([[0.06, 1.2, 0.02]]), laid, np.zeros((1, MONTHS, 3)))
    cases = pl.DataFrame(
        {"person": [0, 0, 0], "city": [0] * 3, "month": [1, 2, 20], "cases": [1, 3, 9]}
    )
    providers = pl.DataFrame({"number": [0], "provider": ["0000123450"], "name": ["лучше"]})

    truth = realised(effects, cases, providers)

    peak = 12 / 9.5
    on_time = truth.row(by_predicate=pl.col("indicator") == "on_time", named=True)
    assert on_time["effect"] == pytest.approx(0.06 * peak * (1 / 6 + 2 / 6) / 2)
    assert on_time["effect_by_case"] == pytest.approx(0.06 * peak * (1 / 6 + 3 * 2 / 6) / 4)
    assert (on_time["people"], on_time["person_months"], on_time["cases"]) == (1, 2, 4)
    assert truth["indicator"].to_list() == ["duration", "on_time", "repeat"]
