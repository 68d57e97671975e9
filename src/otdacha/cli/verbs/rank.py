"""`otdacha rank`: rank somebody else's figures, with no workspace (design D)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.columns import by_commas, with_numbers
from otdacha.cli.faults import Usage
from otdacha.cli.saving import (
    MethodologyFile,
    SavedFile,
    SavedFormat,
    known_format,
    save,
)
from otdacha.cli.standing import ranking_document, ranking_shown
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from otdacha.methodology import Against, Methodology

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
    format: SavedFormat = None,
    out: SavedFile = None,
) -> Answer:
    from otdacha.effects.reported import COLUMNS, REPORTED, reported
    from otdacha.ranking import rank as rank_effects
    from otdacha.records import read_cells

    named, amounts = _named(covariates)
    chosen = expected_by(methodology_of(methodology), named)
    saved_as = known_format(format) if format else None
    wanted = _known_against(against)
    with voice.progress() as progress:
        known = {name for columns in COLUMNS.values() for name in columns} | set(named)
        cells, reading = read_cells(file, known=known, progress=progress)
        # what is no amount is a category, also where its codes are numbers
        numbered = with_numbers(cells, amounts, [], file.name, reading.header_row)
        effects = reported(cells, chosen)
        if effects.diagnostics[REPORTED]["shape"] != "estimates":
            wanted = wanted or "mean"
        ranking = rank_effects(
            effects,
            measured_against(chosen, wanted),
            covariates=known_of_providers(numbered, chosen.shrinkage.covariates, file),
            progress=progress,
        )
    shown = [*ranking_shown(voice, ranking)]
    if out is not None:
        save(ranking.frame, out, saved_as)
        shown.append(saved(out))
    return Answer(ranking_document(ranking), shown)


def methodology_of(file: Path | None) -> Methodology:
    """The methodology in the file, or the one that ships."""
    from otdacha.methodology import default_methodology, load_methodology

    return load_methodology(file) if file else default_methodology()


def expected_by(methodology: Methodology, covariates: Sequence[str]) -> Methodology:
    """The methodology with other columns that move the prior mean."""
    if not covariates:
        return methodology
    shrinkage = methodology.shrinkage.model_copy(update={"covariates": tuple(covariates)})
    return methodology.model_copy(update={"shrinkage": shrinkage})


def known_of_providers(
    cells: pl.DataFrame, covariates: Sequence[str], file: Path
) -> pl.DataFrame | None:
    """One row per provider with the columns `covariates` of its rows; None where none are asked.

    Raises FileProblem for a column that is not there, and for a provider whose rows say different
    things.
    """
    import polars as pl

    from otdacha.errors import FileProblem

    if not covariates:
        return None
    missing = [name for name in covariates if name not in cells.columns]
    if missing:
        raise FileProblem(
            text(
                "{file} has no column {columns}. It has: {present}.",
                file=file,
                columns=", ".join(missing),
                present=", ".join(cells.columns),
            )
        )
    rows = cells.select(*dict.fromkeys(("provider", *covariates))).unique(maintain_order=True)
    twice = rows.filter(pl.col("provider").is_duplicated())
    if not twice.is_empty():
        raise FileProblem(
            text(
                "{file}: rows of {provider} say different things in {columns}. One value for each "
                "provider was expected.",
                file=file,
                provider=twice["provider"][0],
                columns=", ".join(covariates),
            )
        )
    return rows


def _named(covariates: str | None) -> tuple[list[str], set[str]]:
    """The columns that are asked for, and those of them that are amounts."""
    named = by_commas(covariates)
    amounts = {name.removesuffix(AMOUNT) for name in named if name.endswith(AMOUNT)}
    return list(dict.fromkeys(name.removesuffix(AMOUNT) for name in named)), amounts


def measured_against(methodology: Methodology, against: Against | None) -> Methodology:
    """The methodology with another answer to "better than what?"."""
    if against is None:
        return methodology
    listing = methodology.list.model_copy(update={"against": against})
    return methodology.model_copy(update={"list": listing})


def saved(out: Path) -> Text:
    """Where the ranking is."""
    return text("The whole ranking is in {file}.", file=out)


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
    "otdacha rank figures.csv --against mean --out ranking.xlsx",
)
