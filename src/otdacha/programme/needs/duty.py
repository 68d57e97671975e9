"""Legal duty: whose last training is too long ago, and who is new in the post and untrained.

No record tells the day of an attestation, so its three years are counted from the end of the last
course on record; for somebody with none, from the day they came onto a staff list.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.programme.needs.frames import Needs, as_needs, counted, numbered
from otdacha.programme.needs.rules import Duty
from otdacha.programme.people.roster import Roster

_DAYS_A_YEAR = 365.25
_MOST_URGENT = 1
_DAYS_A_MONTH = _DAYS_A_YEAR / 12


def needs_by_duty(roster: Roster, duty: Duty, until: dt.date) -> Needs:
    """Whom the duty sends to training on or before `until`.

    Each need says by when: the day on which the allowed time ends, which may have passed already.
    Somebody without a course on record is not sent where the town's training is not on record for
    as long as the duty allows: they may have been trained before (`history_unknown`).
    Raises ValueError where the duty gives both times, or neither.
    """
    if duty.every_years is not None and duty.within_months is None:
        judged = _periodic(roster, duty, duty.every_years, until)
    elif duty.within_months is not None and duty.every_years is None:
        judged = _new(roster, duty, duty.within_months)
    else:
        raise ValueError(f"{duty.rule}: either every_years or within_months must be given")
    found = judged.filter(pl.col("outcome") == "needed").with_columns(
        rule=pl.lit(duty.rule),
        topic=pl.lit(duty.topic, pl.String),
        people=pl.lit(1, pl.Int64),
        reason=pl.lit("legal_duty"),
        priority=pl.lit(_MOST_URGENT, pl.Int64),
    )
    looked_at = judged.select("municipality", rule=pl.lit(duty.rule), reason="outcome")
    return Needs(
        as_needs(numbered(found)).sort("municipality", "need"),
        counted(looked_at),
    )


def _periodic(roster: Roster, duty: Duty, years: float, until: dt.date) -> pl.DataFrame:
    allowed = f"{round(years * 12)}mo"
    never = pl.col("last_trained").is_null()
    anchor = pl.coalesce("last_trained", "first")
    unknown = pl.col("known_from").is_null() | (pl.col("known_from") > anchor)
    unknown &= pl.col("known_from").is_null() | (pl.col("known_from").dt.offset_by(allowed) > until)
    by = anchor.dt.offset_by(allowed)
    return roster.people.with_columns(
        by=by,
        measure=pl.when(never)
        .then(pl.lit("years_in_service"))
        .otherwise(pl.lit("years_since_training")),
        figure=(pl.lit(roster.day) - anchor).dt.total_days() / _DAYS_A_YEAR,
        against=pl.lit(years, pl.Float64),
        outcome=pl.when(~_binds(duty))
        .then(pl.lit("duty_does_not_bind"))
        .when((by > until) & never)
        .then(pl.lit("not_long_in_service"))
        .when(by > until)
        .then(pl.lit("trained_in_time"))
        .when(never & unknown)
        .then(pl.lit("history_unknown"))
        .otherwise(pl.lit("needed")),
    )


def _new(roster: Roster, duty: Duty, months: int) -> pl.DataFrame:
    """The day of the roster counts, not the plan's last: nobody knows who will be new then."""
    since = pl.col("since")
    ends = since.dt.offset_by(f"{months}mo")
    return roster.people.with_columns(
        by=ends,
        measure=pl.lit("months_in_post"),
        figure=(pl.lit(roster.day) - since).dt.total_days() / _DAYS_A_MONTH,
        against=pl.lit(months, pl.Float64),
        outcome=pl.when(~_binds(duty))
        .then(pl.lit("duty_does_not_bind"))
        .when(ends < roster.day)
        .then(pl.lit("long_in_post"))
        .when((pl.col("last_trained") >= since).fill_null(False))
        .then(pl.lit("trained_since"))
        .otherwise(pl.lit("needed")),
    )


def _binds(duty: Duty) -> pl.Expr:
    if not duty.groups:
        return pl.lit(True)
    groups = [group.lower() for group in duty.groups]
    return pl.col("position_group").str.to_lowercase().is_in(groups).fill_null(False)
