"""The tables of a scenario, as they lie in its folder.

Money is in rubles with kopecks (`RUBLES`); a mean month of pay is of a full-time post. "before" is
without the measures, "after" with all of them, in the same years. A mean, a count or an interval
that is not known is null, and a column of state says why.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from otdacha.pay.kopecks import RUBLES

EFFECT_STATES = ("estimated", "too few exits", "no wage", "suppressed")
"""Whether exits of a town could be estimated; otherwise why not. The last one stands only in what
is told of a scenario (`otdacha.pay.disclosure`): they could, and so few left that they are not
told."""
IN_SUMS = ("estimated", "suppressed")
"""States of towns whose exits are in the sums of all towns."""
LIMIT_STATES = ("not bound", "within", "above", "unknown")
"""What БК 136 says of a town's pay in a year: the norm does not bind it, is kept, is broken, or
nobody can say because its grants or its norm are not in the records."""
CHOSEN = "chosen"
WAYS = (CHOSEN, "flat", "cheapest", "alphabetical", "ratio")
"""Who chooses levels: the best package, and simpler rules with the same money (`pay.packages`)."""
UNITS = ("percent", "rubles")
"""What a level is counted in; of what, and how often, the words of the amount say."""
DIMENSIONS = ("municipality", "position_group", "sex")
"""What the distribution of a scenario is told by."""

MUNICIPALITIES = pl.Schema(
    {
        "municipality": pl.String(),
        "name": pl.String(),
        "region": pl.String(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "people": pl.Int64(),  # with a post on the first day of the scenario
        "posts": pl.Float64(),  # their shares of full-time posts, added up
        "pay_before": RUBLES,  # mean month in the last year of the scenario
        "pay_after": RUBLES,
        "wage": RUBLES,  # mean month of all activities there, brought to that year; a proxy
        "gap_before": pl.Float64(),  # pay / wage; null: no wage is known
        "gap_after": pl.Float64(),
        "effect": pl.Enum(EFFECT_STATES),
        "exits_seen": pl.Int64(),  # exits on record that its estimate rests on; is never told
        "exits_before": pl.Float64(),  # expected people who leave in all years of the scenario
        "exits_after": pl.Float64(),
        "avoided": pl.Float64(),  # exits_before - exits_after
        "avoided_lower": pl.Float64(),  # 95 %
        "avoided_upper": pl.Float64(),
        "vacant_months": pl.Float64(),  # months of empty posts avoided
        "vacancy_cost": RUBLES,  # what these vacancies would have cost
        "training_kept": RUBLES,  # value of training that would have left with those who stay
        "cost": RUBLES,  # of all measures, all years, with contributions
    }
)
MEASURES = pl.Schema(
    {
        "number": pl.Int64(),  # in the order in which they take effect
        "measure": pl.String(),  # its key in the file of measures
        "kind": pl.String(),
        "name_ru": pl.String(),
        "name_en": pl.String(),
        "who_ru": pl.String(),
        "who_en": pl.String(),
        "amount_ru": pl.String(),
        "amount_en": pl.String(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "federal": pl.Float64(),  # parts of its cost, together 1
        "regional": pl.Float64(),
        "municipal": pl.Float64(),
        "own": pl.Float64(),
        "release": pl.String(),  # the release that says whose training showed effect
        "people": pl.Int64(),  # who receive something by it
        "cost": RUBLES,  # what it adds to the measures before it, all years
    }
)
COSTS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "measure": pl.String(),
        "source": pl.String(),
        "cost": RUBLES,
        "people": pl.Int64(),  # who receive something by the measure there in that year
    }
)
COMPONENTS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "component": pl.String(),  # of the payroll, a measure, "total", "contributions", "cost"
        "before": RUBLES,
        "after": RUBLES,
        "people": pl.Int64(),  # whom it pays something there in that year
    }
)
FUND = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "component": pl.String(),
        "salaries": pl.Float64(),  # paid without measures, in monthly salaries (оклады)
        "norm": pl.Float64(),  # what the law puts into the fund; null: it does not say
        "difference": RUBLES,  # paid less norm
    }
)
DISTRIBUTION = pl.Schema(
    {
        "by": pl.Enum(DIMENSIONS),
        "value": pl.String(),
        "people": pl.Int64(),
        "receive": pl.Int64(),  # whose pay the measures raise
        "pay_before": RUBLES,  # mean month in the last year
        "pay_after": RUBLES,
        "gain": pl.Float64(),  # pay_after / pay_before - 1
    }
)
LIMITS = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "grants_share": pl.Float64(),  # the one that decides, 0-1; null: nobody can say
        "threshold": pl.Float64(),
        "norm": RUBLES,
        "fund_before": RUBLES,  # pay of the year, without contributions
        "fund_after": RUBLES,
        "above": RUBLES,  # fund_after less norm, where it binds and is broken
        "state": pl.Enum(LIMIT_STATES),
    }
)
MONEY = pl.Schema(
    {
        "year": pl.Int64(),
        "source": pl.String(),
        "needed": RUBLES,
        "available": RUBLES,  # null: no sum was given
        "lacking": RUBLES,
    }
)
PACKAGES = pl.Schema(
    {
        "package": pl.Int64(),  # from 1, cheapest first
        "cost": RUBLES,
        "federal": RUBLES,
        "regional": RUBLES,
        "municipal": RUBLES,
        "own": RUBLES,
        "avoided": pl.Float64(),
        "avoided_lower": pl.Float64(),
        "avoided_upper": pl.Float64(),
        "vacancy_cost": RUBLES,
        "training_kept": RUBLES,
        "frontier": pl.Boolean(),  # no cheaper package avoids as much
        "chosen": pl.Boolean(),
    }
)
LEVELS = pl.Schema(
    {
        "package": pl.Int64(),
        "municipality": pl.String(),  # null: everywhere
        "measure": pl.String(),
        "level": pl.Float64(),  # null: the measure is not taken
        "unit": pl.Enum(UNITS),  # what the level is counted in
        "amount_ru": pl.String(),  # the level in words, with what it is a part of and how often
        "amount_en": pl.String(),  # it is paid; null: the measure is not taken
    }
)
RIVALS = pl.Schema(
    {
        "rule": pl.Enum(WAYS),
        "cost": RUBLES,  # of all measures, all years, with contributions
        "municipalities": pl.Int64(),  # that it gives any of the measures that have levels
        "people": pl.Int64(),  # with a post there on the first day of the scenario
        "differ": pl.Int64(),  # with a post where it gives something else than the chosen package
        "avoided": pl.Float64(),
        "avoided_lower": pl.Float64(),  # 95 %
        "avoided_upper": pl.Float64(),
        "ahead": pl.Float64(),  # exits that the chosen package avoids beyond it; null: it is that
        "ahead_lower": pl.Float64(),
        "ahead_upper": pl.Float64(),
        "certain": pl.Boolean(),  # whether that the chosen one avoids more is; null: not known
        "same": pl.Boolean(),  # it comes to the very package that was chosen
    }
)
LEAVING = pl.Schema(
    {
        "term": pl.String(),
        "estimate": pl.Float64(),
        "se": pl.Float64(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
    }
)
WAGES = pl.Schema(
    {
        "municipality": pl.String(),
        "begins": pl.Date(),
        "ends": pl.Date(),
        "wage_all": RUBLES,
        "wage_o": RUBLES,  # public administration with federal and military staff: a proxy
        "source": pl.String(),
    }
)
EXCLUDED = pl.Schema({"table": pl.String(), "reason": pl.String(), "rows": pl.Int64()})
PEOPLE = pl.Schema(
    {
        "post": pl.Int64(),
        "person": pl.String(),
        "municipality": pl.String(),
        "unit": pl.String(),
        "position_group": pl.String(),
        "sex": pl.String(),
        "year": pl.Int64(),
        "months": pl.Float64(),
        "pay_before": RUBLES,
        "pay_after": RUBLES,
    }
)

TABLES: Mapping[str, pl.Schema] = {
    "municipalities": MUNICIPALITIES,
    "measures": MEASURES,
    "costs": COSTS,
    "components": COMPONENTS,
    "fund": FUND,
    "distribution": DISTRIBUTION,
    "limits": LIMITS,
    "money": MONEY,
    "packages": PACKAGES,
    "levels": LEVELS,
    "rivals": RIVALS,
    "leaving": LEAVING,
    "wages": WAGES,
    "excluded": EXCLUDED,
    "people": PEOPLE,
}
PRIVATE = ("people",)
"""Tables that never leave the workspace: they hold pseudonyms."""
