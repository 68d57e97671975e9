"""The typed model of `programme.toml`: law and choices as dated entries, found by year and region.

An entry holds from `valid_from` to `valid_to`, both included, and says where it stands written and
how sure we are of it: V verified against the source, H confident, M to be checked before it is
printed, U unsure. A year is asked about as a whole: an entry that begins or ends inside it answers
for no year, because a budget knows no half of one. Nothing is guessed: two entries for one day, a
hole between two entries, and a year outside all of them are faults that name the entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from otdacha.errors import ProgrammeProblem
from otdacha.language import text
from otdacha.methodology import Named
from otdacha.methodology.dated import Dated, Entry, Sourced, chained

Source = Literal["federal", "regional", "municipal", "own"]
SOURCES: tuple[Source, ...] = ("federal", "regional", "municipal", "own")
Pays = Literal["fee", "travel"]
Duty = Literal["attestation", "since_training", "new_function"]
Part = Annotated[float, Field(ge=0, le=1)]
Rubles = Annotated[float, Field(ge=0, allow_inf_nan=False)]
OTHERS = "*"
"""The region of an entry that holds for every region without one of its own."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cofinancing(Dated):
    """What part of all that a region's municipalities spend in a year one source may and must bear.

    cap: rubles of the source in the region in one year at most; None: no such limit.
    """

    region: str = Field(min_length=1)
    source: Source
    at_most: Part = 1.0
    at_least: Part = 0.0
    cap: Rubles | None = None

    @model_validator(mode="after")
    def _leaves_room(self) -> Cofinancing:
        if self.at_least > self.at_most:
            raise PydanticCustomError("no_room", "at_least is above at_most")
        return self


class Limit(Dated):
    """What a source may pay of one seat. per_person: rubles of the fee, whatever the number of its
    budget rows; None: no limit. pays: what it may pay for at all."""

    source: Source
    per_person: Rubles | None = None
    pays: tuple[Pays, ...] = Field(default=("fee", "travel"), min_length=1)


class PriceRise(Sourced):
    """By what part prices of a year are above those of the year before."""

    year: int = Field(ge=1950, le=2100)
    rate: float = Field(gt=-1, le=1)


class Code(Dated):
    """A budget code (КБК) that training may be paid from."""

    code: Annotated[str, AfterValidator(lambda said: said.replace(" ", ""))] = Field(
        pattern=r"^( *[0-9A-ZА-Я]){20} *$"
    )
    name: str = ""


class LegalDuty(Dated):
    """A rule by which somebody must be trained. every_years: the longest time between two times.
    within_months: after a new function. groups: position groups it holds for; none named: all."""

    rule: Duty
    every_years: float | None = Field(default=None, gt=0)
    within_months: int | None = Field(default=None, ge=1)
    topic: str | None = None
    groups: tuple[str, ...] = ()


class CautionAsked(_Part):
    """How much a plan minds a bad turn of the effects, and the draws that it is seen in."""

    weight: Part = 0.0
    tail: float = Field(default=0.1, gt=0, le=1)
    draws: int = Field(default=200, ge=10)
    seed: int = Field(default=20210415, ge=0)


class PlanChoices(_Part):
    """What the makers of the plan choose; no law says it."""

    years: int = Field(default=3, ge=1, le=10)
    learning_share: float = Field(default=0.0, ge=0, lt=1)
    """Of all seats this part goes to the unproven, whether or not it teaches (decision 0031)."""
    fairness_floor: Part = 0.25
    """Of every municipality's needs at least this part is met over all years."""
    horizon_months: int = Field(default=12, ge=1)
    yearly_discount: float = Field(default=0.03, ge=0, lt=1)
    moving: float = Field(default=0.1, ge=0, allow_inf_nan=False)
    """A plan made anew moves somebody only for so much: a part of what its seats bring on average
    (decision 0036)."""
    gap: float = Field(default=0.001, ge=0, lt=1)
    seconds: float = Field(default=60, gt=0, allow_inf_nan=False)
    caution: CautionAsked = CautionAsked()


class Priority(_Part):
    """What a need weighs by its reason, where no release says what training brings."""

    legal_duty: Rubles = 4.0
    gap: Rubles = 2.0
    weak_indicator: Rubles = 3.0
    request: Rubles = 1.0


class Parameters(_Part):
    """One version of the programme's parameters: changing an entry makes a new version."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: Named
    plan: PlanChoices = PlanChoices()
    cofinancing: tuple[Cofinancing, ...] = ()
    limits: tuple[Limit, ...] = ()
    price_rise: tuple[PriceRise, ...] = ()
    codes: tuple[Code, ...] = ()
    legal_duty: tuple[LegalDuty, ...] = ()
    priority: Priority = Priority()
    topics: dict[str, str] = {}

    @property
    def hash(self) -> str:
        """Names this exact content: SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    def cofinancing_of(self, region: str, year: int) -> tuple[Cofinancing, ...]:
        """The shares that hold in `region` for the whole of `year`, at most one of each source.

        A region without an entry of its own for a source goes by "*". Raises ProgrammeProblem where
        the entries that would count do not hold for the whole year.
        """
        found = []
        for source in SOURCES:
            entries = _of_region(self.cofinancing, region, source)
            if entries:
                key = f"cofinancing {entries[0].region} {source}"
                found.append(_the_one_of_year(entries, year, key))
        return tuple(found)

    def limit_of(self, source: str, year: int) -> Limit | None:
        """What `source` may pay of a seat in `year`; None where no entry names the source.

        Raises ProgrammeProblem where its entries do not hold for the whole year.
        """
        entries = [limit for limit in self.limits if limit.source == source]
        return _the_one_of_year(entries, year, f"limits {source}") if entries else None

    def knows_code(self, code: str | None, year: int) -> bool:
        """Whether training may be paid from `code` in `year`: any code where none is listed. A
        budget without a code is not unknown."""
        if code is None or not self.codes:
            return True
        first, last = _days(year)
        return any(known.code == code and known.covers(first, last) for known in self.codes)

    def duties_on(self, day: dt.date) -> tuple[LegalDuty, ...]:
        """The duties in force on `day`.

        Raises ProgrammeProblem where a rule is known, but for other days only.
        """
        in_force = tuple(duty for duty in self.legal_duty if duty.covers(day, day))
        for duty in self.legal_duty:
            if not any(same.rule == duty.rule for same in in_force):
                raise ProgrammeProblem(
                    text(
                        "Parameters of the programme: {key} says nothing about {day}. Add an entry "
                        "that holds then.",
                        key=f"legal_duty {duty.rule}",
                        day=day,
                    )
                )
        return in_force

    def price_index(self, from_year: int, to_year: int) -> Fraction:
        """How many times as dear things are in `to_year` as in `from_year`, rises compounding:
        (1 + rate of the year after `from_year`) × … × (1 + rate of `to_year`).

        Exact, of the rates as they are written. Raises ProgrammeProblem where the rate of a year
        between them is not known, or where `to_year` lies before.
        """
        if to_year < from_year:
            raise ProgrammeProblem(
                text(
                    "A price of {later} cannot be turned into one of {earlier}: prices are "
                    "raised, never lowered back.",
                    later=from_year,
                    earlier=to_year,
                )
            )
        rates = {rise.year: Fraction(str(rise.rate)) for rise in self.price_rise}
        index = Fraction(1)
        for year in range(from_year + 1, to_year + 1):
            if year not in rates:
                raise ProgrammeProblem(
                    text(
                        "Parameters of the programme: price_rise says nothing about {year}. Add an "
                        "entry with the rate of that year.",
                        year=year,
                    )
                )
            index *= 1 + rates[year]
        return index

    def raised(self, kopecks: int, from_year: int, to_year: int) -> int:
        """A price of `from_year` in `to_year`, rounded once, to the nearest kopeck, half upwards.

        Raises ProgrammeProblem as `price_index` does.
        """
        return int(kopecks * self.price_index(from_year, to_year) + Fraction(1, 2))

    @model_validator(mode="after")
    def _each_day_has_one_answer(self) -> Parameters:
        chained("cofinancing", self.cofinancing, lambda one: f"{one.region} {one.source}")
        chained("limits", self.limits, lambda one: one.source)
        chained("codes", self.codes, lambda one: one.code)
        chained("legal_duty", self.legal_duty, _duty_name)
        years = [rise.year for rise in self.price_rise]
        for year in years:
            if years.count(year) > 1:
                raise PydanticCustomError("rise_twice", "price_rise {year} twice", {"year": year})
        return self

    @model_validator(mode="after")
    def _shares_can_add_up(self) -> Parameters:
        for region in dict.fromkeys(entry.region for entry in self.cofinancing):
            for day in sorted({entry.valid_from for entry in self.cofinancing}):
                _add_up(region, day, self.cofinancing)
        return self


def _days(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _duty_name(duty: LegalDuty) -> str:
    return " ".join(filter(None, [duty.rule, duty.topic, *duty.groups]))


def _of_region(
    entries: Iterable[Cofinancing], region: str, source: Source
) -> Sequence[Cofinancing]:
    of_source = [entry for entry in entries if entry.source == source]
    own = [entry for entry in of_source if entry.region == region]
    return own or [entry for entry in of_source if entry.region == OTHERS]


def _the_one_of_year(entries: Iterable[Entry], year: int, key: str) -> Entry:
    first, last = _days(year)
    touching = [entry for entry in entries if entry.touches(first, last)]
    for entry in touching:
        if entry.covers(first, last):
            return entry
    if touching:
        raise ProgrammeProblem(
            text(
                "Parameters of the programme: {key} changes within {year}. A budget is of a whole "
                "year: say by one entry what counts from January to December.",
                key=key,
                year=year,
            )
        )
    raise ProgrammeProblem(
        text(
            "Parameters of the programme: {key} says nothing about {year}. Add an entry that holds "
            "then.",
            key=key,
            year=year,
        )
    )


def _add_up(region: str, day: dt.date, entries: Sequence[Cofinancing]) -> None:
    counting = {
        source: entry
        for source in SOURCES
        for entry in _of_region(entries, region, source)
        if entry.covers(day, day)
    }
    about = {"key": f"cofinancing {region}", "first": day}
    if sum(Fraction(str(entry.at_least)) for entry in counting.values()) > 1:
        raise PydanticCustomError("shares_above_one", "{key}: at_least above 1", about)
    most = sum(Fraction(str(entry.at_most)) for entry in counting.values())
    if len(counting) == len(SOURCES) and most < 1:
        raise PydanticCustomError("shares_below_one", "{key}: at_most below 1", about)
