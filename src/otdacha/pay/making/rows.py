"""The tables of a scenario, from what was paid out and what it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from otdacha.language import LANGUAGES, Text, ntext, text
from otdacha.pay.effect import Effect, distribution
from otdacha.pay.kopecks import SHARE, rubles
from otdacha.pay.leaving import ESTIMATED, History, Leaving
from otdacha.pay.making.chosen import Chosen, beside_rivals, in_rubles, packages_of, pay_norm
from otdacha.pay.making.material import Material
from otdacha.pay.making.paid import PaidOut
from otdacha.pay.measures import AnyMeasure, Measures, amount_in_words, measure_rows
from otdacha.pay.packages.limits import limits
from otdacha.pay.packages.money import costs, money
from otdacha.pay.payroll.fund import fund
from otdacha.pay.tables import (
    COMPONENTS,
    EXCLUDED,
    LEAVING,
    LEVELS,
    MUNICIPALITIES,
    PEOPLE,
    WAGES,
)


def scenario_tables(
    material: Material, known: History, found: Leaving, chosen: Chosen
) -> dict[str, pl.DataFrame]:
    """Every table of `otdacha.pay.tables.TABLES`, by name."""
    paid = chosen.paid
    towns = material.towns["municipality"].to_list()
    measures = material.measures.measures
    parts = {
        one.key: {str(source): part for source, part in one.sources.items()}
        for one in measures.measures
    }
    by_source = costs(paid.costs, parts, list(material.years))
    packages, levels = packages_of(chosen)
    names = dict(material.towns.select("municipality", "name").iter_rows())
    # small groups are hidden where a scenario is told, not here: the office has exact figures
    groups = distribution(material.posts, paid.by_post, material.years[-1], fewest=1)
    municipalities = _municipalities(material, groups, paid, chosen.brought, found)
    return {
        "municipalities": municipalities,
        "measures": _measures(material, chosen, paid, names),
        "costs": by_source,
        "components": _components(paid),
        "fund": fund(
            paid.before.with_columns(variant=pl.lit(0, pl.Int64)), material.posts, material.law
        ),
        "distribution": groups,
        "limits": limits(in_rubles(material.finances), _funds(paid), pay_norm(material)),
        "money": money(by_source, chosen.given, towns, list(material.years)),
        "packages": packages,
        "levels": with_amounts(levels, material.measures.measures),
        "rivals": beside_rivals(chosen, municipalities["people"].to_numpy()),
        # terms of tenure are only there so that pay is not mistaken for them
        "leaving": found.table()[:1].match_to_schema(LEAVING),
        "wages": material.told.filter(pl.col("municipality").is_in(towns)).match_to_schema(WAGES),
        "excluded": pl.concat(
            [EXCLUDED.to_frame(), material.excluded, known.excluded, paid.left_out]
        ),
        "people": _people(material, paid),
    }


def _measures(
    material: Material, chosen: Chosen, paid: PaidOut, names: Mapping[str, str]
) -> pl.DataFrame:
    """The table `measures`; of one with levels `amount` says which of them were chosen."""
    measures = material.measures.measures
    rows = measure_rows(measures, paid.people, _by_measure(material, paid), names)
    amounts = {
        key: amount_chosen(measures.measure(key), [own.get(key) for own in chosen.levels.values()])
        for key in (lever.key for lever in chosen.package.options.levers)
    }
    return rows.with_columns(
        pl.when(pl.col("measure").is_in(list(amounts)))
        .then(
            pl.col("measure").replace_strict(
                list(amounts),
                [said.said(language) for said in amounts.values()],
                default=None,
                return_dtype=pl.String,
            )
        )
        .otherwise(f"amount_{language}")
        .alias(f"amount_{language}")
        for language in LANGUAGES
    )


def amount_chosen(one: AnyMeasure, levels: Sequence[float | None]) -> Text:
    """How much a measure with levels comes to in towns that have these; None: it is not taken."""
    taken = sorted({level for level in levels if level is not None})
    if not taken:
        return text("nowhere: no package with it is better inside the sums")
    said = [amount_in_words(one.model_copy(update={"level": level})) for level in taken]
    everywhere = len(taken) == 1 and None not in levels
    if everywhere:
        return said[0]
    places = sum(level is not None for level in levels)
    if len(taken) == 1:
        return ntext(
            "{amount}, in {count} municipality of {all}",
            "{amount}, in {count} municipalities of {all}",
            amount=said[0],
            count=places,
            all=len(levels),
        )
    return ntext(
        "from {least} to {most}, in {count} municipality of {all}",
        "from {least} to {most}, in {count} municipalities of {all}",
        least=said[0],
        most=said[-1],
        count=places,
        all=len(levels),
    )


def with_amounts(levels: pl.DataFrame, measures: Measures) -> pl.DataFrame:
    """The table `levels`: to each level of a package (`packages.frontier.tables`) its unit, and how
    much that is in its measure's words."""
    said = [
        {"measure": key, "level": level, **_said(measures.measure(key), level)}
        for key, level in levels.select("measure", "level").unique().iter_rows()
    ]
    words = pl.DataFrame(said, schema={name: LEVELS[name] for name in _SAID})
    return levels.join(
        words, on=["measure", "level"], how="left", nulls_equal=True, maintain_order="left"
    ).match_to_schema(LEVELS)


_SAID = ("measure", "level", "unit", "amount_ru", "amount_en")


def _said(one: AnyMeasure, level: float | None) -> Mapping[str, str]:
    unit = {"unit": one.counted_in}
    if level is None:
        return unit
    amount = amount_in_words(one.model_copy(update={"level": level}))
    return unit | {f"amount_{code}": amount.said(code) for code in LANGUAGES}


def _by_measure(material: Material, paid: PaidOut) -> Mapping[str, int]:
    """Measure's key → kopecks in all; 0 where no town takes it."""
    summed = dict(paid.costs.group_by("measure").agg(pl.col("kopecks").sum()).iter_rows())
    return {one.key: summed.get(one.key, 0) for one in material.measures.measures.measures}


def _municipalities(
    material: Material, groups: pl.DataFrame, paid: PaidOut, brought: Effect, found: Leaving
) -> pl.DataFrame:
    """groups: the table `distribution`, which holds the pay of each municipality."""
    there = material.posts.group_by("municipality").agg(
        people=pl.col("person").n_unique().cast(pl.Int64), posts=pl.col("share").sum() / SHARE
    )
    pay = groups.filter(pl.col("by") == "municipality").select(
        "pay_before", "pay_after", municipality="value"
    )
    wage = material.wages.filter(year=material.years[-1]).select("municipality", "wage")
    cost = paid.costs.group_by("municipality").agg(cost=rubles(pl.col("kopecks").sum()))
    seen = found.towns.select("municipality", exits_seen="exits")
    whole = pl.col("wage").cast(pl.Float64)
    joined = material.towns
    for part in (there, pay, wage, brought.towns, seen, cost):
        joined = joined.join(part, on="municipality", how="left", maintain_order="left")
    return joined.with_columns(
        cost=pl.col("cost").fill_null(0),
        exits_seen=pl.when(pl.col("effect") == ESTIMATED).then("exits_seen"),
        gap_before=pl.col("pay_before").cast(pl.Float64) / whole,
        gap_after=pl.col("pay_after").cast(pl.Float64) / whole,
    ).select(pl.col(name).cast(kind) for name, kind in MUNICIPALITIES.items())


def _components(paid: PaidOut) -> pl.DataFrame:
    """Components before and after; a measure's own is zero before it."""
    keys = ["municipality", "year", "component"]
    return (
        paid.after.rename({"kopecks": "after"})
        .join(paid.before.rename({"kopecks": "before"}), on=keys, how="left", maintain_order="left")
        .join(paid.behind, on=keys, how="left", maintain_order="left")
        .with_columns(
            pl.col("people").fill_null(0),
            before=rubles(pl.col("before").fill_null(0)),
            after=rubles(pl.col("after")),
        )
        .select(COMPONENTS.names())
        .match_to_schema(COMPONENTS)
    )


def _funds(paid: PaidOut) -> pl.DataFrame:
    """Pay of each town and year in kopecks, without contributions, as БК 136 counts."""
    keys = ["municipality", "year"]
    before = paid.before.filter(component="total").select(*keys, fund_before="kopecks")
    after = paid.after.filter(component="total").select(*keys, fund_after="kopecks")
    return before.join(after, on=keys)


def _people(material: Material, paid: PaidOut) -> pl.DataFrame:
    return (
        paid.by_post.join(
            material.posts.select(
                "post", "person", "municipality", "unit", "position_group", "sex"
            ),
            on="post",
        )
        .with_columns(rubles(pl.col("pay_before", "pay_after")))
        .select(pl.col(name).cast(kind) for name, kind in PEOPLE.items())
        .sort("post", "year")
    )
