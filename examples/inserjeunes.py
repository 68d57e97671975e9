"""French apprentice centres: does a ranking made early predict the value added that comes later?

The data are Inserjeunes' (Licence Ouverte): value added to the employment rate six months after,
by centre, over windows of two cohorts. They are results of training, but not municipal work
results. Adjacent windows share a cohort, so only 2019-2020, 2021-2022 and 2023-2024 are used. The
first two are ranked; noise is what a centre's figures differ by between them; the third is looked
at only to see who predicted it better: the shrunken figures, the raw means, or "everyone average".

Run: python examples/inserjeunes.py [inserjeunes_cfa.csv]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.effects.reported import reported
from otdacha.methodology import Methodology, default_methodology
from otdacha.ranking import Ranking, rank

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "france" / "inserjeunes_cfa.csv"
EARLY = ("2019-2020", "2021-2022")
LAST = "2023-2024"


@dataclass(frozen=True)
class Prediction:
    """Mean squared errors of prediction over the same centres, in squared percentage points.

    slope: of what came on what the shrunken figures foretold; 1 if they promise neither too much
    nor too little. noise_sd: between windows, of one window.
    """

    centres: int
    ranked: float
    raw_mean: float
    everyone_average: float
    slope: float
    noise_sd: float


def value_added(file: Path) -> pl.DataFrame:
    """Provider, window, estimate: value added in percentage points, blanks left out."""
    table = pl.read_csv(file, separator=";", infer_schema_length=None)
    return table.select(
        provider="UAI",
        window=pl.col("Année").str.strip_prefix("cumul "),
        estimate="VA emploi 6 mois",
    ).drop_nulls()


def ranked_early(table: pl.DataFrame, methodology: Methodology) -> tuple[Ranking, float]:
    """The ranking from the early windows alone, and the noise of one window."""
    effects = reported(table.filter(pl.col("window").is_in(EARLY)), methodology)
    return rank(effects, methodology), float(effects.diagnostics["reported"]["noise_sd"])


def predict(table: pl.DataFrame, methodology: Methodology) -> Prediction:
    """Compare three predictions of the last window; none has seen it."""
    ranking, noise = ranked_early(table, methodology)
    later = table.filter(pl.col("window") == LAST).select("provider", came="estimate")
    both = ranking.frame.filter(pl.col("state") == "estimated").join(later, on="provider")
    average = float(np.mean(ranking.frame["estimate"].drop_nulls().to_numpy()))

    def error(predicted: pl.Series | float) -> float:
        return float(np.mean((both["came"] - predicted).to_numpy() ** 2))

    came, foretold = both["came"].to_numpy(), both["posterior_mean"].to_numpy()
    return Prediction(
        centres=both.height,
        ranked=error(both["posterior_mean"]),
        raw_mean=error(both["estimate"]),
        everyone_average=error(average),
        slope=float(np.polyfit(foretold, came, 1)[0]),
        noise_sd=noise,
    )


def seen_in_both(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of centres that have both early windows."""
    early = table.filter(pl.col("window").is_in(EARLY)).group_by("provider").len()
    return table.join(early.filter(pl.col("len") == len(EARLY)), on="provider", how="semi")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    table = value_added(file)
    known = default_methodology("reported")
    print("French apprentice centres: value added to employment after six months.")
    print("These are not municipal work results.\n")
    print(f"{' and '.join(EARLY)} predict {LAST}.")
    print("Mean squared error of prediction, squared percentage points:\n")
    print("                        prior    centres  ranking  raw mean  everyone average  slope")
    groups = {"all centres": table, "seen in both windows": seen_in_both(table)}
    for group, rows in groups.items():
        for prior in ("normal", "npmle"):
            shrinkage = known.shrinkage.model_copy(update={"prior": prior})
            found = predict(rows, known.model_copy(update={"shrinkage": shrinkage}))
            print(
                f"{group:<22}  {prior:<7}  {found.centres:>7}  {found.ranked:>7.2f}"
                f"  {found.raw_mean:>8.2f}  {found.everyone_average:>16.2f}  {found.slope:>5.2f}"
            )
    print(f"\nNoise of one window: {found.noise_sd:.2f} percentage points, read from centres with")
    print("both windows. Centres seen once are newer and noisier than that, so figures that count")
    print("them promise too much (slope below 1).")


if __name__ == "__main__":
    main()
