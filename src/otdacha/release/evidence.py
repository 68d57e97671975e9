"""The published tables that say how far a ranking may be trusted, from a `Verdict`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.effects import COMPARISON, Effects
from otdacha.effects.result import ESTIMATED
from otdacha.methodology import Methodology
from otdacha.ranking import Ranking
from otdacha.ranking.comparisons import COMPARISONS
from otdacha.ranking.result import EXPECTED
from otdacha.ranking.weights import WeightSweep
from otdacha.release.columns import ALMOST, ROW
from otdacha.release.disclosure import municipalities_rule, people_rule, publish_counts
from otdacha.release.states import STATE, State
from otdacha.release.tables import KEYS, TABLES
from otdacha.release.verdict import Verdict


def gates_table(verdict: Verdict) -> pl.DataFrame:
    """Every gate with its outcome and its sentence in both languages."""
    return pl.DataFrame(
        [
            (
                gate.id,
                gate.indicator,
                gate.provider,
                gate.outcome,
                gate.figure,
                gate.threshold,
                gate.sentence.said("ru"),
                gate.sentence.said("en"),
            )
            for gate in verdict.gates
        ],
        schema=[column.name for column in TABLES["gates"]],
        orient="row",
    )


def event_study_table(
    verdict: Verdict,
    shown: pl.DataFrame,
    methodology: Methodology,
    previous: pl.DataFrame | None,
) -> pl.DataFrame:
    """Months before and after training: all providers together, and each that is published.

    shown: providers whose effect is published (column provider). A month with few people or towns
    behind it is suppressed like an effect.
    """
    together = verdict.together.frame.with_columns(provider=pl.lit(None, pl.String))
    apart = verdict.apart.frame.with_columns(provider=pl.col("group"))
    apart = apart.join(shown, on="provider", how="semi")
    people = people_rule(methodology.disclosure)
    towns = municipalities_rule(methodology.disclosure)
    enough = (pl.col("people") >= people.minimum) & (pl.col("clusters") >= towns.minimum)
    state = (
        pl.when(pl.col("state") != ESTIMATED)
        .then(pl.lit(State.INSUFFICIENT_EVIDENCE))
        .when(enough)
        .then(pl.lit(State.PUBLISHED))
        .otherwise(pl.lit(State.SUPPRESSED))
    )
    return publish_counts(
        pl.concat([together, apart]).with_columns(state.cast(STATE).alias("state")),
        {"cells": people, "people": people, "clusters": towns},
        keys=KEYS["event_study"],
        previous=previous,
    )


def second_opinion_table(verdict: Verdict, effects: Effects, shown: pl.DataFrame) -> pl.DataFrame:
    """What the other design and the bootstrap say, for providers whose effect is published."""
    keys = ["provider", "indicator"]
    other = effects.comparison if effects.comparison is not None else COMPARISON.to_frame()
    return (
        verdict.bootstrap.drop_nulls("t_p_value")
        .join(shown, on="provider", how="semi")
        .join(
            other.select(*keys, "other_design", "other_estimate", "difference", "se"),
            on=keys,
            how="left",
            maintain_order="left",
        )
        .rename({"se": "difference_se"})
    )


def drift_table(verdict: Verdict, shown: pl.DataFrame) -> pl.DataFrame:
    """How strong a drift before training an effect bears, all together and by provider."""
    breakdown = verdict.sensitivity.breakdown.rename({"class": "drift"})
    return breakdown.filter(
        pl.col("provider").is_null() | pl.col("provider").is_in(shown["provider"].implode())
    )


def predicted_table(verdict: Verdict, shown: pl.DataFrame) -> pl.DataFrame:
    """What was foretold of each published provider and what came later."""
    return verdict.prediction.frame.join(shown, on="provider", how="semi", maintain_order="left")


def weights_table(sweep: WeightSweep | None, shown: pl.DataFrame) -> pl.DataFrame:
    """Where each published provider stands when the weights of the indicators move."""
    if sweep is None:
        return pl.DataFrame(schema={column.name: column.type for column in TABLES["weights"]})
    return sweep.providers.join(shown, on="provider", how="semi", maintain_order="left")


def weightings_table(sweep: WeightSweep | None) -> pl.DataFrame:
    """The weight vectors, one row per vector and indicator."""
    if sweep is None:
        return pl.DataFrame(schema={column.name: column.type for column in TABLES["weightings"]})
    vectors = sweep.vectors.with_row_index("vector", offset=1)
    return vectors.unpivot(
        on=[f"weight_{name}" for name in sweep.indicators],
        index=["vector", "listed", "tau"],
        variable_name="indicator",
        value_name="weight",
    ).select(
        pl.col("vector").cast(pl.Int64),
        pl.col("indicator").str.strip_prefix("weight_"),
        "weight",
        "listed",
        "tau",
    ).sort("vector", "indicator")  # fmt: skip


def prior_mean_table(rankings: Mapping[str, Ranking]) -> pl.DataFrame:
    """What was expected beforehand, by what is known of organisations; empty where of all alike."""
    frames = [
        ranking.prior.expected.select(pl.lit(name).alias("indicator"), pl.all())
        for name, ranking in rankings.items()
    ]
    return pl.concat([pl.DataFrame(schema={"indicator": pl.String, **EXPECTED}), *frames])


def comparisons_table(
    ranking: Ranking, providers: pl.DataFrame, methodology: Methodology
) -> pl.DataFrame:
    """Every pair of providers whose effect is published, in their order; none where there are more
    than are compared. providers: the published table, best first."""
    shown = providers.filter(pl.col(ROW) == State.PUBLISHED)["provider"]
    known = ranking.comparisons
    pairs = (
        known.table(shown.to_list(), methodology.design.level)
        if known is not None
        else COMPARISONS.to_frame()
    )
    told = pl.when(pl.col("se").is_null()).then(pl.lit(State.NOT_COMPARABLE))
    return pairs.with_columns(
        told.otherwise(pl.lit(State.PUBLISHED)).cast(STATE).alias(ROW),
        pl.col("probability_better").clip(ALMOST, 1 - ALMOST),
    )


_PRIOR = pl.Schema({"indicator": pl.String, "effect": pl.Float64, "density": pl.Float64})


def prior_table(rankings: Mapping[str, Ranking]) -> pl.DataFrame:
    """The distribution of true effects that the estimates were drawn towards, by indicator."""
    frames = [_PRIOR.to_frame()]
    for name, ranking in rankings.items():
        points, values = ranking.prior.density
        frames.append(
            pl.DataFrame(
                {"indicator": [name] * len(points), "effect": points, "density": values},
                schema=_PRIOR,
            )
        )
    return pl.concat(frames)
