"""The typed model of a methodology file. Every field that decides a figure stands here."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from otdacha.language import Language

Against = Literal["zero", "mean", "median"]
Share = Annotated[float, Field(gt=0, lt=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(_Part):
    """A name in both languages."""

    ru: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def said(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en


class Indicator(_Part):
    """One thing that is measured of a unit each month.

    A case gives the indicator a whole number of `resolution` steps (0 or 1 for a share, days for a
    duration, points for a rating), so that sums over cases are exact in integers whichever engine
    makes them. `centre` is subtracted, in steps, before squaring.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Named
    why: Named
    unit: Named
    better: Literal["higher", "lower"]
    source: Literal["cases", "results"] = "cases"
    value: Literal[
        "on_time", "working_days", "calendar_days", "refused", "repeated", "rating", "reported"
    ]
    of: Literal["due", "closed", "all", "rated", "reported"]
    centre: int = 0
    resolution: float = Field(default=1.0, gt=0)
    share: bool = False
    """True where the figure is a share of cases and is shown in percentage points."""
    weight: float = Field(default=1.0, ge=0)
    placebo: bool = False
    """True of something that training cannot change: no effect is published, and finding one fails
    a gate. Its weight must be 0."""
    author: str
    checked_by: str
    reviewed: dt.date
    next_review: dt.date

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is: effects are signed so that plus is better."""
        return 1 if self.better == "higher" else -1

    @model_validator(mode="after")
    def _a_placebo_weighs_nothing(self) -> Indicator:
        if self.placebo and self.weight > 0:
            raise PydanticCustomError("placebo_weight", "a placebo indicator has a weight")
        return self


class Design(_Part):
    """How the effect is identified (design/method.md §1-§4)."""

    stratum: tuple[Literal["service", "region", "macroregion", "municipality"], ...]
    cluster: Literal["municipality", "unit"] = "municipality"
    horizon_months: int = Field(ge=1)
    look_back_months: int = Field(ge=1)
    anticipation_months: int = Field(ge=0)
    aggregation: Literal["equal_person", "cases"]
    level: Share = 0.95
    kind: Literal["auto", "imputation", "joint"] = "auto"
    """How effects are told from what would have been: design A, design B, or A where it can."""
    least_predicted: Share = 0.5
    """auto: imputation runs where clean cells predict at least this share of exposed cases."""
    second_cluster: Literal["none", "session"] = "none"
    """session: the participants of one run of a course, of whatever town, share its luck too."""

    @model_validator(mode="after")
    def _looks_back_far_enough(self) -> Design:
        if self.look_back_months < self.horizon_months:
            raise PydanticCustomError("short_look_back", "look_back_months < horizon_months")
        return self


class Minimum(_Part):
    """Below any of these a provider's state is "insufficient evidence"."""

    people: int = Field(ge=1)
    clusters: int = Field(ge=2)
    degrees_of_freedom: float = Field(ge=1)
    n: int = Field(ge=1)
    """Reported successes of n (design D): the smallest n that is ranked."""
    coverage: float = Field(default=0.5, ge=0, le=1)
    """The share of a provider's units that all weighted indicators must know for a composite."""
    training_hours: int = Field(ge=1)
    """A course shorter than this is no professional development by law."""


class Shrinkage(_Part):
    prior: Literal["normal", "npmle"]
    grid: int = Field(ge=50)
    """Points of the NPMLE grid."""
    gap: float = Field(gt=0)
    """Duality gap at which the NPMLE stops."""
    covariates: tuple[str, ...] = ()
    """Columns of the table of providers that move the prior mean, e.g. type, region."""
    precision: Literal["auto", "independent"] = "auto"
    """Whether effects may depend on their standard errors: tested and modelled, or never."""
    precision_level: Share = 0.01
    """How often that test may find a dependence that is not there."""


class Listing(_Part):
    """When a provider may be called one of the most effective."""

    error_rate: Share
    against: Against
    grade_price: float = Field(ge=0, le=1)
    """λ: the gain of a right order against the loss 1 of a wrong one, in the choice of grades."""


class RankRanges(_Part):
    level: Share
    draws: int = Field(ge=100)
    seed: int


class Gates(_Part):
    """When a check withholds the ranking (design/method.md §7)."""

    level: Share = 0.01
    """A test fails below this p-value; with some ten tests a sound release then seldom fails."""
    draws: int = Field(default=4000, ge=1000)
    seed: int = 20210415
    leads: int = Field(default=6, ge=1)
    """Months before training whose results are compared with earlier months."""
    donut_months: int = Field(default=3, ge=1)
    """Months before training that are left out to see whether a dip there makes the effect."""
    placebo_months: int = Field(default=6, ge=1)
    """Training is pretended this many months earlier than it was."""
    level_difference: float = Field(default=1.0, gt=0)
    """Standard deviations between a provider's people and others, before training, at most."""
    comparison_clusters: int = Field(default=2, ge=1)
    comparison_units: float = Field(default=5.0, ge=1)
    """Untrained units (effective number) and their other clusters that make a comparison."""
    compared: Share = 0.8
    """Share of a provider's exposed cases that must have such a comparison, at least."""
    last_months: int = Field(default=3, ge=0)
    """Months at the end of the data in which it is not known who has left."""
    degrees_of_freedom: float = Field(default=4.0, ge=1)
    """Of the overall effect, at least."""
    excluded: Share = 0.5
    """Share of exposed cells that may be without comparison, at most."""
    period_months: int = Field(default=3, ge=1)
    periods: int = Field(default=4, ge=3)
    """Sensitivity to trends that are not parallel: how long a period is, and how many before
    training are looked at. Shorter periods are noisier, and their noise counts as a violation."""
    permutations: int = Field(default=20, ge=1)
    """How often the providers' labels are dealt out anew."""


class Predicting(_Part):
    """Does the ranking of an earlier day foretell what came later?"""

    cut: dt.date | None = None
    """First day of the last month that the earlier ranking may know; without it, the month that
    leaves as much exposure until then as in sessions after it."""
    providers: int = Field(default=10, ge=4)
    """Providers known on both sides, below which nothing is said."""


class Disclosure(_Part):
    """In this order: suppress, round, derive rates, check the difference to the last release."""

    people: int = Field(ge=1)
    municipalities: int = Field(ge=1)
    round_to: int = Field(ge=1)


class WorkingDays(_Part):
    country: Literal["RU"] = "RU"
    extra_days_off: tuple[dt.date, ...] = ()
    """Days off declared by decree that the calendar does not know (2020-21: a local choice)."""
    extra_days_at_work: tuple[dt.date, ...] = ()


class Methodology(_Part):
    """One versioned methodology: changing it makes a new version."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: Named
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    design: Design
    minimum: Minimum
    shrinkage: Shrinkage
    list: Listing
    ranks: RankRanges
    disclosure: Disclosure
    gates: Gates = Gates()
    prediction: Predicting = Predicting()
    working_days: WorkingDays = WorkingDays()

    @model_validator(mode="after")
    def _indicators_are_distinct_and_weigh_something(self) -> Methodology:
        ids = [indicator.id for indicator in self.indicators]
        if len(set(ids)) < len(ids) or "composite" in ids:
            raise PydanticCustomError("indicator_ids", "indicator ids must be distinct")
        if sum(indicator.weight for indicator in self.indicators) <= 0:
            raise PydanticCustomError("no_weight", "no indicator has a positive weight")
        return self

    def indicator(self, name: str) -> Indicator:
        """The indicator called `name`; KeyError where there is none."""
        for indicator in self.indicators:
            if indicator.id == name:
                return indicator
        raise KeyError(name)

    @property
    def weights(self) -> dict[str, float]:
        """Indicator weights that sum to one."""
        total = sum(indicator.weight for indicator in self.indicators)
        return {indicator.id: indicator.weight / total for indicator in self.indicators}

    @property
    def hash(self) -> str:
        """Names this exact content: SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return sha256(self.model_dump_json().encode()).hexdigest()
