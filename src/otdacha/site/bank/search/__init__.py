"""Find organisations by what people write: word forms, ё and е, typos, Latin letters."""

from __future__ import annotations

from collections.abc import Iterable

from otdacha.site.bank.models import Organisation, Programme, Release


def index(
    release: Release, organisations: Iterable[Organisation], programmes: Iterable[Programme]
) -> None:
    """Make the organisations and programmes of a release findable."""
