"""What a page of pay is about: which scenario, in which language, beside which data bank."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.http import Http404
from django.urls import reverse

from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.bank.models import Release
from otdacha.site.pay.figures import Figures
from otdacha.site.pay.models import File, Scenario


@dataclass(frozen=True)
class ScenarioEdition:
    """One scenario as it is read in `language`.

    latest: the newest scenario. pinned: the address names the scenario, so it stays for good.
    bank: the newest edition of the site's data bank, whose menu stands above; None where none is
    published.
    """

    scenario: Scenario
    latest: Scenario
    language: Language
    pinned: bool
    bank: Edition | None

    @property
    def outdated(self) -> bool:
        """There is a newer scenario than the one shown."""
        return self.scenario.pk != self.latest.pk

    @property
    def years(self) -> list[int]:
        return [int(year) for year in self.scenario.manifest["years"]]

    @property
    def span(self) -> str:
        """The years in short: 2027-2029."""
        first, last = self.years[0], self.years[-1]
        return str(first) if first == last else f"{first}\N{EN DASH}{last}"

    @property
    def title(self) -> str:
        return str(self.scenario.manifest["title"][self.language])

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.language)

    @cached_property
    def said(self) -> Figures:
        """How figures of the scenario are written."""
        return Figures(self.numbers)

    def url(self, page: str, **named: Any) -> str:
        """The address of a page of this scenario."""
        return reverse(page, kwargs={**self._place(self.pinned), **named})

    def pinned_url(self, page: str, **named: Any) -> str:
        """The address under which the page stays for good."""
        return reverse(page, kwargs={**self._place(True), **named})

    def latest_url(self, page: str, **named: Any) -> str:
        return reverse(page, kwargs={**self._place(False), **named})

    def _place(self, pinned: bool) -> dict[str, str]:
        place: dict[str, str] = {"language": self.language}
        return {**place, "scenario": self.scenario.name} if pinned else place

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
        named = self.scenario.manifest["release"]
        found = (
            Release.objects.select_related("bank").filter(hash=named["hash"]).first()
            if named
            else None
        )
        if found is None:
            return None
        return edition_of(self.language, found.bank.slug, found.name)


def scenario_edition(language: Language, scenario: str | None) -> ScenarioEdition | None:
    """The scenario that an address names, the newest where it names none; None where there is none.

    Raises Http404 for a scenario that is not there.
    """
    known = list(Scenario.objects.all())
    if not known:
        return None
    found = (
        known[0] if scenario is None else next((one for one in known if one.name == scenario), None)
    )
    if found is None:
        raise Http404
    return ScenarioEdition(
        scenario=found,
        latest=known[0],
        language=language,
        pinned=scenario is not None,
        bank=edition_of(language, None, None),
    )
