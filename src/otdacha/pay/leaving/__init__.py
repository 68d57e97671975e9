"""Who leaves, and what it has to do with pay: an association within towns, with its interval."""

from otdacha.pay.leaving.fit import fit
from otdacha.pay.leaving.history import APART, PERSON_MONTHS, History, person_months
from otdacha.pay.leaving.placebo import pay_next_year
from otdacha.pay.leaving.result import ESTIMATED, NO_DIFFERENCE, TOO_FEW, Leaving
from otdacha.pay.leaving.tenure import CLASSES, TENURE, tenure_class

__all__ = [
    "APART",
    "CLASSES",
    "ESTIMATED",
    "NO_DIFFERENCE",
    "PERSON_MONTHS",
    "TENURE",
    "TOO_FEW",
    "History",
    "Leaving",
    "fit",
    "pay_next_year",
    "person_months",
    "tenure_class",
]
