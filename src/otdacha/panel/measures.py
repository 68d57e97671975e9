"""What one case gives each indicator: a whole number of steps, or the reason why it gives none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from otdacha.errors import MethodologyProblem
from otdacha.language import text
from otdacha.methodology import Indicator
from otdacha.panel.calendar import day_of
from otdacha.panel.reasons import ABOUT_AN_INDICATOR

READ = (
    *("municipality", "unit", "executor", "service", "opened", "due", "limit_days", "day_kind"),
    *("closed", "cancelled", "is_cancelled", "refused", "repeated", "rating"),
)
"""The columns of the case log that cells are made of."""

_STILL_NEEDED = (
    *("town", "placed", "unit", "executor", "service"),
    *("cancelled", "is_cancelled", "refused", "repeated", "rating"),
)
"""What is asked of a case once its times are known."""


@dataclass(frozen=True)
class Measure:
    """An indicator of each case.

    counts: whether the case counts for the indicator; never null.
    steps: its whole number of steps, Int64, or of a share (`is_share`) whether it is 1, Boolean.
        Means something only where the case counts.
    left_out: the reasons for which a case does not count and their conditions, in the order of
        `otdacha.panel.reasons`: the first that is true is the reason; a case counts where none is.
    """

    counts: ir.BooleanValue
    steps: ir.Value
    left_out: Mapping[str, ir.BooleanValue]


def timed(cases: ir.Table, calendar: ir.Table) -> ir.Table:
    """Cases with what the calendar knows of them.

    cases: `READ` of the records' table with town (a number), placed (Boolean) and last_day (the
    last day of the municipality's data). calendar: as `otdacha.panel.calendar.calendar` makes it,
    over all days of the data.

    Returns what is still needed, opened_day (a number); month; is_closed;
    elapsed and worked (calendar and working days after the day of opening, null where open);
    in_time: whether the case was closed within its limit or, where it is open, whether the limit
    has not passed on the last day. Null where there is no limit. A due date goes before a limit in
    days; a limit without its kind of days is no limit.
    """
    at_opening = calendar.select(
        "month", opened="date", opened_day="day", worked_at_opening="worked"
    )
    at_closing = calendar.select(
        last_seen="date",
        closing_day="day",
        worked_at_closing="worked",
        before_closing="before",
        office_before_closing="office_before",
    )
    begun = cases.inner_join(at_opening, "opened")
    last_seen = ibis.coalesce(begun.closed, begun.last_day)
    known = begun.inner_join(at_closing, [last_seen == at_closing.last_seen])
    limit = ibis.cases(
        (known.due.notnull(), day_of(known.due)),
        (known.day_kind == "calendar", known.opened_day + known.limit_days),
    )
    within_working_days = (known.closing_day <= known.opened_day) | (
        known.before_closing < known.worked_at_opening + known.limit_days
    )
    in_working_days = (known.day_kind == "working").fill_null(False) & known.limit_days.notnull()
    is_closed = known.closed.notnull()
    nothing = ibis.null("int64")
    return known.select(
        *_STILL_NEEDED,
        "opened_day",
        "month",
        is_closed=is_closed,
        elapsed=is_closed.ifelse(known.closing_day - known.opened_day, nothing),
        worked=is_closed.ifelse(known.worked_at_closing - known.worked_at_opening, nothing),
        in_time=(known.due.isnull() & in_working_days).ifelse(
            within_working_days, known.office_before_closing < limit
        ),
    )


def reasons_of(indicator: Indicator) -> tuple[str, ...]:
    """The reasons for which a case may be left out of the indicator, the first that holds counts.

    `of` says which cases are asked, `value` what they are asked for. due: closed cases, and open
    ones whose limit has passed (they are late); closed; all; rated.
    """
    if indicator.of not in _NOT_ASKED or indicator.value not in _NO_ANSWER:
        raise MethodologyProblem(
            text(
                "Indicator {id}: `reported` is what the table of results holds, not the case log. "
                'Give the indicator source = "results", or another `value` and `of`.',
                id=indicator.id,
            )
        )
    possible = _NOT_ASKED[indicator.of] | _NO_ANSWER[indicator.value]
    return tuple(reason for reason in ABOUT_AN_INDICATOR if reason in possible)


_NOT_ASKED: Mapping[str, frozenset[str]] = {
    "due": frozenset({"no_time_limit", "too_new"}),
    "closed": frozenset({"not_closed"}),
    "all": frozenset(),
    "rated": frozenset({"not_rated"}),
}
_NO_ANSWER: Mapping[str, frozenset[str]] = {
    "on_time": frozenset({"no_time_limit", "too_new"}),
    "working_days": frozenset({"not_closed"}),
    "calendar_days": frozenset({"not_closed"}),
    "refused": frozenset({"refusal_not_recorded"}),
    "repeated": frozenset({"repeat_not_recorded"}),
    "rating": frozenset({"not_rated"}),
}


def measure(cases: ir.Table, indicator: Indicator) -> Measure:
    """The indicator of timed cases (`timed`), in steps of its resolution."""
    is_open = ~cases.is_closed
    no_limit = cases.in_time.isnull()
    conditions = {
        "no_time_limit": no_limit if indicator.value == "on_time" else is_open & no_limit,
        "too_new": is_open & cases.in_time.fill_null(False),
        "not_closed": is_open,
        "refusal_not_recorded": cases.refused.isnull(),
        "repeat_not_recorded": cases.repeated.isnull(),
        "not_rated": cases.rating.isnull(),
    }
    answer = {
        "on_time": cases.is_closed & cases.in_time,
        "working_days": cases.worked,
        "calendar_days": cases.elapsed,
        "refused": cases.refused,
        "repeated": cases.repeated,
        "rating": cases.rating,
    }
    left_out = {reason: conditions[reason] for reason in reasons_of(indicator)}
    counts: ir.BooleanValue = ibis.literal(True)
    for condition in left_out.values():
        counts = counts & ~condition
    value = answer[indicator.value]
    steps = value if is_share(indicator) else _in_steps(value, indicator.resolution)
    return Measure(counts, steps, left_out)


def is_share(indicator: Indicator) -> bool:
    """Whether a case's steps are 0 or 1."""
    return indicator.value in ("on_time", "refused", "repeated") and indicator.resolution == 1


def _in_steps(value: ir.Value, resolution: float) -> ir.IntegerValue:
    """The nearest whole number of steps, halves upwards: engines' `round` have their own rules."""
    whole = value.cast("int64")
    if resolution == 1:
        return whole
    return (whole.cast("float64") / resolution + 0.5).floor().cast("int64")
