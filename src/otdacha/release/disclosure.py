"""Disclosure control: nothing published may let anybody recognise a few people.

The order is the whole point: suppress small counts, round what is left, hold back what would change
by too little since the last release, and only then derive rates, from the counts as published.
Source: method.md §9; the order is that of OpenSAFELY's disclosure control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.methodology import Disclosure
from otdacha.release.states import STATE, State


@dataclass(frozen=True)
class Rule:
    """How one kind of count is published: counts below `minimum` are suppressed (a true zero is
    not), the rest is rounded to multiples of `step`. Without a step a count is published as it is.
    """

    minimum: int
    step: int | None


def people_rule(disclosure: Disclosure) -> Rule:
    """The rule for counts of people and of what people do (units, cells, cases).

    The step is the first multiple of `round_to` that is not below the minimum: two published
    counts are then equal or differ by the minimum at least, in whichever releases they stand.
    """
    steps = -(-disclosure.people // disclosure.round_to)
    return Rule(disclosure.people, steps * disclosure.round_to)


def municipalities_rule(disclosure: Disclosure) -> Rule:
    """The rule for counts of municipalities: public bodies, which rounding would only blur."""
    return Rule(disclosure.municipalities, None)


def suppressed(count: pl.Expr, rule: Rule) -> pl.Expr:
    """`count`, null where it is small. Nobody at all is not a small group."""
    return pl.when((count == 0) | (count >= rule.minimum)).then(count)


def rounded(count: pl.Expr, rule: Rule) -> pl.Expr:
    """`count` to the nearest step, halves up; null where that would call somebody nobody."""
    if rule.step is None:
        return count
    nearest = (count + rule.step // 2) // rule.step * rule.step
    return pl.when((count == 0) | (nearest > 0)).then(nearest)


def held(count: pl.Expr, previous: pl.Expr, rule: Rule) -> pl.Expr:
    """`count`, or what the last release said where the two differ by less than the minimum.

    Null where even the last figure would be small now (a minimum that was raised).
    """
    if rule.step is None:
        return count
    change = (count - previous).abs()
    too_little = ((change > 0) & (change < rule.minimum)).fill_null(False)
    return pl.when(~too_little).then(count).when(previous >= rule.minimum).then(previous)


def with_company(count: pl.Expr, true: pl.Expr, rule: Rule, whole: Sequence[str]) -> pl.Expr:
    """`count`, the parts of a published total, where a small part never stands alone.

    count: as it would be published; true: as it was counted; whole: columns that say what total a
    part belongs to. Beside small parts the first published one is suppressed too, so that what the
    total leaves over is no small group. It is the first and not the smallest: that it is not larger
    than the others would be known of it. It is done beside several small parts as well: two parts
    of at most 4 whose total is shown as 10 would else be known to be 4 and 4. Of a total that is
    small itself zeros are suppressed too: four parts of it that are not zero would be one each.
    """
    small = (true.is_between(1, rule.minimum - 1)).any().over(whole)
    first = (count > 0) & ((count > 0).cast(pl.Int64).cum_sum().over(whole) == 1)
    few = true.sum().over(whole).is_between(1, rule.minimum - 1)
    return pl.when(~(few | (small & first.fill_null(False)))).then(count)


def publish_counts(
    frame: pl.DataFrame,
    rules: Mapping[str, Rule],
    *,
    keys: Sequence[str],
    rates: Mapping[str, tuple[str, str]] | None = None,
    parts_of: Mapping[str, Sequence[str]] | None = None,
    previous: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`frame` with its counts made publishable, each with a column `<name>_state`.

    rules: the count columns (Int64; null means not collected) and their rules. rates: names of new
    columns and their numerator and denominator among the counts. parts_of: counts whose total is
    published elsewhere, and the columns that say whose (see `with_company`). previous: the same
    table of the last release, matched by `keys`.
    """
    before = {name: f"{name}_before" for name in rules}
    if previous is None:
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in before.values())
    else:
        frame = frame.join(
            previous.select(*keys, *(pl.col(name).alias(old) for name, old in before.items())),
            on=list(keys),
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
    for name, rule in rules.items():
        true = pl.col(name)
        count = held(rounded(suppressed(true, rule), rule), pl.col(before[name]), rule)
        if whole := (parts_of or {}).get(name):
            count = with_company(count, true, rule, whole)
        frame = frame.with_columns(
            count.alias(name),
            pl.when(true.is_null())
            .then(pl.lit(State.NOT_COLLECTED))
            .otherwise(_state_of(count))
            .cast(STATE)
            .alias(f"{name}_state"),
        )
    frame = frame.drop(before.values())
    for name, (part, whole) in (rates or {}).items():
        frame = _with_rate(frame, name, part, whole)
    return frame


def _with_rate(frame: pl.DataFrame, name: str, part: str, whole: str) -> pl.DataFrame:
    """`name` = part / whole from the published counts, in the state of the worse of the two."""
    possible = (pl.col(whole) > 0) & (pl.col(part) <= pl.col(whole))
    rate = pl.when(possible).then(pl.col(part) / pl.col(whole))
    missing = pl.max_horizontal(pl.col(f"{column}_state").to_physical() for column in (part, whole))
    states = list(State)
    return frame.with_columns(
        rate.alias(name),
        pl.when(pl.col(part).is_null() | pl.col(whole).is_null())
        .then(missing.replace_strict(dict(enumerate(states)), return_dtype=pl.String))
        .when(pl.col(whole) == 0)
        .then(pl.lit(State.NOT_COLLECTED))
        .when(~possible)
        .then(pl.lit(State.NOT_COMPARABLE))
        .otherwise(_state_of(rate))
        .cast(STATE)
        .alias(f"{name}_state"),
    )


def _state_of(value: pl.Expr) -> pl.Expr:
    return (
        pl.when(value.is_null())
        .then(pl.lit(State.SUPPRESSED))
        .when(value == 0)
        .then(pl.lit(State.TRUE_ZERO))
        .otherwise(pl.lit(State.PUBLISHED))
    )
