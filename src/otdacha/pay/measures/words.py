"""Who receives a measure and how much, in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from otdacha.language import Text, ntext, text
from otdacha.pay.measures.entries import (
    AnyMeasure,
    ClassRank,
    Index,
    RaiseSalary,
    Rent,
    ScarceAllowance,
    TrainingAllowance,
    WageFloor,
    Who,
    YoungPayment,
    hundredths,
)
from otdacha.pay.payroll.amounts import percent
from otdacha.programme.clash.amounts import joined, rubles, word

KINDS: Mapping[str, Text] = {
    "raise_salary": text("rise of salaries"),
    "index": text("indexing of salaries"),
    "class_rank": text("pay for class ranks"),
    "training_allowance": text("allowance for training that showed effect"),
    "scarce_allowance": text("allowance for scarce positions"),
    "young_payment": text("payment to young specialists"),
    "rent": text("rent of a home"),
    "wage_floor": text("floor by the local wage"),
}
"""What a measure is: `measures.kind`."""


def who_in_words(one: AnyMeasure, names: Mapping[str, str] | None = None) -> Text:
    """Whom a measure is for. names: code of a municipality → what it is called."""
    parts = [*_of_kind(one), *_chosen(one.who, names or {})]
    return joined(parts, "; ") if parts else text("all municipal servants")


def amount_in_words(one: AnyMeasure) -> Text:
    """How much a measure pays, at the level that the scenario counts with."""
    match one:
        case RaiseSalary():
            return text("salary + {percent}", percent=_percent(one.counted))
        case Index(to="prices"):
            return text("salary indexed every January with the rise of prices")
        case Index(to="wages"):
            return text("salary indexed with the mean wage of the municipality")
        case Index():
            return text("salary + {percent} every January", percent=_percent(one.counted))
        case ClassRank() if one.amounts:
            return joined(
                [
                    text("{name}: {sum} a month", name=word(rank), sum=_rubles(sum_))
                    for rank, sum_ in one.amounts.items()
                ],
                "; ",
            )
        case ClassRank():
            return text("pay for the class rank + {percent}", percent=_percent(one.counted))
        case TrainingAllowance():
            return ntext(
                "{amount} a month, {count} month after the training",
                "{amount} a month, {count} months after the training",
                count=one.months,
                amount=_of_unit(one),
            )
        case ScarceAllowance():
            return text("{percent} of the salary a month", percent=_percent(one.counted))
        case YoungPayment():
            return text("{sum} once", sum=_rubles(one.counted))
        case Rent() if one.months is not None:
            return ntext(
                "{sum} a month, {count} month at most",
                "{sum} a month, {count} months at most",
                count=one.months,
                sum=_rubles(one.counted),
            )
        case Rent():
            return text("{sum} a month", sum=_rubles(one.counted))
        case WageFloor():
            return text(
                "a month of a full post is not below {percent} of the municipality's mean wage",
                percent=_percent(one.counted),
            )


def _of_kind(one: AnyMeasure) -> list[Text]:
    match one:
        case TrainingAllowance():
            return [
                text(
                    "finished training that showed effect (release {release})",
                    release=one.release,
                )
            ]
        case YoungPayment():
            return [
                ntext(
                    "came into service less than {count} month ago, up to the age of {age}",
                    "came into service less than {count} months ago, up to the age of {age}",
                    count=one.within_months,
                    age=one.max_age,
                )
            ]
        case ClassRank() if not one.amounts:
            return [text("have a class rank")]
        case _:
            return []


def _chosen(who: Who, names: Mapping[str, str]) -> list[Text]:
    parts = []
    if who.regions:
        parts.append(text("regions: {names}", names=_named(who.regions)))
    if who.municipalities:
        towns = [names.get(code, code) for code in who.municipalities]
        parts.append(text("municipalities: {names}", names=_named(towns)))
    if who.groups:
        parts.append(text("position groups: {names}", names=_named(who.groups)))
    if who.positions:
        parts.append(text("positions: {names}", names=_named(who.positions)))
    if who.units:
        parts.append(text("units: {names}", names=_named(who.units)))
    if who.scarce:
        parts.append(text("scarce positions"))
    if who.ages is not None:
        parts.append(text("aged {first} to {last}", first=who.ages[0], last=who.ages[1]))
    if who.tenure is not None:
        least, below = who.tenure
        parts.append(
            text("{least} or more and less than {below} full years of service", least=least,
                 below=below)
        )  # fmt: skip
    return parts


def _named(names: Iterable[str]) -> Text:
    return joined(word(name) for name in names)


def _of_unit(one: TrainingAllowance) -> Text:
    if one.counted_in == "rubles":
        return _rubles(one.counted)
    return text("{percent} of the salary", percent=_percent(one.counted))


def _percent(said: float) -> Text:
    return percent(hundredths(said))


def _rubles(said: float) -> Text:
    return rubles(hundredths(said))
