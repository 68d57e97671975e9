"""The figures of the letter, counted from the tables of a scenario: money, towns, packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from otdacha.documents.figures import Figure
from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.charts import by_region
from otdacha.documents.pay.ways import ways
from otdacha.documents.pay.words import in_language, measure_names, town_names
from otdacha.documents.words import SOURCES, rubles, said
from otdacha.language import text
from otdacha.pay.disclosure import Told
from otdacha.pay.scenario import Scenario
from otdacha.pay.wording import EFFECTS, LEVELS_NOT_TOLD
from otdacha.release.states import WORDS, State

Row = Mapping[str, Any]
MOST_TOWNS = 100
"""A letter with more municipalities tells of regions; the workbook has them all."""


@dataclass(frozen=True)
class Means:
    """Means over all municipalities, weighted by full-time posts, in the last year. towns: with a
    known wage; behind: of them, those that pay less than it before and after."""

    pay_before: float
    pay_after: float
    towns: int
    behind_before: int
    behind_after: int
    median_before: float | None
    median_after: float | None


def means(told: Told) -> Means | None:
    """None where no municipality is told."""
    towns = told.tables["municipalities"].filter(pl.col("hidden") == State.PUBLISHED.value)
    if towns.is_empty() or not towns["posts"].sum():
        return None
    weight = towns["posts"] / towns["posts"].sum()
    gaps = towns.filter(pl.col("gap_before").is_not_null())
    before, after = gaps["gap_before"], gaps["gap_after"]
    return Means(
        pay_before=float((towns["pay_before"].cast(pl.Float64) * weight).sum()),
        pay_after=float((towns["pay_after"].cast(pl.Float64) * weight).sum()),
        towns=gaps.height,
        behind_before=int((before < 1).sum()),
        behind_after=int((after < 1).sum()),
        median_before=None if gaps.is_empty() else float(before.median()),  # type: ignore[arg-type]
        median_after=None if gaps.is_empty() else float(after.median()),  # type: ignore[arg-type]
    )


def by_source(scenario: Scenario, year: int | None = None) -> dict[str, Decimal]:
    """What each source pays, in a year or in all."""
    costs = scenario.tables["costs"]
    costs = costs if year is None else costs.filter(year=year)
    return {source: exact_sum(costs.filter(source=source)["cost"]) for source in SOURCES}


def exact_sum(sums: pl.Series) -> Decimal:
    return Decimal(sums.sum() or 0)


def money(scenario: Scenario, numbers: Numbers) -> list[Row]:
    """Year by source, to the kopeck."""
    return [
        {"year": str(year), **_money_row(by_source(scenario, year), numbers)}
        for year in scenario.years
    ]


def money_total(scenario: Scenario, numbers: Numbers) -> Row:
    return _money_row(by_source(scenario), numbers)


def _money_row(sums: Mapping[str, Decimal], numbers: Numbers) -> dict[str, str]:
    others = sum((sum_ for source, sum_ in sums.items() if source != "federal"), Decimal(0))
    return {
        **{source: rubles(sum_, numbers) for source, sum_ in sums.items()},
        "others": rubles(others, numbers),
        "cost": rubles(sum(sums.values(), Decimal(0)), numbers),
    }


def needs(told: Told, numbers: Numbers) -> list[Row]:
    """What is needed of each source by year, what there is of it, and what is lacking."""
    unknown = text("no sum was given").said(numbers.language)
    return [
        {
            "year": str(row["year"]),
            "source": said(SOURCES, row["source"], numbers.language),
            "needed": rubles(row["needed"], numbers),
            **{
                name: unknown if row[name] is None else rubles(row[name], numbers)
                for name in ("available", "lacking")
            },
        }
        for row in money_in_order(told).iter_rows(named=True)
    ]


def money_in_order(told: Told) -> pl.DataFrame:
    """What is needed by year, the sources as the passport has them."""
    places = {source: place for place, source in enumerate(SOURCES)}
    place = pl.col("source").replace_strict(places, default=len(places))
    return told.tables["money"].sort("year", place)


def measures(told: Told, numbers: Numbers) -> list[Row]:
    """The measures in the order in which they take effect, with people and cost."""
    language = numbers.language
    return [
        {
            "number": str(row["number"]),
            "name": in_language(row, "name", language),
            "who": in_language(row, "who", language),
            "amount": in_language(row, "amount", language),
            "people": WORDS[State.SUPPRESSED].said(language)
            if row["people"] is None
            else numbers.whole(row["people"]),
            "cost": WORDS[State.SUPPRESSED].said(language)
            if row["cost"] is None
            else rubles(row["cost"], numbers),
        }
        for row in told.tables["measures"].sort("number").iter_rows(named=True)
    ]


def towns(told: Told, numbers: Numbers) -> list[Row]:
    """Pay, the wage next door, exits avoided and cost of each municipality; of regions where there
    are more than a letter can hold."""
    table = told.tables["municipalities"].sort("name", "municipality", nulls_last=True)
    if table.height > MOST_TOWNS:
        return [_region(row, numbers) for row in by_region(table).iter_rows(named=True)]
    return [_town(row, numbers) for row in table.iter_rows(named=True)]


def _town(row: Row, numbers: Numbers) -> Row:
    language = numbers.language
    name = row["name"] or row["municipality"]
    if row["hidden"] == State.SUPPRESSED.value:
        word = WORDS[State.SUPPRESSED].said(language)
        wage = _pay(row, numbers)["wage"]  # others publish it
        return {
            "name": name,
            **dict.fromkeys(_PAY, word),
            "wage": wage,
            "avoided": word,
            "cost": word,
        }
    return {
        "name": name,
        **_pay(row, numbers),
        "avoided": said(EFFECTS, row["effect"], language)
        if row["effect"] == "suppressed"
        else avoided(row, numbers),
        "cost": rubles(row["cost"], numbers),
    }


def _region(row: Row, numbers: Numbers) -> Row:
    pay = {
        **row,
        **{
            f"gap_{when}": row[f"pay_{when}"] / row["wage"] if row["wage"] else None
            for when in ("before", "after")
        },
    }
    return {"name": row["region"], **_pay(pay, numbers), "avoided": "–", "cost": "–"}


_PAY = ("pay_before", "pay_after", "wage", "gap_before", "gap_after")


def _pay(row: Row, numbers: Numbers) -> dict[str, str]:
    missing = WORDS[State.NOT_COLLECTED].said(numbers.language)
    return {
        name: missing
        if row[name] is None
        else numbers.percent(row[name])
        if name.startswith("gap")
        else numbers.decimal(float(row[name]), 0)
        for name in _PAY
    }


def avoided(row: Row, numbers: Numbers, digits: int = 1) -> str:
    """Exits avoided with their range, or that nothing could be estimated."""
    if row["avoided"] is None:
        return WORDS[State.INSUFFICIENT_EVIDENCE].said(numbers.language)
    range_ = numbers.interval(row["avoided_lower"], row["avoided_upper"], digits, level=True)
    return f"{numbers.decimal(row['avoided'], digits)} ({range_})"


def packages(scenario: Scenario, told: Told, numbers: Numbers) -> list[Row]:
    yes, no = text("yes").said(numbers.language), text("no").said(numbers.language)
    names = {**measure_names(scenario, numbers.language)}
    towns_ = town_names(scenario)
    return [
        {
            "number": str(row["package"]),
            "levels": _levels(told, row["package"], names, towns_, numbers),
            "cost": rubles(row["cost"], numbers),
            "federal": rubles(row["federal"], numbers),
            "avoided": avoided(row, numbers),
            "best": yes if row["frontier"] else no,
            "chosen": yes if row["chosen"] else no,
        }
        for row in told.tables["packages"].sort("package").iter_rows(named=True)
    ]


def _levels(
    told: Told, package: int, names: Mapping[str, str], towns_: Mapping[str, str],
    numbers: Numbers,
) -> str:  # fmt: skip
    """The measures of a package with their levels; where they differ by town, how many towns, or
    that it is not told."""
    levels = told.tables["levels"].filter(package=package)
    taken = levels.filter(
        pl.col("level").is_not_null() | (pl.col("hidden") == State.SUPPRESSED.value)
    )
    parts = []
    for (measure,), rows in taken.group_by("measure", maintain_order=True):
        name = names.get(str(measure), str(measure))
        known = rows.drop_nulls("level")
        hidden = LEVELS_NOT_TOLD.said(numbers.language)
        amounts = hidden if known.is_empty() else _amounts(known, len(towns_), numbers)
        parts.append(f"{name}: {amounts}")
    return "; ".join(parts) or text("no measure").said(numbers.language)


def _amounts(levels: pl.DataFrame, towns_: int, numbers: Numbers) -> str:
    """How much of a measure is taken; where that differs, in how many municipalities of all."""
    amounts = []
    for (amount,), rows in levels.group_by(f"amount_{numbers.language}", maintain_order=True):
        some = rows["municipality"].drop_nulls()
        where = text(
            "municipalities: {towns} of {all}",
            towns=numbers.whole(some.len()),
            all=numbers.whole(towns_),
        )
        amounts.append(f"{amount} ({where.said(numbers.language)})" if some.len() else str(amount))
    return ", ".join(amounts)


def rivals(told: Told, numbers: Numbers) -> list[Row]:
    """The chosen package beside simpler ways to spend as much; nothing where nothing was chosen."""
    hidden = WORDS[State.SUPPRESSED].said(numbers.language)
    return [
        {
            "name": way.name,
            "meant": way.meant,
            "cost": hidden if way.cost is None else rubles(way.cost, numbers),
            "avoided": _with_range(way.avoided),
            "ahead": "–" if way.ahead is None else _with_range(way.ahead),
            "sure": way.sure or "–",
        }
        for way in ways(told.tables["rivals"], numbers)
    ]


def _with_range(figure: Figure) -> str:
    return f"{figure.main} ({figure.below})" if figure.below else figure.main
