"""The README inside a release: what lies here, how to read it, how to check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES, Language, Text, ntext, text
from otdacha.methodology import Methodology
from otdacha.release.about import About
from otdacha.release.checks import WITHHELD
from otdacha.release.diff import kind_in_words
from otdacha.release.states import INVENTED, SENTENCES, State

_FILES: tuple[tuple[str, Text], ...] = (
    (
        "providers.parquet",
        text(
            "training organisations: effect, interval, range of ranks, grade, whether on the list"
        ),
    ),
    ("effects.parquet", text("training organisations by indicator")),
    ("excluded.parquet", text("what was left out and why, counted")),
    ("gates.parquet", text("checks of the method, their outcomes in plain sentences")),
    ("event_study.parquet", text("effects by month before and after training")),
    ("second_opinion.parquet", text("what another design and the bootstrap say")),
    ("drift.parquet", text("how strong a drift before training the effects bear")),
    ("prediction.parquet", text("does the ranking predict: figures beside two rivals")),
    ("predicted.parquet", text("what was foretold of each organisation, and what came later")),
    ("weights.parquet", text("the list and the order under other weights of the indicators")),
    ("weightings.parquet", text("those weights, and how like the order is under each")),
    ("grades.parquet", text("grades by the price of a wrong order")),
    ("prior.parquet", text("how often organisations have which true effect")),
    ("prior_mean.parquet", text("what was expected beforehand, where not the same of all")),
    ("comparisons.parquet", text("pairs of organisations: which differences are no chance")),
    ("programmes.parquet", text("programmes: price, people trained, effect per 10,000 roubles")),
    ("municipalities.parquet", text("municipalities: people trained, organisations, coordinates")),
    ("changes.parquet", text("what became of everybody since the previous release, and why")),
    ("methodology.toml", text("the rules: indicators, weights, thresholds")),
    ("data_dictionary.csv", text("every column: type, unit, meaning")),
    ("manifest.json", text("what this was made from and by, and the hash of every file")),
)


def readme(manifest: Mapping[str, Any], rules: Methodology, providers: pl.DataFrame) -> bytes:
    """The README of a release in every language, Russian first.

    manifest: without its files. providers: the published table.
    """
    said = (_said(manifest, rules, providers, one) for one in LANGUAGES)
    return "\n".join(said).encode()


def _said(
    manifest: Mapping[str, Any],
    methodology: Methodology,
    providers: pl.DataFrame,
    language: Language,
) -> str:
    def say(sentence: Text) -> str:
        return sentence.said(language)

    about = About.model_validate(manifest["about"])
    lines = [
        f"# {about.title.said(language)}: {manifest['release']}",
        "",
        *([say(INVENTED), ""] if manifest["invented"] else []),
        *([about.note.said(language), ""] if about.note else []),
        *_whence(about, say),
        say(
            text(
                "Methodology: {title}, {id} {version}.",
                title=methodology.title.said(language),
                id=methodology.id,
                version=methodology.version,
            )
        ),
        "",
        *([say(since(manifest)), ""] if manifest["previous"] else []),
        say(_verdict(providers, methodology)),
        "",
        say(
            text(
                "A figure here is never blank without a word: where there is none, the column that "
                "ends in `state` says why. Every figure is an estimate and comes with an interval."
            )
        ),
        "",
        f"## {say(text('Files'))}",
        "",
        *(f"- `{name}`: {say(what)}" for name, what in _FILES),
        "",
        f"## {say(text('States'))}",
        "",
        *(f"- `{state.value}`: {say(SENTENCES[state])}" for state in State),
        "",
        f"## {say(text('How to check'))}",
        "",
        say(
            text(
                "`otdacha verify FOLDER` compares every file with its hash in the manifest. Run "
                "where the records lie, it also computes the release anew and compares every byte."
            )
            if manifest["reported"] is None
            else text(
                "`otdacha verify FOLDER` compares every file with its hash in the manifest. With "
                "`--file FILE`, the file that the figures came in, it also computes the release "
                "anew and compares every byte."
            )
        ),
        "",
    ]
    return "\n".join(lines)


def _whence(about: About, say: Callable[[Text], str]) -> list[str]:
    """Who made the figures, and on which terms they may be used, where that is known."""
    known = [
        *([text("Source: {source}.", source=about.source)] if about.source else []),
        *([text("Licence: {licence}.", licence=about.licence)] if about.licence else []),
    ]
    return [" ".join(say(one) for one in known), ""] if known else []


def since(manifest: Mapping[str, Any]) -> Text:
    """Which release came before, and what kind of change this one is."""
    return text(
        "Against release {previous}: {kind}.",
        previous=manifest["previous"]["release"],
        kind=kind_in_words(manifest["change"]),
    )


def _verdict(providers: pl.DataFrame, methodology: Methodology) -> Text:
    published = providers.filter(pl.col("state") == State.PUBLISHED).height
    if (providers["state"] == State.WITHHELD).any():
        return WITHHELD
    listed = providers.filter(pl.col("listed").fill_null(False)).height
    if not listed:
        return text(
            "No training organisation can be told apart yet as one of the most effective (error "
            "rate {rate:.0%}); organisations with an estimate: {published}.",
            rate=methodology.list.error_rate,
            published=published,
        )
    return ntext(
        "{count} training organisation is on the list of the most effective (error rate "
        "{rate:.0%}); organisations with an estimate: {published}.",
        "{count} training organisations are on the list of the most effective (error rate "
        "{rate:.0%}); organisations with an estimate: {published}.",
        count=listed,
        rate=methodology.list.error_rate,
        published=published,
    )
