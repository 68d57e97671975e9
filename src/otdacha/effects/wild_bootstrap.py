"""A second opinion on p-values with few clusters: the restricted wild cluster score bootstrap.

With the effect of a provider held at zero, cluster c contributes `s_c = ψ_c + p_c θ̂` to its
estimate, p_c being the cluster's weight; the s_c sum to θ̂. A draw multiplies each by a random v_c
of mean zero and variance one, estimates `θ* = Σ v_c s_c`, and its variance from the scores around
it, `Σ (v_c s_c − p_c θ*)²`. The p-value is the share of draws whose |t*| reaches the observed |t|.
Where providers share units, the effects of the others are held at their restricted estimates.

Sources: Kline and Santos (2012) for scores, Cameron, Gelbach and Miller (2008) for imposing the
null, Webb (2023) for the six points, Roodman, MacKinnon, Nielsen and Webb (2019) for enumeration.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from scipy import stats

from otdacha.effects.assemble import IMPUTATION, effects_of, fit_designs
from otdacha.effects.cells import Floats
from otdacha.effects.result import ESTIMATED, without_nan
from otdacha.effects.stored import Table
from otdacha.methodology import Methodology

WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))
WEBB = np.concatenate([-WEBB[::-1], WEBB])
"""Six points of equal chance with mean 0, variance 1 and as many as 6^C different draws."""

P_VALUES = pl.Schema(
    {
        "provider": pl.String,
        "indicator": pl.String,
        "clusters": pl.Int64,
        "t_p_value": pl.Float64,  # two-sided, H₀: no effect
        "bootstrap_p_value": pl.Float64,
    }
)

_AT_ONCE = 1 << 22
_TIE = 1 - 1e-9


def wild_bootstrap(
    cells: Table,
    exposure: Table,
    methodology: Methodology,
    *,
    design: str = IMPUTATION,
    covariates: Sequence[str] = (),
    draws: int = 9_999,
    seed: int = 20_080_801,
) -> pl.DataFrame:
    """Two-sided p-values of "no effect" by t and by wild cluster bootstrap (schema `P_VALUES`).

    One row per provider and indicator; nulls where the provider is not "estimated". design:
    "imputation" or "joint". The t test is that of the estimates (corrected score, t quantiles); the
    bootstrap takes plain scores, clustered by town. The same seed gives the same figures.
    """
    fits = fit_designs(cells, exposure, methodology, [design], covariates=covariates)
    effects = effects_of(fits, design, methodology, None)
    tables = []
    for name, fit in fits.found[design].items():
        table = effects.of(name)
        known = table["state"].to_numpy() == ESTIMATED
        t = np.abs(table["estimate"].to_numpy() / table["se"].fill_null(np.nan).to_numpy())
        bootstrap = score_bootstrap(fit.plain, fit.weight, fit.theta, draws=draws, seed=seed)
        tables.append(
            pl.DataFrame(
                {
                    "provider": table["provider"],
                    "indicator": table["indicator"],
                    "clusters": table["clusters"],
                    "t_p_value": 2 * stats.t.sf(t, table["df"].fill_null(np.nan).to_numpy()),
                    "bootstrap_p_value": np.where(known, bootstrap, np.nan),
                },
                schema=P_VALUES,
            )
        )
    return without_nan(pl.concat(tables)) if tables else P_VALUES.to_frame()


def score_bootstrap(
    plain: Floats, weight: Floats, theta: Floats, *, draws: int, seed: int
) -> Floats:
    """Bootstrap p-values (J,) of θ_j = 0; nan where the scores have no variance.

    plain (C, J): plain scores ψ. weight (C, J): cluster weights, columns sum to one. theta (J,).
    Where all 6^C draws are no more than `draws`, each is taken once and the p-value is exact;
    otherwise (1 + how many reach |t|) / (1 + draws).
    """
    known = np.isfinite(theta) & ((plain**2).sum(0) > 0)
    restricted = np.where(known, plain + weight * np.nan_to_num(theta), 0.0)
    p = np.where(known, weight, 0.0)
    variance = np.where(known, (plain**2).sum(0), 1.0)
    observed = np.abs(np.nan_to_num(theta)) / np.sqrt(variance)
    squares, mixed, own = restricted**2, restricted * p, (p * p).sum(0)
    reached = np.zeros(len(theta), dtype=np.int64)
    count = 0
    for v in _multipliers(len(plain), max(1, _AT_ONCE // max(len(theta), 1)), draws, seed):
        star = v @ restricted
        spread = (v * v) @ squares - 2 * star * (v @ mixed) + star**2 * own
        # spread is a sum of squares: rounding may leave less than nothing of none
        reached += (star**2 >= (observed * _TIE) ** 2 * np.maximum(spread, 0.0)).sum(0)
        count += len(v)
    exact = enumerable(len(plain), draws)
    p_value = reached / max(count, 1) if exact else (1 + reached) / (1 + count)
    return np.asarray(np.where(known, p_value, np.nan))


def enumerable(clusters: int, draws: int) -> bool:
    """Whether all draws of so many clusters are taken once each."""
    points: int = len(WEBB)
    return bool(points**clusters <= draws)


def _multipliers(clusters: int, at_once: int, draws: int, seed: int) -> Iterator[Floats]:
    """Rows of Webb multipliers, (rows, clusters), a block at a time."""
    if enumerable(clusters, draws):
        every = itertools.product(WEBB, repeat=clusters)
        while block := list(itertools.islice(every, at_once)):
            yield np.array(block).reshape(len(block), clusters)
        return
    generator = np.random.default_rng(seed)
    for start in range(0, draws, at_once):
        size = (min(at_once, draws - start), clusters)
        yield WEBB[generator.integers(0, len(WEBB), size)]
