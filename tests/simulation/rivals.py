"""What is done instead: four usual ways to name the best providers, as a practitioner would.

Each takes a simulated union and says which providers it would list; none sees the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from tests.simulation.worlds.union import Union

ONE_SIDED = 1.645
"""Normal quantile of 5 %, one-sided."""
TOP_SHARE = 0.25


@dataclass(frozen=True)
class TwoWay:
    """estimate, se (J,): coefficients of exposure and their cluster-robust standard errors."""

    estimate: np.ndarray
    se: np.ndarray


def two_way_fixed_effects(union: Union) -> TwoWay:
    """Weighted least squares on dummies of units and months and exposure to each provider.

    All cells are used, as they are. Units are taken out by demeaning, exactly; what is left is a
    small system of months and providers. CR1: C/(C−1) · (N−1)/(N−K); K counts the constant, months
    and providers, not the units, which nest in clusters. Residuals sum to zero within a unit, so
    scores need no demeaned design.
    """
    cells = union.cells
    unit, units = _codes(cells["unit"])
    month, months = _codes(cells["month"])
    cluster, clusters = _codes(cells["cluster"])
    N, J = len(cells), len(union.truth)
    weight = cells["n"].to_numpy().astype(np.float64)
    y = cells["total"].to_numpy() / weight
    links = union.exposure.join(cells.with_row_index("row"), on=["unit", "month"])
    provider = union.providers.with_row_index("code").select("provider", "code")
    links = links.join(provider, on="provider").select("row", "code", "share")
    later = np.flatnonzero(month > 0)
    X = sparse.csr_array(
        (
            np.concatenate([np.ones(len(later)), links["share"].to_numpy()]),
            (
                np.concatenate([later, links["row"].to_numpy()]),
                np.concatenate([month[later] - 1, months - 1 + links["code"].to_numpy()]),
            ),
        ),
        shape=(N, months - 1 + J),
    )
    cases = np.bincount(unit, weight)
    y = y - (np.bincount(unit, weight * y) / cases)[unit]
    weighted = sparse.csr_array(X * weight[:, None])
    of_unit = sparse.csr_array((np.ones(N), (unit, np.arange(N))), shape=(units, N))
    sums = sparse.csr_array(of_unit @ weighted)
    per_unit = sparse.csr_array(sums / cases[:, None])
    S = (X.T @ weighted - sums.T @ per_unit).toarray()
    inverse = np.linalg.pinv(S, hermitian=True)
    coefficients = inverse @ (weighted.T @ y)
    residual = y - X @ coefficients
    residual -= (np.bincount(unit, weight * residual) / cases)[unit]
    of_cluster = sparse.csr_array((residual, (cluster, np.arange(N))), shape=(clusters, N))
    influence = (of_cluster @ weighted) @ inverse
    K = 1 + X.shape[1]
    small = clusters / (clusters - 1) * (N - 1) / (N - K)
    se = np.sqrt(small * (influence**2).sum(axis=0))
    return TwoWay(coefficients[months - 1 :], se[months - 1 :])


def _codes(values: pl.Series) -> tuple[np.ndarray, int]:
    code = values.rank("dense").to_numpy().astype(np.int64) - 1
    return code, int(code.max()) + 1


def significant_in_two_way_fixed_effects(union: Union) -> set[str]:
    """Significantly better than nothing, one-sided 5 %, normal quantile."""
    found = two_way_fixed_effects(union)
    better = found.estimate > ONE_SIDED * found.se
    return set(union.providers.filter(pl.Series(better))["provider"])


def raw_means(union: Union) -> pl.DataFrame:
    """provider, mean, people, se: how the trained do after training, whatever they did before.

    mean: over cases, weighted by exposure. se: of the mean of unit means, as if units were
    independent draws.
    """
    seen = union.exposure.join(
        union.cells.filter(pl.col("status") == "exposed"), on=["unit", "month"]
    ).with_columns(weight=pl.col("n") * pl.col("share"), sum=pl.col("total") * pl.col("share"))
    of_unit = seen.group_by("provider", "unit").agg(pl.col("weight", "sum").sum())
    return (
        of_unit.with_columns(own=pl.col("sum") / pl.col("weight"))
        .group_by("provider")
        .agg(
            mean=pl.col("sum").sum() / pl.col("weight").sum(),
            mean_of_units=pl.col("own").mean(),
            people=pl.len(),
            se=pl.col("own").std() / pl.len().sqrt(),
        )
        .sort("provider")
    )


def best_raw_means(union: Union) -> set[str]:
    """The top quarter by raw mean."""
    return _top(raw_means(union), "mean")


def significant_raw_means(union: Union) -> set[str]:
    """Raw means significantly above their mean, one-sided 5 %, by the naive standard error."""
    means = raw_means(union)
    above = pl.col("mean_of_units") - pl.col("mean_of_units").mean() > ONE_SIDED * pl.col("se")
    return set(means.filter(above)["provider"])


def most_satisfying(union: Union) -> set[str]:
    """The top quarter by the mean satisfaction of those who were trained."""
    return _top(union.satisfaction.group_by("provider").agg(pl.col("score").mean()), "score")


def _top(figures: pl.DataFrame, by: str) -> set[str]:
    count = round(TOP_SHARE * len(figures))
    return set(figures.sort([by, "provider"], descending=[True, False])["provider"].head(count))


RIVALS: Mapping[str, Callable[[Union], set[str]]] = {
    "two-way fixed effects, significant": significant_in_two_way_fixed_effects,
    "raw means, top quarter": best_raw_means,
    "raw means, significantly above the mean": significant_raw_means,
    "satisfaction, top quarter": most_satisfying,
}
