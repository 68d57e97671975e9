"""Columns in which only a few answers are possible: their codes, their names, and what people write
instead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import polars as pl

from otdacha.language import Text, text
from otdacha.records.headers import folded
from otdacha.records.values import Parsed, parse_each

CHOICES: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "reason": {
            "legal_duty": text("duty by law"),
            "gap": text("competence gap"),
            "weak_indicator": text("weak indicator"),
            "request": text("manager's request"),
        },
        "source": {
            "federal": text("federal budget"),
            "regional": text("regional budget"),
            "municipal": text("municipal budget"),
            "own": text("own funds"),
        },
        "pays_for": {"fee": text("training fees"), "travel": text("travel expenses")},
        "status": {
            "enrolled": text("enrolled"),
            "attending": text("attending"),
            "finished": text("finished training"),
            "left": text("left before the end"),
        },
        "sex": {"female": text("female"), "male": text("male")},
        "employment": {
            "main": text("main place of work"),
            "second": text("second post of the same employer"),
        },
    }
)
"""For each kind of cell with few answers: the codes that are stored, and their names."""

NOTHING = "nothing"
"""The list of words that mean no more than an empty cell does."""


def as_choice(kind: str, cells: pl.Series) -> Parsed:
    """The codes that cells mean; what means none of them has the fault `not_a_<kind>`."""
    meanings = _meanings(kind)

    def parse(distinct: pl.Series) -> pl.DataFrame:
        found = [meanings.get(folded(cell)) for cell in distinct.to_list()]
        return pl.DataFrame(
            {
                "value": [None if code == NOTHING else code for code in found],
                "fault": [None if code else f"not_a_{kind}" for code in found],
            },
            schema={"value": pl.String, "fault": pl.String},
        )

    return parse_each(cells, parse)


@cache
def _meanings(kind: str) -> Mapping[str, str]:
    """What each folded word of a kind means."""
    source = files("otdacha.records") / "choices.toml"
    written = tomllib.loads(source.read_text("utf-8"))[kind]
    said = {code: [code] for code in (*CHOICES[kind], *written)}
    for code, name in CHOICES[kind].items():
        said[code].append(name.said("en"))
    for code, words in written.items():
        said[code] += words
    return {folded(word): code for code, words in said.items() for word in words}
