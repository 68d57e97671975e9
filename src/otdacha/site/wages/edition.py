"""What a page about wages is about: which comparison, in which language, beside which data bank."""

from __future__ import annotations

import io
from typing import Any

import polars as pl

from otdacha.documents.numbers import NO_BREAK
from otdacha.site.published import Published
from otdacha.site.wages.models import Comparison, File


class WagesEdition(Published[Comparison]):
    """One comparison as it is read in `language`."""

    word = "comparison"
    model = Comparison
    files = "wages"

    @property
    def comparison(self) -> Comparison:
        return self.kept

    @property
    def year(self) -> int:
        return self.comparison.year

    @property
    def figures(self) -> dict[str, Any]:
        """The answer for the newest year."""
        return dict(self.comparison.manifest["figures"][str(self.year)])

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
