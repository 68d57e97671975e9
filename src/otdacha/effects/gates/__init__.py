"""Gates: checks that withhold the ranking when they fail (design/method.md §7, decision 0013)."""

from otdacha.effects.gates.gate import FAILED, NOT_TESTABLE, PASSED, Gate, Outcome
from otdacha.effects.gates.run import GATES, failed, gates

__all__ = ["FAILED", "GATES", "NOT_TESTABLE", "PASSED", "Gate", "Outcome", "failed", "gates"]
