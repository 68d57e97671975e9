"""What is said where no plan can be made: rules that clash, the missing sum, what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from otdacha.errors import PlanProblem
from otdacha.language import Text, ntext, text
from otdacha.programme.clash.amounts import joined, number, rubles
from otdacha.programme.clash.missing import Missing
from otdacha.programme.clash.rules import (
    MENDS,
    ORDER,
    Budget,
    Clashing,
    FairnessFloor,
    MandatoryNeeds,
    counted,
    named,
)

_MANY = 4
"""So many rules of one kind are told one by one."""


@dataclass(frozen=True)
class NoRoom:
    """People of one town who must be trained, and the runs that they could go to, if any, with all
    their places: too few. people: None where their number and their need are held back."""

    town: str
    need: str
    people: int | None
    runs: int
    places: int

    def sentence(self) -> Text:
        if self.people is None:
            return text(
                "{town}: for some whom the law obliges to be trained no offer of the plan fits, or "
                "has places enough",
                town=self.town,
            )
        if not self.runs:
            return ntext(
                "{town}, {need}: {count} person must be trained by law, and no offer of the plan "
                "fits",
                "{town}, {need}: {count} people must be trained by law, and no offer of the plan "
                "fits",
                count=self.people,
                town=self.town,
                need=self.need,
            )
        return ntext(
            "{town}, {need}: {count} person must be trained by law, and the offers that fit have "
            "places: {places}",
            "{town}, {need}: {count} people must be trained by law, and the offers that fit have "
            "places: {places}",
            count=self.people,
            town=self.town,
            need=self.need,
            places=number(self.places),
        )


@dataclass(frozen=True)
class Shortfall:
    """What the rules of a clash cost at least, what its budgets hold, what these lack; kopecks.

    lacking is more than needed less available where not all of the money may be used so, and less
    where budgets that do not clash pay the rest.
    """

    needed: int
    available: int
    lacking: int


@dataclass(frozen=True)
class Explanation:
    """Why no plan can be made.

    no_room: needs that no money can meet; where there are any, nothing else was asked. rules:
    of the clash; `smallest`: every proper subset of them can be kept (else time ran out); `whole`:
    they clash only because people and groups are whole. shortfall: where budgets are among the
    rules. missing: the money that makes a plan possible; None where money alone does not, or
    nothing more was asked.
    """

    no_room: tuple[NoRoom, ...] = ()
    rules: tuple[Clashing, ...] = ()
    smallest: bool = True
    whole: bool = False
    shortfall: Shortfall | None = None
    missing: Missing | None = None

    def sentences(self) -> tuple[Text, ...]:
        """The explanation, a sentence each."""
        return (*self.opening(), *self.clashing(), *self.closing())

    def opening(self) -> tuple[Text, ...]:
        """That there is no plan, and what is missing; the last sentence leads to what clashes."""
        if self.no_room:
            return (text("No plan can be made: there are needs that no offer can meet."),)
        if not self.rules:
            return (
                text("No plan was found in the time given, and no rules that clash were found."),
                *((_surely_enough(self.missing),) if self.missing else ()),
            )
        return (
            text("No plan can be made: rules clash."),
            *self._headline(),
            text("The rules that clash:") if self.smallest else text("They are among these rules:"),
        )

    def clashing(self) -> tuple[Text, ...]:
        """What clashes, one by one."""
        if self.no_room:
            return tuple(each.sentence() for each in self.no_room)
        return _told(self.rules)

    def closing(self) -> tuple[Text, ...]:
        """What of it is sure, and what would mend it."""
        if self.no_room:
            return (text("More offers, more places or later dates would mend it; money does not."),)
        return (*self._remarks(), *self._mending()) if self.rules else ()

    def _headline(self) -> tuple[Text, ...]:
        if self.shortfall is None:
            return ()
        values = {
            "needed": rubles(self.shortfall.needed),
            "available": rubles(self.shortfall.available),
            "lacking": rubles(self.shortfall.lacking),
            "what": _wanted(self.rules),
            "years": _years(self.rules),
        }
        if self.shortfall.lacking < self.shortfall.needed - self.shortfall.available:
            return (
                text(
                    "{what} costs at least {needed}. A part of that can only come from budgets "
                    "that hold {available} {years}: {lacking} is missing there.",
                    **values,
                ),
            )
        if self.shortfall.lacking > self.shortfall.needed - self.shortfall.available:
            return (
                text(
                    "{what} costs at least {needed}, and the budgets that may pay for it hold "
                    "{available} {years}, not all of which can be used: {lacking} is missing.",
                    **values,
                ),
            )
        return (
            text(
                "{what} costs at least {needed}, and the budgets that may pay for it hold "
                "{available} {years}: {lacking} is missing.",
                **values,
            ),
        )

    def _remarks(self) -> tuple[Text, ...]:
        said = []
        if self.smallest and len(self.rules) > 1:
            said.append(text("If any one of them is dropped, the others can be kept."))
        if not self.smallest:
            said.append(text("Time ran out before the list could be made shorter."))
        if self.whole:
            said.append(
                text("They clash only because groups are whole: no half of a group is held.")
            )
        return tuple(said)

    def _mending(self) -> tuple[Text, ...]:
        found = self.missing
        if found is None:
            kinds = {type(rule) for rule in self.rules}
            mends = joined((MENDS[kind] for kind in ORDER if kind in kinds & set(MENDS)), by="; ")
            return (
                text("Money alone does not mend it. One of these would: {mends}.", mends=mends),
            )
        if found.rounded_to is not None:
            return (_rounded(found, found.rounded_to),)
        if found.enough is None:
            return (
                text(
                    "At least {least} more is needed; time ran out before it was known what is "
                    "enough.",
                    least=rubles(found.least),
                ),
            )
        split = _split(found)
        if found.exact:
            return (
                text(
                    "The whole plan becomes possible with {sum} more, and with no smaller sum; it "
                    "may be split so: {split}.",
                    sum=rubles(found.enough),
                    split=split,
                ),
            )
        return (
            text(
                "The whole plan becomes possible with {sum} more, split so: {split}. Whether less "
                "is enough is not known; less than {least} is not.",
                sum=rubles(found.enough),
                split=split,
                least=rubles(found.least),
            ),
        )


def plan_problem(explained: Explanation) -> PlanProblem:
    """The explanation as a fault for whoever asked for the plan."""
    return PlanProblem(joined(explained.sentences(), by="\n"))


def _told(rules: Sequence[Clashing]) -> tuple[Text, ...]:
    said: list[Text] = []
    for kind in ORDER:
        alike: list[Any] = [rule for rule in rules if type(rule) is kind]
        many = len(alike) > _MANY
        said += [kind.together(alike)] if many else [each.sentence() for each in alike]
    return tuple(said)


def _wanted(rules: Sequence[Clashing]) -> Text:
    must = [rule for rule in rules if isinstance(rule, MandatoryNeeds)]
    floors = [rule for rule in rules if isinstance(rule, FairnessFloor)]
    if must and not floors:
        return ntext(
            "{towns}: mandatory training of {count} person",
            "{towns}: mandatory training of {count} people",
            count=counted(must) or 0,
            towns=named([rule.town for rule in must]),
        )
    if floors and not must:
        return ntext(
            "{towns}: training of {count} person that the fairness floor asks for",
            "{towns}: training of {count} people that the fairness floor asks for",
            count=counted(floors) or 0,
            towns=named([rule.town for rule in floors]),
        )
    towns = list(dict.fromkeys([rule.town for rule in must] + [rule.town for rule in floors]))
    return text("{towns}: training that the rules ask for", towns=named(towns))


def _years(rules: Sequence[Clashing]) -> Text:
    years = sorted({rule.year for rule in rules if isinstance(rule, Budget)})
    if len(years) == 1:
        return text("for {year}", year=years[0])
    return text("for {first} to {last}", first=years[0], last=years[-1])


def _rounded(missing: Missing, step: int) -> Text:
    """What is missing, where sums may not tell how many people they are about."""
    if missing.enough is None and missing.least:
        return text(
            "At least {least} more is needed; time ran out before it was known what is enough.",
            least=rubles(missing.least),
        )
    if missing.enough is None:
        return text("More money is needed; time ran out before it was known how much.")
    return text(
        "The whole plan becomes possible with no more than {sum} on top, split so: {split}. Sums "
        "are rounded up to {step}, so that they do not tell how few people they are about.",
        sum=rubles(missing.enough),
        split=_split(missing),
        step=rubles(step),
    )


def _surely_enough(missing: Missing) -> Text:
    """The money with which there is a plan, where it is not known whether there is one without."""
    return text(
        "With {sum} more there surely is one, split so: {split}. Whether there is one without it "
        "is not known.",
        sum=rubles(missing.enough or 0),
        split=_split(missing),
    )


def _split(missing: Missing) -> Text:
    budgets = [Budget(a.source, a.year, a.holder, a.kopecks) for a in missing.additions]
    if len(budgets) <= _MANY:
        return joined((each.sentence() for each in budgets), by="; ")
    return Budget.together(budgets)
