"""The codes of a plan as people read them; those that explain it are in
`otdacha.programme.wording`."""

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


def said(words: Mapping[str, Text], code: str) -> Text:
    """The code in words; one that is not known here stands for itself."""
    return words.get(code) or text("{value}", value=code)
