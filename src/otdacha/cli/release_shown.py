"""A release on a terminal, and as a document for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from otdacha.cli.standing import expected_shown, legend, not_ranked, standing
from otdacha.cli.tables import figure, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.release import Release


def release_document(release: Release) -> dict[str, Any]:
    """The release for a machine: where it lies, its hash, its manifest and published tables."""
    return {
        "release": release.id,
        "path": str(release.path),
        "hash": release.hash,
        "manifest": release.manifest,
        "listed": release.listed["provider"].to_list(),
        **{name: frame.to_dicts() for name, frame in release.tables.items()},
    }


def release_shown(voice: Voice, release: Release) -> list[Shown]:
    """The release for people: everybody's standing, the list, what was left out and why."""
    from otdacha.release import State
    from otdacha.release.states import INVENTED, WITH_FIGURE, WORDS

    shown: list[Shown] = [
        *_what_it_is(voice, release),
        *([INVENTED] if release.manifest["invented"] else []),
        text("Effect: {what}. Plus is better.", what=_measured(voice, release)),
    ]
    if release.providers["posterior_mean"].count():
        shown.append(standing(voice, release.providers))
        threshold = release.manifest["evaluation"]["threshold"]
        shown += legend(voice, release.providers, threshold)
        shown += expected_shown(voice, release.expected, release.reference)
    shown.append(_listed(voice, release))
    shown += _trust(voice, release)
    for state, count in release.providers.group_by("state").len().sort("state").iter_rows():
        if State(state) not in WITH_FIGURE:
            shown.append(not_ranked(count, WORDS[State(state)]))
    return [*shown, *_left_out(voice, release)]


def _what_it_is(voice: Voice, release: Release) -> list[Shown]:
    """The bank, the release and its methodology; what the figures are; what came before."""
    from otdacha.release.readme import since

    about = release.about
    shown: list[Shown] = [
        text(
            "{title}. Release {release}.",
            title=about.title.said(voice.language),
            release=release.id,
        ),
        text(
            "Methodology: {title}, {id} {version}.",
            title=release.methodology.title.said(voice.language),
            id=release.methodology.id,
            version=release.methodology.version,
        ),
    ]
    if about.note is not None:
        shown.append(about.note.said(voice.language))
    if release.change is not None:
        shown.append(since(release.manifest))
    return shown


def _listed(voice: Voice, release: Release) -> Text:
    from otdacha.release.checks import WITHHELD

    if not release.failed.is_empty():
        return WITHHELD
    count = release.listed.height
    if count == 0:
        return text(
            "Nobody can be called one of the most effective: the evidence is not enough. "
            "That is a result."
        )
    return ntext(
        "{count} organisation is on the list of the most effective. Of such lists, {share} % of "
        "the places at most are owed to chance.",
        "{count} organisations are on the list of the most effective. Of such lists, {share} % of "
        "the places at most are owed to chance.",
        count=count,
        share=figure(100 * release.methodology.list.error_rate, voice.language),
    )


def _trust(voice: Voice, release: Release) -> list[Shown]:
    """How the checks ended, what a failed one found, and whether the ranking predicts."""
    from otdacha.release.checks import name_of, summary

    shown: list[Shown] = [summary(release)]
    for row in release.failed.iter_rows(named=True):
        name = name_of(row["gate"]).said(voice.language)
        shown.append(f"{name}: {row[f'sentence_{voice.language}']}")
    shown.append(release.manifest["evaluation"]["prediction"]["sentence"][voice.language])
    return shown


def _measured(voice: Voice, release: Release) -> Text | str:
    """What the effect is an effect on."""
    for indicator in release.methodology.indicators:
        if indicator.id == release.headline:
            return indicator.name.said(voice.language)
    return text("all indicators together, in standard deviations of untrained work")


def _left_out(voice: Voice, release: Release) -> list[Shown]:
    """Tables of what was left out by reason: records first, then months of work."""
    import polars as pl

    from otdacha.release.reasons import STAGES, sentence

    headings = {**STAGES, "effects": text("Months of work, over all indicators")}
    if release.reported:
        headings = {"effects": text("Rows"), "ranking": text("Rows")}
    rows = (
        release.left_out.group_by("stage", "reason")
        .agg(pl.col("rows").sum())
        .sort("rows", "reason", descending=[True, False])
    )
    return [
        table(
            voice,
            {"rows": heading, "reason": text("Why they were left out")},
            [
                (count or text("suppressed"), sentence(reason, stage))
                for _, reason, count in of_stage.iter_rows()
            ],
            numbers=["rows"],
        )
        for stage, heading in headings.items()
        if not (of_stage := rows.filter(pl.col("stage") == stage)).is_empty()
    ]
