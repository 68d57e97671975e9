"""Why a record made no cell: codes and the sentences behind them.

Each case, reported result or training record that is left out has exactly one reason, the first
that holds in the order given here.
"""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

ABOUT_THE_CASE: Mapping[str, Text] = {
    "cancelled": text("The case was cancelled."),
    "no_stratum": text(
        "The register of municipalities does not say where this municipality belongs, so it has "
        "nobody to be compared with."
    ),
    "executor_unknown": text(
        "The case names an executor who is on no staff list of the municipality on the day the "
        "case was opened."
    ),
    "executor_ambiguous": text(
        "The executor's number belongs to several people on the day the case was opened."
    ),
    "two_departments": text(
        "The executor is listed in two departments on the day the case was opened."
    ),
}
"""The case counts for no indicator."""

ABOUT_AN_INDICATOR: Mapping[str, Text] = {
    "no_time_limit": text("Neither a due date nor a time limit with its kind of days is known."),
    "too_new": text(
        "The case is open and its time limit has not passed on the last day of the data."
    ),
    "not_closed": text("The case is not closed."),
    "refusal_not_recorded": text("The case log does not say whether the service was refused."),
    "repeat_not_recorded": text("The case log does not say whether the person came again."),
    "not_rated": text("Nobody rated the case."),
}
"""The case does not count for one indicator."""

ABOUT_A_RESULT: Mapping[str, Text] = {
    "indicator_not_asked": text(
        "The methodology has no indicator of this name that is taken from reported results."
    ),
    "result_without_stratum": text(
        "The register of municipalities does not say where the municipality of this reported "
        "result belongs, so it has nobody to be compared with."
    ),
    "result_of_no_cases": text("The reported result is of no cases."),
}

ABOUT_TRAINING: Mapping[str, Text] = {
    "course_too_short": text(
        "The course is shorter than the methodology's minimum of hours, so it counts as no "
        "training."
    ),
    "person_ambiguous": text(
        "The person is known by name and birth date only, and several people have them."
    ),
    "person_on_no_staff_list": text("The person who was trained is on no staff list."),
    "finished_outside_window": text(
        "The months after the course lie wholly before or after the months with results."
    ),
    "no_results_after_course": text(
        "The person's unit has no results in the months after the course."
    ),
}
"""The training record is behind no exposed cell; counted by provider."""

REASONS: Mapping[str, Text] = {
    **ABOUT_THE_CASE,
    **ABOUT_AN_INDICATOR,
    **ABOUT_A_RESULT,
    **ABOUT_TRAINING,
}

_CODES: Mapping[str, int] = {reason: code for code, reason in enumerate(ABOUT_THE_CASE)}


def left_out_code(reason: str) -> int:
    """A reason about the case as the number that stands for it in the engine."""
    return _CODES[reason]


def left_out_reason(code: int) -> str:
    """The reason about the case that a number stands for in the engine."""
    return list(ABOUT_THE_CASE)[code]
