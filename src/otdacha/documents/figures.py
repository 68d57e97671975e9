"""The figures of a release in the reader's words: percentage points, working days, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from otdacha.documents.numbers import Numbers, digits_for
from otdacha.effects.result import COMPOSITE
from otdacha.language import Language, Text, text
from otdacha.release.export import indicator_name
from otdacha.release.reasons import sentence
from otdacha.release.release import Release
from otdacha.release.states import SENTENCES, WITH_FIGURE, WORDS, State


@dataclass(frozen=True)
class Measure:
    """An indicator as people see it: a change of its figure, in its unit, with its own sign.

    sign: -1 where less is better, so that an improvement of two days reads "-2 days". factor: 100
    where a share is shown in percentage points. level: it is the figure itself and no change of it
    (somebody's shares of n), and has no sign.
    """

    id: str
    name: str
    unit: str
    better: str
    sign: int
    factor: float
    digits: int
    level: bool = False

    def shown(self, effect: float) -> float:
        return effect * self.sign * self.factor

    def point(self, effect: float, numbers: Numbers) -> str:
        """An effect in words."""
        return numbers.point(self.shown(effect), self.digits, level=self.level)

    def interval(self, lower: float, upper: float, numbers: Numbers) -> str:
        """The range of an effect in words, the smaller end as it is shown first."""
        low, high = sorted((self.shown(lower), self.shown(upper)))
        return numbers.interval(low, high, self.digits, level=self.level)


@dataclass(frozen=True)
class Figure:
    """What stands in a cell of a table: a figure with an interval below it, or a state."""

    main: str
    below: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Organisation:
    """One published provider as a row of a table, with its interval on the headline."""

    provider: str
    name: str
    region: str
    listed: bool
    effects: tuple[Figure, ...]
    probability: str
    q_value: str
    places: str
    grade: str
    people: Figure
    municipalities: Figure
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Withheld:
    """A provider without a published effect, and why."""

    provider: str
    name: str
    state: str
    why: str
    trained: Figure
    people: Figure


def measures(release: Release, numbers: Numbers) -> tuple[Measure, ...]:
    """What effects are shown in: the headline first, then the other indicators."""
    names = release.effects["indicator"].unique(maintain_order=True).to_list()
    names.sort(key=lambda name: name != release.headline)
    return tuple(_measure(release, name, numbers.language) for name in names)


def _measure(release: Release, name: str, language: Language) -> Measure:
    widths = release.effects.filter(indicator=name).select(pl.col("upper") - pl.col("lower"))
    halves = [width / 2 for width in widths["upper"].drop_nulls()]
    if name == COMPOSITE:
        return Measure(
            id=name,
            name=indicator_name(release, name, language),
            unit=text("standard deviations").said(language),
            better=text("more is better").said(language),
            sign=1,
            factor=1.0,
            digits=digits_for(halves),
        )
    indicator = release.methodology.indicator(name)
    factor = 100.0 if indicator.share else 1.0
    higher = indicator.better == "higher"
    return Measure(
        id=name,
        name=indicator.name.said(language),
        unit=(text("percent") if release.of_levels else text("percentage points")).said(language)
        if indicator.share
        else indicator.unit.said(language),
        better=(text("more is better") if higher else text("less is better")).said(language),
        sign=indicator.sign,
        factor=factor,
        digits=digits_for(half * factor for half in halves),
        level=release.of_levels,
    )


def organisations(
    release: Release, shown: tuple[Measure, ...], numbers: Numbers
) -> list[Organisation]:
    """The providers with a published effect, best first."""
    effects = {(row["provider"], row["indicator"]): row for row in _rows(release.effects)}
    published = release.providers.filter(pl.col("state") == State.PUBLISHED)
    return [
        Organisation(
            provider=row["provider"],
            name=_name(row),
            region=row["region"] or "",
            listed=row["listed"],
            effects=tuple(
                effect_figure(effects[row["provider"], measure.id], measure, numbers)
                for measure in shown
            ),
            probability=numbers.probability(row["probability_better"]),
            q_value=numbers.small(row["q_value"]),
            places=numbers.places(row["rank_low"], row["rank_high"]),
            grade=str(row["grade"]),
            people=count_figure(row, "people", numbers),
            municipalities=count_figure(row, "municipalities", numbers),
            middle=row["posterior_mean"],
            low=row["lower"],
            high=row["upper"],
        )
        for row in _rows(published)
    ]


def withheld(release: Release, numbers: Numbers) -> list[Withheld]:
    """The providers without a published effect, by state, each with its reason in a sentence."""
    rows = release.providers.filter(pl.col("state") != State.PUBLISHED)
    return [
        Withheld(
            provider=row["provider"],
            name=_name(row),
            state=WORDS[State(row["state"])].said(numbers.language),
            why=why(row).said(numbers.language),
            trained=count_figure(row, "trained", numbers),
            people=count_figure(row, "people", numbers),
        )
        for row in _rows(rows)
    ]


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return list(frame.iter_rows(named=True))


def _name(row: Mapping[str, Any]) -> str:
    return str(row["name"] or row["provider"])


def why(row: Mapping[str, Any]) -> Text:
    """Why a row has no figure: its reason, or what its state means."""
    if row["reason"]:
        return sentence(row["reason"])
    return SENTENCES[State(row["state"])]


def effect_figure(row: Mapping[str, Any], measure: Measure, numbers: Numbers) -> Figure:
    """The effect of a row (`posterior_mean`, `lower`, `upper`) with its interval, or its state."""
    state = State(row["state"])
    if state not in WITH_FIGURE:
        return Figure(WORDS[state].said(numbers.language), state=state)
    return Figure(
        measure.point(row["posterior_mean"], numbers),
        measure.interval(row["lower"], row["upper"], numbers),
    )


def per_10000(row: Mapping[str, Any], measure: Measure, numbers: Numbers) -> Figure:
    """A programme's effect per 10,000 roubles with its interval, or its state; one digit more than
    the effect itself has, because dear programmes divide it."""
    divided = {
        "state": row["per_10000_state"],
        "posterior_mean": row["effect_per_10000"],
        "lower": row["lower_per_10000"],
        "upper": row["upper_per_10000"],
    }
    return effect_figure(divided, replace(measure, digits=measure.digits + 1), numbers)


def count_figure(row: Mapping[str, Any], name: str, numbers: Numbers) -> Figure:
    """A row's count `name`, or its state."""
    state = State(row[f"{name}_state"])
    if state not in WITH_FIGURE:
        return Figure(WORDS[state].said(numbers.language), state=state)
    return Figure(numbers.whole(row[name]))
