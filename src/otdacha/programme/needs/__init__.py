"""Who must or should be trained in what, by when and why: by rule, and together with files."""

from otdacha.programme.needs.by_rule import needs_by_rule, needs_of
from otdacha.programme.needs.duty import needs_by_duty
from otdacha.programme.needs.frames import LOOKED_AT, MEASURES, NEEDS, REASONS, Needs
from otdacha.programme.needs.gather import MERGED, Gathered, gather
from otdacha.programme.needs.reasons import NOT_PLANNED, OUTCOMES
from otdacha.programme.needs.rules import Duty, NeedRules
from otdacha.programme.needs.weak import departments_judged, needs_by_weakness

__all__ = [
    "LOOKED_AT",
    "MEASURES",
    "MERGED",
    "NEEDS",
    "NOT_PLANNED",
    "OUTCOMES",
    "REASONS",
    "Duty",
    "Gathered",
    "NeedRules",
    "Needs",
    "departments_judged",
    "gather",
    "needs_by_duty",
    "needs_by_rule",
    "needs_by_weakness",
    "needs_of",
]
