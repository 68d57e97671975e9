"""417 training providers of New Jersey, ranked by the share of their completers who found work.

The data are the State of New Jersey's (training explorer), one row per provider and field. They are
results of training, but not work results of municipal servants, and nothing is known of who
enrolled: a high share may be a good school or an easy intake. The example shows the path from
published counts to a ranking that says how little most of them can tell.

With --release the ranking becomes a release of a data bank of its own, labelled as what it is.

Run: python examples/new_jersey.py [outcomes.csv] [--release FOLDER]
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import polars as pl

from otdacha.effects.reported import reported
from otdacha.methodology import Methodology, default_methodology
from otdacha.ranking import Ranking, rank
from otdacha.release import AskedToRank, Release, release_file

BANK = Path(__file__).parent / "banks" / "new_jersey"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "new_jersey" / "outcomes.csv"
SUPPRESSED = -99999


def providers(file: Path) -> pl.DataFrame:
    """Successes of n by provider: completers in work two quarters after, over published fields.

    `PerEmployed2` is a share of `NumCompleted2` (their product is whole in every published row; of
    `NumUsedWageCalc2`, the people with a wage, it is not). A field whose share is suppressed counts
    neither in the successes nor in n; a provider whose every field is suppressed is suppressed.
    """
    share, completed = pl.col("PerEmployed2"), pl.col("NumCompleted2")
    shown = share != SUPPRESSED
    return (
        pl.read_csv(file)
        .group_by(provider=pl.col("providerid").cast(pl.String))
        .agg(
            shown=shown.any(),
            successes=(share * completed).filter(shown).sum(),
            n=completed.filter(shown).sum(),
        )
        .select(
            "provider",
            pl.when("shown").then(pl.col("successes").round()).otherwise(SUPPRESSED),
            pl.when("shown").then("n").otherwise(SUPPRESSED),
        )
        .sort("provider")
    )


def ranked(table: pl.DataFrame, methodology: Methodology | None = None) -> Ranking:
    """The ranking of the table by the methodology for reported figures."""
    chosen = methodology or default_methodology("reported")
    return rank(reported(table, chosen), chosen)


def released(
    table: pl.DataFrame, folder: Path, *, created: dt.datetime | None = None
) -> tuple[Release, Path]:
    """The ranking as a release in `folder`, and the file beside it that it is made from."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "new_jersey.csv"
    table.write_csv(file)
    release = release_file(
        file,
        AskedToRank(),
        folder,
        methodology=BANK / "methodology.toml",
        about=BANK / "about.toml",
        created=created,
    )
    return release, file


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", nargs="?", type=Path, default=DATA)
    asked.add_argument("--release", type=Path, metavar="FOLDER")
    given = asked.parse_args()
    table = providers(given.file)
    if given.release:
        release, file = released(table, given.release)
        print(f"The release is in {release.path}.")
        print(f"Check it: otdacha verify {release.path} --file {file}")
        return
    ranking = ranked(table)
    frame = ranking.frame
    states = dict(frame.group_by("state").len().iter_rows())
    print("Training providers of New Jersey: completers in work after two quarters.")
    print("These are not municipal work results, and intake is not accounted for.\n")
    print(f"Providers:              {frame.height}")
    print(f"  ranked:               {states['estimated']}")
    print(f"  too few people:       {states['insufficient evidence']}")
    print(f"  suppressed by source: {states['suppressed']}")
    print(f"Mean of the providers (the threshold): {ranking.threshold:.1%}")
    print(f"{ranking.verdict}")
    print(
        f"Grades: {ranking.grading['grades']:.0f}; wrong among pairs in different grades: ", end=""
    )
    print(f"{ranking.grading['discordance_rate']:.1%}\n")
    print("provider  share  interval after shrinkage  grade  ranks it may have")
    for row in frame.head(10).iter_rows(named=True):
        interval = f"{row['lower']:6.1%} - {row['upper']:6.1%}"
        ranks = f"{row['rank_low']} - {row['rank_high']}"
        figures = f"{row['estimate']:5.1%}  {interval:>24}  {row['grade']:>5}  {ranks}"
        print(f"{row['provider']:>8}  {figures}")


if __name__ == "__main__":
    main()
