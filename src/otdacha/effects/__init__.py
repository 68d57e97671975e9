"""What training changed: imputation (A), value added (C), reported (D), and their variance."""

from otdacha.effects.impute import impute
from otdacha.effects.reported import reported
from otdacha.effects.result import COMPOSITE, ESTIMATES, Effects
from otdacha.effects.value_added import value_added

__all__ = ["COMPOSITE", "ESTIMATES", "Effects", "impute", "reported", "value_added"]
