"""Mixed models with crossed groupings, against R's lme4 in the same run; dense against sparse.

InstEval: 73,421 ratings of 1,128 lecturers by 2,972 students in 14 departments, by maximum
likelihood. Ours: reading the file and the fit; then all of it, with the effects of the lecturers
and their joint covariance, which lmer does not give. Of the rival, lmer alone is counted. Then an
invented tree of departments whose factor stays sparse: one evaluation by each factorisation.

Run: python benchmarks/bench_mixed_model.py [InstEval.csv]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.effects import value_added
from otdacha.effects.cholesky import DenseCholesky, SparseCholesky
from otdacha.effects.groupings import Grouping
from otdacha.effects.mixed_model import Likelihood

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "multilevel" / "InstEval.csv"
REPEATS = 3

LMER = """
suppressMessages(library(lme4))
d <- read.csv(commandArgs(TRUE)[1])
for (name in c("s", "d", "dept", "service")) d[[name]] <- factor(d[[name]])
seconds <- system.time(
  m <- lmer(y ~ 1 + service + (1|s) + (1|d) + (1|dept), d, REML = FALSE)
)[["elapsed"]]
cat(seconds, sprintf("%.6f", -2 * logLik(m)), as.character(packageVersion("lme4")))
"""


def fit(frame: pl.DataFrame) -> tuple[float, int]:
    """−2 log L and how many evaluations it took."""
    groupings = [Grouping.of(frame[name]) for name in ("s", "d", "dept")]
    x = frame["service"].to_numpy().astype(np.float64)[:, None]
    found = Likelihood(x, frame["y"].to_numpy().astype(np.float64), groupings).minimum("ml")
    return found.at.criterion, found.evaluations


def ratings(file: Path) -> None:
    fits, whole = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        frame = pl.read_csv(file)
        criterion, evaluations = fit(frame)
        fits.append(time.perf_counter() - start)
        start = time.perf_counter()
        value_added(
            pl.read_csv(file), outcome="y", provider="d", covariates=["service"],
            crossed=["s", "dept"],
        )  # fmt: skip
        whole.append(time.perf_counter() - start)
    print(f"InstEval, the fastest of {REPEATS} runs")
    print(f"ours, the fit:       {min(fits):7.2f} s  {criterion:.6f}, {evaluations} evaluations")
    print(f"ours, with effects:  {min(whole):7.2f} s  (to reach: 2 s)")
    if shutil.which("Rscript") is None or not lme4_is_there():
        print("R with lme4 is not installed: apt-get install r-cran-lme4\n")
        return
    runs = [
        subprocess.run(
            ["Rscript", "-e", LMER, str(file)], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(REPEATS)
    ]
    seconds, theirs, version = min(runs, key=lambda run: float(run[0]))
    print(f"lme4 {version}, lmer:  {float(seconds):7.2f} s  {theirs}")
    print(f"lme4 takes {float(seconds) / min(fits):.1f} x as long as the fit, "
          f"{float(seconds) / min(whole):.1f} x as long as all\n")  # fmt: skip


def lme4_is_there() -> bool:
    return subprocess.run(["Rscript", "-e", "library(lme4)"], capture_output=True).returncode == 0


def tree() -> None:
    """People within sections within departments, who crossed with providers: 6,650 levels left."""
    rng = np.random.default_rng(1)
    people, sections, departments, providers, each = 20_000, 5_000, 1_500, 150, 4
    section = rng.integers(0, sections, people)
    department = rng.integers(0, departments, sections)[section]
    home = rng.integers(0, providers, departments)
    near = (home[department] + rng.integers(0, 3, people)) % providers
    levels = {"person": np.arange(people), "section": section, "department": department,
              "provider": near}  # fmt: skip
    y = rng.normal(size=people * each)
    groupings = []
    for name, level in levels.items():
        _, dense = np.unique(np.repeat(level, each), return_inverse=True)
        y += rng.normal(0, 0.5, dense.max() + 1)[dense]
        groupings.append(Grouping(name, dense, tuple(map(str, range(dense.max() + 1)))))
    sd = np.full(4, 0.5)
    print("people in sections in departments, crossed with providers: one evaluation")
    found = {}
    for kind in (SparseCholesky, DenseCholesky):
        likelihood = Likelihood(np.empty((len(y), 0)), y, groupings)
        least_squares = likelihood.least_squares
        least_squares._cholesky = kind(least_squares.pattern)
        if kind is SparseCholesky:
            likelihood.at(sd, "reml")  # finds the ordering
        start = time.perf_counter()
        found[kind] = likelihood.at(sd, "reml").criterion, time.perf_counter() - start
        print(f"{kind.__name__}: {found[kind][1]:7.2f} s  {found[kind][0]:.6f}")
    size = likelihood.least_squares.pattern.shape[0]
    ratio = found[DenseCholesky][1] / found[SparseCholesky][1]
    print(f"{size:,} levels after elimination: dense takes {ratio:.1f} x as long")
    chosen = Likelihood(np.empty((len(y), 0)), y, groupings)
    chosen.at(sd, "reml")
    print(f"chosen by predicted fill: {type(chosen.least_squares._cholesky).__name__}")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if file.exists():
        ratings(file)
    else:
        print(f"{file.name} is not there: give its path\n")
    tree()


if __name__ == "__main__":
    main()
