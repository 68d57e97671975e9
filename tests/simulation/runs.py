"""Runs of many unions of a world, from cells to list, and every figure that is read from them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context

import numpy as np
import polars as pl
from scipy import stats
from threadpoolctl import threadpool_limits

from otdacha.effects import impute
from otdacha.methodology import Methodology
from otdacha.ranking import rank
from tests.simulation.rivals import RIVALS
from tests.simulation.worlds import WORLDS, Union, World
from tests.unit.effects.worlds import methodology_of

LEVEL = 0.95
RATE = 0.10
OURS, OURS_NPMLE = "this project", "this project, NPMLE"
FEW, MANY = "3-9", "10-20"


UNIONS = 500
"""In each world, for the claims of docs/evidence.md."""


@cache
def claimed(name: str) -> pl.DataFrame:
    """The long run of one world of `WORLDS`; each has unions of its own."""
    first = 1000 * (1 + list(WORLDS).index(name))
    return run(WORLDS[name], range(first, first + UNIONS), processes=2)


def short(name: str, unions: int = 8) -> pl.DataFrame:
    """The short run of one world, for the guards of every day; all worlds have the same seeds.

    The list under the NPMLE, which only the claims look at, is not made.
    """
    return pl.concat([_of_short(name, seed) for seed in range(unions)])


@cache
def _of_short(name: str, seed: int) -> pl.DataFrame:
    return _evaluated(replace(WORLDS[name], npmle=False), seed)


def run(world: World, seeds: Sequence[int], processes: int = 1) -> pl.DataFrame:
    """Everything that is said of every provider of every union, beside the truth.

    One row per seed and provider: truth, towns, best and worst (the true ranks that it may claim;
    equal truths share theirs), what the evaluation says (estimate, se, df, plain_se without the
    correction for few clusters, lower, upper, rank_low, rank_high and, where the ranking has them,
    rank_low_all, rank_high_all), and one Boolean column for each rule that makes a list.
    """
    work = partial(_evaluated, world)
    if processes == 1:
        return pl.concat([work(seed) for seed in seeds])
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return pl.concat(pool.map(work, seeds, chunksize=10))


def _evaluated(world: World, seed: int) -> pl.DataFrame:
    with threadpool_limits(1):
        rows = evaluated(world.union(seed), npmle=world.npmle)
    return rows.with_columns(seed=pl.lit(seed))


def evaluated(union: Union, *, npmle: bool = False) -> pl.DataFrame:
    """The rows of one union, without its seed; with `npmle` a list under that prior too."""
    methodology = _with_prior("normal")
    effects = impute(union.cells, union.exposure, methodology)
    plain = impute(union.cells, union.exposure, methodology, correct=False).of()
    ranking = rank(effects, methodology)
    lists = {
        OURS: set(ranking.listed),
        **{name: listed(union) for name, listed in RIVALS.items()},
    }
    if npmle:  # its rank ranges are not read
        lists[OURS_NPMLE] = set(rank(effects, _with_prior("npmle", draws=100)).listed)
    known = ranking.frame.join(union.providers, on="provider", validate="1:1")
    ranked = known["rank_low"].is_not_null().to_numpy()
    truth = known["truth"].to_numpy()
    best = 1 + (truth[:, None] < truth[ranked]).sum(axis=1)
    worst = (truth[:, None] <= truth[ranked]).sum(axis=1)
    said = [name for name in _SAID if name in known.columns]
    return (
        known.select("provider", "truth", "towns", *said)
        .with_columns(best=pl.Series(best), worst=pl.Series(worst))
        .join(plain.select("provider", plain_se="se"), on="provider", validate="1:1")
        .with_columns(
            pl.col("provider").is_in(sorted(names)).alias(rule) for rule, names in lists.items()
        )
    )


_SAID = (
    *("estimate", "se", "df", "lower", "upper"),
    *("rank_low", "rank_high", "rank_low_all", "rank_high_all"),
)


def _with_prior(prior: str, **ranks: int) -> Methodology:
    methodology = methodology_of()
    return methodology.model_copy(
        update={
            "shrinkage": methodology.shrinkage.model_copy(update={"prior": prior}),
            "ranks": methodology.ranks.model_copy(update=ranks),
        }
    )


@dataclass(frozen=True)
class Intervals:
    """Of estimates and their 95 % intervals. plain: cluster-robust, with normal quantiles.

    bias and width (root mean square of the standard errors) in standard deviations of the error.
    """

    count: int
    coverage: float
    plain: float
    bias: float
    width: float


def by_reach(found: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Providers in few towns and in many, where there are any."""
    few = pl.col("towns") < 10
    parts = {FEW: found.filter(few), MANY: found.filter(~few)}
    return {reach: part for reach, part in parts.items() if len(part)}


def intervals(found: pl.DataFrame) -> Intervals:
    errors = found.drop_nulls("se").select(
        "se", "plain_se", "df", error=pl.col("estimate") - pl.col("truth")
    )
    error, se = errors["error"].to_numpy(), errors["se"].to_numpy()
    return Intervals(
        count=len(errors),
        coverage=coverage(errors),
        plain=coverage(errors.with_columns(se="plain_se"), normal=True),
        bias=float(error.mean() / error.std()),
        width=float(np.sqrt(np.mean(se**2)) / error.std()),
    )


def coverage(errors: pl.DataFrame, *, normal: bool = False) -> float:
    """How often 95 % intervals hold the truth: errors has error, se and df (not used if normal)."""
    t = (errors["error"] / errors["se"]).abs().to_numpy()
    tail = (1 + LEVEL) / 2
    quantile = stats.norm.ppf(tail) if normal else stats.t.ppf(tail, errors["df"].to_numpy())
    return float(np.mean(t <= quantile))


@dataclass(frozen=True)
class Lists:
    """Of the lists that one rule makes. Useless: a provider whose true effect is zero or worse.

    places: a union; rate: the mean over unions of the useless share of the list, none of an empty
    one; useless_places: the useless share of all places together; misled: the share of unions with
    a useless provider on the list; anybody: with anybody on it; power: the share of the useful
    providers that are listed.
    """

    places: float
    rate: float
    useless_places: float
    misled: float
    anybody: float
    power: float


def lists(found: pl.DataFrame, rule: str = OURS) -> Lists:
    useless = pl.col("truth") <= 0
    of_union = found.group_by("seed").agg(
        listed=pl.col(rule).sum().cast(pl.Int64),
        useless=(pl.col(rule) & useless).sum().cast(pl.Int64),
        useful=(~useless).sum().cast(pl.Int64),
    )
    listed, wrong, useful = (of_union[name].to_numpy() for name in ("listed", "useless", "useful"))
    return Lists(
        places=float(listed.mean()),
        rate=float(np.mean(wrong / np.maximum(listed, 1))),
        useless_places=float(wrong.sum() / max(listed.sum(), 1)),
        misled=float(np.mean(wrong > 0)),
        anybody=float(np.mean(listed > 0)),
        power=float((listed - wrong).sum() / max(useful.sum(), 1)),
    )


@dataclass(frozen=True)
class Share:
    """A share, the mean over unions, and its standard error."""

    value: float
    error: float


def _over_unions(found: pl.DataFrame, holds: pl.Expr) -> Share:
    of_union = found.group_by("seed").agg(share=holds.mean())["share"].drop_nulls().to_numpy()
    return Share(float(of_union.mean()), float(of_union.std() / np.sqrt(len(of_union))))


_IN_RANGE = (pl.col("rank_low") <= pl.col("worst")) & (pl.col("best") <= pl.col("rank_high"))
_IN_RANGE_OF_ALL = (pl.col("rank_low_all") <= pl.col("worst")) & (
    pl.col("best") <= pl.col("rank_high_all")
)


def rank_coverage(found: pl.DataFrame) -> Share:
    """How often a provider's own 95 % range of ranks holds its true rank."""
    return _over_unions(found, _IN_RANGE)


def rank_width(found: pl.DataFrame) -> float:
    """Mean width of the ranges, as a share of all ranks."""
    width = (pl.col("rank_high") - pl.col("rank_low") + 1) / pl.col("rank_low").count().over("seed")
    return float(found.select(width.mean()).item())


def all_ranks_coverage(found: pl.DataFrame) -> Share | None:
    """How often the simultaneous ranges hold all true ranks of a union; None without them."""
    if "rank_low_all" not in found.columns:
        return None
    return _over_unions(found, _IN_RANGE_OF_ALL.all())


def robust_coverage(found: pl.DataFrame) -> Share:
    """How often, on average over providers, the robust empirical-Bayes intervals hold the truth."""
    return _over_unions(
        found, (pl.col("lower") <= pl.col("truth")) & (pl.col("truth") <= pl.col("upper"))
    )
