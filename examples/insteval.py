"""1,128 lecturers of ETH Zürich: what their students' ratings say, cleared of who rated.

The data are InstEval, in R's lme4: 73,421 ratings from 1 to 5 that 2,972 students gave to lecturers
of 14 departments. They are no municipal work results, and there is no intake; the example shows
value added with groupings that cross (a lenient student rates many lecturers), with an answer that
is known to four decimals. A lecturer teaches in one department: what departments differ by widens
the lecturers' intervals.

The same on the command line:
    otdacha value-added InstEval.csv --outcome y --provider d --covariates service \\
        --crossed s --crossed dept

Run: python examples/insteval.py [InstEval.csv]
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from otdacha.effects import Effects, value_added
from otdacha.methodology import default_methodology
from otdacha.ranking import Ranking, rank, told_apart

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "multilevel" / "InstEval.csv"
ERROR_RATE = default_methodology("reported").list.error_rate


def fitted(file: Path) -> Effects:
    """Maximum likelihood; lecturers, students and departments as random intercepts."""
    return value_added(
        pl.read_csv(file),
        outcome="y",
        provider="d",
        covariates=["service"],
        crossed=["s", "dept"],
    )


def ranked(effects: Effects) -> Ranking:
    """The lecturers against their mean, by the methodology for reported figures."""
    return rank(effects, default_methodology("reported"))


def main() -> None:
    effects = fitted(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
    fit = effects.diagnostics["value_added"]
    print(f"{fit['people']:,} ratings of {len(effects.providers):,} lecturers (no intake)")
    print(f"-2 log L {fit['minus_two_log_likelihood']:.4f} after {fit['evaluations']} evaluations")
    for name, what in (("d", "lecturers"), ("s", "students"), ("dept", "departments")):
        print(f"variance between {what} {fit['variances'][name]:.6f}")
    print(f"variance that is left {fit['residual_variance']:.6f}")
    ranking = ranked(effects)
    print(
        f"At {ERROR_RATE:.0%} false discoveries {len(told_apart(ranking, ERROR_RATE))} lecturers "
        f"can be told apart from the mean, {len(ranking.listed)} of them can be called better."
    )
    print(ranking.frame.select("provider", "posterior_mean", "lower", "upper", "q_value",
                               "rank_low", "rank_high", "grade").head(5))  # fmt: skip


if __name__ == "__main__":
    main()
