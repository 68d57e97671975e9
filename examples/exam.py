"""65 London schools: what their pupils reached beyond what their intake foretold.

The data are Goldstein et al. (1993), in R's mlmRev: 4,059 pupils, an exam score and a score at
intake, both standardised. They are no municipal work results; the example shows value added with an
answer that is known to four decimals, and what may be said of single schools after that.

The same on the command line:
    otdacha value-added Exam.csv --outcome normexam --intake standLRT --provider school

Run: python examples/exam.py [Exam.csv]
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from otdacha.effects import Effects, value_added
from otdacha.methodology import default_methodology
from otdacha.ranking import Ranking, rank, told_apart

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "multilevel" / "Exam.csv"
ERROR_RATE = default_methodology("reported").list.error_rate


def fitted(file: Path) -> Effects:
    """Maximum likelihood, schools as random intercepts; every school is kept, however small."""
    return value_added(pl.read_csv(file), outcome="normexam", intake="standLRT", provider="school")


def ranked(effects: Effects) -> Ranking:
    """The schools against their mean, by the methodology for reported figures."""
    return rank(effects, default_methodology("reported"))


def main() -> None:
    effects = fitted(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
    fit = effects.diagnostics["value_added"]
    print(f"{fit['people']:,} pupils of {len(effects.providers)} schools (no municipal results)")
    print(f"-2 log L {fit['minus_two_log_likelihood']:.4f}, slope of the intake {fit['slope']:.6f}")
    print(
        f"variance between schools {fit['provider_variance']:.6f}, "
        f"within {fit['residual_variance']:.6f}"
    )
    ranking = ranked(effects)
    print(
        f"At {ERROR_RATE:.0%} false discoveries {len(told_apart(ranking, ERROR_RATE))} schools can "
        f"be told apart from the mean, {len(ranking.listed)} of them can be called better."
    )
    print(ranking.frame.select("provider", "posterior_mean", "lower", "upper", "q_value",
                               "rank_low", "rank_high", "grade").head(5))  # fmt: skip


if __name__ == "__main__":
    main()
