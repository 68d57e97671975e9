"""What a page of the programme is about: which plan, in which language, beside which data bank."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.http import Http404
from django.urls import reverse

from otdacha.documents.figures import Measure
from otdacha.documents.numbers import NO_BREAK, Numbers
from otdacha.language import Language, text
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.bank.models import Organisation, Release
from otdacha.site.programme.models import File, Plan


@dataclass(frozen=True)
class PlanEdition:
    """One plan as it is read in `language`.

    latest: the newest plan. pinned: the address names the plan, so it stays for good. bank: the
    newest edition of the site's data bank, whose menu stands above; None where none is published.
    """

    plan: Plan
    latest: Plan
    language: Language
    pinned: bool
    bank: Edition | None

    @property
    def outdated(self) -> bool:
        """There is a newer plan than the one shown."""
        return self.plan.pk != self.latest.pk

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

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.language)

    def url(self, page: str, **named: Any) -> str:
        """The address of a page of this plan."""
        return reverse(page, kwargs={**self._place(self.pinned), **named})

    def pinned_url(self, page: str, **named: Any) -> str:
        """The address under which the page stays for good."""
        return reverse(page, kwargs={**self._place(True), **named})

    def latest_url(self, page: str, **named: Any) -> str:
        return reverse(page, kwargs={**self._place(False), **named})

    def _place(self, pinned: bool) -> dict[str, str]:
        place: dict[str, str] = {"language": self.language}
        return {**place, "plan": self.plan.name} if pinned else place

    def table(self, name: str) -> pl.DataFrame | None:
        """An open table of the plan; None where it was not worked out."""
        found = File.objects.filter(plan=self.plan, name=f"{name}.parquet").first()
        return None if found is None else pl.read_parquet(io.BytesIO(bytes(found.content)))

    @cached_property
    def release(self) -> Edition | None:
        """The edition whose figures the plan rests on, where that release is published here."""
        named = self.plan.manifest["release"]
        found = (
            Release.objects.select_related("bank").filter(hash=named["hash"]).first()
            if named
            else None
        )
        if found is None:
            return None
        return edition_of(self.language, found.bank.slug, found.name)

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


def plan_edition(language: Language, plan: str | None) -> PlanEdition | None:
    """The plan that an address names, the newest where it names none; None where there is none.

    Raises Http404 for a plan that is not there.
    """
    known = list(Plan.objects.all())
    if not known:
        return None
    found = known[0] if plan is None else next((one for one in known if one.name == plan), None)
    if found is None:
        raise Http404
    return PlanEdition(
        plan=found,
        latest=known[0],
        language=language,
        pinned=plan is not None,
        bank=edition_of(language, None, None),
    )
