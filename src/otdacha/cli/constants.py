"""Inputs that are the same in each row of a file, as they are written after `--set`."""

from __future__ import annotations

from collections.abc import Sequence

from otdacha.cli.faults import Usage
from otdacha.language import text


def same_everywhere(written: Sequence[str]) -> dict[str, str]:
    """Column → value; a word that is no `column=value` is refused."""
    constants = {}
    for word in written:
        column, equals, value = word.partition("=")
        if not (column and equals):
            raise Usage(
                text(
                    "--set {word}: write it as column=value, as in --set municipality=28701000",
                    word=word,
                )
            )
        constants[column.strip()] = value
    return constants
