"""What a page of pay is about: which scenario, in which language, beside which data bank."""

from __future__ import annotations

import io
from functools import cached_property

import polars as pl

from otdacha.documents.words import period, span
from otdacha.language import Text
from otdacha.site.bank.edition import Edition
from otdacha.site.pay.figures import Figures
from otdacha.site.pay.models import File, Scenario
from otdacha.site.published import Published


class ScenarioEdition(Published[Scenario]):
    """One scenario as it is read in `language`."""

    word = "scenario"
    model = Scenario
    files = "pay"

    @property
    def scenario(self) -> Scenario:
        return self.kept

    @property
    def years(self) -> list[int]:
        return [int(year) for year in self.scenario.manifest["years"]]

    @property
    def span(self) -> str:
        """The years in short: 2027-2029."""
        return span(self.years)

    @property
    def period(self) -> Text:
        """The years in a sentence."""
        return period(self.years)

    @property
    def title(self) -> str:
        return str(self.scenario.manifest["title"][self.language])

    @cached_property
    def said(self) -> Figures:
        """How figures of the scenario are written."""
        return Figures(self.numbers)

    def table(self, name: str) -> pl.DataFrame:
        """An open table of the scenario: what of it may be told."""
        found = File.objects.get(scenario=self.scenario, name=f"{name}.parquet")
        return pl.read_parquet(io.BytesIO(bytes(found.content)))

    @cached_property
    def towns(self) -> dict[str, str]:
        """Code → name of each municipality."""
        named = self.table("municipalities").select("municipality", "name")
        return {code: name or code for code, name in named.iter_rows()}

    @cached_property
    def measures(self) -> dict[str, str]:
        """Key → name of each measure, in the order in which they take effect."""
        named = self.table("measures").sort("number")
        return dict(named.select("measure", f"name_{self.language}").iter_rows())

    @cached_property
    def release(self) -> Edition | None:
        """The release that says whose training showed effect, where it is published here."""
        return self.edition_of_release(self.scenario.manifest["release"])
