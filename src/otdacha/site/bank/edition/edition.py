"""What a page is about: which data bank, which release of it, in which language."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from django.http import Http404
from django.urls import reverse

from otdacha.documents.figures import Measure, measures
from otdacha.documents.numbers import Numbers
from otdacha.language import LANGUAGES, Language
from otdacha.release import Release as Published
from otdacha.release.held import held_release
from otdacha.site.bank.models import Bank, Erratum, File, Release


@dataclass(frozen=True)
class Edition:
    """One release of one data bank, as it is read in `language`.

    latest: the bank's newest release. pinned: the address names the release, so it stays for good.
    first: the bank is the one that addresses without a bank mean.
    """

    bank: Bank
    release: Release
    latest: Release
    language: Language
    pinned: bool
    first: bool

    @property
    def title(self) -> str:
        return str(getattr(self.bank, f"title_{self.language}"))

    @property
    def note(self) -> str:
        return str(getattr(self.bank, f"note_{self.language}"))

    @property
    def outdated(self) -> bool:
        """There is a newer release than the one shown."""
        return self.release.pk != self.latest.pk

    @cached_property
    def errata(self) -> list[Erratum]:
        """What turned out to be wrong with the release."""
        return list(self.release.errata.all())

    @cached_property
    def published(self) -> Published:
        """The release itself, for what pages say about it as a whole."""
        return _published(self.release)

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.language)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What effects are shown in: the headline first, then the other indicators."""
        return _measures(self.release, self.language)

    def url(self, page: str, **named: Any) -> str:
        """The address of a page of this edition."""
        return reverse(page, kwargs={**self._place(pinned=self.pinned), **named})

    def pinned_url(self, page: str, **named: Any) -> str:
        """The address under which the page stays for good."""
        return reverse(page, kwargs={**self._place(pinned=True), **named})

    def in_release(self, release: str, page: str, **named: Any) -> str:
        """The address of a page in another release of the same bank."""
        return reverse(page, kwargs={**self._place(pinned=True), "release": release, **named})

    def latest_url(self, page: str, **named: Any) -> str:
        """The address of a page in the newest release."""
        return reverse(page, kwargs={**self._place(pinned=False), **named})

    def _place(self, *, pinned: bool) -> dict[str, str]:
        place: dict[str, str] = {"language": self.language}
        if not self.first:
            place["bank"] = self.bank.slug
        if pinned:
            place["release"] = self.release.name
        return place


def edition_of(language: Language, bank: str | None, release: str | None) -> Edition | None:
    """The edition that an address names; None where nothing at all is published.

    The first bank is the one that was published first. Raises Http404 for a bank or a release that
    is not there.
    """
    banks = list(Bank.objects.order_by("pk"))
    if not banks:
        return None
    chosen = banks[0] if bank is None else next((one for one in banks if one.slug == bank), None)
    known = list(chosen.releases.defer("manifest", "facets")) if chosen else []
    if chosen is None or not known:
        raise Http404
    found = known[0] if release is None else next((r for r in known if r.name == release), None)
    if found is None:
        raise Http404
    return Edition(
        bank=chosen,
        release=found,
        latest=known[0],
        language=language,
        pinned=release is not None,
        first=chosen.pk == banks[0].pk,
    )


class _Kept:
    """The last few things that were asked for; they are named by a hash and never change."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Any, make: Any) -> Any:
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        made = make()
        with self._lock:
            self._known[name] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


_RELEASES = _Kept(6)
_MEASURES = _Kept(6 * len(LANGUAGES))


def _published(release: Release) -> Published:
    def read(name: str) -> bytes:
        return bytes(File.objects.values_list("content", flat=True).get(release=pk, name=name))

    pk = release.pk
    kept: Published = _RELEASES.get(
        (release.hash, pk), lambda: held_release(read, Path(release.name))
    )
    return kept


def _measures(release: Release, language: Language) -> tuple[Measure, ...]:
    kept: tuple[Measure, ...] = _MEASURES.get(
        (release.hash, language), lambda: measures(_published(release), Numbers(language))
    )
    return kept
