"""Names and sentences made fit for a chart: cleaned, cut and broken to the width they have."""

from __future__ import annotations

import re
from collections.abc import Sequence

NARROW = 25.0
"""What fits across the narrowest chart, in ems of its text: 328 px at 13 px."""

LETTERS = 13
"""The size of a chart's letters in pixels; those of axes and keys are SMALL."""

SMALL = 12

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_FORBIDDEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ud800-\\udfff\\ufdd0-\\ufdef\\ufff0-\\uffff]+"
)
"""What XML cannot hold, what nobody sees, and what turns the direction of the text around it."""

_SLIM = frozenset(" .,:;!|'()[]iljtfIr1-\N{NO-BREAK SPACE}\N{MIDDLE DOT}")
_BROAD = frozenset("МШЩЮЖФЫДЮмшщюжфыWMmw@%\N{EM DASH}\N{HORIZONTAL ELLIPSIS}")


def clean(words: str) -> str:
    """The words on one line, without characters that cannot be shown."""
    return " ".join(_FORBIDDEN.sub(" ", words).split(" ")).strip()


def ems(words: str) -> float:
    """About how wide the words are, in ems, in the widest of the fonts they may be drawn in."""
    return sum(map(_em, words))


def cut(words: str, width: float) -> str:
    """The words as they are, or their beginning with an ellipsis where they exceed `width` ems."""
    room = width
    for place, letter in enumerate(words):
        room -= _em(letter)
        if room < 0:
            return _beginning(words, place, width)
    return words


def broken(words: str, width: float = NARROW, most: int = 9) -> tuple[str, ...]:
    """The words on up to `most` lines of `width` ems; what is too long ends with an ellipsis."""
    left = clean(words).split(" ")
    lines: list[str] = []
    while left and len(lines) < most - 1:
        fitting = 1
        while fitting < len(left) and ems(" ".join(left[: fitting + 1])) <= width:
            fitting += 1
        lines.append(cut(" ".join(left[:fitting]), width))
        left = left[fitting:]
    return (*lines, cut(" ".join(left), width)) if left else tuple(lines)


def _beginning(words: str, place: int, width: float) -> str:
    while place and ems(words[:place]) > width - _em(ELLIPSIS):
        place -= 1
    return words[:place].rstrip() + ELLIPSIS


def _em(letter: str) -> float:
    if letter in _SLIM:
        return 0.34
    if letter in _BROAD:
        return 0.9
    if letter > "\u2e80":
        return 1.0
    return 0.7 if letter.isupper() else 0.6


def without_shared_words(names: Sequence[str]) -> list[str]:
    """Names without the words that all of them begin with ("городской округ"): in a drawing they
    leave no room for what tells the names apart."""
    words = [name.split() for name in names]
    shared = 0
    for column in zip(*(each[:-1] for each in words), strict=False):
        if len(words) < 2 or len(set(column)) > 1:
            break
        shared += 1
    return [" ".join(each[shared:]) for each in words]
