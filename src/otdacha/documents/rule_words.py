"""What the rules of a methodology file are called and mean, and how their values are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text

Shown = Callable[[Any, Numbers], str]


def _whole(value: Any, numbers: Numbers) -> str:
    return numbers.whole(value)


def _amount(value: Any, numbers: Numbers) -> str:
    """A number with as many decimals as it was written with, or as a power where it is tiny."""
    if value and abs(value) < 1e-3:
        return f"{value:.0e}".replace("e-0", "e-")
    return numbers.decimal(value, 0 if value == round(value) else 2)


def _percent(value: Any, numbers: Numbers) -> str:
    return numbers.percent(value)


def _months(value: Any, numbers: Numbers) -> str:
    return text("{count} mo.", count=numbers.whole(value)).said(numbers.language)


def _seed(value: Any, numbers: Numbers) -> str:
    return str(value)


def _words(value: Any, numbers: Numbers) -> str:
    """A choice in words, or several; a choice that has none is said as it is written."""
    chosen = value if isinstance(value, tuple) else (value,)
    if not chosen:
        return text("none").said(numbers.language)
    return ", ".join(_CHOICES.get(one, text("{code}", code=one)).said(numbers.language)
                     for one in chosen)  # fmt: skip


def _days(value: Any, numbers: Numbers) -> str:
    if not value:
        return text("none").said(numbers.language)
    days = value if isinstance(value, tuple) else (value,)
    return ", ".join(numbers.day(day) if isinstance(day, dt.date) else str(day) for day in days)


def _day(value: Any, numbers: Numbers) -> str:
    return numbers.day(value) if value else text("found from the data").said(numbers.language)


_CHOICES: Mapping[str, Text] = {
    "service": text("the same service"),
    "region": text("the same region"),
    "macroregion": text("the same macroregion"),
    "municipality": text("municipality"),
    "unit": text("department or person"),
    "equal_person": text("every trained person counts alike"),
    "cases": text("every case counts alike"),
    "auto": text("chosen by a test on the data"),
    "imputation": text("imputation (design A)"),
    "joint": text("joint (design B)"),
    "none": text("none"),
    "session": text("one run of a course"),
    "normal": text("normal distribution"),
    "npmle": text("free of any shape (NPMLE)"),
    "independent": text("never"),
    "zero": text("no effect"),
    "mean": text("the mean organisation"),
    "median": text("the median organisation"),
    "RU": text("Russia"),
}


@dataclass(frozen=True)
class Told:
    """A rule's name, what it means, and how its value is said."""

    name: Text
    meaning: Text
    shown: Shown = _whole


RULES: Mapping[str, tuple[Text, Mapping[str, Told]]] = {
    "design": (
        text("How trained work is compared"),
        {
            "stratum": Told(
                text("Compared within"),
                text("Work is compared with untrained work that shares this, in the same months."),
                _words,
            ),
            "cluster": Told(
                text("What luck is shared by"),
                text("Good or bad luck is common to all who work there, so uncertainty is "
                     "counted by it and not by people."),
                _words,
            ),
            "horizon_months": Told(
                text("Months after training"),
                text("The effect is the mean over so many months after the course."),
                _months,
            ),
            "look_back_months": Told(
                text("Months that count as untrained"),
                text("Work is untrained where nobody there was trained for so long."),
                _months,
            ),
            "anticipation_months": Told(
                text("Months before training that are left out"),
                text("Just before a course people are away or prepare; these months say nothing."),
                _months,
            ),
            "aggregation": Told(
                text("What the mean is over"),
                text("Whether a busy person's work counts for more than a quiet one's."),
                _words,
            ),
            "level": Told(
                text("Confidence of the ranges"),
                text("Of 100 ranges about so many hold the true effect."),
                _percent,
            ),
            "kind": Told(
                text("Design"),
                text("How the work without training is foretold. The release says which ran."),
                _words,
            ),
            "least_predicted": Told(
                text("Share that must be foretold"),
                text("Design A runs where untrained months foretell at least this share of the "
                     "cases after training; otherwise design B."),
                _percent,
            ),
            "second_cluster": Told(
                text("What luck is shared by besides"),
                text("Whether the participants of one run of a course share its luck as well."),
                _words,
            ),
        },
    ),
    "minimum": (
        text("Below this nothing is said"),
        {
            "people": Told(
                text("People"),
                text("An organisation with fewer people whose work is on record is not judged."),
            ),
            "clusters": Told(
                text("Municipalities"),
                text("One town's luck must not pass for an organisation's merit: fewer towns are "
                     "too few."),
            ),
            "degrees_of_freedom": Told(
                text("Degrees of freedom"),
                text("How many independent comparisons stand behind a figure, at least; ten towns "
                     "of which one has half of the people are not ten."),
                _amount,
            ),
            "n": Told(
                text("Results behind a reported share"),
                text("Used only where somebody else reported “so many of so many”."),
            ),
            "coverage": Told(
                text("Share of work that all indicators know"),
                text("Indicators are added up only where all of them know at least this share of "
                     "the organisation's people."),
                _percent,
            ),
            "training_hours": Told(
                text("Hours of a course"),
                text("A shorter course is no professional development by law and does not count."),
            ),
        },
    ),
    "shrinkage": (
        text("How luck is told from merit"),
        {
            "prior": Told(
                text("Distribution of true effects"),
                text("Estimates are drawn towards what organisations are like in general, the more "
                     "the less is known of them; this is the shape that is supposed."),
                _words,
            ),
            "grid": Told(
                text("Points of the grid"),
                text("How finely a distribution free of any shape is looked for."),
            ),
            "gap": Told(
                text("Gap at which the search ends"),
                text("How near to the best possible distribution is near enough."),
                _amount,
            ),
            "covariates": Told(
                text("What may move the expectation"),
                text("What is known of an organisation before its results and may shift what is "
                     "expected of it."),
                _words,
            ),
            "precision": Told(
                text("Whether effects may depend on their precision"),
                text("Large organisations may be better or worse than small ones: modelled where a "
                     "test finds it."),
                _words,
            ),
            "precision_level": Told(
                text("Level of that test"),
                text("How often it may find a dependence that is not there."),
                _percent,
            ),
        },
    ),
    "list": (
        text("Who is on the list"),
        {
            "error_rate": Told(
                text("Share of errors on the list"),
                text("Of those on the list no more than this share is expected to be there by "
                     "luck."),
                _percent,
            ),
            "against": Told(
                text("What effects are compared with"),
                text("An organisation must surely be better than this to be on the list."),
                _words,
            ),
            "grade_price": Told(
                text("Price of a right order"),
                text("What claiming a right order of two organisations gains where a wrong one "
                     "loses 1; the higher, the more grades, and the more of them wrong."),
                _amount,
            ),
        },
    ),
    "ranks": (
        text("Places"),
        {
            "level": Told(
                text("Confidence of the places"),
                text("The true place lies between the two that are given with this confidence."),
                _percent,
            ),
            "draws": Told(
                text("Draws"),
                text("How many times chance is played through to find the places."),
            ),
            "seed": Told(
                text("Seed"),
                text("Where chance begins, so that everybody who repeats it gets the same."),
                _seed,
            ),
        },
    ),
    "gates": (
        text("When a check withholds the ranking"),
        {
            "level": Told(
                text("Level of a test"),
                text("A test fails below this probability, so that a sound release seldom fails."),
                _percent,
            ),
            "draws": Told(
                text("Draws"),
                text("How many times chance is played through in a test."),
            ),
            "seed": Told(
                text("Seed"),
                text("Where chance begins, so that everybody who repeats it gets the same."),
                _seed,
            ),
            "leads": Told(
                text("Months before training that are looked at"),
                text("In them nothing may move: those about to be trained go on as others do."),
                _months,
            ),
            "donut_months": Told(
                text("Months left out to look for a dip"),
                text("A bad spell just before a course would pass by itself; without these months "
                     "the effect must stay."),
                _months,
            ),
            "placebo_months": Told(
                text("Months by which training is pretended earlier"),
                text("A course that has not happened yet must have no effect."),
                _months,
            ),
            "level_difference": Told(
                text("Difference in level before training"),
                text("An organisation's people may differ from others by so many standard "
                     "deviations before training, at most."),
                _amount,
            ),
            "comparison_clusters": Told(
                text("Other municipalities to compare with"),
                text("So many must have untrained work of the same kind."),
            ),
            "comparison_units": Told(
                text("Untrained departments or people to compare with"),
                text("So many, counted by how evenly their work is spread."),
                _amount,
            ),
            "compared": Told(
                text("Share of work with such a comparison"),
                text("At least this share of an organisation's cases must have one."),
                _percent,
            ),
            "last_months": Told(
                text("Last months without knowledge of who left"),
                text("At the end of the records it is not known yet who has left."),
                _months,
            ),
            "degrees_of_freedom": Told(
                text("Degrees of freedom of the overall effect"),
                text("Independent comparisons behind all organisations together, at least."),
                _amount,
            ),
            "excluded": Told(
                text("Share of work without comparison"),
                text("At most this share of the work after training may be without one."),
                _percent,
            ),
            "period_months": Told(
                text("Months of a period"),
                text("How long the periods are in which a drift before training is looked for."),
                _months,
            ),
            "periods": Told(
                text("Periods before training"),
                text("How many of them are looked at."),
            ),
            "permutations": Told(
                text("Deals of the names"),
                text("How often the organisations' names are dealt out at random: then nobody may "
                     "be on the list."),
            ),
        },
    ),
    "prediction": (
        text("Does the ranking come true"),
        {
            "cut": Told(
                text("Last month that the earlier ranking knows"),
                text("A ranking made then is compared with what came later."),
                _day,
            ),
            "providers": Told(
                text("Organisations, at least"),
                text("With fewer organisations on both sides nothing is said."),
            ),
        },
    ),
    "disclosure": (
        text("So that nobody is recognised"),
        {
            "people": Told(
                text("People behind a number"),
                text("A count of fewer people is suppressed."),
            ),
            "municipalities": Told(
                text("Municipalities behind an effect"),
                text("An effect with fewer towns behind it is suppressed."),
            ),
            "round_to": Told(
                text("Rounded to"),
                text("Counts of people are rounded to multiples of this."),
            ),
        },
    ),
    "working_days": (
        text("Working days"),
        {
            "country": Told(
                text("Calendar"),
                text("Whose public holidays are no working days."),
                _words,
            ),
            "extra_days_off": Told(
                text("Further days off"),
                text("Days off by decree that the calendar does not know."),
                _days,
            ),
            "extra_days_at_work": Told(
                text("Further days at work"),
                text("Holidays on which town halls worked."),
                _days,
            ),
        },
    ),
}  # fmt: skip
"""Part of the file → its title and its rules, each with a sentence of what it means."""
