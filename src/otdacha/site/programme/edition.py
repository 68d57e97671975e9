"""What a page of the programme is about: which plan, in which language, beside which data bank."""

from __future__ import annotations

import io
from collections.abc import Collection
from functools import cached_property

import polars as pl

from otdacha.documents.figures import Measure
from otdacha.documents.numbers import NO_BREAK
from otdacha.language import text
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Organisation
from otdacha.site.programme.models import File, Plan
from otdacha.site.published import Published


class PlanEdition(Published[Plan]):
    """One plan as it is read in `language`."""

    word = "plan"
    model = Plan
    files = "plan"

    @property
    def plan(self) -> Plan:
        return self.kept

    @property
    def years(self) -> list[int]:
        return [int(year) for year in self.plan.manifest["years"]]

    @property
    def evident(self) -> bool:
        """The plan rests on the evidence of a release; otherwise on the priority of needs only."""
        return bool(self.plan.manifest["evidence"])

    @property
    def because(self) -> str:
        """Why there is no evidence."""
        return str((self.plan.manifest["because"] or {}).get(self.language, ""))

    def table(self, name: str) -> pl.DataFrame | None:
        """An open table of the plan; None where it was not worked out."""
        found = File.objects.filter(plan=self.plan, name=f"{name}.parquet").first()
        return None if found is None else pl.read_parquet(io.BytesIO(bytes(found.content)))

    @cached_property
    def release(self) -> Edition | None:
        """The edition whose figures the plan rests on, where that release is published here."""
        return self.edition_of_release(self.plan.manifest["release"])

    def organisations(self, providers: Collection[str]) -> dict[str, str]:
        """Provider → the page with its evidence, for those that have one."""
        shown = self.release or self.bank
        if shown is None:
            return {}
        known = Organisation.objects.filter(release=shown.release, provider__in=set(providers))
        return {
            one: shown.url("organisation", provider=one)
            for one in known.values_list("provider", flat=True)
        }

    def rubles(self, kopecks: int) -> str:
        """Money as it is written: kopecks only where there are some."""
        said = (
            self.numbers.decimal(kopecks / 100, 2)
            if kopecks % 100
            else self.numbers.whole(kopecks // 100)
        )
        return f"{said}{NO_BREAK}₽"

    def about_rubles(self, kopecks: int) -> str:
        """Money in a sentence: whole roubles."""
        return f"{self.numbers.whole(round(kopecks / 100))}{NO_BREAK}₽"

    @cached_property
    def measure(self) -> Measure | None:
        """What the benefit is counted in, where the release says it."""
        shown = self.release if self.evident else None
        return shown.measures[0] if shown else None

    @property
    def unit(self) -> str:
        """The unit of the benefit in words."""
        if not self.evident:
            return text("points of priority").said(self.language)
        return self.unit_of(self.measure)

    def unit_of(self, measure: Measure | None) -> str:
        """What an effect becomes when it is summed over cases."""
        if measure is None:
            said = text("effect × cases")
        elif measure.factor == 100:
            said = text("cases that go better")
        else:
            said = text("{unit} × cases", unit=measure.unit)
        return said.said(self.language)

    def band(self, lower: float | None, upper: float | None) -> tuple[str, str] | None:
        """The ends of a 90 % band as they are read; None where it is not known."""
        if lower is None or upper is None:
            return None
        return self.benefit(lower), self.benefit(upper)

    def gap(self, share: float | None) -> str:
        """How much more of its aim another plan may have; empty where nobody knows, or none has."""
        if not share:
            return ""
        return f"{self.numbers.decimal(100 * share, 1)}{NO_BREAK}%"

    def between(self, lower: float | None, upper: float | None) -> str:
        """The same in words; empty where it is not known."""
        ends = self.band(lower, upper)
        if ends is None:
            return ""
        return text("{lower} to {upper}", lower=ends[0], upper=ends[1]).said(self.language)

    def signed_band(self, lower: float | None, upper: float | None) -> tuple[str, str] | None:
        """The ends of the band of a difference, each with its sign."""
        if lower is None or upper is None:
            return None
        digits = 0 if max(abs(lower), abs(upper)) >= 100 else 1
        return self.numbers.signed(lower, digits), self.numbers.signed(upper, digits)

    @cached_property
    def courses(self) -> dict[tuple[int, str, str], tuple[str, str]]:
        """Year, provider, offer → what the course and who holds it are called."""
        offers = self.table("offers")
        if offers is None:
            return {}
        names = offers.select("year", "provider", "offer", "name", "programme", "provider_name")
        return {
            (year, provider, offer): (name or programme or offer, called or provider)
            for year, provider, offer, name, programme, called in names.iter_rows()
        }

    def benefit(self, value: float) -> str:
        """A benefit without its unit: three figures are more than it is known to."""
        return self.numbers.decimal(value, 0 if abs(value) >= 100 else 1)
