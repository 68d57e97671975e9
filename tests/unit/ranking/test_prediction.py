"""The prediction check: what it may know, how it measures, and when it says nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import stats

from otdacha.effects import impute
from otdacha.effects.sessions import with_sessions
from otdacha.methodology import Methodology
from otdacha.ranking import rank
from otdacha.ranking.accuracy import CameLater, slope, squared_error
from otdacha.ranking.net_covariance import Jackknifed
from otdacha.ranking.prediction import (
    NOT_TESTABLE,
    TESTED,
    Prediction,
    _sentence,
    prediction_check,
)
from otdacha.ranking.predictors import EVERYONE_AVERAGE, POSTERIOR_MEAN, RAW_MEAN, Predictor
from tests.simulation.unions import Union, simulated_union
from tests.unit.effects.worlds import methodology_of, months, random_world


@cache
def union() -> Union:
    return simulated_union(3, towns=30, people=16, periods=30, providers=12, few=(8, 10))


def methodology(**prediction: object) -> Methodology:
    known = methodology_of(horizon_months=30, look_back_months=30)
    update = {"prediction": known.prediction.model_copy(update=prediction)}
    return known.model_copy(update=update)


@cache
def checked() -> Prediction:
    return prediction_check(union().cells, union().exposure, methodology())


def realised(prediction: Prediction) -> dict[str, float]:
    return dict(prediction.frame.select("provider", "realised").iter_rows())


def test_what_is_predicted_is_the_ranking_of_the_cut() -> None:
    found, cut = checked(), checked().cut
    assert found.state == TESTED
    assert found.providers == len(found.frame) >= 10
    then = impute(
        union().cells.filter(pl.col("month") <= cut),
        union().exposure.filter(pl.col("month") <= cut),
        methodology(),
    )
    ranking = rank(then, methodology()).frame.select("provider", "posterior_mean")
    both = found.frame.join(ranking, on="provider")
    assert both["predicted"].equals(both["posterior_mean"], check_names=False)


def test_nothing_after_the_cut_moves_what_is_predicted() -> None:
    cut = checked().cut
    other_future = union().cells.with_columns(
        total=pl.when(pl.col("month") > cut).then(pl.col("total") * -3 + 1).otherwise("total")
    )
    found = prediction_check(other_future, union().exposure, methodology(cut=cut))
    for frame in (found.frame, checked().frame):
        assert frame.height == checked().providers
    columns = ["provider", "predicted", "everyone_average", "listed_then"]
    assert found.frame.select(columns).equals(checked().frame.select(columns))


def test_sessions_until_the_cut_do_not_move_what_came_later() -> None:
    dated = with_sessions(union().exposure, 30).filter(pl.col("session") <= checked().cut)
    shaken = (
        union()
        .cells.join(dated.select("unit", "month", early=True), on=["unit", "month"], how="left")
        .with_columns(total=pl.when("early").then(pl.col("total") + 40).otherwise("total"))
    )
    found = prediction_check(shaken, union().exposure, methodology(cut=checked().cut))
    assert realised(found) == pytest.approx(realised(checked()), abs=1e-9)


def test_the_raw_mean_is_the_mean_over_cases_moved_to_the_average_effect() -> None:
    cut, frame = checked().cut, checked().frame
    seen = union().cells.filter(pl.col("status") == "exposed", pl.col("month") <= cut)
    levels = (
        seen.join(union().exposure, on=["unit", "month"])
        .group_by("provider")
        .agg(level=pl.col("total").sum() / pl.col("n").sum())
    )
    both = frame.join(levels, on="provider")
    moved = both["level"] - both["level"].dot(both["weight"]) + both["everyone_average"]
    np.testing.assert_allclose(both["raw_mean"], moved, atol=1e-9)
    assert frame["weight"].sum() == pytest.approx(1)


def invented(seed: int, *, noise: float) -> tuple[Predictor, CameLater]:
    rng = np.random.default_rng(seed)
    m, se = rng.normal(0, 1, 15), rng.uniform(0.2, 0.6, 15)
    scores = rng.normal(0, 0.1, (6, 15))
    weights = 1 / (0.3 + se**2)
    later = CameLater(0.8 * m + rng.normal(0, 0.5, 15), se, scores, weights / weights.sum())
    return Predictor("posterior_mean", m, noise * scores), later


def test_without_shared_noise_the_slope_is_weighted_least_squares() -> None:
    predictor, later = invented(1, noise=0.0)
    fit = sm.WLS(later.estimate, sm.add_constant(predictor.values), later.weights).fit()
    assert slope(predictor, later)[0] == pytest.approx(fit.params[1], rel=1e-12)


def test_the_slope_and_the_squared_error_are_net_of_the_noise_they_share() -> None:
    predictor, later = invented(2, noise=0.7)
    w, m, r = later.weights, predictor.values, later.estimate
    shared = predictor.scores.T @ later.scores
    Q = np.diag(w) - np.outer(w, w)
    moved, se = slope(predictor, later)
    assert moved == pytest.approx((m @ Q @ r - np.trace(Q @ shared)) / (m @ Q @ m), rel=1e-10)
    missed = sum(
        w[j] * ((r[j] - m[j]) ** 2 - later.se[j] ** 2 + 2 * shared[j, j]) for j in range(15)
    )
    assert squared_error(predictor, later).value == pytest.approx(missed, rel=1e-12)
    without = []
    for j in range(15):
        kept = np.arange(15) != j
        share = w[kept] / w[kept].sum()
        Q = np.diag(share) - np.outer(share, share)
        net = m[kept] @ Q @ r[kept] - np.trace(Q @ shared[np.ix_(kept, kept)])
        without.append(net / (m[kept] @ Q @ m[kept]))
    g = w * (m - w @ m) / (w @ (m - w @ m) ** 2)
    V = later.scores.T @ later.scores
    pairs = g @ V @ g - g**2 @ later.se**2
    jackknife = Jackknifed(moved, np.array(without)).se
    assert se == pytest.approx(np.sqrt(jackknife**2 + max(pairs, 0)), rel=1e-9)


def test_the_figures_of_each_predictor() -> None:
    frame, figure = checked().frame, checked().figure
    by_rank = stats.spearmanr(frame["predicted"], frame["realised"]).statistic
    assert figure("rank_correlation")["value"] == pytest.approx(by_rank)
    excess = figure("excess_error", RAW_MEAN)["value"]
    raw, ours = (figure("mean_squared_error", name)["value"] for name in (RAW_MEAN, POSTERIOR_MEAN))
    assert excess == pytest.approx(raw - ours)
    for name in (POSTERIOR_MEAN, RAW_MEAN, EVERYONE_AVERAGE):
        found = figure("mean_squared_error", name)
        assert found["lower"] < found["value"] < found["upper"]
    with pytest.raises(KeyError):
        figure("slope", EVERYONE_AVERAGE)


def test_what_became_of_the_list() -> None:
    listed = checked().frame.filter("listed_then")
    assert len(listed) > 2
    assert checked().figure("stays_listed")["value"] == listed["listed_later"].mean()
    assert checked().figure("stays_above")["value"] == (listed["realised"] > 0).mean()


def test_an_empty_list_has_no_share_that_stays() -> None:
    nobody = methodology()
    nobody = nobody.model_copy(update={"list": nobody.list.model_copy(update={"error_rate": 1e-9})})
    found = prediction_check(union().cells, union().exposure, nobody)
    assert found.figure("stays_listed")["value"] is None


def test_every_provider_is_compared_or_counted() -> None:
    few = union().exposure.filter(
        (pl.col("provider") != "p003") | (pl.col("month") < checked().cut)
    )
    late_only = pl.col("provider") == "p005"
    few = few.filter(~late_only | (pl.col("month") > checked().cut))
    found = prediction_check(union().cells, few, methodology(cut=checked().cut))
    reasons = dict(found.excluded.select("provider", "reason").iter_rows())
    assert reasons["p003"] == "too_little_after_cut"
    assert reasons["p005"] == "not_ranked_at_cut"
    assert set(reasons) | set(found.frame["provider"]) == set(few["provider"])
    assert found.providers == 10


def test_providers_that_trained_too_few_are_not_compared() -> None:
    known = methodology(providers=4)
    known = known.model_copy(update={"minimum": known.minimum.model_copy(update={"people": 5})})
    names = sorted(set(union().exposure["provider"]))
    people = [4 if name == "p002" else 20 for name in names]
    reach = pl.DataFrame({"provider": names, "people": people})
    found = prediction_check(union().cells, union().exposure, known, reach=reach)
    assert found.excluded.rows() == [("ranking", "not_ranked_at_cut", "on_time", "p002", 1)]


def test_composites_are_compared_in_the_scale_of_the_cut() -> None:
    other = union().cells.with_columns(
        indicator=pl.lit("duration"), total=-pl.col("total") * 5 + pl.col("n")
    )
    both = pl.concat([union().cells, other])
    known = methodology_of(("on_time", "duration"), horizon_months=30, look_back_months=30)
    found = prediction_check(both, union().exposure, known)
    # both indicators tell the same story, so the composite is the first one in its own sd
    cut = found.cut
    scale = impute(
        union().cells.filter(pl.col("month") <= cut),
        union().exposure.filter(pl.col("month") <= cut),
        methodology(),
    ).scales["on_time"]
    single = checked().frame.sort("provider")
    frame = found.frame.sort("provider")
    for column in ("predicted", "realised", "realised_se"):
        np.testing.assert_allclose(frame[column] * scale, single[column], rtol=1e-6)
    np.testing.assert_allclose(
        found.figure("slope")["value"], checked().figure("slope")["value"], rtol=1e-6
    )
    raw = frame["raw_mean"] - frame["everyone_average"]
    levels = single["raw_mean"] - single["everyone_average"]
    np.testing.assert_allclose(raw * scale, levels, rtol=1e-6, atol=1e-9)


def test_too_few_providers_are_no_test() -> None:
    found = prediction_check(union().cells, union().exposure, methodology(providers=40))
    assert found.state == NOT_TESTABLE
    assert "12 providers" in str(found.sentence)
    assert "40 are needed" in str(found.sentence)
    assert found.frame.is_empty()
    assert found.cut == checked().cut


def test_tiny_and_empty_data_are_not_testable_and_say_why() -> None:
    world = random_world(1, units=4, periods=4, providers=1)
    for cells, exposure in (
        (world.cells, world.exposure),
        (world.cells, world.exposure.clear()),
        (world.cells.clear(), world.exposure.clear()),
        (world.cells.filter(pl.col("status") != "clean"), world.exposure),
    ):
        found = prediction_check(cells, exposure, methodology())
        assert found.state == NOT_TESTABLE
        assert "cannot be tested yet" in str(found.sentence)


def test_a_cut_outside_the_data_is_not_testable() -> None:
    for day in (months(1)[0], months(60)[-1]):
        found = prediction_check(union().cells, union().exposure, methodology(cut=day))
        assert found.state == NOT_TESTABLE


@pytest.mark.parametrize(
    ("value", "lower", "upper", "said"),
    [
        (0.93, 0.6, 1.26, "predicted what came later: 93 %"),
        (0.4, 0.1, 0.7, "only in part: 40 %"),
        (0.4, -0.5, 1.3, "cannot be told"),
        (-0.6, -1.1, -0.1, "did not predict what came later: −60 %"),
    ],
)
def test_the_sentence_follows_the_interval(
    value: float, lower: float, upper: float, said: str
) -> None:
    figures = pl.DataFrame(
        [("posterior_mean", "slope", value, lower, upper)],
        schema=checked().figures.schema,
        orient="row",
    )
    assert said in str(_sentence(figures, months(8)[7]))
    assert "08.2020" in str(_sentence(figures, months(8)[7]))
