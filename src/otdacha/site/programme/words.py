"""The codes of a plan as people read them on the site: those of `otdacha.programme.wording`."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text
from otdacha.programme.wording import EVIDENCE, REASONS, SOURCES

__all__ = ["EVIDENCE", "REASONS", "SOURCES", "said"]


def said(words: Mapping[str, Text], code: str) -> Text:
    """The code in words; one that is not known here stands for itself."""
    return words.get(code) or text("{value}", value=code)
