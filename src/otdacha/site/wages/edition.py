"""What a page about wages is about: which comparison, in which language, beside which data bank."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.http import Http404
from django.urls import reverse

from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Language
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.wages.models import Comparison, File


@dataclass(frozen=True)
class WagesEdition:
    """One comparison as it is read in `language`.

    latest: the newest one. pinned: the address names the comparison, so it stays for good. bank:
    the newest edition of the site's data bank, whose menu stands above; None where there is none.
    """

    comparison: Comparison
    latest: Comparison
    language: Language
    pinned: bool
    bank: Edition | None

    @property
    def outdated(self) -> bool:
        """There is a newer comparison than the one shown."""
        return self.comparison.pk != self.latest.pk

    @property
    def year(self) -> int:
        return self.comparison.year

    @property
    def figures(self) -> dict[str, Any]:
        """The answer for the newest year."""
        return dict(self.comparison.manifest["figures"][str(self.year)])

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.language)

    def url(self, page: str, **named: Any) -> str:
        """The address of a page of this comparison."""
        return reverse(page, kwargs={**self._place(self.pinned), **named})

    def pinned_url(self, page: str, **named: Any) -> str:
        """The address under which the page stays for good."""
        return reverse(page, kwargs={**self._place(True), **named})

    def latest_url(self, page: str, **named: Any) -> str:
        return reverse(page, kwargs={**self._place(False), **named})

    def _place(self, pinned: bool) -> dict[str, str]:
        place: dict[str, str] = {"language": self.language}
        return {**place, "comparison": self.comparison.name} if pinned else place

    def table(self, name: str) -> pl.DataFrame:
        """A table of the comparison."""
        found = File.objects.get(comparison=self.comparison, name=f"{name}.parquet")
        return pl.read_parquet(io.BytesIO(bytes(found.content)))

    def rubles(self, kopecks: int) -> str:
        """Whole rubles: wages are told to ten kopecks, and nobody reads those."""
        return f"{self.numbers.whole(round(kopecks / 100))}{NO_BREAK}₽"

    def more(self, kopecks: int) -> str:
        """A difference, with its sign."""
        return f"{self.numbers.signed(kopecks / 100, 0)}{NO_BREAK}₽"

    def ratio(self, value: float) -> str:
        return self.numbers.decimal(value, 2)


def wages_edition(language: Language, comparison: str | None) -> WagesEdition | None:
    """The comparison that an address names, the newest where it names none; None before the first.

    Raises Http404 for one that is not there.
    """
    known = list(Comparison.objects.all())
    if not known:
        return None
    named = (one for one in known if one.name == comparison)
    found = known[0] if comparison is None else next(named, None)
    if found is None:
        raise Http404
    return WagesEdition(
        comparison=found,
        latest=known[0],
        language=language,
        pinned=comparison is not None,
        bank=edition_of(language, None, None),
    )
