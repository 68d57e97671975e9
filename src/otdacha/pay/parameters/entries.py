"""The typed model of a file in `pay/`: the law of pay as dated entries, one for each act.

An entry of a section holds as a whole: the table of salaries that a decision sets, the steps of
long service that a law names. Entries of a section follow each other without hole or overlap, and
begin with a month, because pay is counted by the month. A section that is absent says that the law
knows no such payment; one that is there must answer for every post that asks it.

A rate is a part of one (0.15 is 15 %) with four decimals at most, an amount rubles with kopecks.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Hashable, Iterable
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from otdacha.methodology import Named
from otdacha.methodology.dated import Dated, Sourced, chained

OTHERS = "*"
"""The municipality or position group of a line that counts for all without one of their own."""
Paid = Literal[
    "service", "special", "rank", "secrecy", "bonus", "incentive", "aid", "leave_payment"
]
"""Components that a fund is reckoned by, in monthly salaries."""


def folded(name: str) -> str:
    """A name as lookups compare it: lower case, е for ё, single spaces."""
    return " ".join(name.lower().replace("ё", "е").split())


def _whole(units: int) -> Callable[[float], float]:
    def check(said: float) -> float:
        if abs(said * units - round(said * units)) > 1e-6:
            raise PydanticCustomError("too_fine", "too many decimals", {"units": units})
        return said

    return check


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A number as TOML writes it: true is no 1, a text no number."""
Whole = Annotated[int, Field(strict=True)]
Rate = Annotated[Number, Field(ge=0, le=1), AfterValidator(_whole(10_000))]
"""A part that may not be above 100 %."""
Multiple = Annotated[Number, Field(ge=0, le=24), AfterValidator(_whole(10_000))]
"""A number of salaries, or a rate that the law lets rise above 100 %."""
Rise = Annotated[Number, Field(gt=-1, le=1), AfterValidator(_whole(10_000))]
Amount = Annotated[Number, Field(ge=0, le=10_000_000), AfterValidator(_whole(100))]
Name = Annotated[str, Field(min_length=1), AfterValidator(folded)]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SalaryLine(_Line):
    """The monthly salary (оклад) of a full post. pay_class: None, any class of the group."""

    group: Name
    pay_class: Whole | None = Field(default=None, ge=1)
    amount: Amount = Field(gt=0)


class Salaries(Dated):
    amounts: tuple[SalaryLine, ...] = Field(min_length=1)


class ServiceStep(_Line):
    years: Whole = Field(ge=0)
    rate: Rate


class Service(Dated):
    """Выслуга лет: the rate of the last step whose full years somebody has served."""

    steps: tuple[ServiceStep, ...] = Field(min_length=1)


class SpecialLine(_Line):
    """Особые условия: what is paid where the roster says nothing, and what it may say."""

    group: Name
    rate: Multiple
    at_least: Multiple = 0.0
    at_most: Multiple

    @model_validator(mode="after")
    def _within_its_bounds(self) -> Self:
        if not self.at_least <= self.rate <= self.at_most:
            raise PydanticCustomError("out_of_bounds", "rate is not within at_least and at_most")
        return self


class Special(Dated):
    groups: tuple[SpecialLine, ...] = Field(min_length=1)


class RankLine(_Line):
    """Классный чин: rubles a month, or a part of the salary; group: None, of any group."""

    class_rank: Name
    group: Name | None = None
    amount: Amount | None = None
    rate: Rate | None = None

    @model_validator(mode="after")
    def _amount_or_rate(self) -> Self:
        if (self.amount is None) == (self.rate is None):
            raise PydanticCustomError("amount_or_rate", "either amount or rate")
        return self


class Ranks(Dated):
    ranks: tuple[RankLine, ...] = Field(min_length=1)


class SecrecyLine(_Line):
    degree: Name
    rate: Rate


class Secrecy(Dated):
    degrees: tuple[SecrecyLine, ...] = Field(min_length=1)


class GroupLine(_Line):
    group: Name
    rate: Multiple


class Bonus(Dated):
    """Премии: a part of the salary, every month."""

    groups: tuple[GroupLine, ...] = Field(min_length=1)


class Incentive(Dated):
    """Ежемесячное денежное поощрение: salaries a month."""

    groups: tuple[GroupLine, ...] = Field(min_length=1)


class Yearly(Dated):
    """Salaries a year: material aid, the payment with a leave."""

    salaries: Multiple


class CoefficientLine(_Line):
    """rate: what is added to pay; a coefficient of 1.2 adds 0.2."""

    municipality: str = Field(min_length=1)
    rate: Rate


class Coefficients(Dated):
    municipalities: tuple[CoefficientLine, ...] = Field(min_length=1)


class NorthStep(_Line):
    months: Whole = Field(ge=0)
    rate: Rate


class NorthLine(_Line):
    """Процентная надбавка: the rate of the last step whose full months somebody has worked."""

    municipality: str = Field(min_length=1)
    steps: tuple[NorthStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rises(self) -> Self:
        _climb("north", [step.months for step in self.steps])
        return self


class North(Dated):
    municipalities: tuple[NorthLine, ...] = Field(min_length=1)


class FundLine(_Line):
    component: Paid
    salaries: Multiple


class Fund(Dated):
    """What the fund of a year is reckoned by, in monthly salaries."""

    components: tuple[FundLine, ...] = Field(min_length=1)


class Forecast(Sourced):
    """By what part prices, and pay of all activities, rise from the year before; four decimals at
    most."""

    year: Whole = Field(ge=1990, le=2100)
    prices: Rise
    wages: Rise


class Scarce(Dated):
    """Positions that are hard to fill; compared as `folded`."""

    positions: tuple[Name, ...] = Field(min_length=1)


class Vacancy(Dated):
    """What an empty post costs. months: how long it stays empty. hiring_salaries: what finding
    somebody costs, in monthly salaries. learning_months: until a new servant works as the one
    before; learning_loss: what part of the work is lost meanwhile."""

    months: Number = Field(ge=0)
    hiring_salaries: Multiple
    learning_months: Number = Field(ge=0)
    learning_loss: Rate


class Contributions(Dated):
    """Insurance contributions on what one employer pays a person in a year. ceiling: rubles; rate
    counts up to it, above_rate beyond, injury on everything."""

    rate: Rate
    ceiling: Amount
    above_rate: Rate
    injury: Rate


class PayNorm(Dated):
    """БК 136: a municipality whose grants were above `threshold` of its revenue in `years_above` of
    the last `years_of` years may not spend more on pay than the region's norm."""

    threshold: Rate
    years_above: Whole = Field(ge=1)
    years_of: Whole = Field(ge=1)


class _Parameters(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: Named

    @property
    def hash(self) -> str:
        """Names this exact content: SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def sections(self) -> dict[str, tuple[Dated, ...]]:
        """The dated sections that the file holds, by name."""
        return {
            name: entries
            for name in type(self).model_fields
            if isinstance(entries := getattr(self, name), tuple)
            and all(isinstance(entry, Dated) for entry in entries)
        }

    @model_validator(mode="after")
    def _each_month_has_one_answer(self) -> Self:
        for section, entries in self.sections.items():
            chained(section, entries, lambda _: "")
            for entry in entries:
                _whole_months(section, entry)
        return self


class FederalParameters(_Parameters):
    """The law that is the same in every region: `federal.toml`."""

    contributions: tuple[Contributions, ...] = Field(min_length=1)
    pay_norm: tuple[PayNorm, ...] = Field(min_length=1)


class RegionalParameters(_Parameters):
    """The law of pay of one region, or of several that pay alike."""

    regions: tuple[str, ...] = Field(min_length=1)
    salary: tuple[Salaries, ...] = Field(min_length=1)
    service: tuple[Service, ...] = Field(min_length=1)
    special: tuple[Special, ...] = ()
    rank: tuple[Ranks, ...] = ()
    secrecy: tuple[Secrecy, ...] = ()
    bonus: tuple[Bonus, ...] = ()
    incentive: tuple[Incentive, ...] = ()
    aid: tuple[Yearly, ...] = ()
    leave_payment: tuple[Yearly, ...] = ()
    coefficient: tuple[Coefficients, ...] = ()
    north: tuple[North, ...] = ()
    fund: tuple[Fund, ...] = ()
    forecast: tuple[Forecast, ...] = ()
    scarce: tuple[Scarce, ...] = ()
    vacancy: tuple[Vacancy, ...] = ()

    @model_validator(mode="after")
    def _each_line_is_said_once(self) -> Self:
        for salaries in self.salary:
            _once("salary", ((line.group, line.pay_class) for line in salaries.amounts))
        for service in self.service:
            _climb("service", [step.years for step in service.steps])
        for special in self.special:
            _once("special", (line.group for line in special.groups))
        for ranks in self.rank:
            _once("rank", ((line.class_rank, line.group) for line in ranks.ranks))
        for secrecy in self.secrecy:
            _once("secrecy", (line.degree for line in secrecy.degrees))
        for bonus in self.bonus:
            _once("bonus", (line.group for line in bonus.groups))
        for incentive in self.incentive:
            _once("incentive", (line.group for line in incentive.groups))
        for coefficients in self.coefficient:
            _once("coefficient", (line.municipality for line in coefficients.municipalities))
        for north in self.north:
            _once("north", (line.municipality for line in north.municipalities))
        for fund in self.fund:
            _once("fund", (line.component for line in fund.components))
        _once("forecast", (forecast.year for forecast in self.forecast))
        _once("regions", self.regions)
        return self


def _once(section: str, keys: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            parts = key if isinstance(key, tuple) else (key,)
            said = " ".join(str(part) for part in parts if part is not None)
            raise PydanticCustomError("said_twice", "{key} twice", {"key": f"{section} {said}"})
        seen.add(key)


def _climb(section: str, steps: list[int]) -> None:
    if steps != sorted(set(steps)):
        raise PydanticCustomError("no_climb", "{key}: steps do not rise", {"key": section})


def _whole_months(section: str, entry: Dated) -> None:
    last = entry.valid_to
    if entry.valid_from.day > 1 or last.day < monthrange(last.year, last.month)[1]:
        about = {"key": section, "first": entry.valid_from, "last": last}
        raise PydanticCustomError("within_month", "{key} changes within a month", about)
