"""What training changed: imputation (A), joint (B), value added (C), reported (D), and checks.

`estimate` chooses between A and B.
"""

from otdacha.effects.estimate import estimate
from otdacha.effects.event_study import EventStudy, event_study
from otdacha.effects.impute import impute
from otdacha.effects.joint import joint
from otdacha.effects.reported import reported
from otdacha.effects.result import COMPARISON, COMPOSITE, ESTIMATES, Effects
from otdacha.effects.sensitivity import Sensitivity, sensitivity
from otdacha.effects.value_added import value_added
from otdacha.effects.wild_bootstrap import wild_bootstrap

__all__ = [
    "COMPARISON",
    "COMPOSITE",
    "ESTIMATES",
    "Effects",
    "EventStudy",
    "Sensitivity",
    "estimate",
    "event_study",
    "impute",
    "joint",
    "reported",
    "sensitivity",
    "value_added",
    "wild_bootstrap",
]
