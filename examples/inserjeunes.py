"""French apprentice centres: does a ranking made early predict the value added that comes later?

The data are Inserjeunes' (Licence Ouverte): value added to the employment rate six months after,
by centre, over windows of two cohorts. They are results of training, but not municipal work
results. Adjacent windows share a cohort, so only 2019-2020, 2021-2022 and 2023-2024 are used. The
first two are ranked; noise is what a centre's figures differ by between them; the third is looked
at only to see who predicted it better: the shrunken figures, the raw means, or "everyone average".

With --release two releases of a data bank of its own are made, labelled as what they are: one of
the first two windows and one of all three, so that it is seen what new figures changed.

Run: python examples/inserjeunes.py [inserjeunes_cfa.csv] [--release FOLDER]
"""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.effects.reported import reported
from otdacha.methodology import Methodology, default_methodology
from otdacha.ranking import Ranking, rank
from otdacha.release import AskedToRank, Release, release_file

BANK = Path(__file__).parent / "banks" / "inserjeunes"
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


def centres(file: Path) -> pl.DataFrame:
    """Provider, name, region: as the newest window of each centre says."""
    table = pl.read_csv(file, separator=";", infer_schema_length=None)
    return (
        table.sort("Année", descending=True)
        .select(provider="UAI", name="Libellé", region="Région")
        .unique("provider", keep="first", maintain_order=True)
    )


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


def released(
    table: pl.DataFrame,
    known: pl.DataFrame,
    folder: Path,
    *,
    created: dt.datetime | None = None,
) -> list[tuple[Release, Path]]:
    """Two releases in `folder`, each with the file beside it that it is made from: what was known
    with the early windows, and what is known with the last one too."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for windows in (EARLY, (*EARLY, LAST)):
        file = folder / f"inserjeunes-{windows[-1]}.csv"
        rows = table.filter(pl.col("window").is_in(windows))
        rows.join(known, on="provider", how="left", maintain_order="left").write_csv(file)
        release = release_file(
            file,
            AskedToRank(),
            folder,
            methodology=BANK / "methodology.toml",
            about=BANK / "about.toml",
            created=created,
        )
        found.append((release, file))
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", nargs="?", type=Path, default=DATA)
    asked.add_argument("--release", type=Path, metavar="FOLDER")
    given = asked.parse_args()
    table = value_added(given.file)
    if given.release:
        for release, file in released(table, centres(given.file), given.release):
            print(f"The release is in {release.path}.")
            print(f"Check it: otdacha verify {release.path} --file {file}")
        return
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
