"""What may be said of thousands of providers: shrinkage, grades, ranges of ranks; their rivals.

*Shrinkage and grades*: NPMLE by Newton steps to a duality gap of 1e-8, posterior, all pairwise
probabilities, grades at 22 prices. Rival of the NPMLE: expectation-maximisation on the same grid,
stopped after 1,000 steps; both print the gap that they reached.

*Rank ranges*: 1,000 draws, in a process of its own whose peak memory is told. Half of the errors'
variance is shared by providers of the same towns. Rival: the published algorithm with all
differences of all draws in memory, at 300 providers.

*Certified grades*: rival: the same linear programme with every row from the start, at 36 providers.

Half of the true effects are zero, half normal.

Run: python benchmarks/bench_ranking.py [providers for shrinkage] [providers for rank ranges]
"""

from __future__ import annotations

import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse, special
from scipy.optimize import linprog

from otdacha.progress import silent
from otdacha.ranking import rank_ranges as ranges
from otdacha.ranking.certificate import certify
from otdacha.ranking.grades import PRICES, grade, gradings
from otdacha.ranking.npmle import Mixture, grid, likelihood, npmle
from otdacha.ranking.pairs import errors, pairs_of
from otdacha.ranking.posterior import grid_posterior

POINTS, GAP, EM_STEPS, REPEATS = 300, 1e-8, 1_000, 3
DRAWS, LEVEL, TOWNS = 1_000, 0.95, 300
PRICE = 0.25


def world(count: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    truth = np.where(generator.random(count) < 0.5, 0.0, generator.normal(1, 0.5, count))
    se = generator.uniform(0.2, 0.8, count)
    return truth + se * generator.standard_normal(count), se


def by_em(estimates: np.ndarray, se: np.ndarray) -> Mixture:
    places = grid(estimates, POINTS)
    dense = likelihood(estimates, se, places)
    weights = np.full(len(places), 1 / len(places))
    for _ in range(EM_STEPS):
        weights = weights * ((1 / (dense @ weights)) @ dense) / len(dense)
    gap = float(((1 / (dense @ weights)) @ dense / len(dense)).max() - 1)
    return Mixture(places, weights, gap, EM_STEPS)


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs: the machine is shared."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def town_scores(count: int, se: np.ndarray) -> sparse.csr_array:
    """ψ of providers that work in 3-19 of the towns each, half of their error being the towns'."""
    generator = np.random.default_rng(2)
    scores = np.zeros((TOWNS, count))
    for provider in range(count):
        towns = generator.choice(TOWNS, generator.integers(3, 20), replace=False)
        scores[towns, provider] = np.abs(generator.normal(size=len(towns)))
    scores *= se / np.sqrt(2 * (scores**2).sum(axis=0))
    return sparse.csr_array(np.vstack([scores, np.diag(se / 2**0.5)]))


def rank_world(count: int) -> tuple[np.ndarray, sparse.csr_array, np.ndarray]:
    estimates, se = world(count)
    return estimates * 2, town_scores(count, se), np.full(count, 12.0)


def rank_ranges_of(kind: str, count: int) -> None:
    """Seconds and peak memory of one kind of sets, or of both from the same draws."""
    estimates, scores, df = rank_world(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, busy = time.perf_counter(), time.process_time()
    if kind == "both":
        ranges.rank_ranges(estimates, scores, df, level=LEVEL, draws=DRAWS, seed=1)
    else:
        floor = float(special.ndtri(LEVEL))
        beyond = DRAWS - math.ceil(LEVEL * (DRAWS - 1))
        pairs = pairs_of(estimates, scores, df, floor=floor)
        noise = errors(scores, pairs.centre, DRAWS, 1)
        tops, bounds = ranges._first_look(pairs, noise, silent)
        if kind == "marginal":
            ranges._marginal(pairs, noise, bounds, beyond, floor, silent)
        else:
            ranges._simultaneous(pairs, noise, tops, beyond, floor)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Rank ranges of {count:,}, {kind:12}: {seconds:6.2f} s "
        f"({busy:.2f} s of processor), peak {peak:,.0f} MB "
        f"({before:,.0f} MB before it began)",
        flush=True,
    )


def all_differences(estimates: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The published stepdown, both kinds of sets: every difference of every draw is held."""
    count = len(estimates)
    covariance = scores.T @ scores
    own = np.diag(covariance)
    se = np.sqrt(own[:, None] + own[None, :] - 2 * covariance + np.eye(count))
    noise = np.random.default_rng(1).standard_normal((DRAWS, len(scores))) @ scores
    sizes = (noise[:, None, :] - noise[:, :, None]) / se
    deviates = (estimates[None, :] - estimates[:, None]) / se

    def rejected(family: np.ndarray) -> np.ndarray:
        left = family.copy()
        while True:
            cut = np.quantile(sizes[:, left].max(axis=1), LEVEL, method="higher")
            new = left & (deviates > cut)
            if not new.any():
                return family & ~left
            left &= ~new

    pairs = ~np.eye(count, dtype=bool)
    together = rejected(pairs)
    low, low_all = np.empty(count), 1 + together.sum(axis=1)
    for place in range(count):
        family = np.zeros_like(pairs)
        family[place] = family[:, place] = True
        low[place] = 1 + rejected(family & pairs)[place].sum()
    return low, low_all


def bench_rank_ranges(count: int) -> None:
    for kind in ("marginal", "simultaneous", "both"):
        subprocess.run([sys.executable, __file__, "--ranges", kind, str(count)], check=True)
    estimates, scores, _ = rank_world(300)
    dense, many = scores.toarray(), np.full(300, np.inf)
    ours = best(
        lambda: ranges.rank_ranges(estimates, dense, many, level=LEVEL, draws=DRAWS, seed=1)
    )
    found = ranges.rank_ranges(estimates, dense, many, level=LEVEL, draws=DRAWS, seed=1)
    start = time.perf_counter()
    low, low_all = all_differences(estimates, dense)
    rival = time.perf_counter() - start
    same = np.array_equal(found.low, low) and np.array_equal(found.low_all, low_all)
    print(f"Rank ranges of 300, both kinds: {ours:.2f} s; all differences held: {rival:.2f} s")
    print(f"The rival takes {rival / ours:.0f} x as long; the same ranks: {same}\n")


def every_row(beats: np.ndarray) -> float:
    """The bound by the programme over x_ij with every row from the start."""
    count = len(beats)
    off = ~np.eye(count, dtype=bool)
    place = np.cumsum(off).reshape(count, count) - 1
    i, j, k = (axis.ravel() for axis in np.indices((count, count, count)))
    apart = (i != j) & (j != k) & (i != k)
    i, j, k = i[apart], j[apart], k[apart]
    a, b = np.triu_indices(count, 1)
    number = np.arange(len(i))
    rows = np.concatenate([number, number, number, np.tile(np.arange(len(a)) + len(i), 2)])
    columns = np.concatenate([place[i, j], place[j, k], place[i, k], place[a, b], place[b, a]])
    values = np.repeat([1.0, 1.0, -1.0, -1.0, -1.0], [len(i)] * 3 + [len(a)] * 2)
    limits = np.repeat([1.0, -1.0], [len(i), len(a)])
    gains = ((1 + PRICE) * beats - 1).T[off]
    matrix = sparse.csr_array((values, (rows, columns)), shape=(len(limits), len(gains)))
    solved = linprog(gains, A_ub=matrix, b_ub=limits, bounds=(0, 1), method="highs")
    return float(gains.sum() - solved.fun)


def beats_of(count: int) -> np.ndarray:
    estimates, se = world(count)
    return grid_posterior(estimates, se, npmle(estimates, se, points=POINTS, gap=GAP)).beats()


def bench_certificate() -> None:
    """Up to 200 providers by the linear programme, above by the packing of triples."""
    for count in (36, 100, 150, 200, 300, 1_000):
        beats = beats_of(count)
        start = time.process_time()
        figures = certify(beats, grade(beats, PRICE)).figures
        seconds = time.process_time() - start
        print(
            f"Grades of {count:5,}: {seconds:6.2f} s of processor, gain {figures['gain']:.4f}, "
            f"gap {figures['gap'] / figures['gain']:.1%}, rows {figures['cuts']:,.0f} "
            f"of {count**3:,}"
        )
        if count == 36:
            start = time.process_time()
            bound = every_row(beats)
            rival = time.process_time() - start
            print(f"Every row from the start:  {rival:6.2f} s, bound {bound:.4f}")
            print(f"The rival takes {rival / seconds:.1f} x as long")


def bench_shrinkage(count: int) -> None:
    estimates, se = world(count)
    print(f"{count:,} providers, grid of {POINTS}; the fastest of {REPEATS} runs")

    ours = npmle(estimates, se, points=POINTS, gap=GAP)
    em = by_em(estimates, se)
    newton, rival = (
        best(lambda: npmle(estimates, se, points=POINTS, gap=GAP)),
        best(lambda: by_em(estimates, se)),
    )
    print(f"NPMLE, Newton steps: {newton:7.2f} s  gap {ours.gap:.1e} after {ours.steps} steps")
    print(f"NPMLE, EM:           {rival:7.2f} s  gap {em.gap:.1e} after {em.steps} steps")
    print(f"EM takes {rival / newton:.1f} x as long and is further from the maximum\n")

    posterior = grid_posterior(estimates, se, ours)
    beats = posterior.beats()
    shrink = best(lambda: grid_posterior(estimates, se, ours).beats())
    graded = best(lambda: grade(beats, PRICE))
    along = best(lambda: gradings(beats, (PRICE, *PRICES)))
    print(f"Posterior and π:     {shrink:7.2f} s")
    print(f"Grades:              {graded:7.2f} s")
    print(f"Grades and path:     {along:7.2f} s  ({len(PRICES)} prices more)")
    print(f"All of it:           {newton + shrink + along:7.2f} s  (to reach at 5,000: 3 s)\n")


def main() -> None:
    if sys.argv[1:2] == ["--ranges"]:
        rank_ranges_of(sys.argv[2], int(sys.argv[3]))
        return
    # first, while this process is small: the peak of a child counts from its parent's size
    bench_rank_ranges(int(sys.argv[2]) if len(sys.argv) > 2 else 3_000)
    bench_shrinkage(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    bench_certificate()


if __name__ == "__main__":
    main()
