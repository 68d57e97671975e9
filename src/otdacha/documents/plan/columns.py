"""The public tables of a plan, column by column: types, units, meanings, whose state they share.

What a contract says is told exactly and has no state. What is protected shares one: a count of
people, and what it could be worked out from (`otdacha.programme.disclosure`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.documents.words import SOURCES
from otdacha.language import Text, text
from otdacha.release.columns import CODE, PROVIDER, ROW, Column, label, number, state

RUBLES, PEOPLE, YEAR = text("rubles"), text("people"), text("year")
GAIN = text("unit of the expected improvement")

_MUNICIPALITY = label(
    "municipality", text("OKTMO"), text("Municipality: its OKTMO."), text("OKTMO")
)
_OFFER = label("offer", text("Offer"), text("Code of the course in the offers."), CODE)
_TOPIC = label("topic", text("Topic"), text("Topic of the training; empty: any."))
_SOURCE = label("source", text("Source"), text("Whose budget pays."), CODE)
_CODE = label("code", text("Budget code"), text("Budget code (КБК); empty: not given."), CODE)
_STATE = state(
    ROW,
    text("State"),
    text("State of the row's counts that no contract says."),
)


def _year(name: str = "year", meaning: Text | None = None) -> Column:
    said = meaning or text("Year of the plan.")
    return Column(name, pl.Int64, text("Year"), YEAR, said)


def _day(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Date, header, text("day"), meaning)


def _people(name: str, header: Text, meaning: Text, held: str | None = None) -> Column:
    return Column(name, pl.Int64, header, PEOPLE, meaning, held)


def _money(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Float64, header, RUBLES, meaning)


def _gain(name: str, header: Text, meaning: Text) -> Column:
    return Column(name, pl.Float64, header, GAIN, meaning)


_BY_SOURCE = tuple(
    _money(source, name, text("What this source pays of the cost."))
    for source, name in SOURCES.items()
)
_BENEFIT = _gain(
    "benefit", text("Expected improvement"), text("What it is expected to bring; plus is better.")
)
_RANGE = (
    _gain("lower", text("From"), text("Lower end of the range of 90 %.")),
    _gain("upper", text("To"), text("Upper end of the range of 90 %.")),
)
_COST = _money("cost", text("Cost"), text("Fees and travel of all seats of the row."))
_WHY = label("why", text("Why"), text("Why it is so."), CODE)
_FOUND = label(
    "state",
    text("State"),
    text("planned; infeasible: no plan keeps the rules; no_plan_in_time: none was found in time."),
    CODE,
)
_GAP = number(
    "gap",
    text("Gap"),
    text("share"),
    text("By how much another plan may still be better by its own aim; empty: not known."),
)
_OFFERED = (
    label("programme", text("Programme code"), text("Code of the programme."), CODE),
    label("name", text("Programme"), text("Name of the programme.")),
    _TOPIC,
    label("form", text("Form"), text("In person, at a distance, or both."), CODE),
    number("hours", text("Hours"), text("hours"), text("Length of the programme.")),
)
_WHEN_AND_WHERE = (
    _day("started", text("Begins"), text("First day.")),
    _day("finished", text("Ends"), text("Last day.")),
    label("town", text("Where"), text("OKTMO of where it is held; empty: at a distance.")),
)
_FEE = number("fee", text("Fee for one"), RUBLES, text("Price of the training for one person."))
_GROUP = (
    _people("minimum", text("Smallest group"), text("People of the smallest group.")),
    _people("places", text("Places"), text("People of the largest group.")),
)
_PROVIDER_NAME = label(
    "provider_name", text("Organisation"), text("Name of the training organisation.")
)
_NEEDED = _people(
    "needed",
    text("Need training"),
    text("People who must or should be trained: planned and unmet."),
    ROW,
)
_SENT = _people(
    "planned",
    text("Planned"),
    text("People who are sent, under the topic of their course; contracts tell it."),
)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "lines": (
        _MUNICIPALITY,
        label("municipality_name", text("Municipality"), text("Name of the municipality.")),
        label("region", text("Region"), text("Region of the municipality.")),
        _year(),
        PROVIDER,
        _PROVIDER_NAME,
        _OFFER,
        *_OFFERED,
        *_WHEN_AND_WHERE,
        _FEE,
        number("travel", text("Travel for one"), RUBLES, text("Travel of one person.")),
        label(
            "evidence",
            text("Evidence"),
            text("proven: effect measured; learning: too little known; none: by priority."),
            CODE,
        ),
        _people("seats", text("Seats"), text("People of the municipality who are sent.")),
        _COST,
        *_BY_SOURCE,
        _BENEFIT,
        *_RANGE,
        label("why", text("Why"), text("Why it is in the plan; several codes with spaces."), CODE),
        label("runner_up_provider", text("Next best: INN"),
              text("INN of the organisation that would be next; empty: no other run."),
              text("INN")),
        label("runner_up_offer", text("Next best: offer"),
              text("Code of the offer that would be next for most of these people."), CODE),
        _year("runner_up_year", text("Year of the run that would be next.")),
        _gain("runner_up_loss", text("Next best would lose"),
              text("What moving each of them to the best other run would cost; empty: somebody "
                   "has no other.")),
    ),
    "offers": (
        _year("year", text("Year in which it is held; empty: not known.")),
        PROVIDER, _PROVIDER_NAME, _OFFER, *_OFFERED, *_WHEN_AND_WHERE, _FEE,
        number("travel", text("Travel for one"), RUBLES,
               text("Travel of one person from another municipality; empty: not known.")),
        *_GROUP,
        Column("groups", pl.Int64, text("Groups offered"), text("groups"),
               text("How many groups there can be.")),
        _people("seats", text("Seats"), text("People of all municipalities who are sent.")),
        label("evidence", text("Evidence"),
              text("As in the lines; empty: it could not be planned with."), CODE),
        label("why_not", text("Why not chosen"),
              text("Why it is not in the plan; empty: it is."), CODE),
    ),
    "funding": (
        _MUNICIPALITY, _year(), PROVIDER, _OFFER, _SOURCE, _CODE,
        _money("fee", text("For fees"), text("What the budget pays of the fees.")),
        _money("travel", text("For travel"), text("What the budget pays of the travel.")),
        _money("amount", text("Sum"), text("What the budget pays altogether.")),
    ),
    "groups": (
        _year(), PROVIDER, _OFFER,
        *_WHEN_AND_WHERE, *_GROUP,
        Column("offered", pl.Int64, text("Groups offered"), text("groups"),
               text("How many groups there can be.")),
        Column("groups", pl.Int64, text("Groups planned"), text("groups"),
               text("How many groups are planned.")),
        _people("seats", text("Seats"), text("People of all municipalities who are sent.")),
    ),
    "needs": (
        _MUNICIPALITY, _TOPIC, _SENT, _STATE, _NEEDED,
        _people("unmet", text("Not met"), text("People who stay without the training."), ROW),
    ),
    "unmet": (
        _MUNICIPALITY, _TOPIC, _WHY, _STATE,
        _people("people", text("People"), text("People who stay without the training."), ROW),
    ),
    "demands": (
        _TOPIC,
        label("reason", text("Why needed"),
              text("Why the training is needed; empty: all reasons together, for by reason they "
                   "would be few."), CODE),
        _SENT, _STATE, _NEEDED,
    ),
    "left_out": (
        label("what", text("What"), text("Which table the rows belong to."), CODE),
        label("reason", text("Why"), text("Why they were not planned with."), CODE),
        Column("rows", pl.Int64, text("Rows"), text("rows"), text("How many rows.")),
    ),
    "budgets": (
        _SOURCE,
        label("holder", text("Holder"), text("Whose it is; empty: everybody in the plan.")),
        _year(), _CODE,
        label("pays_for", text("Pays for"), text("fee or travel; empty: both."), CODE),
        number("amount", text("Budget"), RUBLES, text("Sum of the budget.")),
        _money("planned", text("Planned"), text("What the plan spends of it.")),
        _money("left", text("Left"), text("What is left of it.")),
    ),
    "municipalities": (
        _MUNICIPALITY,
        label("name", text("Municipality"), text("Name of the municipality.")),
        label("region", text("Region"), text("Region of the municipality.")),
        _people("needed", text("Need training"), text("People who must or should be trained."),
                "needed_state"),
        state("needed_state", text("Need training: state"),
              text("State of the columns needed and floor.")),
        _people("floor", text("Floor"), text("People who must be trained here at least."),
                "needed_state"),
        _SENT,
        _COST,
        *_BY_SOURCE,
        _BENEFIT,
        *_RANGE,
    ),
    "results": (
        label("indicator", text("Indicator"), text("Which indicator gets better."), CODE),
        _year("year", text("Year of the plan; empty: all its years together.")),
        _gain("expected", text("Expected"), text("Expected improvement; plus is better.")),
        *_RANGE,
        label("rests_on", text("The range rests on"), text("What the range is made of."), CODE),
        number("cases", text("Cases"), text("cases"), text("Cases behind it.")),
    ),
    "rivals": (
        label("rule", text("Rule"), text("How the money is given out."), CODE),
        _FOUND,
        _people("people", text("People"), text("People who are sent.")),
        _money("cost", text("Cost"), text("What it costs.")),
        _GAP,
        _BENEFIT,
        *_RANGE,
        _gain("ahead", text("This plan is ahead by"),
              text("So much more the plan of the first row is expected to bring.")),
        _gain("ahead_lower", text("Ahead: from"), text("Lower end of the range of 90 %.")),
        _gain("ahead_upper", text("Ahead: to"), text("Upper end of the range of 90 %.")),
        _gain("true_benefit", text("Known truth"),
              text("What it really brings, of an invented union; empty: not known.")),
    ),
    "frontier": (
        number("share", text("Share of the budget"), text("share"),
               text("1 is the budget given.")),
        _FOUND,
        number("budget", text("Budget"), RUBLES, text("Money that there is.")),
        number("spent", text("Spent"), RUBLES,
               text("Money spent; empty: see the state.")),
        _people("people", text("People"), text("People who are sent.")),
        _gain("benefit", text("Expected improvement"),
              text("Expected improvement; empty: see the state.")),
        *_RANGE,
        _gain("objective", text("What was aimed at"),
              text("Improvement with caution and what is learned: what the plan was chosen by.")),
        _gain("bound", text("Bound"), text("No plan of that money has more of what was aimed at.")),
    ),
    "shadow": (
        _SOURCE,
        label("holder", text("Holder"), text("Whose it is; empty: everybody in the plan.")),
        _year(),
        number("added", text("Added"), RUBLES, text("Money added to the source.")),
        _gain("relaxed", text("Gained at most"),
              text("Improvement that it brings without whole places and groups.")),
        _gain("gained", text("Gained"), text("Improvement that it brings.")),
        label("why", text("Why nothing"),
              text("Why it brings nothing; empty: it brings something."), CODE),
        _gain("lower", text("From"), text("It is known to bring no less.")),
        _gain("upper", text("To"), text("It is known to bring no more.")),
    ),
    "sensitivity": (
        label("changed", text("Changed"), text("What is taken to be otherwise."), CODE),
        _FOUND,
        _gain("kept", text("This plan"), text("What this plan then brings.")),
        _gain("replanned", text("A new plan"), text("What a plan made anew then brings.")),
        _gain("gained", text("A new plan gains"),
              text("How far the new plan is above this one in what was aimed at.")),
        _GAP,
        number("moved", text("Moved"), text("share"), text("Share of seats that would move.")),
    ),
}  # fmt: skip
"""Every public table. Departments, classes and people are in none."""
