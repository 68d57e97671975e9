"""`otdacha rank`: rank somebody else's figures, with no workspace (design D)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from otdacha.methodology import Against, Methodology

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
    methodology: MethodologyFile = None,
    format: SavedFormat = None,
    out: SavedFile = None,
) -> Answer:
    from otdacha.effects.reported import COLUMNS, REPORTED, reported
    from otdacha.ranking import rank as rank_effects
    from otdacha.records import read_cells

    chosen = methodology_of(methodology)
    saved_as = known_format(format) if format else None
    wanted = _known_against(against)
    with voice.progress() as progress:
        known = {name for columns in COLUMNS.values() for name in columns}
        cells, _ = read_cells(file, known=known, progress=progress)
        effects = reported(cells, chosen)
        if effects.diagnostics[REPORTED]["shape"] != "estimates":
            wanted = wanted or "mean"
        ranking = rank_effects(effects, measured_against(chosen, wanted), progress=progress)
    shown = [*ranking_shown(voice, ranking)]
    if out is not None:
        save(ranking.frame, out, saved_as)
        shown.append(saved(out))
    return Answer(ranking_document(ranking), shown)


def methodology_of(file: Path | None) -> Methodology:
    """The methodology in the file, or the one that ships."""
    from otdacha.methodology import default_methodology, load_methodology

    return load_methodology(file) if file else default_methodology()


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
