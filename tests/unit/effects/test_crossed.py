"""Value added with further groupings, against generalised least squares with whole matrices."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
import pytest

from otdacha.effects import Effects, value_added
from otdacha.effects.groupings import Grouping
from otdacha.effects.mixed_model import Likelihood
from otdacha.errors import FileProblem, NothingToEstimate
from tests.unit.effects.mixed_twin import Rows, dense_gls

Method = Literal["ml", "reml", "fixed"]


def people(
    seed: int = 1, count: int = 180, providers: int = 9, teachers: int = 14, departments: int = 4
) -> pl.DataFrame:
    """Providers, teachers and departments cross at random; all three matter."""
    rng = np.random.default_rng(seed)

    def drawn(levels: int) -> np.ndarray:
        return rng.permutation(np.r_[np.arange(levels), rng.integers(0, levels, count - levels)])

    who, teacher, dept = drawn(providers), drawn(teachers), drawn(departments)
    before = rng.normal(size=count) + 0.2 * who
    after = 2 + 0.5 * before + rng.normal(size=count)
    after += rng.normal(0, 0.8, providers)[who] + rng.normal(0, 0.6, teachers)[teacher]
    after += rng.normal(0, 1, departments)[dept]
    return pl.DataFrame(
        {"who": who, "teacher": teacher, "dept": dept, "before": before, "after": after}
    )


def fitted(
    frame: pl.DataFrame, method: Method = "ml", crossed: tuple[str, ...] = ("teacher", "dept"),
    intake: str | None = "before", minimum_n: int = 1,
) -> Effects:  # fmt: skip
    return value_added(
        frame, outcome="after", intake=intake, provider="who", crossed=crossed, method=method,
        minimum_n=minimum_n,
    )  # fmt: skip


def states(fit: Effects) -> dict[str, tuple[str, str | None]]:
    return {who: (state, why) for who, state, why in fit.of()["provider", "state", "reason"].rows()}


@pytest.mark.parametrize("method", ["ml", "reml", "fixed"])
@pytest.mark.parametrize(("providers", "intake"), [(9, "before"), (40, "before"), (9, None)])
def test_effects_and_covariance_are_those_of_whole_matrices(
    method: Method, providers: int, intake: str | None
) -> None:
    """Providers as a smaller and as the largest grouping, which is eliminated."""
    frame = people(providers=providers)
    fit = fitted(frame, method, intake=intake)
    figures = fit.diagnostics["value_added"]
    groupings = tuple(Grouping.of(frame[name]) for name in ("who", "teacher", "dept"))
    x = frame[["before"] if intake else []].to_numpy().reshape(len(frame), -1)
    ratios = [figures["variances"][g.name] / figures["residual_variance"] for g in groupings[1:]]
    beta, covariance, _ = dense_gls(
        Rows(x, frame["after"].to_numpy(), groupings), [np.inf, *np.sqrt(ratios)]
    )
    weight = groupings[0].rows / len(frame)
    centre = np.eye(providers) - np.outer(np.ones(providers), weight)
    # the slopes' error moves all levels together with the mean of x, so x is centred first
    lift = np.c_[np.eye(providers), np.tile(x.mean(axis=0), (providers, 1))]
    expected = centre @ lift @ covariance @ lift.T @ centre.T * figures["residual_variance"]
    np.testing.assert_allclose(fit.of()["estimate"], centre @ beta[:providers], atol=1e-8)
    np.testing.assert_allclose(fit.covariance(), expected, atol=1e-9)
    np.testing.assert_allclose(fit.of()["se"], np.sqrt(np.diag(expected)), atol=1e-9)
    assert fit.providers == groupings[0].names
    if method == "fixed" and intake:
        assert figures["slope"] == pytest.approx(beta[-1])


def test_one_grouping_has_the_same_criterion_on_both_ways() -> None:
    frame = people()
    who = Grouping.of(frame["who"])
    likelihood = Likelihood(frame[["before"]].to_numpy(), frame["after"].to_numpy(), [who])
    for method in ("ml", "reml"):
        alone = fitted(frame, method, crossed=()).diagnostics["value_added"]
        general = likelihood.minimum(method)
        assert alone["minus_two_log_likelihood"] == pytest.approx(general.at.criterion, abs=1e-8)
        assert alone["slope"] == pytest.approx(general.at.beta[1], abs=1e-7)
        assert alone["provider_variance"] == pytest.approx(general.variances["who"], rel=1e-5)


def test_the_effect_is_cleared_of_a_crossed_grouping() -> None:
    """Two providers alike; the first happens to work in the better department."""
    rng = np.random.default_rng(2)
    who, dept = np.repeat([0, 1, 2], 200), np.tile(np.arange(20), 30)
    dept = np.where((who == 0) & (rng.random(600) < 0.5), 19, dept)
    after = np.where(dept == 19, 5.0, 0.0) + 0.5 * (who == 2) + rng.normal(0, 0.5, 600)
    frame = pl.DataFrame({"who": who, "dept": dept, "after": after})
    plain = fitted(frame, crossed=(), intake=None).of()["estimate"]
    cleared = fitted(frame, crossed=("dept",), intake=None).of()["estimate"]
    assert plain[0] - plain[1] > 1.5
    assert cleared[0] - cleared[1] == pytest.approx(0, abs=0.15)
    assert cleared[2] - cleared[1] == pytest.approx(0.5, abs=0.15)


def test_the_diagnostics_state_groupings_and_the_missing_intake() -> None:
    figures = fitted(people(), intake=None).diagnostics["value_added"]
    assert figures["intake"] is None
    assert figures["slope"] is None
    assert figures["levels"] == {"who": 9, "teacher": 14, "dept": 4}
    assert set(figures["variances"]) == {"who", "teacher", "dept"}
    assert figures["variances"]["who"] == figures["provider_variance"]
    assert figures["connected_sets"] == {"teacher": 1, "dept": 1}
    assert figures["boundary"] == []
    assert figures["gradient"] < 1e-3
    alone = fitted(people(), crossed=(), intake=None).diagnostics["value_added"]
    assert alone["intake"] is None
    assert alone["levels"] == {"who": 9}


def test_a_grouping_without_differences_is_on_the_boundary() -> None:
    frame = people().with_columns(after=pl.col("after") - pl.col("after").mean().over("dept"))
    figures = fitted(frame).diagnostics["value_added"]
    assert figures["boundary"] == ["dept"]
    assert figures["variances"]["dept"] == 0


def test_scaling_and_shifting_the_outcome_scales_the_effects() -> None:
    frame = people()
    one = fitted(frame)
    other = fitted(frame.with_columns(after=1e6 + 1000 * pl.col("after")))
    np.testing.assert_allclose(other.of()["estimate"], 1000 * one.of()["estimate"], rtol=1e-4)
    np.testing.assert_allclose(other.of()["se"], 1000 * one.of()["se"], rtol=1e-4)


def test_a_provider_with_one_row_is_estimated_and_least_certain() -> None:
    extra = people().tail(1).with_columns(who=pl.lit(99, pl.Int64))
    frame = pl.concat([people(), extra])
    for method in ("ml", "fixed"):
        table = fitted(frame, method).of()
        assert table.filter(pl.col("provider") == "99")["se"].item() == table["se"].max()
    assert states(fitted(frame, minimum_n=2))["99"] == ("insufficient evidence", "n_below_minimum")


def test_a_provider_that_is_all_of_a_level_is_inseparable_and_the_others_are_not() -> None:
    frame = people().with_columns(dept=pl.when(pl.col("who") == 3).then(77).otherwise("dept"))
    fit = fitted(frame)
    assert states(fit)["3"] == ("insufficient evidence", "inseparable")
    assert [who for who, (_, why) in states(fit).items() if why] == ["3"]
    assert fit.covariance()[3].tolist() == [0.0] * 9
    known = np.array(fit.of()["se"].is_not_null())
    weight = fit.of()["cases"].to_numpy() * known
    assert weight @ fit.of()["estimate"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_disconnected_groups_are_compared_by_variances_and_counted() -> None:
    """Providers 0-4 meet departments 0-1 only, 5-8 meet 2-3 only."""
    frame = people().with_columns(
        dept=pl.col("dept") % 2 + pl.when(pl.col("who") > 4).then(2).otherwise(0)
    )
    fit = fitted(frame, crossed=("dept",))
    assert fit.diagnostics["value_added"]["connected_sets"] == {"dept": 2}
    V = fit.covariance()
    assert (fit.of()["state"] == "estimated").all()

    def between(j: int, k: int) -> float:
        return float(V[j, j] + V[k, k] - 2 * V[j, k])

    assert between(0, 5) > 2 * between(0, 1)


@pytest.mark.parametrize("method", ["ml", "reml", "fixed"])
def test_groupings_that_cannot_be_told_apart_are_named(method: Method) -> None:
    frame = people().with_columns(
        same=pl.format("no. {}", "who"), one=pl.lit("x"), each=pl.int_range(pl.len())
    )
    with pytest.raises(NothingToEstimate, match="who and same divide the rows in the same way"):
        fitted(frame, method, crossed=("same",))
    with pytest.raises(NothingToEstimate, match="dept and dept divide"):
        fitted(frame, method, crossed=("dept", "dept"))
    with pytest.raises(NothingToEstimate, match="Column one has one and the same value"):
        fitted(frame, method, crossed=("one",))
    with pytest.raises(NothingToEstimate, match="Column each has another value in every row"):
        fitted(frame, method, crossed=("each",))
    with pytest.raises(NothingToEstimate, match="Column who has another value in every row"):
        fitted(frame.with_columns(who="each"), method, crossed=())


def test_fixed_providers_leave_nothing_to_a_grouping_in_which_they_nest() -> None:
    frame = people().with_columns(town=pl.col("who") // 3)
    with pytest.raises(NothingToEstimate, match="town is the same for everybody of a provider"):
        fitted(frame, "fixed", crossed=("town",))
    assert set(fitted(frame, "ml", crossed=("town",)).diagnostics["value_added"]["levels"]) == {
        "who", "town",
    }  # fmt: skip


def test_a_covariate_that_is_the_same_for_all_of_a_provider_is_named() -> None:
    frame = people().with_columns(kind=pl.col("who") * 0.1)
    with pytest.raises(NothingToEstimate, match="Column kind says nothing"):
        value_added(
            frame, outcome="after", provider="who", covariates=["kind"], crossed=["teacher"]
        )


@pytest.mark.parametrize("crossed", [(), ("teacher",)])
def test_an_outcome_without_variation_is_refused(crossed: tuple[str, ...]) -> None:
    flat = people().with_columns(after=pl.lit(3.0))
    by_provider = people().with_columns(after=pl.col("who").sin())
    for frame in (flat, by_provider):
        for method in ("ml", "reml", "fixed"):
            with pytest.raises(NothingToEstimate, match="the same for everybody, or"):
                fitted(frame, method, crossed=crossed, intake=None)
    by_teacher = people().with_columns(after=pl.col("teacher").sin())
    for method in ("ml", "reml", "fixed"):
        with pytest.raises(NothingToEstimate, match="the same for everybody, or"):
            fitted(by_teacher, method)


def test_too_few_rows_are_refused() -> None:
    few = pl.DataFrame(
        {
            "who": [1, 1, 2, 3],
            "teacher": [1, 2, 2, 2],
            "before": [1.0, 2.0, 4.0, 3.0],
            "after": [1.0, 3.0, 2.0, 5.0],
        }
    )
    for crossed in ((), ("teacher",)):
        with pytest.raises(NothingToEstimate, match="4 in number, do not suffice for 5 figures"):
            fitted(few, "fixed", crossed=crossed)


def test_missing_and_infinite_values_are_left_out_and_counted() -> None:
    frame = people().cast({"dept": pl.Float64, "who": pl.Float64})
    row = pl.int_range(pl.len())
    frame = frame.with_columns(
        dept=pl.when(row == 0).then(None).when(row == 1).then(np.nan).otherwise("dept"),
        who=pl.when(row == 2).then(np.nan).otherwise("who"),
        after=pl.when(row == 3).then(np.inf).otherwise("after"),
        before=pl.when(row == 4).then(None).otherwise("before"),
    )
    fit = fitted(frame)
    assert fit.excluded.select("reason", "rows").rows() == [("incomplete_row", 5)]
    assert fit.diagnostics["value_added"]["people"] == 175
    assert len(fit.providers) == 9
    with pytest.raises(FileProblem, match="town"):
        fitted(frame, crossed=("town",))
