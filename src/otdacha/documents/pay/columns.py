"""The public tables of a scenario, column by column: types, units, meanings, whose state they
share.

What is hidden, and why, is decided by `otdacha.pay.disclosure`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.documents.words import SOURCES
from otdacha.language import Text, text
from otdacha.release.columns import CODE, ROW, Column, answer, label, number, state

RUBLES, PEOPLE, YEAR = text("rubles"), text("people"), text("year")
SHARE, MONTHS, SALARIES = text("share"), text("months"), text("monthly salaries")

_TOWN = label("municipality", text("OKTMO"), text("Municipality: its OKTMO."), text("OKTMO"))
_YEAR = Column("year", pl.Int64, text("Year"), YEAR, text("Year of the scenario."))
_SOURCE = label("source", text("Source"), text("Whose budget pays."), CODE)
_MEASURE = label("measure", text("Measure"), text("Its key in the table of measures."), CODE)
_PACKAGE = Column("package", pl.Int64, text("Package"), text("number"),
                  text("From 1, the cheapest first."))  # fmt: skip
_COST = number("cost", text("Cost"), RUBLES, text("With insurance contributions, exact."))
_STATE = state(ROW, text("State"), text("State of the row's figures: of few people none is told."))


def _figure(name: str, header: Text, unit: Text, meaning: Text, held: str) -> Column:
    return Column(name, pl.Float64, header, unit, meaning, held)


def _people(name: str, header: Text, meaning: Text, held: str = ROW) -> Column:
    return Column(name, pl.Int64, header, PEOPLE, meaning, held)


def _pay(name: str, header: Text, meaning: Text) -> Column:
    return _figure(name, header, RUBLES, meaning, ROW)


def _avoided(held: str) -> tuple[Column, ...]:
    return (
        _figure("avoided", text("Exits avoided"), PEOPLE,
                text("Fewer people are expected to leave in all years."), held),
        _figure("avoided_lower", text("From"), PEOPLE, text("Lower end of the range of 95 %."),
                held),
        _figure("avoided_upper", text("To"), PEOPLE, text("Upper end of the range of 95 %."), held),
        _figure("vacancy_cost", text("Vacancies would have cost"), RUBLES,
                text("What the vacancies avoided would have cost."), held),
        _figure("training_kept", text("Training that stays"), RUBLES,
                text("Value of the training of those who stay."), held),
    )  # fmt: skip


_BEFORE = text("Mean month of a full-time post without the measures, in the last year.")
_AFTER = text("Mean month of a full-time post with all measures, in the last year.")
_BY_SOURCE = tuple(
    number(source, name, RUBLES, text("What this source pays of the cost."))
    for source, name in SOURCES.items()
)
_PARTS = tuple(
    number(source, name, SHARE, text("What part of the cost this source pays."))
    for source, name in SOURCES.items()
)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "municipalities": (
        _TOWN,
        label("name", text("Municipality"), text("Name of the municipality.")),
        label("region", text("Region"), text("Region of the municipality.")),
        _STATE,
        _people("people", text("People"), text("With a post on the first day of the scenario.")),
        _figure("posts", text("Posts"), text("full-time posts"),
                text("Full-time posts that they hold."), ROW),
        _pay("pay_before", text("Pay before, a month"), _BEFORE),
        _pay("pay_after", text("Pay after, a month"), _AFTER),
        state("wage_state", text("Wage next door: state"), text("State of the column wage.")),
        _figure("wage", text("Wage next door"), RUBLES,
                text("Mean month of all activities there, by Rosstat, brought to the last year: a "
                     "proxy."), "wage_state"),
        state("gap_state", text("Pay and wage: state"),
              text("State of the columns gap_before and gap_after.")),
        _figure("gap_before", text("Pay before / wage"), SHARE,
                text("Pay before as a part of the wage next door."), "gap_state"),
        _figure("gap_after", text("Pay after / wage"), SHARE,
                text("Pay after as a part of the wage next door."), "gap_state"),
        state("effect_state", text("Exits: state"),
              text("State of what is said of people who leave.")),
        _figure("exits_before", text("Exits before"), PEOPLE,
                text("Expected to leave in all years without the measures."), "effect_state"),
        _figure("exits_after", text("Exits after"), PEOPLE,
                text("Expected to leave in all years with all measures."), "effect_state"),
        _figure("vacant_months", text("Vacant months avoided"), MONTHS,
                text("Months of empty posts that are avoided."), "effect_state"),
        *_avoided("effect_state"),
        Column("cost", pl.Float64, text("Cost"), RUBLES,
               text("Of all measures and years, with contributions."), ROW),
    ),
    "measures": (
        Column("number", pl.Int64, text("No."), text("number"),
               text("In the order in which they take effect.")),
        _MEASURE,
        label("kind", text("Kind"), text("Kind of the measure."), CODE),
        label("name_ru", text("Name, Russian"), text("What the measure is called.")),
        label("name_en", text("Name, English"), text("What the measure is called.")),
        label("who_ru", text("Who, Russian"), text("Whom it is for.")),
        label("who_en", text("Who, English"), text("Whom it is for.")),
        label("amount_ru", text("How much, Russian"), text("How much it is.")),
        label("amount_en", text("How much, English"), text("How much it is.")),
        Column("valid_from", pl.Date, text("Valid from"), text("day"), text("First day.")),
        Column("valid_to", pl.Date, text("Valid to"), text("day"),
               text("Last day; empty: no end.")),
        *_PARTS,
        label("release", text("Release"),
              text("Release that says whose training showed effect; empty: it needs none."), CODE),
        _STATE,
        _people("people", text("People who receive it"), text("Who receive something by it.")),
        _figure("cost", text("Cost"), RUBLES, text("What it adds to the measures before it."), ROW),
    ),
    "costs": (
        label("municipality", text("OKTMO"),
              text("Municipality: its OKTMO; empty: municipalities of few people together."),
              text("OKTMO")),
        _YEAR,
        label("source", text("Source"),
              text("Whose budget pays; above: federal and regional, local: municipal and "
                   "extra-budgetary, all: all of them."), CODE),
        _COST,
    ),
    "costs_by_measure": (
        label("measure", text("Measure"),
              text("Its key in the table of measures; empty: measures that reach few people, and "
                   "others with them."), CODE),
        _YEAR, _SOURCE, _COST,
    ),
    "money": (
        _YEAR, _SOURCE,
        number("needed", text("Needed"), RUBLES, text("What the measures cost this source.")),
        _STATE,
        _figure("available", text("Available"), RUBLES, text("What there is of it."), ROW),
        _figure("lacking", text("Lacking"), RUBLES, text("Needed less what there is."), ROW),
    ),
    "distribution": (
        label("by", text("By"), text("municipality, position_group or sex."), CODE),
        label("value", text("Group"), text("Which one; empty: not stated."), CODE),
        _STATE,
        _people("people", text("People"), text("People of the group.")),
        _people("receive", text("Receive"), text("Of them, whose pay the measures raise.")),
        _pay("pay_before", text("Pay before, a month"), _BEFORE),
        _pay("pay_after", text("Pay after, a month"), _AFTER),
        _figure("gain", text("Rise"), SHARE, text("Pay after over pay before, less 1."), ROW),
    ),
    "limits": (
        _TOWN, _YEAR,
        label("limit", text("What БК 136 says"),
              text("not bound, within, above; unknown: grants or norm are not on record."), CODE),
        state("grants_state", text("Share of grants: state"),
              text("State of the column grants_share.")),
        _figure("grants_share", text("Share of grants"), SHARE,
                text("The largest share of grants that decides, 0 to 1."), "grants_state"),
        number("threshold", text("Threshold"), SHARE, text("Above it the norm binds.")),
        state("norm_state", text("Norm of pay: state"), text("State of the column norm.")),
        _figure("norm", text("Norm of pay"), RUBLES, text("Norm for pay of the year."),
                "norm_state"),
        _STATE,
        _pay("fund_before", text("Pay of the year before"), text("Without contributions.")),
        _pay("fund_after", text("Pay of the year after"), text("Without contributions.")),
        _pay("above", text("Above the norm by"), text("Empty: it is not above.")),
    ),
    "components": (
        _YEAR,
        label("component", text("Part of pay"),
              text("Part of pay, or a measure; total: all of them; cost: with contributions."),
              CODE),
        _STATE,
        _pay("before", text("Before"), text("All municipalities, without the measures.")),
        _pay("after", text("After"), text("All municipalities, with all measures.")),
    ),
    "components_by_town": (
        _TOWN, _YEAR,
        label("component", text("Part of pay"),
              text("Part of pay, some of them together; total: all of them; cost: with "
                   "contributions."), CODE),
        _STATE,
        _pay("before", text("Before"), text("Of the municipality, without the measures.")),
        state("after_state", text("After: state"), text("State of the column after.")),
        _figure("after", text("After"), RUBLES,
                text("Of the municipality, with all measures: told of the sums."), "after_state"),
    ),
    "fund": (
        _YEAR,
        label("component", text("Part of pay"), text("Part of the fund of pay."), CODE),
        _STATE,
        _pay("difference", text("Paid beyond what the law says"),
             text("Paid without measures less what the law puts into the fund, of all "
                  "municipalities for which the law says it.")),
    ),
    "fund_by_town": (
        _TOWN, _YEAR,
        label("component", text("Part of pay"),
              text("Part of the fund of pay; others: what hangs on the person, with others."),
              CODE),
        _STATE,
        _figure("salaries", text("Paid, in monthly salaries"), SALARIES,
                text("Paid in the year without measures, in monthly salaries."), ROW),
        state("norm_state", text("By the norm: state"),
              text("State of the columns norm and difference.")),
        _figure("norm", text("By the norm, in monthly salaries"), SALARIES,
                text("What the law puts into the fund."), "norm_state"),
        _figure("difference", text("Paid above the norm"), RUBLES,
                text("Paid without measures less what the law puts into the fund."), "norm_state"),
    ),
    "packages": (
        _PACKAGE, _COST, *_BY_SOURCE,
        state("effect_state", text("Exits: state"),
              text("State of what is said of people who leave.")),
        *_avoided("effect_state"),
        answer("frontier", text("No cheaper one is as good"),
               text("Whether no cheaper package avoids as many exits.")),
        answer("chosen", text("Chosen"), text("Whether the scenario is of this package.")),
    ),
    "levels": (
        _PACKAGE,
        label("municipality", text("OKTMO"),
              text("Municipality: its OKTMO; empty: in all, alike or each its own."),
              text("OKTMO")),
        _MEASURE,
        _STATE,
        _figure("level", text("Level"), text("the column unit"),
                text("Size of the measure; empty: it is not taken."), ROW),
        label("unit", text("Unit"), text("percent or rubles; of what and how often: the amount."),
              CODE),
        label("amount_ru", text("How much, Russian"),
              text("The level in words; empty: the measure is not taken.")),
        label("amount_en", text("How much, English"),
              text("The level in words; empty: the measure is not taken.")),
    ),
    "rivals": (
        label("rule", text("How to choose"),
              text("chosen: the package of the scenario; flat: one measure of one size for all; "
                   "cheapest: the cheapest first; alphabetical: municipalities by the alphabet; "
                   "ratio: step by step whatever does most for a ruble. All keep the same sums."),
              CODE),
        _STATE,
        _figure("cost", text("Cost"), RUBLES, text("With insurance contributions, exact."), ROW),
        Column("municipalities", pl.Int64, text("Municipalities"), text("municipalities"),
               text("That it gives any of the measures that have levels."), ROW),
        state("effect_state", text("Exits: state"),
              text("State of what is said of people who leave.")),
        *_avoided("effect_state")[:3],
        _figure("ahead", text("The chosen one avoids more by"), PEOPLE,
                text("Exits that the chosen package avoids beyond it; empty: it is that."),
                "effect_state"),
        _figure("ahead_lower", text("Difference from"), PEOPLE,
                text("Lower end of the range of 95 % of the difference."), "effect_state"),
        _figure("ahead_upper", text("Difference to"), PEOPLE,
                text("Upper end of the range of 95 % of the difference."), "effect_state"),
        answer("certain", text("Is it sure"),
               text("Whether that the chosen package avoids more is sure: the whole range of the "
                    "difference is above zero.")),
        answer("same", text("Same package"),
               text("Whether it comes to the very package that was chosen.")),
    ),
    "leaving": (
        label("term", text("Term"), text("Term of the model of who leaves."), CODE),
        number("estimate", text("Estimate"), text("log hazard"), text("Estimate.")),
        number("se", text("Standard error"), text("log hazard"), text("Standard error.")),
        number("lower", text("From"), text("log hazard"), text("Lower end of the range of 95 %.")),
        number("upper", text("To"), text("log hazard"), text("Upper end of the range of 95 %.")),
    ),
    "wages": (
        _TOWN,
        Column("begins", pl.Date, text("Begins"), text("day"), text("First day of the period.")),
        Column("ends", pl.Date, text("Ends"), text("day"), text("Last day of the period.")),
        state("wage_all_state", text("All activities: state"),
              text("State of the column wage_all.")),
        _figure("wage_all", text("All activities"), RUBLES, text("Mean month, by Rosstat."),
                "wage_all_state"),
        state("wage_o_state", text("Public administration: state"),
              text("State of the column wage_o.")),
        _figure("wage_o", text("Public administration"), RUBLES,
                text("Mean month of letter O, with federal and military staff: a proxy."),
                "wage_o_state"),
        label("source", text("Source"), text("Where the figures are published.")),
    ),
    "excluded": (
        label("table", text("What"), text("Which table the rows belong to."), CODE),
        label("reason", text("Why"), text("Why they were not counted with."), CODE),
        Column("rows", pl.Int64, text("Rows"), text("rows"), text("How many rows.")),
    ),
}  # fmt: skip
"""Every public table. People, their posts and departments are in none."""
