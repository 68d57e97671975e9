"""The rules that can clash in a plan, each with its figures, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from otdacha.language import Text, ntext, text
from otdacha.programme.clash.amounts import joined, number, percent, rubles, word

SOURCES: Mapping[str, Text] = MappingProxyType(
    {
        "federal": text("federal budget"),
        "regional": text("regional budget"),
        "municipal": text("municipal budget"),
        "own": text("own funds of organisations"),
    }
)
_NAMED = 3
"""How many of many are called by name."""


@dataclass(frozen=True)
class MandatoryNeeds:
    """All of these people of one town must be trained. people: None where their number is held
    back. needs: what the classes are called."""

    town: str
    people: int | None
    needs: tuple[str, ...] = ()

    def sentence(self) -> Text:
        return self.together([self])

    @classmethod
    def together(cls, rules: Sequence[MandatoryNeeds]) -> Text:
        towns = named([rule.town for rule in rules])
        people = counted(rules)
        if people is None:
            return text("{towns}: whom the law obliges must be trained", towns=towns)
        return ntext(
            "{towns}: {count} person must be trained by law",
            "{towns}: {count} people must be trained by law",
            count=people,
            towns=towns,
        )


@dataclass(frozen=True)
class Budget:
    """What a holder has from a source for a year, in kopecks. holder: a town, a region, or None:
    everybody of the plan."""

    source: str
    year: int
    holder: str | None
    kopecks: int

    def sentence(self) -> Text:
        told = {"source": SOURCES[self.source], "year": self.year, "sum": rubles(self.kopecks)}
        if self.holder is None:
            return text("{source} for {year}: {sum}", **told)
        return text("{holder}, {source} for {year}: {sum}", holder=self.holder, **told)

    @classmethod
    def together(cls, rules: Sequence[Budget]) -> Text:
        each: dict[tuple[str, int], list[int]] = {}
        for rule in rules:
            each.setdefault((rule.source, rule.year), []).append(rule.kopecks)
        return joined(
            (
                text(
                    "{source} for {year}: {sum}",
                    source=SOURCES[source],
                    year=year,
                    sum=rubles(sum(sums)),
                )
                for (source, year), sums in each.items()
            ),
            by="; ",
        )


@dataclass(frozen=True)
class FairnessFloor:
    """At least this many people of a town must be trained over all years; None where their number
    is held back."""

    town: str
    people: int | None

    def sentence(self) -> Text:
        return (
            self.together([self])
            if self.people is None
            else ntext(
                "{town}: by the fairness floor at least {count} person must be trained",
                "{town}: by the fairness floor at least {count} people must be trained",
                count=self.people,
                town=self.town,
            )
        )

    @classmethod
    def together(cls, rules: Sequence[FairnessFloor]) -> Text:
        towns = named([rule.town for rule in rules])
        people = counted(rules)
        if people is None:
            return text("{towns}: the part of needs that the fairness floor promises", towns=towns)
        return ntext(
            "{towns}: by the fairness floors at least {count} person must be trained",
            "{towns}: by the fairness floors at least {count} people must be trained",
            count=people,
            towns=towns,
        )


@dataclass(frozen=True)
class LearningShare:
    """The part of all seats that is kept for providers without a proven effect, whose runs have so
    many places."""

    part: float
    places: int

    def sentence(self) -> Text:
        return text(
            "At least {part} of all seats go to providers whose effect is not known yet; places in "
            "their runs: {places}",
            part=percent(self.part),
            places=number(self.places),
        )

    @classmethod
    def together(cls, rules: Sequence[LearningShare]) -> Text:
        return rules[0].sentence()


@dataclass(frozen=True)
class CoFinancing:
    """What part of all that is spent in a region in a year one source must and may bear, and up to
    how many kopecks."""

    region: str
    source: str
    year: int
    at_least: float = 0.0
    at_most: float = 1.0
    cap: int | None = None

    def sentence(self) -> Text:
        parts = []
        if self.at_least > 0:
            parts.append(text("at least {part} of all costs", part=percent(self.at_least)))
        if self.at_most < 1:
            parts.append(text("at most {part} of all costs", part=percent(self.at_most)))
        if self.cap is not None:
            parts.append(text("at most {sum} in all", sum=rubles(self.cap)))
        return text(
            "{region}, {year}, {source} (co-financing): {parts}",
            region=self.region,
            year=self.year,
            source=SOURCES[self.source],
            parts=joined(parts),
        )

    @classmethod
    def together(cls, rules: Sequence[CoFinancing]) -> Text:
        return joined((rule.sentence() for rule in rules), by="; ")


@dataclass(frozen=True)
class Places:
    """A run has no more places than this, in all its groups."""

    run: str
    places: int

    def sentence(self) -> Text:
        return text("{run}: places in all: {places}", run=self.run, places=number(self.places))

    @classmethod
    def together(cls, rules: Sequence[Places]) -> Text:
        return text(
            "{runs}: places in all: {places}",
            runs=named([rule.run for rule in rules]),
            places=number(sum(rule.places for rule in rules)),
        )


@dataclass(frozen=True)
class LeastGroup:
    """A group of a run is held from so many people on. held: of them signed for already."""

    run: str
    least: int
    held: int = 0

    def sentence(self) -> Text:
        return text("{run}: least people in a group: {least}", run=self.run, least=self.least)

    @classmethod
    def together(cls, rules: Sequence[LeastGroup]) -> Text:
        return text(
            "Least people in a group: {runs}",
            runs=named([f"{rule.run} ({rule.least})" for rule in rules]),
        )


@dataclass(frozen=True)
class SeatLimit:
    """What the sources may pay of one seat leaves something in a town that nobody may pay."""

    town: str

    def sentence(self) -> Text:
        return text("{town}: what each source may pay of one seat", town=self.town)

    @classmethod
    def together(cls, rules: Sequence[SeatLimit]) -> Text:
        return text(
            "{towns}: what each source may pay of one seat",
            towns=named(list(dict.fromkeys(rule.town for rule in rules))),
        )


Clashing = (
    MandatoryNeeds
    | FairnessFloor
    | LearningShare
    | Places
    | LeastGroup
    | CoFinancing
    | SeatLimit
    | Budget
)
ORDER: tuple[type[Clashing], ...] = (
    MandatoryNeeds,
    FairnessFloor,
    LearningShare,
    Places,
    LeastGroup,
    CoFinancing,
    SeatLimit,
    Budget,
)
"""As they are told: what is wanted, then what stands against it."""

MENDS: Mapping[type[Clashing], Text] = MappingProxyType(
    {
        MandatoryNeeds: text("a later date or more offers for the training that the law demands"),
        FairnessFloor: text("a lower fairness floor"),
        LearningShare: text("a smaller part of seats for providers whose effect is not known yet"),
        Places: text("more places or groups in these runs, or further offers"),
        LeastGroup: text("a smaller least group, or people of other towns in the same group"),
        CoFinancing: text("other rules of co-financing"),
        SeatLimit: text("other limits of what a source may pay of one seat"),
    }
)
"""What would mend a clash that a rule is a part of, where money does not."""


def counted(rules: Sequence[MandatoryNeeds] | Sequence[FairnessFloor]) -> int | None:
    """How many people the rules are about; None where it is held back."""
    known = [rule.people for rule in rules if rule.people is not None]
    return sum(known) if len(known) == len(rules) else None


def named(names: Sequence[str]) -> Text:
    """The first of many names, and how many more there are."""
    first = ", ".join(names[:_NAMED])
    if len(names) <= _NAMED:
        return word(first)
    return text("{names} and {more} more", names=first, more=number(len(names) - _NAMED))
