"""Needs that came in files and needs by rule, together: one person and topic is one need.

Order of strength: `REASONS` (legal duty, gap, weak indicator, request); then the earlier `by`, the
more urgent `priority`, what came in a file before what a rule says, the number. The strongest
stays as it is; where it does not say by when, or which indicator should move, how much and by when,
it takes that from the next that does. A need without a topic is met by training in any: it is one
with the strongest that the same person has in some topic, and takes that topic. Needs without a
name are nobody's and stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.programme.needs.frames import NEEDS, as_needs
from otdacha.programme.people.roster import Roster, as_called_now, folded_topic

MERGED = pl.Schema({"kept": pl.String, "dropped": pl.String, "needs": pl.Int64})
_EXPECTED = ("topic", "by", "indicator", "change", "expected_by")


@dataclass(frozen=True)
class Gathered:
    """needs: schema `NEEDS`, by municipality and number. merged: schema `MERGED`: needs that were
    one with another, by the reason that stayed and the reason that did not."""

    needs: pl.DataFrame
    merged: pl.DataFrame


def gather(recorded: pl.DataFrame, by_rule: pl.DataFrame, roster: Roster) -> Gathered:
    """All needs, each person and topic once.

    recorded: the records' table `needs`; by_rule: schema `NEEDS`. Somebody who is told by a
    personnel number only is looked up on the roster; towns and departments get the names they go by
    now. One person on two staff lists is one person: who needs it more is asked first.
    """
    told = as_called_now(as_needs(recorded), roster.into)
    told = _by_badge(told, roster).with_columns(pl.col("people").fill_null(1))
    every = pl.concat(
        [told.with_columns(filed=pl.lit(True)), by_rule.with_columns(filed=pl.lit(False))]
    )
    ordered = every.with_columns(
        strength=pl.col("reason").to_physical(),
        whose=pl.coalesce("person", pl.concat_str(pl.lit("badge"), "municipality", "badge")),
    ).sort(
        "strength",
        "by",
        "priority",
        "filed",
        "municipality",
        "need",
        descending=[False, False, False, True, False, False],
        nulls_last=True,
    )
    some_topic = folded_topic("topic").drop_nulls().first().over("whose")
    topic = pl.coalesce(folded_topic("topic"), some_topic, pl.lit(""))
    known = ordered.with_columns(same=pl.concat_str("whose", topic, separator="\x1f"))
    nameless = known.filter(pl.col("same").is_null())
    named = known.filter(pl.col("same").is_not_null())
    merged = (
        named.with_columns(kept=pl.col("reason").first().over("same"))
        .filter(pl.int_range(pl.len()).over("same") > 0)
        .group_by("kept", dropped="reason")
        .agg(needs=pl.len())
    )
    one = named.group_by("same", maintain_order=True).agg(
        pl.exclude("same", *_EXPECTED).first(),
        *(pl.col(name).drop_nulls().first() for name in _EXPECTED),
    )
    needs = pl.concat([one.select(NEEDS.names()), nameless.select(NEEDS.names())])
    return Gathered(
        needs.sort("municipality", "need"),
        merged.select(MERGED.names()).cast(dict(MERGED)).sort("kept", "dropped"),  # type: ignore[arg-type]
    )


def _by_badge(needs: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """needs with the person whose badge they tell, where exactly one of the town has it."""
    one = (
        roster.people.drop_nulls("badge")
        .group_by("municipality", "badge")
        .agg(pl.col("person").first().alias("holder"), people=pl.len())
        .filter(pl.col("people") == 1)
        .drop("people")
    )
    return (
        needs.join(one, on=["municipality", "badge"], how="left", maintain_order="left")
        .with_columns(person=pl.coalesce("person", "holder"))
        .select(NEEDS.names())
    )
