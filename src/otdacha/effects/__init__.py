"""What training changed: imputation (A), joint (B), value added (C), reported (D), and their
variance. `estimate` chooses between A and B."""

from otdacha.effects.estimate import estimate
from otdacha.effects.impute import impute
from otdacha.effects.joint import joint
from otdacha.effects.reported import reported
from otdacha.effects.result import COMPARISON, COMPOSITE, ESTIMATES, Effects
from otdacha.effects.value_added import value_added
from otdacha.effects.wild_bootstrap import wild_bootstrap

__all__ = [
    "COMPARISON",
    "COMPOSITE",
    "ESTIMATES",
    "Effects",
    "estimate",
    "impute",
    "joint",
    "reported",
    "value_added",
    "wild_bootstrap",
]
