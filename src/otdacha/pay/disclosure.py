"""What of a scenario anybody may have: one rule for its open data, its documents and the site.

A mean of the pay of a few people is personal data, and so is what measures cost where a few receive
something: cost over the rate of an allowance is how many receive it, or somebody's pay. A group or
a town of fewer people than the minimum, or in which fewer receive something, is hidden; beside it
others, until those that are hidden are together no small group: sums over all are told, and the
same people are told of by town, by position group and by sex (`otdacha.programme.suppression`).
Costs are told apart as far as no cost of a few people follows (`otdacha.pay.costs_told`), parts of
pay as far as many are paid each (`otdacha.pay.parts_told`). How many
are expected to leave a town says about how many have left it: it is hidden where these are few.
What is asked for, by source and year, is told exactly (docs/decisions/0048).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.pay.costs_told import CostsTold, costs_told
from otdacha.pay.parts_told import parts_told
from otdacha.pay.scenario import Scenario
from otdacha.pay.tables import CHOSEN, DIMENSIONS, MUNICIPALITIES
from otdacha.pay.told_rows import summed, without
from otdacha.programme.suppression import hidden_in_table

WHOLE = ("money", "leaving", "wages", "excluded")
"""Tables that are told as they lie in the scenario: of what is asked for, the union, files."""
_EXITS = (
    "exits_before", "exits_after", "avoided", "avoided_lower", "avoided_upper", "vacant_months",
    "vacancy_cost", "training_kept",
)  # fmt: skip
"""Figures of a town from which the exits on record could be worked out."""
_FIGURES = {
    "municipalities": (
        "people", "posts", "pay_before", "pay_after", "gap_before", "gap_after", "cost", *_EXITS,
    ),
    "distribution": ("people", "receive", "pay_before", "pay_after", "gain"),
    "limits": ("fund_before", "fund_after", "above"),
    "levels": ("level", "amount_ru", "amount_en"),
    "rivals": (
        "cost", "municipalities", "avoided", "avoided_lower", "avoided_upper", "ahead",
        "ahead_lower", "ahead_upper", "certain", "same",
    ),
}  # fmt: skip
"""What is hidden of a row; its other columns are names, or figures that others publish."""


@dataclass(frozen=True)
class Told:
    """What is told of a scenario. minimum: people; a figure of fewer is not told.

    towns: those of which nothing is told by themselves. figures: those of the whole scenario;
    people is None where they are too few. tables: those of `WHOLE` as they are, and with a column
    `hidden` of type `STATE` ("published" or "suppressed") and null in the place of what is hidden
    `municipalities` (without exits_seen; effect "suppressed" where exits are not told),
    `distribution`, `limits`, `measures`, `levels`, `rivals` (without counts of people),
    `components_by_town`, `fund`; besides

    - `costs`: municipality (null: the hidden towns together), year, source (one, or `ABOVE`,
      `LOCAL`, `ALL` of `costs_told`), cost; `costs_by_measure`: measure (null: measures that
      reach few people and some beside them, together), year, source, cost;
    - `components`, `fund_of_all`: of all towns together, by year and part of pay;
    - `packages`: the chosen one alone where a measure with levels is not told by itself.
    """

    minimum: int
    towns: frozenset[str]
    tables: Mapping[str, pl.DataFrame]
    figures: Mapping[str, Any]


def public(scenario: Scenario, minimum: int) -> Told:
    """What anybody may have of `scenario`; nothing that is hidden follows from what is told.

    minimum: the methodology's `disclosure.people`.
    """
    tables = scenario.tables
    hidden = {by: hidden_groups(tables["distribution"], by, minimum) for by in DIMENSIONS}
    everything = any(groups is None for groups in hidden.values())
    if everything:  # the same people stand in every dimension: none may tell of another
        hidden = {by: _values(tables["distribution"], by) for by in DIMENSIONS}
    told = _values(tables["distribution"], "municipality") - (hidden["municipality"] or frozenset())
    all_towns = list(
        dict.fromkeys([*tables["municipalities"]["municipality"], *tables["costs"]["municipality"]])
    )
    costs = costs_told(
        tables["costs"], tables["measures"], all_towns, frozenset(all_towns) - told, minimum
    )
    hidden["municipality"] = costs.towns
    is_hidden = pl.any_horizontal(
        (pl.col("by") == by) & pl.col("value").fill_null("").is_in(list(groups or ()))
        for by, groups in hidden.items()
    )
    in_town = pl.col("municipality").is_in(list(costs.towns)).fill_null(False)
    every = _every_package(tables, costs, minimum)
    packages = tables["packages"].filter(every | pl.col("chosen"))
    return Told(
        minimum,
        costs.towns,
        {
            **{name: tables[name] for name in WHOLE},
            "municipalities": _without(
                _without_exits(tables["municipalities"], costs.towns, minimum),
                in_town,
                "municipalities",
            ),
            "distribution": _without(tables["distribution"], is_hidden, "distribution"),
            "limits": _without(tables["limits"], in_town, "limits"),
            "measures": _measures(tables["measures"], costs.together, minimum),
            "costs": _costs_by_town(tables["costs"], costs),
            "costs_by_measure": _costs_by_measure(tables["costs"], costs.together),
            **parts_told(tables, costs, everything, minimum),
            "packages": packages,
            "levels": _levels(tables["levels"], packages, in_town),
            "rivals": _rivals(tables["rivals"], scenario.figures["people"], minimum, every=every),
        },
        {**scenario.figures, **({"people": None} if everything else {})},
    )


def for_the_office(scenario: Scenario, told: Told) -> Mapping[str, pl.DataFrame]:
    """What those who decide have beside what is told: `costs` of each measure in each town that is
    told and in the others together (municipality null), the `fund` and the `levels` of these towns,
    all `packages`."""
    tables = scenario.tables
    keys = ["municipality", "year", "measure", "source"]
    there = ~pl.col("municipality").is_in(list(told.towns)).fill_null(False)
    return {
        "costs": summed(_with_hidden_as_one(tables["costs"], told.towns), keys, ["cost"]),
        "fund": tables["fund"].filter(there),
        "levels": tables["levels"].filter(there),
        "packages": tables["packages"],
    }


def hidden_groups(distribution: pl.DataFrame, by: str, minimum: int) -> frozenset[str] | None:
    """The groups of a dimension that are hidden; None where even all of them together are few."""
    hidden: set[str] = set()
    for count in ("people", "receive"):
        groups = {
            ("", row["value"] or ""): row[count]
            for row in distribution.filter(by=by).iter_rows(named=True)
        }
        found = hidden_in_table(groups, minimum)
        if found.whole:
            return None
        hidden |= {value for _, value in found.cells}
    return frozenset(hidden)


def few_exits(towns: pl.DataFrame, hidden: Iterable[str], minimum: int) -> frozenset[str]:
    """The towns whose expected exits are not told: those that fewer than `minimum` have left, be it
    nobody, those that are `hidden` anyway, and others until of all that are not told together as
    many have left. Where so many have left nowhere and not in all of them, all.

    towns: municipality and exits_seen (null: nothing is estimated, so there is nothing to hide).
    """
    if minimum <= 1:
        return frozenset()
    there = dict(towns.select("municipality", "exits_seen").drop_nulls().iter_rows())
    of_few = {code: min(seen, minimum - 1) if code in hidden else seen
              for code, seen in there.items()}  # fmt: skip
    # a zero is never hidden there, and here it is: everything is counted one higher
    found = hidden_in_table({("", code): seen + 1 for code, seen in of_few.items()}, minimum + 1)
    return frozenset(there) if found.whole else frozenset(code for _, code in found.cells)


def _without_exits(towns: pl.DataFrame, hidden: frozenset[str], minimum: int) -> pl.DataFrame:
    """What is expected of exits, where it is told; nowhere how many have left."""
    few = pl.col("municipality").is_in(list(few_exits(towns, hidden, minimum)))
    return towns.drop("exits_seen").with_columns(
        pl.when(few).then(pl.lit("suppressed")).otherwise("effect")
        .cast(MUNICIPALITIES["effect"]).alias("effect"),
        *(pl.when(~few).then(name).alias(name) for name in _EXITS),
    )  # fmt: skip


def _values(distribution: pl.DataFrame, by: str) -> frozenset[str]:
    return frozenset(value or "" for value in distribution.filter(by=by)["value"])


def _without(table: pl.DataFrame, hidden: pl.Expr, name: str) -> pl.DataFrame:
    return without(table, hidden, _FIGURES[name])


def _rivals(rivals: pl.DataFrame, people: int, minimum: int, *, every: bool) -> pl.DataFrame:
    """Figures of `rivals` are sums of all towns. Those of a rule that reaches few people are
    theirs, those of one that leaves out few are, beside a rule that does not, theirs too, and so is
    what one that gives few something else differs by from the chosen package: all these are hidden,
    and all but the chosen package where not every package is told. How many people they are is not
    told, for two rules that differ by one town tell how many there are in it.
    """
    few = pl.any_horizontal(
        of.is_between(1, minimum - 1)
        for of in (pl.col("people"), people - pl.col("people"), pl.col("differ"))
    )
    alone = pl.lit(not every) & (pl.col("rule") != CHOSEN)
    return _without(rivals, few | alone, "rivals").drop("people", "differ")


def _measures(measures: pl.DataFrame, together: frozenset[str], minimum: int) -> pl.DataFrame:
    """Of measures that are told as one neither people nor cost."""
    hidden = pl.col("measure").is_in(list(together)) | pl.col("people").is_between(1, minimum - 1)
    return without(measures, hidden, ("people", "cost"))


def _costs_by_measure(costs: pl.DataFrame, together: frozenset[str]) -> pl.DataFrame:
    alone = ~pl.col("measure").is_in(list(together))
    table = costs.with_columns(measure=pl.when(alone).then("measure"))
    return summed(table, ["measure", "year", "source"], ["cost"])


def _costs_by_town(costs: pl.DataFrame, told: CostsTold) -> pl.DataFrame:
    """Costs as finely as each town tells them, the hidden ones as one of no code."""
    named = pl.DataFrame(
        [
            (town, one, name)
            for town, sums in told.sums.items()
            for name, sources in sums.items()
            for one in sources
        ],
        schema={"municipality": pl.String(), "source": pl.String(), "told": pl.String()},
        orient="row",
    )
    return summed(
        _with_hidden_as_one(costs, told.towns)
        .join(
            named, on=["municipality", "source"], how="left", nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(source="told"),
        ["municipality", "year", "source"],
        ["cost"],
    )  # fmt: skip


def _with_hidden_as_one(costs: pl.DataFrame, towns: frozenset[str]) -> pl.DataFrame:
    told = ~pl.col("municipality").is_in(list(towns))
    return costs.with_columns(municipality=pl.when(told).then("municipality"))


def _every_package(tables: Mapping[str, pl.DataFrame], costs: CostsTold, minimum: int) -> bool:
    """Whether packages beside the chosen one are told: two that differ in the level of one measure
    differ by what it costs, so not where one with levels reaches too few people."""
    levelled = tables["measures"].join(tables["levels"], on="measure", how="semi")
    told = ~pl.col("measure").is_in(list(costs.together)) & (pl.col("people") >= minimum)
    return minimum <= 1 or bool(levelled.select(told.all()).item())


def _levels(levels: pl.DataFrame, packages: pl.DataFrame, in_town: pl.Expr) -> pl.DataFrame:
    """Levels of the packages that are told; by town of the chosen one alone: two that differ in one
    town's level differ by what it costs there. Of any other a measure whose level differs by town
    is one hidden row of no town."""
    chosen = packages.filter("chosen")["package"].to_list()
    differs = pl.col("municipality").is_not_null() & ~pl.col("package").is_in(chosen)
    told = levels.join(packages, on="package", how="semi", maintain_order="left").with_columns(
        differs=differs, municipality=pl.when(~differs).then("municipality")
    )
    one = ["package", "municipality", "measure"]
    return _without(
        told.unique(one, keep="first", maintain_order=True), pl.col("differs") | in_town, "levels"
    ).drop("differs")
