"""Design B beside design A: where effects are constant they agree, where they grow B is biased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from scipy import stats

from otdacha.effects.assemble import fit_designs
from tests.simulation.unions import simulated_union
from tests.unit.effects.worlds import methodology_of

Figures = Mapping[str, np.ndarray]

WORLDS: Mapping[str, Mapping[str, float]] = {
    "constant effects": {"growth": 0.0, "between_towns": 0.0},
    "constant effects that differ between towns": {"growth": 0.0},
    "staggered growing effects": {},
}


def both_designs(seeds: Iterable[int], world: Mapping[str, float]) -> Figures:
    """By provider and union: errors, standard errors and df of A and B, and their difference in
    standard errors of the difference."""
    columns: dict[str, list[np.ndarray]] = {}
    for seed in seeds:
        union = simulated_union(seed, **world)
        found = fit_designs(
            union.cells, union.exposure, methodology_of(), ["imputation", "joint"], covariates=()
        ).found
        a, b = found["imputation"]["on_time"], found["joint"]["on_time"]
        of_difference = np.sqrt(((b.psi - a.psi) ** 2).sum(0))
        made = {
            "towns": union.towns_of,
            "error_a": a.theta - union.truth,
            "error_b": b.theta - union.truth,
            "se_a": np.sqrt((a.psi**2).sum(0)),
            "se_b": np.sqrt((b.psi**2).sum(0)),
            "df_b": b.df,
            "z": (b.theta - a.theta) / of_difference,
        }
        for name, values in made.items():
            columns.setdefault(name, []).append(values)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    known = np.all([np.isfinite(values) for values in joined.values()], axis=0)
    return {name: values[known] for name, values in joined.items()}


def covered(found: Figures) -> np.ndarray:
    t = np.abs(found["error_b"] / found["se_b"])
    return np.asarray(t <= stats.t.ppf(0.975, found["df_b"]))


def test_the_designs_agree_within_sampling_error_where_effects_are_constant() -> None:
    found = both_designs(range(12), WORLDS["constant effects"])
    z = found["z"]
    assert abs(z.mean()) < 0.25  # 280 dependent differences
    assert 0.85 < z.std() < 1.25
    assert abs(found["error_b"].mean()) < 0.1 * found["error_b"].std() + 0.01
    assert covered(found).mean() > 0.92


def test_where_effects_grow_and_starts_are_staggered_the_joint_design_is_biased() -> None:
    """That is two-way fixed effects, and why imputation comes first."""
    found = both_designs(
        range(8), {"growth": 4.0, "effect": 0.5, "providers": 12, "periods": 30, "towns": 30}
    )
    assert found["error_b"].mean() < -0.1
    assert abs(found["error_a"].mean()) < 0.2 * abs(found["error_b"].mean())


@pytest.mark.long
@pytest.mark.parametrize("name", WORLDS)
def test_the_claims_of_the_evidence(name: str) -> None:
    found = both_designs(range(1000, 1500), WORLDS[name])
    for label, chosen in (("3-9", found["towns"] < 10), ("10-20", found["towns"] >= 10)):
        part = {key: values[chosen] for key, values in found.items()}
        ratio = np.sqrt((part["se_b"] ** 2).mean()) / part["error_b"].std()
        print(
            f"| {name} | {label} | {chosen.sum():,} | {covered(part).mean():.3f} | {ratio:.3f} | "
            f"{part['error_b'].mean():+.3f} | {part['error_a'].mean():+.3f} | "
            f"{part['z'].mean():+.2f} | {part['z'].std():.2f} |"
        )
        if "constant" in name:
            assert covered(part).mean() >= 0.93
            assert abs(part["z"].mean()) < 0.1
