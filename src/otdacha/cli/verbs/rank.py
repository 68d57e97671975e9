"""`otdacha rank`: rank somebody else's figures, with no workspace (design D)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.columns import by_commas
from otdacha.cli.faults import Usage
from otdacha.cli.ranked_file import landed, ranked, saved
from otdacha.cli.saving import (
    AboutFile,
    MethodologyFile,
    ReleaseFolder,
    SavedFile,
    SavedFormat,
    known_format,
    save,
)
from otdacha.cli.standing import ranking_document, ranking_shown
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.cli.verb import Shown
    from otdacha.methodology import Against

AMOUNT = ":number"
"""Behind the name of a covariate: it is an amount and no category."""
AGAINST: tuple[Against, ...] = ("zero", "mean", "median")


def rank(
    voice: Voice,
    file: Annotated[
        Path,
        argument(
            text(
                "CSV, Excel or Parquet with the columns provider, estimate, se; or provider, "
                "successes, n; or provider, window, estimate."
            ),
            text("FILE"),
        ),
    ],
    against: Annotated[
        str | None,
        option(
            "--against",
            text(
                "What “better” is measured against (otherwise the methodology's choice for "
                "estimates with standard errors, and the mean for shares and windows)."
            ),
            "zero|mean|median",
        ),
    ] = None,
    covariates: Annotated[
        str | None,
        option(
            "--covariates",
            text(
                "Columns of the file that say what an organisation is (type, region), by commas, "
                "an amount as size:number: its effect is drawn towards what is usual for such "
                "organisations. That brings nobody onto the list."
            ),
            text("A,B:number"),
        ),
    ] = None,
    methodology: MethodologyFile = None,
    release: ReleaseFolder = None,
    about: AboutFile = None,
    format: SavedFormat = None,
    out: SavedFile = None,
) -> Answer:
    from otdacha.release.figures_file import AskedToRank

    named, amounts = _named(covariates)
    asked = AskedToRank(_known_against(against), tuple(named), tuple(sorted(amounts)))
    saved_as = known_format(format) if format else None
    found = ranked(voice, file, asked, methodology, release, about)
    shown: list[Shown] = [*ranking_shown(voice, found.ranking)]
    if out is not None:
        save(found.ranking.frame, out, saved_as)
        shown.append(saved(out))
    document, said = landed(found.release)
    return Answer(ranking_document(found.ranking) | document, [*shown, *said])


def _named(covariates: str | None) -> tuple[list[str], set[str]]:
    """The columns that are asked for, and those of them that are amounts."""
    named = by_commas(covariates)
    amounts = {name.removesuffix(AMOUNT) for name in named if name.endswith(AMOUNT)}
    return list(dict.fromkeys(name.removesuffix(AMOUNT) for name in named)), amounts


def _known_against(written: str | None) -> Against | None:
    for against in AGAINST:
        if written == against:
            return against
    if written is None:
        return None
    raise Usage(
        text(
            "--against {written}: write one of {known}.", written=written, known=", ".join(AGAINST)
        )
    )


RANK = Verb(
    "rank",
    rank,
    text(
        "Rank any table of provider figures, with no workspace.\n"
        "Estimates are shrunken by their noise; a place on the list is earned past the error rate "
        "only; places are ranges. Suppressed figures (-99999, *) are never taken for zero."
    ),
    "otdacha rank figures.csv --against mean --out ranking.xlsx\n"
    "otdacha rank figures.csv --release banks/figures --about figures.toml",
)
