"""Where effects grow and starts are staggered, two-way fixed effects fail and imputation does not.

Two-way fixed effects regress on dummies for units and months and one for "trained": units trained
long ago then serve as comparison for units trained now, and their growing effect is subtracted.
Source of the argument: Goodman-Bacon (2021); de Chaisemartin and D'Haultfoeuille (2020).
"""

from __future__ import annotations

import numpy as np
import pytest

from otdacha.effects import impute
from tests.simulation.rivals import two_way_fixed_effects
from tests.simulation.unions import Union, simulated_union
from tests.unit.effects.worlds import methodology_of

GROWING = {
    "towns": 30,
    "people": 12,
    "periods": 30,
    "providers": 6,
    "few": (5, 9),
    "effect": 0.5,
    "growth": 4.0,
}


def dense_two_way_fixed_effects(union: Union) -> np.ndarray:
    """(J,) weighted least squares with dummies; the unit's are taken out by demeaning."""
    cells = union.cells.sort("unit", "month")
    unit = cells["unit"].to_numpy()
    periods = cells["month"].n_unique()
    w = cells["n"].to_numpy().astype(float)
    y = cells["total"].to_numpy() / w
    providers = sorted(union.exposure["provider"].unique())
    month = {m: i for i, m in enumerate(cells["month"].unique().sort())}
    X = np.zeros((len(cells), periods - 1 + len(providers)))
    rows = np.arange(len(cells))
    period = np.array([month[m] for m in cells["month"]])
    late = period > 0
    X[rows[late], period[late] - 1] = 1
    index = {p: periods - 1 + j for j, p in enumerate(providers)}
    for u, m, p in union.exposure.select("unit", "month", "provider").iter_rows():
        X[u * periods + month[m], index[p]] = 1
    n = np.bincount(unit, w)
    y = y - (np.bincount(unit, w * y) / n)[unit]
    means = np.column_stack([np.bincount(unit, w * column) / n for column in X.T])
    X = X - means[unit]
    root = np.sqrt(w)
    return np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0][periods - 1 :]


def test_the_fast_rival_is_the_regression_on_dummies() -> None:
    union = simulated_union(1, **GROWING)
    dense = dense_two_way_fixed_effects(union)
    assert two_way_fixed_effects(union).estimate == pytest.approx(dense, abs=1e-10)


def test_two_way_fixed_effects_are_biased_and_imputation_is_not() -> None:
    imputed, two_way = [], []
    for seed in range(12):
        union = simulated_union(seed, **GROWING)
        ours = impute(union.cells, union.exposure, methodology_of()).of()["estimate"].to_numpy()
        imputed += list(ours - union.truth)
        two_way += list(two_way_fixed_effects(union).estimate - union.truth)
    bias, rival = np.mean(imputed), np.mean(two_way)
    assert abs(bias) < 2.5 * np.std(imputed) / np.sqrt(len(imputed))
    assert rival < -0.1  # it loses a tenth of a standard deviation of an effect of about 1.5
    assert abs(rival) > 5 * abs(bias)
