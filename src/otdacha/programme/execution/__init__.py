"""A plan as it is carried out: contracts, attendance and money against it, and planning anew."""

from otdacha.programme.execution.against_plan import UNMATCHED, Execution, execution
from otdacha.programme.execution.commitments import Rest, Signed, eased, left_of, rest_of, together
from otdacha.programme.execution.replan import Replanned, records_of, replanned
from otdacha.programme.execution.states import Windows

__all__ = [
    "UNMATCHED",
    "Execution",
    "Replanned",
    "Rest",
    "Signed",
    "Windows",
    "eased",
    "execution",
    "left_of",
    "records_of",
    "replanned",
    "rest_of",
    "together",
]
