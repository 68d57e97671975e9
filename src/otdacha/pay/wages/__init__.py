"""The wage next door: what public administration earns beside all activities, by municipality."""

from otdacha.pay.wages.brought import RATES, brought_to, wages_of
from otdacha.pay.wages.comparison import (
    COMPARISON,
    Comparison,
    comparisons,
    is_comparison,
    load_comparison,
    make_comparison,
)
from otdacha.pay.wages.export import export_comparison
from otdacha.pay.wages.states import PROXY, QUARTER_STATES, YEAR_STATES

__all__ = [
    "COMPARISON",
    "PROXY",
    "QUARTER_STATES",
    "RATES",
    "YEAR_STATES",
    "Comparison",
    "brought_to",
    "comparisons",
    "export_comparison",
    "is_comparison",
    "load_comparison",
    "make_comparison",
    "wages_of",
]
