"""Why a scenario left something out: the words for the reasons in its table `excluded`."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text
from otdacha.pay.making.estimated import NO_YEAR
from otdacha.pay.making.material import BEGINS_IN_THE_SCENARIO
from otdacha.pay.measures import LEFT_OUT
from otdacha.records import FINDINGS

WHY: Mapping[str, Text] = {
    **FINDINGS,
    **LEFT_OUT,
    NO_YEAR: text("There is no year of which wages and the law of pay are both known."),
    BEGINS_IN_THE_SCENARIO: text(
        "The post begins after the first day of the scenario: whoever comes into it is not counted."
    ),
    "begins_after_the_data": text("The post begins after the last day of the data."),
    "ends_after_the_data": text("The post ends after the last day of the data: it counts as held."),
    "came_and_left_within_a_month": text(
        "They came and left within a month: on its first day nobody could leave yet."
    ),
    "next_60_days_unknown": text(
        "Of the next 60 days nothing is known, so nobody can say whether they came back."
    ),
    "no_pay": text("No pay of that month can be worked out."),
    "no_wage": text("No wage of the municipality is known for that year."),
}
"""By code: of rows of posts, of measures, of person-months."""
