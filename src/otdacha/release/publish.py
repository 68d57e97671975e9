"""From results to the published tables: every figure gets its state, then passes disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from otdacha.effects import Effects
from otdacha.effects.result import ESTIMATED
from otdacha.methodology import Methodology
from otdacha.panel.frames import Panel
from otdacha.ranking import Ranking
from otdacha.release.columns import ALMOST, ROW
from otdacha.release.disclosure import municipalities_rule, people_rule, publish_counts
from otdacha.release.evidence import (
    comparisons_table,
    drift_table,
    event_study_table,
    gates_table,
    predicted_table,
    prior_mean_table,
    prior_table,
    second_opinion_table,
    weightings_table,
    weights_table,
)
from otdacha.release.programmes import PROGRAMMES, programmes_table
from otdacha.release.states import STATE, State
from otdacha.release.tables import KEYS, TABLES, finished
from otdacha.release.towns import MUNICIPALITIES, towns_table
from otdacha.release.verdict import Verdict

if TYPE_CHECKING:
    from otdacha.release.release import Release

_POSTERIOR = ("posterior_mean", "lower", "upper")
_RANKED = (
    "listed",
    "grade",
    "rank_low",
    "rank_high",
    "rank_low_all",
    "rank_high_all",
    "probability_better",
    "p_value",
    "q_value",
    "bh",
    "by",
)


@dataclass(frozen=True)
class Results:
    """What an evaluation found, before anything is withheld; it never leaves the workspace.

    rankings: by indicator, the headline among them. verdict: how far they may be trusted.
    organisations: columns provider, name, type, region, and ogrn and licence where they are known.
    trainings: columns provider, finished (the day its first course ended). links: training records
    by how their person was found on the staff. programmes, municipalities: what the records tell of
    them, with true counts.
    """

    panel: Panel
    effects: Effects
    rankings: Mapping[str, Ranking]
    verdict: Verdict
    organisations: pl.DataFrame
    trainings: pl.DataFrame
    links: Mapping[str, int] = field(default_factory=dict)
    programmes: pl.DataFrame = field(default_factory=PROGRAMMES.to_frame)
    municipalities: pl.DataFrame = field(default_factory=MUNICIPALITIES.to_frame)


def publish(
    results: Results, methodology: Methodology, previous: Release | None = None
) -> dict[str, pl.DataFrame]:
    """The tables of a release as they may be read by anybody.

    Where a gate failed, effects, list, grades and ranks are withheld; the gates and what they rest
    on are published all the same. previous: the last release, so that the difference to it reveals
    no small group either.
    """
    before: Mapping[str, pl.DataFrame] = previous.tables if previous else {}
    states = _states(results, methodology)
    people = people_rule(methodology.disclosure)
    municipalities = municipalities_rule(methodology.disclosure)
    clusters = municipalities if methodology.design.cluster == "municipality" else people
    published = {
        "providers": publish_counts(
            _providers(results, states),
            {"trained": people, "people": people, "municipalities": municipalities},
            keys=KEYS["providers"],
            rates={"followed": ("people", "trained")},
            previous=before.get("providers"),
        ),
        "effects": publish_counts(
            _effects(results, states),
            {"units": people, "clusters": clusters, "cells": people, "cases": people},
            keys=KEYS["effects"],
            previous=before.get("effects"),
        ),
        "excluded": publish_counts(
            pl.concat(
                [
                    results.panel.excluded,
                    results.effects.excluded,
                    results.verdict.prediction.excluded,
                ]
            )
            .group_by(KEYS["excluded"])
            .agg(pl.col("rows").sum())
            .sort(KEYS["excluded"], nulls_last=True),
            {"rows": people},
            keys=KEYS["excluded"],
            previous=before.get("excluded"),
        ),
    }
    published |= _evidence(results, states, methodology, before.get("event_study"))
    published["comparisons"] = comparisons_table(
        results.rankings[results.effects.headline], published["providers"], methodology
    )
    published["programmes"] = programmes_table(
        results.programmes,
        published["providers"],
        methodology.disclosure,
        before.get("programmes"),
    )
    published["municipalities"] = towns_table(
        results.municipalities, methodology.disclosure, before.get("municipalities")
    )
    return {name: finished(name, published[name]) for name in TABLES if name in published}


def _evidence(
    results: Results,
    states: pl.DataFrame,
    methodology: Methodology,
    previous: pl.DataFrame | None,
) -> dict[str, pl.DataFrame]:
    """The tables of the verdict; of single providers only those whose effect is published."""
    verdict, effects = results.verdict, results.effects
    ranking = results.rankings[effects.headline]
    headline = (pl.col("indicator") == effects.headline) & (pl.col(ROW) == State.PUBLISHED)
    shown = states.filter(headline).select("provider")
    rankings = {} if verdict.withheld else results.rankings
    return {
        "gates": gates_table(verdict),
        "event_study": event_study_table(verdict, shown, methodology, previous),
        "second_opinion": second_opinion_table(verdict, effects, shown),
        "drift": drift_table(verdict, shown),
        "prediction": verdict.prediction.figures,
        "predicted": predicted_table(verdict, shown),
        "weights": weights_table(verdict.weights, shown),
        "weightings": weightings_table(verdict.weights),
        "grades": ranking.grade_path if rankings else ranking.grade_path.clear(),
        "prior": prior_table(rankings),
        "prior_mean": prior_mean_table(rankings),
    }


def _states(results: Results, methodology: Methodology) -> pl.DataFrame:
    """Provider x indicator with its state and reason, for every provider that is known of at all.

    Providers come in their numbers' order, indicators in the methodology's.
    """
    panel, effects = results.panel, results.effects
    indicators = pl.DataFrame({"indicator": effects.indicators}, schema={"indicator": pl.String})
    providers = (
        pl.concat(
            [
                pl.Series("provider", effects.providers, pl.String).to_frame(),
                panel.reach.select("provider"),
                results.organisations.select("provider"),
                results.trainings.select("provider"),
            ]
        )
        .unique()
        .sort("provider")
    )
    last_month = panel.cells["month"].max()
    return (
        providers.join(indicators, how="cross", maintain_order="left_right")
        .join(
            effects.estimates.select("provider", "indicator", "reason", "cells"),
            on=["provider", "indicator"],
            how="left",
            maintain_order="left",
        )
        .join(_ranked(results), on=["provider", "indicator"], how="left", maintain_order="left")
        .join(
            _seen(panel, effects), on=["provider", "indicator"], how="left", maintain_order="left"
        )
        .join(
            panel.reach.select("provider", "people", "municipalities"),
            on="provider",
            how="left",
            maintain_order="left",
        )
        .join(results.trainings, on="provider", how="left", maintain_order="left")
        .select(
            "provider",
            "indicator",
            *_state_and_reason(
                estimated=(pl.col("state") == ESTIMATED).fill_null(False),
                too_new=(pl.col("finished").dt.month_start() >= pl.lit(last_month)).fill_null(
                    False
                ),
                seen=pl.col("seen").fill_null(0) > 0,
                comparable=(pl.col("cells").fill_null(0) > 0)
                & (pl.col("state") != "not comparable").fill_null(True),
                people=pl.col("people").fill_null(0) >= methodology.disclosure.people,
                towns=pl.col("municipalities").fill_null(0)
                >= methodology.disclosure.municipalities,
                withheld=results.verdict.withheld,
            ),
        )
    )


def _state_and_reason(
    *,
    estimated: pl.Expr,
    too_new: pl.Expr,
    seen: pl.Expr,
    comparable: pl.Expr,
    people: pl.Expr,
    towns: pl.Expr,
    withheld: bool,
) -> tuple[pl.Expr, pl.Expr]:
    """The state of an effect and the code of its reason; each argument is a yes or no."""
    state = (
        pl.when(estimated & people & towns)
        .then(pl.lit(State.WITHHELD if withheld else State.PUBLISHED))
        .when(estimated)
        .then(pl.lit(State.SUPPRESSED))
        .when(~seen & too_new)
        .then(pl.lit(State.TOO_NEW))
        .when(~seen)
        .then(pl.lit(State.NOT_COLLECTED))
        .when(~comparable)
        .then(pl.lit(State.NOT_COMPARABLE))
        .otherwise(pl.lit(State.INSUFFICIENT_EVIDENCE))
    )
    reason = (
        pl.when(estimated & ~people)
        .then(pl.lit("few_people_to_publish"))
        .when(estimated & ~towns)
        .then(pl.lit("few_municipalities_to_publish"))
        .when(~estimated & seen)
        .then(pl.coalesce("refused", "reason"))
    )
    return state.cast(STATE).alias("state"), reason.alias("reason")


def _ranked(results: Results) -> pl.DataFrame:
    """Provider x indicator with the ranking's state, and why it refused an estimate."""
    keys = ["provider", "indicator"]
    rankings = results.rankings.items()
    found = [r.frame.select("provider", "state", indicator=pl.lit(name)) for name, r in rankings]
    refused = [r.excluded.select(*keys, pl.col("reason").alias("refused")) for _, r in rankings]
    return pl.concat(found).join(pl.concat(refused), on=keys, how="left")


def _seen(panel: Panel, effects: Effects) -> pl.DataFrame:
    """Exposed months of work on record by provider and indicator, whether they could be used or
    not; of the composite, those of all indicators together."""
    links = panel.exposure.select("unit", "month", "provider")
    seen = (
        panel.cells.filter(pl.col("status") == "exposed")
        .select("unit", "month", pl.col("indicator").cast(pl.String))
        .join(links, on=["unit", "month"])
        .group_by("provider", "indicator")
        .agg(pl.len().cast(pl.Int64).alias("seen"))
    )
    if effects.headline in seen["indicator"].unique():
        return seen
    together = seen.group_by("provider").agg(pl.col("seen").sum())
    return pl.concat(
        [
            seen,
            together.select("provider", pl.lit(effects.headline).alias("indicator"), "seen"),
        ]
    )


def _providers(results: Results, states: pl.DataFrame) -> pl.DataFrame:
    """The headline with everything that may be said of it; best first, states last, then by name.

    Counts are still true.
    """
    ranking = results.rankings[results.effects.headline].frame
    labels = ("name", "type", "region", "ogrn", "licence")
    organisations = results.organisations.with_columns(
        pl.lit(None, pl.String).alias(name)
        for name in labels
        if name not in results.organisations.columns
    )
    return best_first(
        states.filter(pl.col("indicator") == results.effects.headline)
        .join(organisations.select("provider", *labels), on="provider", how="left")
        .join(
            ranking.select("provider", "estimate", "se", "df", *_POSTERIOR, *_RANKED),
            on="provider",
            how="left",
        )
        .join(
            results.panel.reach.select("provider", "people", "municipalities", "trained"),
            on="provider",
            how="left",
        )
        # a provider without a training record was counted: nobody was trained
        .with_columns(pl.col("people", "municipalities", "trained").fill_null(0))
    )


def best_first(providers: pl.DataFrame) -> pl.DataFrame:
    """Providers best first, states last, then by name; no probability that nobody can know."""
    return (
        providers.with_columns(
            pl.col("probability_better").clip(ALMOST, 1 - ALMOST),
            pl.col("p_value", "q_value", "bh", "by").clip(lower_bound=ALMOST),
        )
        .with_columns(
            best=pl.when(pl.col(ROW) == State.PUBLISHED).then(-pl.col("posterior_mean").round(9))
        )
        .sort(ROW, "best", "name", "provider", nulls_last=True)
    )


def _effects(results: Results, states: pl.DataFrame) -> pl.DataFrame:
    """Provider x indicator with estimates before and after shrinkage; counts are still true."""
    after = pl.concat(
        [
            ranking.frame.select("provider", pl.lit(name).alias("indicator"), *_POSTERIOR)
            for name, ranking in results.rankings.items()
        ]
    )
    keys = ["provider", "indicator"]
    return (
        states.join(
            results.effects.estimates.drop("state", "reason"),
            on=keys,
            how="left",
            maintain_order="left",
        )
        .join(after, on=keys, how="left", maintain_order="left")
        .with_columns(pl.col("units", "clusters", "cells", "cases").fill_null(0))
    )
