"""Permuted labels: with the providers' names dealt out at random, nobody may be called better.

A block is everything one provider taught in one place. Labels are dealt out anew among blocks, so
that each provider keeps its number of places and each place its number of providers: what makes
chance large or small (clusters, people trained twice) stays as it is, and only who is who is lost.
Labels move between places that share strata, directly or through others, never to places that
nothing compares them with. Then the effects are estimated and ranked against the mean, as in a
release.

Differences between permuted providers are chance. The list then holds somebody with at most the
error rate it promises, since all of its places are false (a false discovery rate is then the rate
of lists that are not empty). More lists than that would give, by the binomial distribution, mean
that standard errors are too small, or that where providers work matters more than who they are;
either way no list can be trusted. The variance of true effects is shown beside that of the real
labels.

Dealing: exchanges of labels between pairs of places, each place giving what the other has not
(Strona et al. 2014, Nature Communications 5, 4114: all tables with the same margins become equally
likely), then at random among the blocks of a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse, stats
from scipy.sparse.csgraph import connected_components

from otdacha.effects.gates.gate import FAILED, NOT_TESTABLE, PASSED, Gate, Outcome
from otdacha.effects.prepared import prepare
from otdacha.effects.result import Effects
from otdacha.errors import NothingToEstimate
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent
from otdacha.ranking.many import one_by_one
from otdacha.ranking.verdicts import candidates, verdicts

Ints = NDArray[np.int64]

SURE = 0.95
"""With lists at the error rate, this share of unions at least has no more of them than allowed."""

EXCHANGES = 5
"""Exchanges per place: after these a table is forgotten (Strona et al. 2014)."""


@dataclass(frozen=True)
class Permutation:
    """What the rankings of permuted labels say.

    outcome: "passed", "failed" or "not_testable". figure: share of permutations with anybody on
    the list; threshold: the largest share that passes; both nan where not testable. permutations:
    how many were ranked. variance: mean of the permuted variances of true effects (before their
    floor, zero at least), real_variance: with the real labels; squared unit of the headline.
    """

    outcome: Outcome
    sentence: Text
    figure: float = np.nan
    threshold: float = np.nan
    permutations: int = 0
    variance: float = np.nan
    real_variance: float = np.nan

    @property
    def gate(self) -> Gate:
        """As one gate among the others."""
        tested = self.outcome != NOT_TESTABLE
        return Gate(
            "permuted_labels",
            self.outcome,
            self.sentence,
            self.figure if tested else None,
            self.threshold if tested else None,
        )

    @property
    def variance_ratio(self) -> float:
        """Permuted to real variance; nan where the real one is zero."""
        return self.variance / self.real_variance if self.real_variance > 0 else np.nan


def permuted_labels(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    methodology: Methodology,
    *,
    reach: pl.DataFrame | None = None,
    place: str | None = None,
    progress: Progress = silent,
) -> Permutation:
    """Rank `gates.permutations` unions whose labels were dealt out anew.

    cells, exposure, reach: frames as in `otdacha.panel.frames`, as `impute` takes them. place: the
    column of `cells` that names places; default: municipality where there is one, else cluster.
    Providers that trained too few people keep out of the rankings, as in the release.
    """
    where = place or ("municipality" if "municipality" in cells.columns else "cluster")
    blocks = _blocks(cells, exposure, where)
    dealer = _Dealer(blocks)
    if not dealer.can_move:
        return _not_testable(text("no two organisations have taught where labels could change."))
    against_mean = _against_the_mean(methodology)
    names = tuple(sorted(set(blocks["provider"])))
    try:
        prepared = prepare(cells, _by_block(exposure, blocks, cells, where), methodology)

        def ranked(labels: Ints) -> _Ranked | None:
            effects = prepared.relabelled(names, labels).effects(against_mean, reach=reach)
            return _ranked(effects, against_mean)

        real = ranked(dealer.labels)
    except NothingToEstimate as fault:
        return _not_testable(fault.message)
    if real is None:
        return _not_testable(text("fewer than two organisations can be ranked."))

    generator = np.random.default_rng(methodology.gates.seed)
    wanted = methodology.gates.permutations
    deals = [dealer.deal(generator) for _ in range(wanted)]
    rankings: list[_Ranked | None] = []
    with one_by_one(len(prepared.axes.clusters) * len(names)) as pool:
        for done, found in enumerate(pool.map(ranked, deals)):
            progress(text("Ranking permuted labels"), done, wanted)
            rankings.append(found)
    progress(text("Ranking permuted labels"), wanted, wanted)
    return _judged([found for found in rankings if found is not None], real, methodology)


@dataclass(frozen=True)
class _Ranked:
    """What is read of a ranking: whether anybody is listed, and the variance of true effects."""

    lists: bool
    variance: float


def _ranked(effects: Effects, methodology: Methodology) -> _Ranked | None:
    """The list of `otdacha.ranking.rank` without grades and places; None where fewer than two can
    be ranked."""
    known = candidates(effects, effects.headline)
    if len(known.rows) < 2:
        return None
    found = verdicts(known, methodology)
    variance = found.shrunken.prior.diagnostics["variance_before_floor"]
    return _Ranked(bool(found.listed.any()), float(variance))


def _judged(rankings: list[_Ranked], real: _Ranked, methodology: Methodology) -> Permutation:
    count = len(rankings)
    if not count:
        return _not_testable(text("with other labels no two organisations can be ranked."))
    listed = sum(ranking.lists for ranking in rankings)
    allowed = int(stats.binom.ppf(SURE, count, methodology.list.error_rate))
    passed = listed <= allowed
    said = {"count": count, "listed": listed, "allowed": allowed}
    return Permutation(
        outcome=PASSED if passed else FAILED,
        sentence=text(
            "With the names of organisations dealt out at random, {listed} of {count} rankings "
            "list somebody; up to {allowed} may be owed to chance.",
            **said,
        )
        if passed
        else text(
            "With the names of organisations dealt out at random, {listed} of {count} rankings "
            "list somebody, and no more than {allowed} may be owed to chance: chance is larger "
            "than it was taken for, or it matters more where an organisation works than which it "
            "is.",
            **said,
        ),
        figure=listed / count,
        threshold=allowed / count,
        permutations=count,
        variance=float(np.mean([ranking.variance for ranking in rankings])),
        real_variance=real.variance,
    )


class _Dealer:
    """Deals the labels of blocks out anew.

    blocks: component, place, provider_code; one row per block, sorted by component and place.
    labels (blocks,): the real ones.
    """

    def __init__(self, blocks: pl.DataFrame) -> None:
        self.labels: Ints = blocks["provider_code"].to_numpy().astype(np.int64)
        rows = blocks.with_row_index("block").group_by(
            "component", "place", maintain_order=True
        ).agg("block")  # fmt: skip
        self._of_place = [np.array(found, dtype=np.int64) for found in rows["block"]]
        component = rows["component"].to_numpy()
        self._components = [np.flatnonzero(component == c) for c in np.unique(component)]

    @property
    def can_move(self) -> bool:
        """Some component has two labels."""
        return any(
            len({int(label) for place in places for label in self.labels[self._of_place[place]]})
            > 1
            for places in self._components
        )

    def deal(self, generator: np.random.Generator) -> Ints:
        """A new label for each block; labels within a place differ."""
        sets = [set(self.labels[blocks].tolist()) for blocks in self._of_place]
        for places in self._components:
            count = len(places)
            if count > 1:
                one = generator.integers(count, size=EXCHANGES * count)
                other = (one + generator.integers(1, count, size=EXCHANGES * count)) % count
                for pair in zip(places[one].tolist(), places[other].tolist(), strict=True):
                    _exchange(sets, *pair, generator)
        dealt = np.empty_like(self.labels)
        for blocks, labels in zip(self._of_place, sets, strict=True):
            dealt[blocks] = generator.permutation(sorted(labels))
        return dealt


def _exchange(sets: list[set[int]], one: int, other: int, generator: np.random.Generator) -> None:
    """Deal the labels that only one of two places has out between them; each keeps its number."""
    common = sets[one] & sets[other]
    only_one, only_other = sets[one] - common, sets[other] - common
    pool = generator.permutation(sorted(only_one) + sorted(only_other)).tolist()
    sets[one] = common | set(pool[: len(only_one)])
    sets[other] = common | set(pool[len(only_one) :])


def _blocks(cells: pl.DataFrame, exposure: pl.DataFrame, where: str) -> pl.DataFrame:
    """Places and the providers that taught there: component, place, provider, provider_code."""
    places = cells.select("stratum", place=where).unique().sort("stratum", "place")
    known = places.with_columns(
        s=pl.col("stratum").rank("dense").cast(pl.Int64) - 1,
        p=pl.col("place").rank("dense").cast(pl.Int64) - 1,
    )
    s, p = known["s"].to_numpy(), known["p"].to_numpy()
    shape = (int(s.max(initial=-1)) + 1, int(p.max(initial=-1)) + 1)
    incidence = sparse.csr_array((np.ones(len(s)), (s, p)), shape=shape)
    label = connected_components(incidence.T @ incidence, directed=False)[1] if len(s) else s
    component = known.select("place", "p").unique().sort("p").select(
        "place", component=pl.Series(label.astype(np.int64))
    )  # fmt: skip
    of_units = cells.select("unit", place=where).unique("unit")
    exposed = cells.filter(pl.col("status") == "exposed").select("unit", "month").unique()
    taught = (
        exposure.join(exposed, on=["unit", "month"], how="semi")
        .select("unit", pl.col("provider").cast(pl.String))
        .unique()
        .join(of_units, on="unit")
        .select("place", "provider")
        .unique()
    )
    return (
        taught.join(component, on="place")
        .with_columns(provider_code=pl.col("provider").rank("dense").cast(pl.Int64) - 1)
        .sort("component", "place", "provider")
    )


def _by_block(
    exposure: pl.DataFrame, blocks: pl.DataFrame, cells: pl.DataFrame, where: str
) -> pl.DataFrame:
    """Exposure with the number of its block for a provider; numbers sort as blocks do."""
    of_units = cells.select("unit", place=where).unique("unit")
    width = len(str(len(blocks)))
    numbered = blocks.select(
        "place", "provider", block=pl.int_range(pl.len()).cast(pl.String).str.zfill(width)
    )
    return (
        exposure.with_columns(pl.col("provider").cast(pl.String))
        .join(of_units, on="unit")
        .join(numbered, on=["place", "provider"])
        .select("unit", "month", pl.col("block").alias("provider"), "share", "staff")
    )


def _against_the_mean(methodology: Methodology) -> Methodology:
    return methodology.model_copy(
        update={
            # names are dealt out at random, so nothing is known of who bears them
            "shrinkage": methodology.shrinkage.model_copy(update={"covariates": ()}),
            "list": methodology.list.model_copy(update={"against": "mean"}),
        }
    )


def _not_testable(why: Text) -> Permutation:
    return Permutation(
        NOT_TESTABLE,
        text("Whether chance alone would make a list cannot be tested: {why}", why=why),
    )
