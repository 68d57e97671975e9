"""The law of pay as it is asked: what holds in a region on a day. What it does not say is an error.

Every error names the file, the key and the day, and what to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import NoReturn, TypeVar

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.methodology.dated import Dated
from otdacha.pay.parameters.entries import (
    Bonus,
    Coefficients,
    Contributions,
    FederalParameters,
    Forecast,
    Incentive,
    North,
    PayNorm,
    Ranks,
    RegionalParameters,
    Salaries,
    Scarce,
    Secrecy,
    Service,
    Special,
    Vacancy,
    Yearly,
)

Entry = TypeVar("Entry", bound=Dated)

FEDERAL = "federal.toml"
"""Stands in place of the federal law that ships, where a workspace's folder holds it; messages call
the one that ships so."""


@dataclass(frozen=True)
class RegionalLaw:
    """The law of pay of a set of regions. file: what messages call it.

    `..._on(day)` is the entry that holds on the day. Where the section is required, or says nothing
    about the day though it is there, they raise PayProblem; None says that the section is absent:
    the law of these regions knows no such payment.
    """

    file: str
    said: RegionalParameters

    def salaries_on(self, day: dt.date) -> Salaries:
        return in_force(self.file, "salary", self.said.salary, day)

    def service_on(self, day: dt.date) -> Service:
        return in_force(self.file, "service", self.said.service, day)

    def special_on(self, day: dt.date) -> Special | None:
        return self._if_any("special", self.said.special, day)

    def ranks_on(self, day: dt.date) -> Ranks | None:
        return self._if_any("rank", self.said.rank, day)

    def secrecy_on(self, day: dt.date) -> Secrecy | None:
        return self._if_any("secrecy", self.said.secrecy, day)

    def bonus_on(self, day: dt.date) -> Bonus | None:
        return self._if_any("bonus", self.said.bonus, day)

    def incentive_on(self, day: dt.date) -> Incentive | None:
        return self._if_any("incentive", self.said.incentive, day)

    def aid_on(self, day: dt.date) -> Yearly | None:
        return self._if_any("aid", self.said.aid, day)

    def leave_payment_on(self, day: dt.date) -> Yearly | None:
        return self._if_any("leave_payment", self.said.leave_payment, day)

    def coefficients_on(self, day: dt.date) -> Coefficients | None:
        return self._if_any("coefficient", self.said.coefficient, day)

    def north_on(self, day: dt.date) -> North | None:
        return self._if_any("north", self.said.north, day)

    def scarce_on(self, day: dt.date) -> Scarce | None:
        return self._if_any("scarce", self.said.scarce, day)

    def vacancy_on(self, day: dt.date) -> Vacancy:
        return in_force(self.file, "vacancy", self.said.vacancy, day)

    def forecast_of(self, year: int) -> Forecast:
        """How prices and pay rise in `year`; PayProblem where nothing is said."""
        for forecast in self.said.forecast:
            if forecast.year == year:
                return forecast
        raise PayProblem(
            text(
                "{file}: {key} says nothing about {day}. Add an entry that holds then, with where "
                "it stands written.",
                file=self.file,
                key="forecast",
                day=year,
            )
        )

    def prices_between(self, from_year: int, to_year: int) -> Fraction:
        """How many times as dear things are in `to_year` as in `from_year`, exactly."""
        return self._grown("prices", from_year, to_year)

    def wages_between(self, from_year: int, to_year: int) -> Fraction:
        """How many times as high pay of all activities is in `to_year` as in `from_year`."""
        return self._grown("wages", from_year, to_year)

    def _grown(self, what: str, from_year: int, to_year: int) -> Fraction:
        index = Fraction(1)
        for year in range(from_year + 1, to_year + 1):
            index *= 1 + Fraction(str(getattr(self.forecast_of(year), what)))
        return index

    def _if_any(self, section: str, entries: Sequence[Entry], day: dt.date) -> Entry | None:
        return in_force(self.file, section, entries, day) if entries else None

    def lacks(self, key: str, day: dt.date, posts: int) -> NoReturn:
        """Say that posts ask for a line that the file does not have."""
        raise PayProblem(
            text(
                "{file}: {key} is not said for {day}, and posts that ask for it: {posts}. Add it "
                "to the entry, or correct the list of posts.",
                file=self.file,
                key=key,
                day=day,
                posts=posts,
            )
        )


@dataclass(frozen=True)
class Law:
    """The law of pay of all regions of a workspace, and the federal law."""

    federal: FederalParameters
    federal_file: str
    sets: tuple[RegionalLaw, ...]

    def of(self, region: str) -> RegionalLaw:
        """The law of `region`; PayProblem where no file names it."""
        for law in self.sets:
            if region in law.said.regions:
                return law
        raise PayProblem(
            text(
                "No file of the law of pay names {region}. Name it in regions of one of {files}, "
                "or add a file.",
                region=region,
                files=", ".join(law.file for law in self.sets),
            )
        )

    def contributions_on(self, day: dt.date) -> Contributions:
        """Insurance contributions on `day`; PayProblem where they are not known."""
        return in_force(self.federal_file, "contributions", self.federal.contributions, day)

    def contributions_of(self, year: int) -> Contributions:
        """Insurance contributions of a year, whose ceiling is one; PayProblem where the entry does
        not hold for the whole of it."""
        return of_whole_year(self.federal_file, "contributions", self.federal.contributions, year)

    def pay_norm_on(self, day: dt.date) -> PayNorm:
        """When the norm of БК 136 binds, on `day`; PayProblem where it is not known."""
        return in_force(self.federal_file, "pay_norm", self.federal.pay_norm, day)

    def changes_on(self, day: dt.date) -> bool:
        """Whether an entry of any region begins on `day`, or one before it has ended."""
        eve = day - dt.timedelta(days=1)
        return any(
            entry.valid_from == day or entry.valid_to == eve
            for law in self.sets
            for entries in law.said.sections.values()
            for entry in entries
        )

    @property
    def hash(self) -> str:
        """Names this exact content of all files: SHA-256, 64 hexadecimal digits."""
        hashes = [self.federal.hash, *sorted(law.said.hash for law in self.sets)]
        return sha256("".join(hashes).encode()).hexdigest()


def in_force(file: str, key: str, entries: Sequence[Entry], day: dt.date) -> Entry:
    """The entry that holds on `day`; PayProblem where there is none."""
    for entry in entries:
        if entry.covers(day, day):
            return entry
    if file == FEDERAL:
        raise PayProblem(
            text(
                "The federal law that ships says nothing about {day}: {key}. Take a copy of your "
                "own and add an entry that holds then: otdacha template federal "
                "DIR/pay/federal.toml",
                key=key,
                day=day,
            )
        )
    raise PayProblem(
        text(
            "{file}: {key} says nothing about {day}. Add an entry that holds then, with where it "
            "stands written.",
            file=file,
            key=key,
            day=day,
        )
    )


def of_whole_year(file: str, key: str, entries: Sequence[Entry], year: int) -> Entry:
    """The entry that holds for the whole of `year`; PayProblem where none does."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    begins = in_force(file, key, entries, first)
    if begins.covers(first, last):
        return begins
    raise PayProblem(
        text(
            "{file}: {key} changes within {year}. Say by one entry what counts from January to "
            "December.",
            file=file,
            key=key,
            year=year,
        )
    )
