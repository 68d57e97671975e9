"""How the order and the list move when the weights of the indicators move (method.md §4).

What an indicator should weigh is a choice, not a measurement. So the composite, its list and its
order are made anew, by the rules of `rank`, for weights all over the simplex: a regular lattice
for up to four indicators, uniform draws for more, and always the methodology's own weights and
each indicator by itself. Grades and rank ranges are left out: they would say the same at length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from otdacha.effects.composite import weighted
from otdacha.effects.result import COMPOSITE, ESTIMATED, Effects
from otdacha.errors import NothingToEstimate
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED
from otdacha.progress import Progress, silent
from otdacha.ranking.many import one_by_one
from otdacha.ranking.verdicts import candidates, verdicts

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

STEPS: Mapping[int, int] = {1: 1, 2: 20, 3: 10, 4: 6}
"""Steps of the lattice from 0 to 1, by number of indicators: 21, 66, 84 points for 2, 3, 4."""
DRAWS, SEED = 200, 20_260_101
"""Weights that are drawn for five indicators and more, uniformly over the simplex."""

PROVIDERS = pl.Schema(
    {
        "provider": pl.String,
        "ranked": pl.Int64,  # weight vectors under which it takes part
        "listed_share": pl.Float64,  # share of all weight vectors under which it is listed
        "listed_always": pl.Boolean,  # under every weight vector
        "listed_ever": pl.Boolean,
        "best": pl.Int64,  # place, 1 is best; null where it never takes part
        "worst": pl.Int64,
        "listed": pl.Boolean,  # under the methodology's weights
        "place": pl.Int64,  # under the methodology's weights; null where it takes no part
    }
)


@dataclass(frozen=True)
class WeightSweep:
    """The list and the order over the simplex of indicator weights.

    indicators: those that are weighed, in the methodology's order. left_out: the others, and why:
        no_weight (the methodology gives it none), no_variation (all results are the same),
        not_estimated.
    providers: one row per provider (schema `PROVIDERS`), by place under the methodology's weights.
    vectors: one row per weight vector: `weight_<indicator>` (sum to one); `own`, the methodology's;
        `vertex`, the indicator that has all the weight, or null; `ranked`, `listed`, how many are;
        `first`, who stands first; `tau`, Kendall's τ with the order under the methodology's weights
        over the providers that are in both (null with fewer than two); with three indicators `x`,
        `y`, where the vector lies in a triangle with corners (0, 0), (1, 0) and (1/2, √3/2), in
        their order.
    places: (vectors, providers), by rows of `vectors` and `providers`; 0 where it takes no part.
    excluded: providers without an estimate on an indicator, and how many weight vectors that cost
    them (schema `otdacha.methodology.counting.EXCLUDED`).
    """

    indicators: tuple[str, ...]
    left_out: Mapping[str, str]
    providers: pl.DataFrame
    vectors: pl.DataFrame
    places: NDArray[np.int64]
    excluded: pl.DataFrame


def sweep_weights(
    effects: Effects,
    methodology: Methodology,
    *,
    covariates: pl.DataFrame | None = None,
    progress: Progress = silent,
) -> WeightSweep:
    """Rank the composite of `effects` under weights all over the simplex.

    covariates: as in `rank`. A provider takes part under the weights that are positive only for
    indicators on which it has an estimate. Raises NothingToEstimate where no indicator that the
    methodology weighs can be put on a scale; what `rank` raises about covariates.
    """
    indicators, left_out = _weighable(effects, methodology)
    # by name, so that weights that are drawn do not depend on the methodology's order
    alphabetical = sorted(indicators)
    own = np.array([methodology.weights[name] for name in alphabetical])
    vectors = weight_vectors(len(own), own / own.sum())
    mine = int(np.abs(vectors - own / own.sum()).max(axis=1).argmin())
    vectors = vectors[:, [alphabetical.index(name) for name in indicators]]
    places = np.zeros((len(vectors), len(effects.providers)), dtype=np.int64)
    listed = np.zeros(places.shape, dtype=bool)

    def order(vector: Vector) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        weights = dict(zip(indicators, vector.tolist(), strict=True))
        return _order(effects, weights, methodology, covariates)

    with one_by_one(len(effects.clusters) * len(effects.providers)) as pool:
        for row, found in enumerate(pool.map(order, vectors)):
            progress(text("Moving the weights of the indicators"), row, len(vectors))
            places[row], listed[row] = found
    progress(text("Moving the weights of the indicators"), len(vectors), len(vectors))
    by_place = np.lexsort((np.arange(places.shape[1]), _last(places[mine])))
    return WeightSweep(
        indicators=indicators,
        left_out=left_out,
        providers=_providers(effects.providers, places, listed, mine)[by_place],
        vectors=_vectors(effects.providers, indicators, vectors, places, listed, mine),
        places=places[:, by_place],
        excluded=_missing(effects, indicators, vectors),
    )


def _composed(effects: Effects, weights: Mapping[str, float], methodology: Methodology) -> Effects:
    """The composite with these weights; whose people the indicators do not cover has none."""
    shares = effects.diagnostics.get(COMPOSITE, {}).get("coverage")
    if shares is None:
        return weighted(effects, weights)
    coverage = np.array([shares[name] for name in effects.providers])
    return weighted(effects, weights, coverage=coverage, least=methodology.minimum.coverage)


def weight_vectors(indicators: int, own: Vector) -> Matrix:
    """Weights all over the simplex, (vectors, indicators), rows that sum to one, none twice.

    First the lattice or the draws, which hold each indicator by itself; last `own`, (indicators,),
    unless it is among them.
    """
    if indicators in STEPS:
        steps = STEPS[indicators]
        # stars and bars: where the bars stand among the stars
        bars = combinations(range(steps + indicators - 1), indicators - 1)
        ends = np.array([(-1, *places, steps + indicators - 1) for places in bars])
        chosen = (np.diff(ends, axis=1) - 1) / steps
    else:
        drawn = np.random.default_rng(SEED).dirichlet(np.ones(indicators), DRAWS)
        chosen = np.vstack([np.eye(indicators), drawn])
    known = (np.abs(chosen - own) < 1e-9).all(axis=1).any()
    return chosen if known else np.vstack([chosen, own])


def _weighable(
    effects: Effects, methodology: Methodology
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The indicators that can be weighed, and why the others cannot."""
    known, left_out = [], {}
    for name, weight in methodology.weights.items():
        if name not in effects.scores:
            left_out[name] = "not_estimated"
        elif weight <= 0:
            left_out[name] = "no_weight"
        elif effects.scales.get(name, 0.0) <= 0:
            left_out[name] = "no_variation"
        else:
            known.append(name)
    if not known:
        raise NothingToEstimate(
            text(
                "None of the indicators that the methodology weighs can be put on a common scale, "
                "so there is nothing to weigh."
            )
        )
    return tuple(known), left_out


def _order(
    effects: Effects,
    weights: Mapping[str, float],
    methodology: Methodology,
    covariates: pl.DataFrame | None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Places (1 is best, 0 takes no part) and who is listed, (providers,), under these weights."""
    places = np.zeros(len(effects.providers), dtype=np.int64)
    listed = np.zeros(len(effects.providers), dtype=bool)
    known = candidates(_composed(effects, weights, methodology), COMPOSITE)
    who = np.flatnonzero(known.refused.is_null().to_numpy())
    if len(who) > 1:
        found = verdicts(known, methodology, covariates)
        names = known.rows["provider"].rank("ordinal").to_numpy()
        best_first = np.lexsort((names, -known.estimates, -found.shrunken.posterior.mean))
        places[who[best_first]] = np.arange(1, len(who) + 1)
        listed[who] = found.listed
    return places, listed


def _last(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places with those who take no part behind all others."""
    return np.where(places > 0, places, np.iinfo(np.int64).max)


def _providers(
    names: Sequence[str], places: NDArray[np.int64], listed: NDArray[np.bool_], mine: int
) -> pl.DataFrame:
    ranked = (places > 0).sum(axis=0)
    table = pl.DataFrame(
        {
            "provider": list(names),
            "ranked": ranked,
            "listed_share": listed.mean(axis=0),
            "listed_always": listed.all(axis=0),
            "listed_ever": listed.any(axis=0),
            "best": np.where(ranked > 0, _last(places).min(axis=0), 0),
            "worst": places.max(axis=0),
            "listed": listed[mine],
            "place": places[mine],
        }
    )
    unknown = (pl.col(name).replace(0, None) for name in ("best", "worst", "place"))
    return table.with_columns(unknown).cast(PROVIDERS)


def _vectors(
    names: Sequence[str],
    indicators: tuple[str, ...],
    vectors: Matrix,
    places: NDArray[np.int64],
    listed: NDArray[np.bool_],
    mine: int,
) -> pl.DataFrame:
    all_of = np.where(vectors.max(axis=1) > 1 - 1e-9, vectors.argmax(axis=1), -1)
    first = np.where((places == 1).any(axis=1), (places == 1).argmax(axis=1), -1)
    columns: dict[str, Any] = {
        f"weight_{name}": vectors[:, place] for place, name in enumerate(indicators)
    }
    columns |= {
        "own": np.arange(len(vectors)) == mine,
        "vertex": [indicators[place] if place >= 0 else None for place in all_of],
        "ranked": (places > 0).sum(axis=1),
        "listed": listed.sum(axis=1),
        "first": [names[place] if place >= 0 else None for place in first],
        "tau": [kendall(places[mine], other) for other in places],
    }
    if len(indicators) == 3:
        columns |= {
            "x": vectors[:, 1] + vectors[:, 2] / 2,
            "y": vectors[:, 2] * np.sqrt(3) / 2,
        }
    text_columns = {"vertex": pl.String, "first": pl.String, "tau": pl.Float64}
    return pl.DataFrame(columns, schema_overrides=text_columns)


def kendall(one: NDArray[np.int64], other: NDArray[np.int64]) -> float | None:
    """Kendall's τ of two sets of places over those who are in both; None with fewer than two."""
    both = (one > 0) & (other > 0)
    if both.sum() < 2:
        return None
    return float(stats.kendalltau(one[both], other[both]).statistic)


def _missing(effects: Effects, indicators: tuple[str, ...], vectors: Matrix) -> pl.DataFrame:
    """Who has no estimate on an indicator, and how many weight vectors give it weight."""
    tables = [
        effects.of(name)
        .filter(pl.col("state") != ESTIMATED)
        .select(
            stage=pl.lit("weights"),
            reason=pl.lit("indicator_missing"),
            indicator=pl.lit(name),
            provider=pl.col("provider"),
            rows=pl.lit(int((vectors[:, place] > 0).sum()), pl.Int64),
        )
        .cast(EXCLUDED)
        for place, name in enumerate(indicators)
    ]
    return pl.concat(tables)
