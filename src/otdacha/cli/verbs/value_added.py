"""`otdacha value-added`: what people reached, given what they brought (design C)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.columns import by_commas
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
from otdacha.cli.tables import figure, table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.effects import Effects


def value_added(
    voice: Voice,
    file: Annotated[
        Path, argument(text("CSV, Excel or Parquet, one row for each person."), text("FILE"))
    ],
    outcome: Annotated[str, option("--outcome", text("What was reached."), text("COLUMN"))],
    provider: Annotated[str, option("--provider", text("Who taught."), text("COLUMN"))],
    intake: Annotated[
        str | None,
        option(
            "--intake",
            text("What the person brought. Without it the outcome itself is compared."),
            text("COLUMN"),
        ),
    ] = None,
    covariates: Annotated[
        str | None,
        option(
            "--covariates",
            text("Further columns to hold equal, numbers or categories, by commas."),
            text("A,B"),
        ),
    ] = None,
    crossed: Annotated[
        list[str] | None,
        option(
            "--crossed",
            text(
                "A further grouping (teacher, department, district) of which the organisations "
                "are cleared; may be given several times."
            ),
            text("COLUMN"),
        ),
    ] = None,
    reml: Annotated[
        bool, option("--reml", text("Restricted maximum likelihood instead of the full one."))
    ] = False,
    methodology: MethodologyFile = None,
    release: ReleaseFolder = None,
    about: AboutFile = None,
    format: SavedFormat = None,
    out: SavedFile = None,
) -> Answer:
    from otdacha.ranking import told_apart
    from otdacha.release.figures_file import AskedForValueAdded

    saved_as = known_format(format) if format else None
    asked = AskedForValueAdded(
        outcome=outcome,
        provider=provider,
        intake=intake,
        covariates=tuple(by_commas(covariates)),
        crossed=tuple(crossed or ()),
        reml=reml,
    )
    found = ranked(voice, file, asked, methodology, release, about)
    effects, ranking, error_rate = found.effects, found.ranking, found.methodology.list.error_rate
    apart = {
        "ranked": ranking.frame["p_value"].count(),
        "above": len(ranking.listed),
        "either_side": len(told_apart(ranking, error_rate)),
    }
    document = {
        "fit": dict(effects.diagnostics[ranking.indicator]),
        "excluded": effects.excluded.to_dicts(),
        "told_apart_from_the_mean": apart,
        **ranking_document(ranking),
    }
    shown: list[Any] = [
        _fit(voice, effects),
        *_without_intake(effects),
        *ranking_shown(voice, ranking),
        _apart_sentence(voice, apart, error_rate),
    ]
    if out is not None:
        save(ranking.frame, out, saved_as)
        shown.append(saved(out))
    of_release, said = landed(found.release)
    return Answer(document | of_release, [*shown, *said])


def _fit(voice: Voice, effects: Effects) -> Any:
    """The fit as a table: what was found before anybody is ranked."""
    (fit,) = effects.diagnostics.values()
    slopes = {fit["intake"]: fit["slope"]} if fit["intake"] else {}
    provider, *crossed = fit["levels"]
    lines: list[tuple[Text, Any]] = [
        (text("Rows") if crossed else text("People"), fit["people"]),
        (text("Organisations"), fit["levels"][provider]),
        *((text("Levels of {column}", column=name), fit["levels"][name]) for name in crossed),
        (text("−2 log likelihood"), _exactly(voice, fit["minus_two_log_likelihood"])),
        (text("Intercept"), _exactly(voice, fit["intercept"], 6)),
        *(
            (text("Slope of {column}", column=name), _exactly(voice, slope, 6))
            for name, slope in (slopes | fit["covariates"]).items()
        ),
        (text("Variance between organisations"), _exactly(voice, fit["provider_variance"], 6)),
        *(
            (
                text("Variance between levels of {column}", column=name),
                _exactly(voice, fit["variances"][name], 6),
            )
            for name in crossed
        ),
        (
            text("Variance that is left") if crossed else text("Variance within them"),
            _exactly(voice, fit["residual_variance"], 6),
        ),
        *(
            (text("Rows left out: a value is missing"), count)
            for count in effects.excluded["rows"].to_list()
        ),
    ]
    headings = {"what": text("Fit"), "figure": text("Figure")}
    return table(voice, headings, lines, numbers=["figure"])


def _without_intake(effects: Effects) -> list[Text]:
    (fit,) = effects.diagnostics.values()
    if fit["intake"]:
        return []
    return [
        text(
            "No intake was given: an organisation that is sent stronger people stands higher by "
            "that alone."
        )
    ]


def _exactly(voice: Voice, value: float, digits: int = 4) -> str:
    return figure(value, voice.language, digits)


def _apart_sentence(voice: Voice, apart: dict[str, int], error_rate: float) -> Text:
    return text(
        "Of {ranked} ranked, {either} can be told apart from the mean at an error rate of {rate} "
        "%, whether better or worse; {above} can be called better.",
        ranked=apart["ranked"],
        either=apart["either_side"],
        above=apart["above"],
        rate=figure(100 * error_rate, voice.language),
    )


VALUE_ADDED = Verb(
    "value-added",
    value_added,
    text(
        "Rank by what people reached, given what they brought.\n"
        "The organisation is a random intercept; what is ranked is how far its people stand above "
        "or below what their intake foretold, against the mean of all. Teachers, departments or "
        "districts that differ among themselves are further random intercepts (--crossed)."
    ),
    "otdacha value-added exam.csv --outcome score --intake before --provider school\n"
    "otdacha value-added exam.csv --outcome score --provider school --crossed town",
)
