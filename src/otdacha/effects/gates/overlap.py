"""Is there anybody to compare with? Untrained units of other clusters in the same stratum-month.

Figure: the smallest share, over providers, of exposed cases in stratum-months whose clean cells
come from enough other clusters and make up an effective number of units (Kish: (Σn)² / Σn²) that
is large enough.
"""

from __future__ import annotations

import polars as pl

from otdacha.effects.gates.gate import Gate, not_testable, outcome, percent
from otdacha.effects.gates.material import Material
from otdacha.language import text

ID = "overlap"


def overlap(given: Material) -> Gate:
    rules, name = given.rules, given.fixed.headline
    detail = comparison(given)
    if not detail.height:
        return not_testable(
            ID,
            text("No provider has enough evidence, so nobody needs a comparison."),
            rules.compared,
            name,
        )
    worst = detail.row(0, named=True)
    figure = float(worst["share"])
    figures = {
        "share": percent(figure),
        "clusters": rules.comparison_clusters,
        "units": round(rules.comparison_units),
        "threshold": percent(rules.compared),
    }
    sound = figure >= rules.compared
    sentence = (
        text(
            "Every provider has somebody to be compared with: at least {share} % of the cases "
            "after its training fall into months with {units} or more comparable untrained units "
            "in {clusters} or more other municipalities.",
            **figures,
        )
        if sound
        else text(
            "One provider has too little to be compared with: only {share} % of the cases after "
            "its training fall into months with {units} or more comparable untrained units in "
            "{clusters} or more other municipalities, and {threshold} % are needed.",
            **figures,
        )
    )
    return Gate(
        ID, outcome(sound), sentence, figure, rules.compared, name, worst["provider"], detail
    )


def comparison(given: Material) -> pl.DataFrame:
    """By provider with an estimate, worst first: provider, share, units (the mean effective number
    of comparison units), clusters (the mean number of other clusters), cases."""
    rules = given.rules
    at = ["stratum", "month"]
    sums = [pl.col("n").sum().alias("n"), (pl.col("n") ** 2).sum().alias("nn")]
    clean = given.months.filter(pl.col("status") == "clean", pl.col("n") > 0)
    own = clean.group_by(*at, "cluster").agg(*sums)
    everybody = own.group_by(at).agg(
        pl.col("n").sum().alias("n_all"), pl.col("nn").sum().alias("nn_all"), clusters=pl.len()
    )
    exposed = (
        given.months.filter(pl.col("status") == "exposed")
        .select("place", *at, "cluster", cases="n")
        .join(everybody, on=at, how="left")
        .join(own, on=[*at, "cluster"], how="left")
        .with_columns(
            others=pl.col("clusters").cast(pl.Int64).fill_null(0)
            - pl.col("n").is_not_null().cast(pl.Int64),
            units=(
                (pl.col("n_all") - pl.col("n").fill_null(0)) ** 2
                / (pl.col("nn_all") - pl.col("nn").fill_null(0))
            )
            .fill_nan(0)
            .fill_null(0),
        )
        .with_columns(
            units=pl.when(pl.col("others") > 0).then("units").otherwise(0.0),
        )
    )
    enough = (pl.col("others") >= rules.comparison_clusters) & (
        pl.col("units") >= rules.comparison_units
    )
    cases = pl.col("cases")
    return (
        exposed.join(given.exposure.select("place", "provider"), on="place")
        .filter(pl.col("provider").is_in(given.providers))
        .group_by("provider")
        .agg(
            share=(cases * enough).sum() / cases.sum(),
            units=(cases * pl.col("units")).sum() / cases.sum(),
            clusters=(cases * pl.col("others")).sum() / cases.sum(),
            cases=cases.sum(),
        )
        .sort("share", "provider")
    )
