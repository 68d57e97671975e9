"""Claims about sessions where the truth is known: spread, prediction, permuted labels (method.md
§5, §7, §8).

The short run guards the code; the figures that are claimed come from the long one: `-m long -s`.
In these unions training is remembered to the end, so the horizon is all of their months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from otdacha.effects import impute
from otdacha.ranking.permutation import FAILED, permuted_labels
from otdacha.ranking.prediction import prediction_check
from otdacha.ranking.predictors import EVERYONE_AVERAGE, POSTERIOR_MEAN, RAW_MEAN
from otdacha.ranking.session_variance import session_variance
from tests.simulation.unions import Union, simulated_union
from tests.unit.effects.worlds import methodology_of

METHODOLOGY = methodology_of(horizon_months=36, look_back_months=36)
NOISY: Mapping[str, float] = {"between_towns": 0.1, "town_shock": 0.4}


def known_places(union: Union, seed: int) -> Union:
    """Towns as municipalities, five of them a district."""
    town = pl.col("cluster")
    return replace(union, cells=union.cells.with_columns(municipality=town, district=town // 5))


def clustered_by_unit(union: Union, seed: int) -> Union:
    """Standard errors that take no notice of the shocks of towns."""
    return replace(union, cells=union.cells.with_columns(cluster="unit"))


def shaken_by_district(union: Union, seed: int) -> Union:
    """Shocks that the five towns of a district have in common, above the clusters."""
    rng = np.random.default_rng(10**6 + seed)
    periods = union.cells["month"].n_unique()
    shock = np.zeros((union.cells["district"].n_unique(), periods))
    for t in range(periods):
        shock[:, t] = 0.6 * shock[:, t - 1] + rng.normal(0, 0.24, len(shock))
    month = union.cells["month"].rank("dense").to_numpy() - 1
    added = shock[union.cells["district"].to_numpy(), month]
    return replace(
        union, cells=union.cells.with_columns(total=pl.col("total") + pl.col("n") * added)
    )


def with_different_intake(union: Union, seed: int) -> Union:
    """Providers' people differ in how well they did before any training (sd 0.5)."""
    rng = np.random.default_rng(2 * 10**6 + seed)
    names = sorted(set(union.exposure["provider"]))
    levels = pl.DataFrame({"provider": names, "level": rng.normal(0, 0.5, len(names))})
    units = union.exposure.select("unit", "provider").unique().join(levels, on="provider")
    cells = union.cells.join(
        units.select("unit", "level"), on="unit", how="left", maintain_order="left"
    ).with_columns(total=pl.col("total") + pl.col("n") * pl.col("level").fill_null(0))
    return replace(union, cells=cells.drop("level"))


Change = Callable[[Union, int], Union]


def unions(seeds: Iterable[int], world: Mapping[str, float], *changes: Change) -> Iterable[Union]:
    for seed in seeds:
        union = simulated_union(seed, **world)
        for change in (known_places, *changes):
            union = change(union, seed)
        yield union


# --- the variance of true effects


def spreads(
    seeds: Iterable[int],
    world: Mapping[str, float],
    *changes: Change,
    errors: float = 1.0,
    apart: str = "municipality",
) -> pl.DataFrame:
    """One row per union: true variance, by moments, from sessions, its error. errors: standard
    errors are multiplied by this."""
    rows = []
    for union in unions(seeds, world, *changes):
        effects = impute(union.cells, union.exposure, METHODOLOGY)
        effects = replace(
            effects,
            estimates=effects.estimates.with_columns(pl.col("se") * errors),
            scores={name: np.asarray(psi) * errors for name, psi in effects.scores.items()},
        )
        found = session_variance(union.cells, union.exposure, effects, METHODOLOGY, apart=apart)
        truth = float(np.nanvar(union.truth, ddof=1))
        rows.append((truth, found.moments, found.variance, found.se))
    return pl.DataFrame(rows, schema=["truth", "moments", "sessions", "se"], orient="row")


def test_with_right_standard_errors_both_roads_lead_to_the_truth() -> None:
    found = spreads(range(12), NOISY)
    truth = found["truth"].mean()
    assert found["moments"].mean() == pytest.approx(truth, rel=0.15)
    assert found["sessions"].mean() == pytest.approx(truth, rel=0.15)


def test_with_inflated_standard_errors_only_sessions_do() -> None:
    found = spreads(range(12), {**NOISY, "town_shock": 0.6}, errors=2.5)
    truth = found["truth"].mean()
    assert found["moments"].mean() < 0.75 * truth
    assert found["sessions"].mean() == pytest.approx(truth, rel=0.2)


SPREAD_WORLDS: Mapping[str, tuple[Mapping[str, float], tuple[Change, ...], float, str]] = {
    "right standard errors": (NOISY, (), 1.0, "municipality"),
    "nobody has an effect": ({"effect": 0.0}, (), 1.0, "municipality"),
    "standard errors doubled": ({"town_shock": 0.6}, (), 2.0, "municipality"),
    "standard errors halved": ({"town_shock": 0.6}, (), 0.5, "municipality"),
    "no effect, clustered by unit": (
        {"effect": 0.0, "town_shock": 0.4}, (clustered_by_unit,), 1.0, "municipality",
    ),
    "no effect, shocks of districts, apart by town": (
        {"effect": 0.0}, (shaken_by_district,), 1.0, "municipality",
    ),
    "no effect, shocks of districts, apart by district": (
        {"effect": 0.0}, (shaken_by_district,), 1.0, "district",
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", SPREAD_WORLDS)
def test_the_claims_about_the_spread(name: str) -> None:
    world, changes, errors, apart = SPREAD_WORLDS[name]
    found = spreads(range(3000, 3500), world, *changes, errors=errors, apart=apart).drop_nans()
    mean = {column: float(found[column].mean()) for column in found.columns}
    off = found["sessions"] - found["truth"]
    inside = float((off.abs() <= 2 * found["se"]).mean())
    print(
        f"| {name} | {mean['truth']:.4f} | {mean['moments']:.4f} | {mean['sessions']:.4f} | "
        f"{off.std():.4f} | {mean['se']:.4f} | {inside:.3f} |"
    )
    if "apart by town" not in name:
        assert abs(mean["sessions"] - mean["truth"]) < max(0.1 * mean["truth"], 0.001)


# --- does the ranking predict?


def predictions(seeds: Iterable[int], world: Mapping[str, float]) -> pl.DataFrame:
    """One row per union whose providers differ in intake; true_slope: of the truth, not of what was
    realised, on what was predicted."""
    rows = []
    for union in unions(seeds, world, with_different_intake):
        found = prediction_check(union.cells, union.exposure, METHODOLOGY)
        slope = found.figure("slope")
        frame = found.frame
        place = frame["provider"].str.slice(1).cast(pl.Int64).to_numpy()
        moved = np.cov(frame["predicted"], union.truth[place], aweights=frame["weight"])
        rows.append(
            {
                "slope": slope["value"],
                "true_slope": moved[0, 1] / moved[0, 0],
                "covers_true": slope["lower"] <= moved[0, 1] / moved[0, 0] <= slope["upper"],
                "covers_one": slope["lower"] <= 1 <= slope["upper"],
                "raw_slope": found.figure("slope", RAW_MEAN)["value"],
                "order": found.figure("rank_correlation")["value"],
                "raw_order": found.figure("rank_correlation", RAW_MEAN)["value"],
                **{
                    name: found.figure("mean_squared_error", name)["value"]
                    for name in (POSTERIOR_MEAN, RAW_MEAN, EVERYONE_AVERAGE)
                },
                "stays_listed": found.figure("stays_listed")["value"],
                "stays_above": found.figure("stays_above")["value"],
            }
        )
    return pl.DataFrame(rows)


STABLE: Mapping[str, float] = {"growth": 0.0, "between_towns": 0.1}


def test_the_slope_is_that_of_the_truth_and_the_ranking_beats_its_rivals() -> None:
    found = predictions(range(12), {**STABLE, "town_shock": 0.3})
    assert found["slope"].mean() == pytest.approx(found["true_slope"].mean(), abs=0.08)
    assert (found[POSTERIOR_MEAN] < found[RAW_MEAN]).all()
    assert (found[POSTERIOR_MEAN] < found[EVERYONE_AVERAGE]).all()
    assert found["order"].mean() > found["raw_order"].mean() + 0.2
    assert found["raw_slope"].mean() < 0.5


PREDICTION_WORLDS: Mapping[str, Mapping[str, float]] = {
    "stable effects": STABLE,
    "stable effects, strong town shocks": {**STABLE, "town_shock": 0.4},
    "the same, ten towns or more each": {**STABLE, "town_shock": 0.4, "few": (10, 20)},
    "the same, shocks that last": {**STABLE, "town_shock": 0.4, "persistence": 0.9},
    "growing effects": {"between_towns": 0.1},
}


@pytest.mark.long
@pytest.mark.parametrize("name", PREDICTION_WORLDS)
def test_the_claims_about_prediction(name: str) -> None:
    found = predictions(range(4000, 4500), PREDICTION_WORLDS[name])
    mean = {column: float(found[column].mean()) for column in found.columns}
    beats_raw = float((found[POSTERIOR_MEAN] < found[RAW_MEAN]).mean())
    beats_average = float((found[POSTERIOR_MEAN] < found[EVERYONE_AVERAGE]).mean())
    print(
        f"| {name} | {mean['slope']:.3f} | {mean['true_slope']:.3f} | {found['slope'].std():.3f} | "
        f"{mean['covers_true']:.3f} | {mean['covers_one']:.3f} | {mean['order']:.2f} | "
        f"{mean['raw_order']:.2f} | {mean['raw_slope']:.2f} | {mean[POSTERIOR_MEAN]:.4f} | "
        f"{mean[RAW_MEAN]:.4f} | {mean[EVERYONE_AVERAGE]:.4f} | {beats_raw:.2f} | "
        f"{beats_average:.2f} | {mean['stays_listed']:.2f} | {mean['stays_above']:.2f} |"
    )
    if "growth" in PREDICTION_WORLDS[name]:
        # growing effects of short later exposure are not those of the truth, which is of all of it
        assert mean["slope"] == pytest.approx(mean["true_slope"], abs=0.05)
    assert beats_raw > 0.95


# --- permuted labels


def permutations(
    seeds: Iterable[int], world: Mapping[str, float], *changes: Change
) -> pl.DataFrame:
    found = [
        permuted_labels(union.cells, union.exposure, METHODOLOGY)
        for union in unions(seeds, world, *changes)
    ]
    return pl.DataFrame(
        {
            "failed": [each.outcome == FAILED for each in found],
            "share": [each.figure for each in found],
            "variance": [each.variance for each in found],
            "real_variance": [each.real_variance for each in found],
        }
    )


def test_the_gate_tells_right_standard_errors_from_wrong_ones() -> None:
    assert not permutations(range(2), NOISY)["failed"].any()
    assert permutations(range(2), NOISY, clustered_by_unit)["failed"].all()


PERMUTED_WORLDS: Mapping[str, tuple[Mapping[str, float], tuple[Change, ...]]] = {
    "growing effects": ({}, ()),
    "nobody has an effect": ({"effect": 0.0}, ()),
    "strong town shocks and differences": ({"between_towns": 0.2, "town_shock": 0.4}, ()),
    "persistent town shocks": ({"persistence": 0.9}, ()),
    "growing effects, clustered by unit": ({}, (clustered_by_unit,)),
    "nobody has an effect, clustered by unit": ({"effect": 0.0}, (clustered_by_unit,)),
    "strong town shocks, clustered by unit": (
        {"between_towns": 0.2, "town_shock": 0.4}, (clustered_by_unit,),
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", PERMUTED_WORLDS)
def test_the_claims_about_permuted_labels(name: str) -> None:
    world, changes = PERMUTED_WORLDS[name]
    found = permutations(range(5000, 5100), world, *changes)
    failed = float(found["failed"].mean())
    print(
        f"| {name} | {failed:.2f} | {found['share'].mean():.3f} | {found['share'].max():.2f} | "
        f"{found['variance'].mean():.4f} | {found['real_variance'].mean():.4f} |"
    )
    assert failed > 0.7 if changes else failed <= 0.05
