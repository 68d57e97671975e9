"""Posts that one person cannot hold at once: the same one twice, two main ones, more than 1.5."""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.records.pay_schemas import LARGEST_SHARE

_PERSON = ("municipality", "person")
_STILL_HELD = dt.date(9999, 12, 30)
_SLACK = 1e-9
READ = (*_PERSON, "unit", "position", "position_group", "share", "started", "ended", "employment")
"""What is read of the table `posts`."""


def held_at_once(posts: pl.DataFrame) -> pl.Series:
    """For each row why it cannot stand beside others of its person; null where it can.

    posts: columns of `READ`. Both the first and the last day belong to a post; no last day means
    until now. A second post beside a main one is right while their shares add up to 1.5. Codes, the
    first that is true: same_post_twice, two_main_posts, more_than_one_and_a_half; they are keys of
    `otdacha.records.reasons.FINDINGS`. Every row of a clash is told, for nobody knows which is
    wrong.
    """
    rows = posts.select(*READ).with_columns(
        pl.col("ended").fill_null(_STILL_HELD), at=pl.int_range(pl.len())
    )
    several = rows.filter(pl.len().over(_PERSON) > 1)
    twice = _clashing(several, (*_PERSON, "unit", "position"))
    main = _clashing(several.filter(employment="main"), _PERSON)
    clashes = {
        "same_post_twice": twice,
        "two_main_posts": main,
        "more_than_one_and_a_half": _too_much(several),
    }
    told = [
        pl.when(pl.col("at").is_in(found.implode())).then(pl.lit(code))
        for code, found in clashes.items()
    ]
    return rows.select(clash=pl.coalesce(*told))["clash"]


def _clashing(rows: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    """`at` of the rows that share a day with another row of the same key."""
    ordered = rows.sort(*key, "started", "at")
    before = pl.col("ended").cum_max().shift().over(key)
    after = pl.col("started").shift(-1).over(key)
    touching = (pl.col("started") <= before) | (after <= pl.col("ended"))
    return ordered.filter(touching.fill_null(value=False))["at"]


def _too_much(rows: pl.DataFrame) -> pl.Series:
    """`at` of the rows that are held on a day on which all posts of the person come to too much.

    The sum can only grow on a first day of some post: these days are looked at.
    """
    days = rows.select(*_PERSON, day="started").unique()
    held = rows.join(days, on=_PERSON).filter(
        pl.col("day").is_between(pl.col("started"), pl.col("ended"))
    )
    whole = pl.col("share").sum().over(*_PERSON, "day")
    return held.filter(whole > LARGEST_SHARE + _SLACK)["at"].unique()
