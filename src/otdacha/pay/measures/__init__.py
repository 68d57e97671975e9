"""Measures that raise pay: their file, whom they reach, what they do to a month, who pays."""

from otdacha.pay.measures.added import added_costs
from otdacha.pay.measures.entries import AnyMeasure, Measures, Purse, Who
from otdacha.pay.measures.facts import WAGES, Facts, facts_of
from otdacha.pay.measures.file import (
    Levels,
    MeasuresFile,
    measures_in,
    measures_template,
    read_measures,
)
from otdacha.pay.measures.reach import (
    LEFT_OUT,
    check_law,
    check_reach,
    left_out,
    people_reached,
)
from otdacha.pay.measures.rows import in_effect, measure_rows
from otdacha.pay.measures.steps import stage_of, steps, steps_at_levels
from otdacha.pay.measures.training import Trained, courses_by, trained_by_release, with_releases
from otdacha.pay.measures.who import SCARCE
from otdacha.pay.measures.words import KINDS, amount_in_words, who_in_words

__all__ = [
    "KINDS",
    "LEFT_OUT",
    "SCARCE",
    "WAGES",
    "AnyMeasure",
    "Facts",
    "Levels",
    "Measures",
    "MeasuresFile",
    "Purse",
    "Trained",
    "Who",
    "added_costs",
    "amount_in_words",
    "check_law",
    "check_reach",
    "courses_by",
    "facts_of",
    "in_effect",
    "left_out",
    "measure_rows",
    "measures_in",
    "measures_template",
    "people_reached",
    "read_measures",
    "stage_of",
    "steps",
    "steps_at_levels",
    "trained_by_release",
    "who_in_words",
    "with_releases",
]
