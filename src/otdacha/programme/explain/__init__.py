"""Why a plan is as it is: choices, the next rubles, more or less money, other beliefs, rivals.

Every function takes a `Problem` and the `Decision` made of it and returns a frame whose rows are
keyed by places in the problem's arrays; who prints them joins the names.
"""

from otdacha.programme.explain.choices import choices, unmet
from otdacha.programme.explain.frontier import frontier
from otdacha.programme.explain.passed_over import passed_over
from otdacha.programme.explain.prices import Prices, prices_of
from otdacha.programme.explain.results import IndicatorEffects, results
from otdacha.programme.explain.rivals import Rivals, rivals
from otdacha.programme.explain.robustness import robustness
from otdacha.programme.explain.sensitivity import sensitivity
from otdacha.programme.explain.shadow import shadow

__all__ = [
    "IndicatorEffects",
    "Prices",
    "Rivals",
    "choices",
    "frontier",
    "passed_over",
    "prices_of",
    "results",
    "rivals",
    "robustness",
    "sensitivity",
    "shadow",
    "unmet",
]
