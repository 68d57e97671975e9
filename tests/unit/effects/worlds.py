"""Small invented unions as cells and exposure, and the naive twin of design A.

The twin is dense least squares with a dummy for every unit and every stratum-month, and leaves out
clusters by estimating stage 2 again without them: slow, and plain enough to be checked by eye.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.methodology import Methodology, default_methodology


def months(count: int) -> list[dt.date]:
    return [dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(count)]


def methodology_of(indicators: tuple[str, ...] = ("on_time",), **design: object) -> Methodology:
    """The default methodology with some indicators only, and other settings of the design."""
    default = default_methodology()
    kept = tuple(
        i.model_copy(update={"centre": 0}) for i in default.indicators if i.id in indicators
    )
    return default.model_copy(
        update={
            "indicators": kept,
            "design": default.design.model_copy(update={"aggregation": "cases", **design}),
            "minimum": default.minimum.model_copy(
                update={"people": 1, "clusters": 2, "degrees_of_freedom": 1.0}
            ),
        }
    )


@dataclass(frozen=True)
class World:
    cells: pl.DataFrame
    exposure: pl.DataFrame


def random_world(
    seed: int,
    *,
    units: int = 60,
    periods: int = 12,
    providers: int = 4,
    clusters: int = 5,
    strata: int = 2,
    doses: bool = False,
    indicator: str = "on_time",
    missing: float = 0.1,
) -> World:
    """Cells with holes, unequal weights, staggered training; with `doses`, several providers."""
    rng = np.random.default_rng(seed)
    rows, links = [], []
    calendar = months(periods)
    for u in range(units):
        start = int(rng.integers(3, periods + 4))
        mine = rng.choice(providers, size=2 if doses and rng.random() < 0.5 else 1, replace=False)
        shares = rng.uniform(0.2, 1.0, len(mine)) if doses else np.ones(1)
        unit = f"u{u:04d}"
        for t in range(periods):
            if rng.random() < missing:
                continue
            n = int(rng.integers(1, 9))
            exposed = t >= start
            effect = float(shares @ mine) * 0.3 if exposed else 0.0
            y = rng.normal(np.sin(u) + 0.1 * t * (u % strata) + effect, 1 / np.sqrt(n))
            rows.append(
                (
                    unit,
                    f"s{u % strata}",
                    f"c{(u // strata) % clusters}",
                    calendar[t],
                    indicator,
                    n,
                    y * n,
                    "exposed" if exposed else "clean",
                )
            )
            if exposed:
                links += [
                    (unit, calendar[t], f"p{j}", float(d), 4)
                    for j, d in zip(mine, shares, strict=True)
                ]
    cells = pl.DataFrame(
        rows,
        schema=["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"],
        orient="row",
    )
    exposure = pl.DataFrame(
        links, schema=["unit", "month", "provider", "share", "staff"], orient="row"
    )
    return World(cells, exposure)


def dense_imputation(
    world: World, covariates: tuple[str, ...] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """θ (J,) and ψ (clusters, J) by the textbook: dummies, lstsq, and one refit per cluster."""
    cells = world.cells.sort("stratum", "unit", "month")
    providers = sorted(world.exposure["provider"].unique())
    clusters = sorted(cells["cluster"].unique())
    unit_month = (cells["unit"] + "|" + cells["month"].cast(pl.String)).to_list()
    where = {key: row for row, key in enumerate(unit_month)}
    D = np.zeros((len(cells), len(providers)))
    for unit, month, provider, share, _ in world.exposure.iter_rows():
        if f"{unit}|{month}" in where:
            D[where[f"{unit}|{month}"], providers.index(provider)] = share
    units = cells["unit"].to_list()
    calendar = (cells["stratum"] + cells["month"].cast(pl.String)).to_list()
    names = sorted(set(units)), sorted(set(calendar))
    Z = np.zeros((len(cells), len(names[0]) + len(names[1])))
    for row, (u, t) in enumerate(zip(units, calendar, strict=True)):
        Z[row, names[0].index(u)] = 1
        Z[row, len(names[0]) + names[1].index(t)] = 1
    if covariates:
        Z = np.hstack([Z, cells.select(covariates).to_numpy()])
    w = cells["n"].to_numpy().astype(float)
    y = cells["total"].to_numpy() / w
    clean = cells["status"].cast(pl.String).to_numpy() == "clean"
    Z0, Z1 = Z[clean], Z[~clean]
    # a cell is predicted when its row of Z lies in the row space of the clean ones
    basis = np.linalg.svd(Z0 * np.sqrt(w[clean])[:, None], full_matrices=False)
    row_space = basis[2][basis[1] > 1e-9 * basis[1][0]]
    predicted = np.linalg.norm(Z1 - Z1 @ row_space.T @ row_space, axis=1) < 1e-8
    Z1, D1 = Z1[predicted], D[~clean][predicted]
    w0, w1 = w[clean], w[~clean][predicted]
    y0, y1 = y[clean], y[~clean][predicted]
    root = np.sqrt(w0)[:, None]
    coefficients = np.linalg.lstsq(Z0 * root, y0 * root[:, 0], rcond=1e-10)[0]
    e0, tilde = y0 - Z0 @ coefficients, y1 - Z1 @ coefficients
    A = D1.T @ (w1[:, None] * D1)
    theta = np.linalg.solve(A, D1.T @ (w1 * tilde))
    carry = (D1.T @ (w1[:, None] * Z1)) @ np.linalg.pinv(Z0.T @ (w0[:, None] * Z0), rcond=1e-11)
    inverse = np.linalg.inv(A)
    c0 = cells["cluster"].to_numpy()[clean]
    c1 = cells["cluster"].to_numpy()[~clean][predicted]
    p = [
        np.diag(inverse @ D1[c1 == c].T @ (w1[c1 == c, None] * D1[c1 == c]) @ inverse)
        / np.diag(inverse)
        for c in clusters
    ]
    psi = []
    for c in clusters:
        mine = c1 == c
        rest = ~mine
        left = np.linalg.solve(
            D1[rest].T @ (w1[rest, None] * D1[rest]), D1[rest].T @ (w1[rest] * tilde[rest])
        )
        first = (theta - left) / np.sqrt(excess_by_hand(np.array(p)))
        second = np.linalg.solve(A, carry @ (Z0[c0 == c].T @ (w0 * e0)[c0 == c]))
        psi.append(first - second)
    return theta, np.array(psi)


def excess_by_hand(p: np.ndarray) -> np.ndarray:
    """By how much Σ (p_c/(1−p_c))² (y_c − Σ p y)² is too large for independent y_c of variance one,
    when the truth is Σ p²; p (C, J): cluster weights."""
    found = []
    for weights in p.T:
        deviation = np.eye(len(weights)) - np.outer(np.ones(len(weights)), weights)
        Q = deviation.T @ np.diag((weights / (1 - weights)) ** 2) @ deviation
        found.append(np.trace(Q) / (weights @ weights))
    return np.array(found)


def dense_joint(
    world: World,
    covariates: tuple[str, ...] = (),
    *,
    weight: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design B by the textbook: one regression on all dummies and doses, and one per cluster.

    weight: of the cells, sorted by stratum, unit and month; by default their cases. Returns θ (J,),
    what θ changes by without each cluster (C, J), and plain cluster scores (C, J).
    """
    cells = world.cells.sort("stratum", "unit", "month")
    providers = sorted(world.exposure["provider"].unique())
    where = {(u, m): row for row, (u, m) in enumerate(cells.select("unit", "month").iter_rows())}
    D = np.zeros((len(cells), len(providers)))
    for unit, month, provider, share in world.exposure.select(
        "unit", "month", "provider", "share"
    ).iter_rows():
        if (unit, month) in where:
            D[where[unit, month], providers.index(provider)] = share
    calendar = cells["stratum"].cast(pl.String) + cells["month"].cast(pl.String)
    dummies = [
        np.equal.outer(column.to_numpy(), column.unique().sort().to_numpy()).astype(float)
        for column in (cells["unit"], calendar)
    ]
    extra = [cells[name].to_numpy()[:, None] for name in covariates]
    X = np.hstack([D, *dummies, *extra])
    w = cells["n"].to_numpy().astype(float) if weight is None else weight
    y = cells["total"].to_numpy() / cells["n"].to_numpy()
    cluster = cells["cluster"].to_numpy()
    J = len(providers)

    def fitted(rows: np.ndarray) -> np.ndarray:
        root = np.sqrt(w[rows])
        return np.linalg.lstsq(X[rows] * root[:, None], y[rows] * root, rcond=1e-10)[0]

    everything = np.ones(len(cells), dtype=bool)
    coefficients = fitted(everything)
    residual = y - X @ coefficients
    inverse = np.linalg.pinv(X.T @ (w[:, None] * X), rcond=1e-11)[:J]
    clusters = sorted(set(cluster))
    jackknife = [coefficients[:J] - fitted(cluster != c)[:J] for c in clusters]
    plain = [inverse @ (X[cluster == c].T @ (w * residual)[cluster == c]) for c in clusters]
    return coefficients[:J], np.array(jackknife), np.array(plain)
