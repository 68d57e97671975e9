"""The typed model of `measures.toml`: what a union proposes to pay more, to whom, from whose money.

Sums are rubles with kopecks at most, levels in percent have two decimals at most, so both are whole
numbers inside (`otdacha.pay.kopecks`). A measure holds from the first day of a month to the last of
one, within the years of its scenario; outside it does nothing.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from otdacha.methodology import Named
from otdacha.pay.parameters.entries import Number, Whole
from otdacha.programme.parameters.entries import Part, Source

Unit = Literal["percent", "rubles"]
_Level = Annotated[Number, Field(gt=0, le=10_000_000)]
_Amount = Annotated[Number, Field(ge=0, le=10_000_000)]
_Words = tuple[Annotated[str, Field(min_length=1)], ...]
_Range = tuple[Annotated[Whole, Field(ge=0, le=100)], Annotated[Whole, Field(ge=0, le=100)]]
_WHOLE = 100
"""Percent."""
_PARTS = 10_000
"""A source pays so many ten-thousandths of a cost."""


def hundredths(said: float) -> int:
    """What was written, in hundredths: rubles in kopecks, percent in ten-thousandths of a part."""
    return int(Decimal(str(said)) * 100)


def _has_hundredths(said: float) -> float:
    if Decimal(str(said)) * 100 % 1:
        raise PydanticCustomError("too_fine", "{said} has more than two decimals", {"said": said})
    return said


Level = Annotated[_Level, AfterValidator(_has_hundredths)]
Amount = Annotated[_Amount, AfterValidator(_has_hundredths)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_order(said: _Range) -> _Range:
    if said[1] < said[0]:
        raise PydanticCustomError("range_backwards", "the second is below the first")
    return said


def _once(said: _Words) -> _Words:
    twice = next((one for one in said if said.count(one) > 1), None)
    if twice is not None:
        raise PydanticCustomError("named_twice", "{name} twice", {"name": twice})
    return said


Names = Annotated[_Words, AfterValidator(_once)]
Range = Annotated[_Range, AfterValidator(_in_order)]


class Who(_Part):
    """Whom a measure is for: those to whom all that is said applies; nothing said: everybody.

    ages: years that somebody turns in the year, from and to, both included. tenure: whole years of
    municipal service on the first day of the month, the first included, the second not.
    """

    municipalities: Names = ()
    regions: Names = ()
    groups: Names = ()
    positions: Names = ()
    units: Names = ()
    scarce: bool = False
    ages: Range | None = None
    tenure: Range | None = None


class Common(_Part):
    """What every measure says. sources: the parts of its cost that each source pays, with four
    decimals at most, together 1."""

    unit_of_level: ClassVar[Unit] = "percent"
    most: ClassVar[float | None] = _WHOLE
    """No level may be above; None: any."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: Named
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    who: Who = Who()
    sources: dict[Source, Part] = Field(min_length=1)

    @property
    def counted_in(self) -> Unit:
        """What its level is counted in."""
        return self.unit_of_level

    @property
    def begins(self) -> dt.date:
        assert self.valid_from is not None, "a file of measures fills it in"
        return self.valid_from

    @property
    def ends(self) -> dt.date:
        assert self.valid_to is not None, "a file of measures fills it in"
        return self.valid_to

    def holds(self, first: dt.date) -> bool:
        """Whether it holds in the month that begins on `first`."""
        return self.begins <= first <= self.ends

    @model_validator(mode="after")
    def _whole_months(self) -> Common:
        if self.valid_from is not None and self.valid_from.day != 1:
            raise PydanticCustomError("not_first", "{day}", {"day": self.valid_from})
        if self.valid_to is not None:
            last = monthrange(self.valid_to.year, self.valid_to.month)[1]
            if self.valid_to.day != last:
                raise PydanticCustomError("not_last", "{day}", {"day": self.valid_to})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise PydanticCustomError("ends_before", "valid_to lies before valid_from")
        return self

    @model_validator(mode="after")
    def _sources_add_up(self) -> Common:
        for source, part in self.sources.items():
            if Fraction(str(part)) * _PARTS % 1:
                raise PydanticCustomError("part_too_fine", "{said}", {"said": part, "key": source})
        together = sum(Fraction(str(part)) for part in self.sources.values())
        if together != 1:
            raise PydanticCustomError(
                "not_whole", "{sum}", {"sum": f"{float(together):.10g}", "expected": 1}
            )
        return self


class Levelled(Common):
    """A measure of more or less: `level`, or `levels` to choose from, or both.

    level: what the scenario counts with; not said: the largest of `levels`. levels: increasing,
    for packages.
    """

    level: Level | None = None
    levels: Annotated[tuple[Level, ...], Field(min_length=2)] | None = None

    @property
    def counted(self) -> float:
        """The level that the scenario counts with."""
        if self.level is not None:
            return self.level
        assert self.levels is not None, "a measure without a level is refused"
        return self.levels[-1]

    @property
    def choices(self) -> tuple[float, ...]:
        """The levels that packages choose from; not to take the measure is always a choice."""
        return self.levels or (self.counted,)

    @property
    def hundredths(self) -> int:
        """The level inside: ten-thousandths of a part, or kopecks."""
        return hundredths(self.counted)

    def needs_level(self) -> bool:
        return True

    @model_validator(mode="after")
    def _levels_make_sense(self) -> Levelled:
        said = [*(self.levels or ()), *(() if self.level is None else (self.level,))]
        if self.needs_level() != bool(said):
            raise PydanticCustomError("no_level" if not said else "level_too_many", "level")
        if self.levels and any(after <= before for before, after in pairwise(self.levels)):
            raise PydanticCustomError("not_increasing", "levels")
        if self.levels and self.level is not None and self.level not in self.levels:
            raise PydanticCustomError("not_a_level", "{level}", {"level": self.level})
        if (
            self.counted_in == "percent"
            and self.most is not None
            and any(one > self.most for one in said)
        ):
            raise PydanticCustomError("above_whole", "{most}", {"most": f"{self.most:g}"})
        return self


class RaiseSalary(Levelled):
    """Salaries (оклады) rise by `level` percent. whole_rubles: each is rounded up to a ruble."""

    kind: Literal["raise_salary"]
    whole_rubles: bool = False


class Index(Levelled):
    """Salaries are indexed every January from the first: by `level` percent, or with "prices" or
    the town's own mean "wages" over the year before. whole_rubles: rounded up to a ruble."""

    kind: Literal["index"]
    to: Literal["prices", "wages"] | None = None
    whole_rubles: bool = False

    def needs_level(self) -> bool:
        return self.to is None


class ClassRank(Levelled):
    """Pay for class ranks rises by `level` percent, or is set anew: rank → rubles a month of a full
    post in `amounts`."""

    kind: Literal["class_rank"]
    amounts: dict[Annotated[str, Field(min_length=1)], Amount] = {}

    def needs_level(self) -> bool:
        return not self.amounts


class Paid(Levelled):
    """A measure that is a component of pay of its own. coefficient: whether the coefficient of the
    region and the northern allowance are paid on it."""

    coefficient: bool = True


class TrainingAllowance(Paid):
    """A monthly allowance for training that showed effect: by a provider on the list of `release`,
    from the month after it ended, `months` long."""

    kind: Literal["training_allowance"]
    most: ClassVar[float | None] = 200
    unit: Unit = "rubles"
    months: Whole = Field(ge=1, le=120)
    release: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$")

    @property
    def counted_in(self) -> Unit:
        return self.unit


class ScarceAllowance(Paid):
    """A monthly allowance of `level` percent of the salary for positions the law calls scarce."""

    kind: Literal["scarce_allowance"]
    most: ClassVar[float | None] = 200

    @model_validator(mode="before")
    @classmethod
    def _for_scarce_positions(cls, said: object) -> object:
        """Nobody else can have it, so the file need not say so."""
        if isinstance(said, Mapping) and isinstance(said.get("who", {}), Mapping):
            return {**said, "who": {"scarce": True, **said.get("who", {})}}
        return said

    @model_validator(mode="after")
    def _for_nobody_else(self) -> ScarceAllowance:
        if not self.who.scarce:
            raise PydanticCustomError("scarce_only", "who.scarce")
        return self


class YoungPayment(Paid):
    """`level` rubles once to whoever came into municipal service less than `within_months` months
    ago and turns `max_age` at most in the year."""

    kind: Literal["young_payment"]
    unit_of_level: ClassVar[Unit] = "rubles"
    max_age: Whole = Field(ge=18, le=100)
    within_months: Whole = Field(ge=1, le=60)
    coefficient: bool = False


class Rent(Paid):
    """Up to `level` rubles a month for a home to rent, `months` at most; for the young or for
    scarce positions."""

    kind: Literal["rent"]
    unit_of_level: ClassVar[Unit] = "rubles"
    months: Whole | None = Field(default=None, ge=1, le=120)
    coefficient: bool = False

    @model_validator(mode="after")
    def _for_somebody(self) -> Rent:
        if not (self.who.scarce or self.who.ages):
            raise PydanticCustomError("rent_for_whom", "who")
        return self


class WageFloor(Levelled):
    """A month of a full post is not below `level` percent of the town's mean wage."""

    kind: Literal["wage_floor"]
    most: ClassVar[float | None] = 200


Measure = Annotated[
    RaiseSalary
    | Index
    | ClassRank
    | TrainingAllowance
    | ScarceAllowance
    | YoungPayment
    | Rent
    | WageFloor,
    Field(discriminator="kind"),
]
AnyMeasure = (
    RaiseSalary | Index | ClassRank | TrainingAllowance | ScarceAllowance | YoungPayment | Rent
    | WageFloor
)  # fmt: skip


class Purse(_Part):
    """What a source can give in a year, in rubles."""

    source: Source
    year: Whole
    amount: Annotated[Number, Field(ge=0, le=10**12), AfterValidator(_has_hundredths)]


class Measures(_Part):
    """One version of a union's measures, in the order in which they are written."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: Named
    years: tuple[Annotated[Whole, Field(ge=2000, le=2100)], ...] = Field(
        min_length=1, max_length=10
    )
    purse: tuple[Purse, ...] = ()
    measures: tuple[Measure, ...] = Field(min_length=1)

    @property
    def hash(self) -> str:
        """Names this exact content: SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.years[0], 1, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.years[-1], 12, 31)

    def measure(self, key: str) -> AnyMeasure:
        """The measure of a key; KeyError where there is none."""
        for one in self.measures:
            if one.key == key:
                return one
        raise KeyError(key)

    @model_validator(mode="after")
    def _years_follow(self) -> Measures:
        if any(after != before + 1 for before, after in pairwise(self.years)):
            raise PydanticCustomError("years_apart", "years")
        return self

    @model_validator(mode="after")
    def _holds_within_its_years(self) -> Measures:
        """Every measure has its days; what it does not say are those of the scenario."""
        days = {"valid_from": self.first_day, "valid_to": self.last_day}
        filled = tuple(
            one.model_copy(update={name: day for name, day in days.items()
                                   if getattr(one, name) is None})
            for one in self.measures
        )  # fmt: skip
        object.__setattr__(self, "measures", filled)
        return self
