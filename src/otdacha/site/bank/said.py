"""What is said about releases after their publication: replies of organisations, errata.

Whatever is added or removed changes the kept pages of the whole bank: replies stand on the pages
of every release.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from otdacha.errors import ReleaseProblem
from otdacha.language import text
from otdacha.site.bank.models import Bank, Erratum, Release, Reply

LONGEST = 4_000
"""Characters of a reply or an erratum at most."""

_Said = TypeVar("_Said", Reply, Erratum)


def add_reply(
    release: str, provider: str, words: str, received: dt.date, *, bank: str | None = None
) -> Reply:
    """Put the reply of a provider to its figures in a release on the site.

    words: plain text; line breaks stay. bank: otherwise the first one published. Raises
    ReleaseProblem where bank, release or provider is not there, or the text is empty or too long.
    """
    words = _plain(words)
    found = _release(release, bank)
    if not found.organisations.filter(provider=provider).exists():
        raise ReleaseProblem(
            text(
                "The release {release} has no organisation {provider}. Its number stands on its "
                "page of the site.",
                release=found.name,
                provider=provider,
            )
        )
    return _changing(
        found.bank,
        lambda: Reply.objects.create(
            release=found, provider=provider, text=words, received=received
        ),
    )


def add_erratum(
    release: str, russian: str, english: str, found_on: dt.date, *, bank: str | None = None
) -> Erratum:
    """Say on every page of a release what turned out to be wrong with it.

    Raises ReleaseProblem where bank or release is not there, or a text is empty or too long.
    """
    text_ru, text_en = _plain(russian), _plain(english)
    found = _release(release, bank)
    return _changing(
        found.bank,
        lambda: Erratum.objects.create(
            release=found, text_ru=text_ru, text_en=text_en, found=found_on
        ),
    )


def replies() -> list[Reply]:
    """All replies on the site, the earliest first."""
    return list(Reply.objects.select_related("release__bank"))


def errata() -> list[Erratum]:
    """All errata on the site, the earliest first."""
    return list(Erratum.objects.select_related("release__bank"))


def remove_reply(number: int) -> Reply:
    """Take a reply off the site; ReleaseProblem where there is none of this number."""
    return _removed(Reply, number)


def remove_erratum(number: int) -> Erratum:
    """Take an erratum that was itself wrong off the site; ReleaseProblem where there is none."""
    return _removed(Erratum, number)


def _removed(kind: type[_Said], number: int) -> _Said:
    found = kind.objects.select_related("release__bank").filter(pk=number).first()
    if found is None:
        raise ReleaseProblem(
            text(
                "There is nothing of number {number} here. Without arguments the verb lists what "
                "there is.",
                number=number,
            )
        )
    _changing(found.release.bank, lambda: kind.objects.filter(pk=number).delete())
    return found


_Made = TypeVar("_Made")


def _changing(bank: Bank, change: Callable[[], _Made]) -> _Made:
    """Make a change that the bank's pages show: what was kept of them is not shown again."""
    with transaction.atomic():
        made = change()
        Bank.objects.filter(pk=bank.pk).update(generation=F("generation") + 1)
    return made


def _release(name: str, bank: str | None) -> Release:
    banks = list(Bank.objects.order_by("pk"))
    chosen = [one for one in banks if bank in (None, one.slug)][:1]
    if not chosen:
        raise ReleaseProblem(
            text(
                "The site has no data bank {bank}. Published: {banks}.",
                bank=bank or "",
                banks=", ".join(one.slug for one in banks) or "–",
            )
        )
    known = list(chosen[0].releases.all())
    for one in known:
        if one.name == name:
            return one
    raise ReleaseProblem(
        text(
            "The data bank {bank} has no release {release} on the site. Published: {releases}.",
            bank=chosen[0].slug,
            release=name,
            releases=", ".join(one.name for one in known),
        )
    )


def _plain(words: str) -> str:
    """The words as they are kept: lines ended alike, no control characters, no blanks around."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        one for one in lines if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf", "Cs")
    ).strip()
    if not kept:
        raise ReleaseProblem(text("There is no text to be shown."))
    if len(kept) > LONGEST:
        raise ReleaseProblem(
            text(
                "The text has {count} characters; at most {most} are shown. Shorten it.",
                count=len(kept),
                most=LONGEST,
            )
        )
    return kept
