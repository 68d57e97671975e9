"""The codes of a plan as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

SOURCES: Mapping[str, Text] = {
    "federal": text("federal budget"),
    "regional": text("regional budget"),
    "municipal": text("municipal budget"),
    "own": text("own money of organisations"),
}

EVIDENCE: Mapping[str, Text] = {
    "proven": text("has a published effect"),
    "learning": text("too little evidence yet, a place to learn from"),
    "none": text("no evidence: chosen by priority"),
}

REASONS: Mapping[str, Text] = {
    "legal_duty": text("legal duty"),
    "other": text("other reasons"),
    "gap": text("gap in competence"),
    "weak_indicator": text("weak results of the unit"),
    "request": text("request of the manager"),
}

WHY_NOT: Mapping[str, Text] = {
    "no_run": text("nobody offers it in time"),
    "not_chosen": text("the money does more elsewhere"),
}

RULES: Mapping[str, Text] = {
    "plan": text("this plan"),
    "cheapest": text("the cheapest first"),
    "last_year": text("as last year"),
    "raw_rate": text("by raw figures of providers"),
}

CHANGED: Mapping[str, Text] = {
    "prices_up": text("prices higher than expected"),
    "prices_down": text("prices lower than expected"),
    "effects_low": text("effects at the lower end of their intervals"),
    "effects_high": text("effects at the upper end of their intervals"),
    "weights": text("other weights of the indicators"),
}


def said(words: Mapping[str, Text], code: str) -> Text:
    """The code in words; one that is not known here stands for itself."""
    return words.get(code) or text("{value}", value=code)
