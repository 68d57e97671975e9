"""What went wrong, for the person who can fix it: where, what was expected, what to do."""

from __future__ import annotations

from otdacha.language import Language, Text


class OtdachaError(Exception):
    """A fault the user can mend. `exit_code` is what the command line ends with.

    The sentence is a `Text`, so the same fault is said in Russian or in English at the edge.
    """

    exit_code = 1

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def said(self, language: Language) -> str:
        return self.message.said(language)

    def __str__(self) -> str:
        return self.message.said("en")


class FileProblem(OtdachaError):
    """A file that cannot be read as what it was given for (empty, no header, missing column)."""

    exit_code = 3


class WorkspaceProblem(OtdachaError):
    """A workspace that is absent, broken, or cannot be written (full disk, no right)."""

    exit_code = 4


class MethodologyProblem(OtdachaError):
    """A methodology file that is not valid."""

    exit_code = 5


class NothingToEstimate(OtdachaError):
    """The records allow no estimate at all: no clean cells, no exposed cells, one provider only."""

    exit_code = 6


class ReleaseProblem(OtdachaError):
    """A release that is absent, damaged, or does not reproduce."""

    exit_code = 7


class ProgrammeProblem(OtdachaError):
    """Parameters of the programme that are not valid or do not answer, or money that cannot be
    split as a plan asks."""

    exit_code = 9


class PlanProblem(OtdachaError):
    """No plan keeps all the rules; the message says which of them clash, and what would mend it."""

    exit_code = 10


class PayProblem(OtdachaError):
    """Law of pay, measures or a scenario that are not valid, that do not answer for a day or a
    region, or that ask for what is not there."""

    exit_code = 11
