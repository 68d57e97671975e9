"""The roster as payrolls see it: every spell of a person in a post, in whole numbers.

Towns and departments stand under the names they go by now (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from otdacha.panel.mergers import as_successors_are_placed, mergers
from otdacha.pay.kopecks import RATE, SHARE
from otdacha.pay.tables import EXCLUDED
from otdacha.programme.people.roster import as_called_now
from otdacha.records import Workspace, frame, steady
from otdacha.records.held_at_once import held_at_once
from otdacha.records.people import AMBIGUOUS

ROSTER = pl.Schema(
    {
        "post": pl.Int64(),  # 0 to n - 1: the row
        "person": pl.String(),
        "municipality": pl.String(),
        "region": pl.String(),
        "unit": pl.String(),
        "position": pl.String(),
        "position_group": pl.String(),  # folded: "ведущая"
        "pay_class": pl.Int64(),  # within the group; null: any
        "share": pl.Int64(),  # thousandths of a full-time post
        "class_rank": pl.String(),
        "secrecy": pl.String(),
        "special_rate": pl.Int64(),  # ten-thousandths; null: the law's
        "salary": pl.Int64(),  # kopecks a month of a full post; null: the law's
        "service_from": pl.Date(),  # null: started
        "north_from": pl.Date(),  # null: started
        "born": pl.Int64(),  # year
        "sex": pl.String(),  # "female", "male"
        "started": pl.Date(),
        "ended": pl.Date(),  # the last day in the post; null: still there
        "main": pl.Boolean(),
    }
)
_READ = ("posts", "municipalities", "units", "providers")
_KEY = ("municipality", "person", "started", "unit", "position")
_GROUP = r"^(высш|главн|ведущ|старш|младш)(?:ая|ие|ые|ей|ой|их|ых)\b.*$"
"""A position group of law 25-ФЗ, whatever words of "группа должностей" follow it."""


@dataclass(frozen=True)
class Roster:
    """Posts that pay can be worked out for, and how many rows cannot be used and why.

    posts: schema `ROSTER`, ordered by municipality, person, first day, department and position.
    excluded: schema `otdacha.pay.tables.EXCLUDED`, of the table "posts"; reasons are keys of
    `otdacha.records.FINDINGS`. Rows of the table in force = posts + excluded.
    """

    posts: pl.DataFrame
    excluded: pl.DataFrame


def roster(workspace: Workspace) -> Roster:
    """The roster of a workspace, from the tables in force."""
    with steady(workspace):
        return roster_of({name: frame(workspace, name) for name in _READ})


def roster_of(tables: Mapping[str, pl.DataFrame]) -> Roster:
    """The roster from the records' tables of these names: posts, municipalities, units, providers.

    A row is left out for the first of these reasons: nobody knows who it is (person_in_doubt), its
    town is on no register, so that no law can be found (unknown_municipality), it names no position
    group, or it cannot stand beside other rows of its person (`held_at_once`).
    """
    into = mergers(tables["municipalities"], tables["units"], tables["providers"])
    posts = as_called_now(tables["posts"], into)
    known = posts.join(
        _regions(as_successors_are_placed(tables["municipalities"], into.towns)),
        on="municipality",
        how="left",
        maintain_order="left",
    )
    judged = known.with_columns(held_at_once(posts), reason=_unusable())
    reason = pl.coalesce("reason", "clash")
    counted = (
        judged.select(reason=reason)
        .drop_nulls()
        .group_by("reason")
        .agg(rows=pl.len().cast(pl.Int64))
        .sort("reason")
        .select(table=pl.lit("posts"), reason="reason", rows="rows")
    )
    return Roster(
        posts=_in_whole_numbers(judged.filter(reason.is_null())),
        excluded=counted.match_to_schema(EXCLUDED),
    )


def folded_group(column: str) -> pl.Expr:
    """A position group as laws and payrolls name it: lower case, one word where it is one of the
    law's five; others as they are written, in lower case."""
    plain = pl.col(column).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return plain.str.replace(_GROUP, "${1}ая")


def _regions(municipalities: pl.DataFrame) -> pl.DataFrame:
    """The region that each town lies in now: municipality, region."""
    return (
        municipalities.sort("valid_from", nulls_last=False, maintain_order=True)
        .unique("municipality", keep="last", maintain_order=True)
        .select("municipality", "region")
    )


def _unusable() -> pl.Expr:
    """Why a row cannot be used by itself; null where it can."""
    return (
        pl.when(pl.col("person").str.starts_with(AMBIGUOUS))
        .then(pl.lit("person_in_doubt"))
        .when(pl.col("region").is_null())
        .then(pl.lit("unknown_municipality"))
        .when(pl.col("position_group").is_null())
        .then(pl.lit("no_position_group"))
    )


def _in_whole_numbers(posts: pl.DataFrame) -> pl.DataFrame:
    """The rows in their order, schema `ROSTER`; whole numbers are rounded once, here."""
    return (
        posts.sort(*_KEY)
        .with_columns(
            folded_group("position_group"),
            share=_whole("share", SHARE),
            special_rate=_whole("special_rate", RATE),
            salary=_whole("salary", 100),
            main=pl.col("employment") == "main",
            post=pl.int_range(pl.len(), dtype=pl.Int64),
        )
        .select(ROSTER.names())
        .match_to_schema(ROSTER)
    )


def _whole(column: str, units: int) -> pl.Expr:
    return (pl.col(column) * units).round().cast(pl.Int64)
