"""A release of somebody's figures: a data bank of its own, with no records behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.effects.gates.gate import NOT_TESTABLE
from otdacha.effects.reported import NOT_COLLECTED, SUPPRESSED
from otdacha.effects.result import ESTIMATED, INSUFFICIENT
from otdacha.effects.value_added import VALUE_ADDED
from otdacha.errors import MethodologyProblem, ReleaseProblem, WorkspaceProblem
from otdacha.language import LANGUAGES, text
from otdacha.methodology import (
    Methodology,
    default_methodology,
    default_methodology_bytes,
    load_methodology,
)
from otdacha.progress import Progress, silent
from otdacha.ranking.result import NOT_COMPARABLE
from otdacha.release.about import About, about_reported, load_about
from otdacha.release.checks import NAMES
from otdacha.release.disclosure import Rule, people_rule, publish_counts
from otdacha.release.evidence import prior_mean_table, prior_table
from otdacha.release.figures_file import Asked, AskedToRank, RankedFile
from otdacha.release.folder import assembled, following, land
from otdacha.release.manifest import manifest, ranked, software
from otdacha.release.publish import best_first
from otdacha.release.release import Release, load
from otdacha.release.states import STATE, State
from otdacha.release.tables import KEYS, TABLES, finished
from otdacha.release.writing import significant

NO_RECORDS = text(
    "It could not be made: somebody else made the figures, and there are no records to make it "
    "from."
)
NOT_FORETOLD = text(
    "It is not known whether this ranking predicts: there are no records from which an earlier one "
    "could be made."
)

_STATES = {
    ESTIMATED: State.PUBLISHED,
    INSUFFICIENT: State.INSUFFICIENT_EVIDENCE,
    NOT_COMPARABLE: State.NOT_COMPARABLE,
    SUPPRESSED: State.SUPPRESSED,
    NOT_COLLECTED: State.NOT_COLLECTED,
}

_ORGANISATIONS = Rule(0, None)
"""Organisations are counted as they are: each stands in the tables with its state."""


def rules_for(asked: Asked, file: Path | None) -> tuple[Methodology, bytes]:
    """The methodology of a release, and its bytes: the file, or the one that ships for the verb."""
    if file is not None:
        return load_methodology(file), file.read_bytes()
    name = "reported" if isinstance(asked, AskedToRank) else "value-added"
    return default_methodology(name), default_methodology_bytes(name)


def publish_file(
    ranked_file: RankedFile,
    folder: Path,
    methodology: Methodology,
    methodology_bytes: bytes,
    *,
    about: Path | None = None,
    created: dt.datetime | None = None,
    progress: Progress = silent,
) -> Release:
    """Land a ranked file as the next release `<year>.<n>` of the data bank in `folder`.

    methodology: the one that the file was ranked by, and its bytes. about: a TOML file with the
    bank's label (`otdacha.release.about`), by default that of the bank's last release.

    Raises MethodologyProblem where the methodology does not say what the figure is, FileProblem for
    a label that is not right, ReleaseProblem where `folder` is another bank's, WorkspaceProblem
    where it cannot be written.
    """
    _refuse_unnamed(ranked_file, methodology)
    created = (created or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    default = about_reported(methodology)
    name, previous = following(folder, created)
    label = (
        load_about(about, default) if about else previous.about if previous is not None else default
    )
    _refuse_another_bank(folder, label, previous)
    content = contents_of_file(
        ranked_file,
        methodology=methodology,
        methodology_bytes=methodology_bytes,
        release=name,
        created=created,
        previous=previous,
        made_with=software(),
        about=label,
    )
    try:
        return load(land(content, folder / name, progress))
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the release cannot be written ({fault}). Nothing was published. Make "
                "room or mend the rights and give the command again.",
                folder=folder,
                fault=fault.strerror or fault,
            )
        ) from fault


def contents_of_file(
    ranked_file: RankedFile,
    *,
    methodology: Methodology,
    methodology_bytes: bytes,
    release: str,
    created: dt.datetime,
    previous: Release | None,
    made_with: Mapping[str, Any],
    about: About,
) -> dict[str, bytes]:
    """Every file of a release of somebody's figures by name, the manifest last."""
    return assembled(
        published(ranked_file, methodology, previous),
        manifest(
            release=release,
            created=created,
            previous=previous,
            made_with=made_with,
            about=about,
            inputs=[],
            reported=ranked_file.card,
            invented=False,
            methodology=methodology,
            evaluation=_evaluation(ranked_file),
        ),
        methodology,
        methodology_bytes,
        previous,
    )


def published(
    ranked_file: RankedFile, methodology: Methodology, previous: Release | None = None
) -> dict[str, pl.DataFrame]:
    """The tables of the release: those that need records are there and have no rows."""
    before: Mapping[str, pl.DataFrame] = previous.tables if previous else {}
    people = people_rule(methodology.disclosure)
    ranking = ranked_file.ranking
    states = _states(ranked_file, methodology)
    unknown = [pl.lit(None, pl.Int64).alias(n) for n in ("units", "clusters", "cells", "cases")]
    posterior = ranking.frame.select("provider", "posterior_mean", "lower", "upper")
    found = {name: _empty(name) for name in TABLES} | {
        "providers": publish_counts(
            _providers(ranked_file, states),
            {"trained": people, "people": people, "municipalities": people},
            keys=KEYS["providers"],
            rates={"followed": ("people", "trained")},
            previous=before.get("providers"),
        ),
        "effects": publish_counts(
            states.join(
                ranked_file.effects.estimates.drop("state", "reason"), on="provider", how="left"
            )
            .join(posterior, on="provider", how="left")
            .with_columns(unknown),
            dict.fromkeys(("units", "clusters", "cells", "cases"), people),
            keys=KEYS["effects"],
            previous=before.get("effects"),
        ),
        "excluded": _excluded(ranked_file, methodology, before.get("excluded")),
        "gates": _gates(),
        "grades": ranking.grade_path,
        "prior": prior_table({ranking.indicator: ranking}),
        "prior_mean": prior_mean_table({ranking.indicator: ranking}),
    }
    return {name: finished(name, table) for name, table in found.items() if name != "changes"}


def _states(ranked_file: RankedFile, methodology: Methodology) -> pl.DataFrame:
    """Every provider with its state and reason, in the order of its number."""
    minimum = methodology.disclosure.people
    few = pl.col("few") & (pl.col("found") == ESTIMATED)
    return (
        ranked_file.effects.estimates.select("provider", "reason")
        .join(ranked_file.ranking.frame.select("provider", found="state"), on="provider")
        .join(ranked_file.ranking.excluded.select("provider", refused="reason"), on="provider",
              how="left")
        .join(ranked_file.people.select("provider", few=(pl.col("people") < minimum)),
              on="provider")
        .with_columns(pl.col("few").fill_null(False))
        .select(
            "provider",
            pl.when(few)
            .then(pl.lit(State.SUPPRESSED))
            .otherwise(pl.col("found").replace_strict(_STATES, return_dtype=pl.String))
            .cast(STATE)
            .alias("state"),
            pl.when(few)
            .then(pl.lit("few_people_to_publish"))
            .otherwise(pl.coalesce("refused", "reason"))
            .alias("reason"),
        )
        .sort("provider")
    )  # fmt: skip


def _providers(ranked_file: RankedFile, states: pl.DataFrame) -> pl.DataFrame:
    """Who stands where, best first; the number of people is still true."""
    people = pl.lit(None, pl.Int64) if ranked_file.at_least else pl.col("people")
    nobody_knows = [pl.lit(None, pl.Int64).alias(name) for name in ("trained", "municipalities")]
    return best_first(
        states.join(ranked_file.organisations, on="provider", how="left")
        .join(ranked_file.ranking.frame.drop("state"), on="provider", how="left")
        .join(ranked_file.people.select("provider", people), on="provider", how="left")
        .with_columns(nobody_knows)
    )


def _excluded(
    ranked_file: RankedFile, methodology: Methodology, previous: pl.DataFrame | None
) -> pl.DataFrame:
    """What was left out: organisations by reason; of a file of people, rows by reason."""
    of_people = ranked_file.effects.design == VALUE_ADDED
    counted = (
        pl.concat([ranked_file.effects.excluded, ranked_file.ranking.excluded])
        .with_columns(provider=pl.lit(None, pl.String))
        .group_by(KEYS["excluded"])
        .agg(pl.col("rows").sum())
        .sort(KEYS["excluded"], nulls_last=True)
    )
    rule = people_rule(methodology.disclosure) if of_people else _ORGANISATIONS
    return publish_counts(counted, {"rows": rule}, keys=KEYS["excluded"], previous=previous)


def _gates() -> pl.DataFrame:
    """Every check, none of which could be made."""
    columns = {column.name: column.type for column in TABLES["gates"]}
    sentences = {f"sentence_{one}": NO_RECORDS.said(one) for one in LANGUAGES}
    return pl.DataFrame(
        [{"gate": gate, "outcome": NOT_TESTABLE, **sentences} for gate in NAMES], schema=columns
    )


def _empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema={column.name: column.type for column in TABLES[table]})


def _evaluation(ranked_file: RankedFile) -> dict[str, Any]:
    """Figures about the ranking as a whole; what only records can say is null or empty."""
    ranking = ranked_file.ranking
    (fit,) = ranked_file.effects.diagnostics.values()
    return {
        "design": ranked_file.effects.design,
        "because": None,
        "withheld": False,
        "headline": ranking.indicator,
        "months": None,
        "municipalities": None,
        "training_links": {},
        "mergers": [],
        "indicators": {
            ranking.indicator: {
                "scale": significant(ranked_file.effects.scales[ranking.indicator]),
                "cells": {},
            }
        },
        **ranked(ranking),
        "fit": {name: significant(v) for name, v in fit.items() if isinstance(v, float)},
        "variance_of_effects": {},
        "prediction": {
            "state": NOT_TESTABLE,
            "cut": None,
            "providers": 0,
            "sentence": {language: NOT_FORETOLD.said(language) for language in LANGUAGES},
        },
    }


def _refuse_unnamed(ranked_file: RankedFile, methodology: Methodology) -> None:
    """Readers learn from the methodology what the figure is called and what its unit is."""
    wanted = ranked_file.ranking.indicator
    known = {one.id: one for one in methodology.indicators}
    if wanted not in known:
        raise MethodologyProblem(
            text(
                "The methodology {id} has no indicator called {wanted}, so a release could not say "
                "what its figure is. Name a methodology that has it, or none.",
                id=methodology.id,
                wanted=wanted,
            )
        )
    if wanted == VALUE_ADDED and known[wanted].better == "lower":
        raise MethodologyProblem(
            text(
                "The methodology {id} says that less of {wanted} is better; value added is always "
                "taken as more is better. Turn the sign of the outcome in the file.",
                id=methodology.id,
                wanted=wanted,
            )
        )


def _refuse_another_bank(folder: Path, about: About, previous: Release | None) -> None:
    if previous is not None and previous.about.id != about.id:
        raise ReleaseProblem(
            text(
                "{folder} holds the releases of the data bank {there}, not of {here}. Name another "
                "folder, or the same id in the label.",
                folder=folder,
                there=previous.about.id,
                here=about.id,
            )
        )
