"""What municipalities and the sizes of gaps are called on the site."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

_INNER_CITY = "внутригородская территория города федерального значения "
GAPS: Mapping[str, Text] = {
    "much-less": text("at least a fifth less"),
    "less": text("less, by under a fifth"),
    "more": text("as much, or more by under a fifth"),
    "much-more": text("at least a fifth more"),
    "unknown": text("not known"),
}
"""How the wage of administration lies beside that of all, from `FROM` on."""
FROM: Mapping[str, float] = {"much-less": 0.0, "less": 0.8, "more": 1.0, "much-more": 1.2}
"""The lowest ratio of each; above the first of them it is not included: 0.8 is less by a fifth."""


def gap_of(ratio: float | None) -> str:
    """Which of `GAPS` a ratio is in. Exactly a fifth less or more is the larger gap."""
    if ratio is None:
        return "unknown"
    if ratio <= FROM["less"]:
        return "much-less"
    if ratio < FROM["more"]:
        return "less"
    return "more" if ratio < FROM["much-more"] else "much-more"


def short(name: str) -> str:
    """A name without the seven words that the law puts before those of Moscow and Petersburg."""
    return name.removeprefix(_INNER_CITY)
