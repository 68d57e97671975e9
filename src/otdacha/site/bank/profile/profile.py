"""One organisation in one edition, and what stands around it, each asked for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import FilteredRelation, Q
from django.http import Http404

from otdacha.release.states import State
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation, Programme, Reply
from otdacha.site.bank.slugs import slug

PEERS_SHOWN = 30
"""Peers that stand on a page at most: more would be read by nobody and make the page heavy."""


@dataclass(frozen=True)
class Peers:
    """Whom an organisation is compared with: those with an effect who teach one of its topics.

    topics: those it teaches; empty where it names none, then all organisations are peers. count:
    how many there are. rows: of the table `providers`, in the release's order, at most
    `PEERS_SHOWN`, evenly through that order. effects: (provider, indicator) → row of `effects`,
    theirs and nobody else's.
    """

    topics: tuple[str, ...]
    count: int
    rows: Sequence[Mapping[str, Any]]
    effects: Mapping[tuple[str, str], Mapping[str, Any]]

    @property
    def all_shown(self) -> bool:
        return len(self.rows) == self.count


@dataclass(frozen=True)
class Past:
    """The organisation in one release of the bank; row is None where the release has it not.

    comparable: the release ranks the same figure as the edition's.
    """

    release: str
    method: str
    comparable: bool
    row: Mapping[str, Any] | None


@dataclass(frozen=True)
class Profile:
    """An organisation of an edition, with its programmes, peers, past and replies."""

    edition: Edition
    organisation: Organisation

    @property
    def row(self) -> Mapping[str, Any]:
        """Its row of the released table `providers`."""
        row: Mapping[str, Any] = self.organisation.row
        return row

    @property
    def published(self) -> bool:
        """Whether its effect is published."""
        return self.organisation.state == State.PUBLISHED

    @property
    def file_stem(self) -> str:
        """What files about it are called in Latin letters."""
        return slug(self.organisation.name)[:60].strip("-")

    @property
    def reported(self) -> bool:
        """Whether somebody else made the figures: they are no work results."""
        return self.edition.published.reported

    @cached_property
    def effects(self) -> dict[str, Mapping[str, Any]]:
        """Indicator → its row of the released table `effects`."""
        return {row["indicator"]: row for row in self.figures("effects")}

    def figures(self, table: str) -> list[dict[str, Any]]:
        """Its rows of one of the other released tables."""
        rows: list[dict[str, Any]] = self.organisation.figures[table]
        return rows

    @cached_property
    def programmes(self) -> list[Programme]:
        return list(self.organisation.programmes.all())

    @cached_property
    def ranked(self) -> int:
        """How many organisations of the release have an effect and so a place."""
        providers = self.edition.published.providers
        return providers.filter(pl.col("state") == State.PUBLISHED).height

    @cached_property
    def peers(self) -> Peers:
        published = self.edition.published
        topics = sorted({one.topic for one in self.programmes if one.topic})
        others = published.providers.filter(
            pl.col("state") == State.PUBLISHED, pl.col("provider") != self.organisation.provider
        )
        if topics:
            alike = published.tables["programmes"].filter(pl.col("topic").is_in(topics))
            others = others.join(alike, on="provider", how="semi", maintain_order="left")
        shown = others[_evenly(others.height, PEERS_SHOWN)]
        effects = published.effects.join(shown, on="provider", how="semi")
        return Peers(
            topics=tuple(topics),
            count=others.height,
            rows=shown.to_dicts(),
            effects={(row["provider"], row["indicator"]): row for row in effects.to_dicts()},
        )

    @cached_property
    def past(self) -> list[Past]:
        """The organisation in every release of the bank, the newest first."""
        own = FilteredRelation(
            "organisations", condition=Q(organisations__provider=self.organisation.provider)
        )
        headline = self.edition.published.headline
        rows = self.edition.bank.releases.annotate(own=own).values_list(
            "name",
            "manifest__methodology__version",
            "manifest__evaluation__headline",
            "own__row",
        )
        return [
            Past(release=name, method=method, comparable=ranks == headline, row=row)
            for name, method, ranks, row in rows
        ]

    @cached_property
    def replies(self) -> list[Reply]:
        """What the organisation said of its figures, in any release of the bank."""
        found = Reply.objects.filter(
            release__bank=self.edition.bank, provider=self.organisation.provider
        )
        return list(found.select_related("release").defer("release__manifest", "release__facets"))


def profile_of(edition: Edition, provider: str) -> Profile:
    """The profile of a provider; raises Http404 where the release does not have it."""
    found = edition.release.organisations.filter(provider=provider).first()
    if found is None:
        raise Http404
    return Profile(edition, found)


def _evenly(count: int, most: int) -> list[int]:
    """At most `most` of `count` places, evenly from the first to the last."""
    if count <= most:
        return list(range(count))
    step = (count - 1) / (most - 1)
    return [round(step * at) for at in range(most)]
