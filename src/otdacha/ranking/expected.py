"""What is expected of providers before their results are looked at, in words.

Where covariates or the precision move the prior mean, that is said beside every ranking.
"""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text
from otdacha.ranking.covariates import INTERCEPT, OTHER, UNKNOWN
from otdacha.ranking.precision import LOG_ERROR

EXPECTED_DIFFERS = text(
    "Beforehand, not the same is expected of all organisations: each effect is drawn towards what "
    "is usual for organisations like it. Nobody gets onto the list by that."
)

_COVARIATES: Mapping[str, Text] = {"type": text("type"), "region": text("region")}
_LEVELS: Mapping[str, Text] = {UNKNOWN: text("not known"), OTHER: text("other")}


def term_in_words(term: str, reference: Mapping[str, str]) -> Text:
    """A term of `otdacha.ranking.result.EXPECTED`, as a heading of its row.

    reference: covariate → its largest level, which the intercept stands for.
    """
    if term == INTERCEPT:
        return _of_most(reference)
    if term == LOG_ERROR:
        return text("change for each unit of log (standard error)")
    name, _, level = term.partition("=")
    if not level:
        return text("change for each unit of {covariate}", covariate=_covariate(name))
    return text("difference where {level}", level=_level(name, level))


def _of_most(reference: Mapping[str, str]) -> Text:
    """Whose expected effect the intercept is."""
    said = [_level(name, level) for name, level in reference.items()]
    if not said:
        return text("all organisations")
    joined = said[0]
    for more in said[1:]:
        joined = text("{one}, {other}", one=joined, other=more)
    return text("where {levels}", levels=joined)


def _level(name: str, level: str) -> Text:
    said = _LEVELS.get(level, level)
    return text("{covariate} is {level}", covariate=_covariate(name), level=said)


def _covariate(name: str) -> Text | str:
    return _COVARIATES.get(name, name)
