"""What changed since the previous release, as far as the first page says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from otdacha.language import Text
from otdacha.release.diff import Change, cause_in_words, in_words
from otdacha.release.states import State
from otdacha.site.bank.edition.edition import Edition

TOLD = (Change.ENTERED_LIST, Change.LEFT_LIST)
"""What is told of each organisation by its name; of the others it is said how many there are."""
MOST = 8
"""Organisations that are told of by name, at most."""


@dataclass(frozen=True)
class Told:
    """What became of one organisation, and what moved it; url: none where it is here no more."""

    name: str
    url: str
    change: str
    cause: str


@dataclass(frozen=True)
class Changed:
    """since: the previous release. told: who came onto the list and who left it, `more` of them
    untold. others: what became of how many others."""

    since: str
    told: tuple[Told, ...]
    more: int
    others: tuple[tuple[Text, int], ...]


def changed(edition: Edition) -> Changed | None:
    """What became of everybody since the previous release; None for a first one."""
    release = edition.published
    previous = release.manifest["previous"]
    if previous is None:
        return None
    rows = release.tables["changes"]
    named = rows.filter(pl.col("change").is_in([one.value for one in TOLD]))
    others = Counter(rows["change"].to_list())
    here = set(release.providers["provider"])
    return Changed(
        since=previous["release"],
        told=tuple(
            Told(
                name=row["name"] or row["provider"],
                url=edition.url("organisation", provider=row["provider"])
                if row["provider"] in here
                else "",
                change=in_words(row["change"]).said(edition.language),
                cause=cause_in_words(row["cause"], State(row["state"])).said(edition.language)
                if row["cause"]
                else "",
            )
            for row in named.head(MOST).iter_rows(named=True)
        ),
        more=max(0, named.height - MOST),
        others=tuple(
            (in_words(one.value), others[one.value])
            for one in Change
            if one not in TOLD and others[one.value]
        ),
    )
