"""How far parts of pay are told apart, by town and of all towns together.

A part that only a few are paid tells what one of them is paid: it stands with others, as many as it
takes (docs/decisions/0048).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from otdacha.pay.costs_told import CostsTold
from otdacha.pay.kopecks import RUBLES
from otdacha.pay.told_rows import summed, without

OTHERS, ALLOWANCES, COEFFICIENTS = "others", "allowances", "coefficients"
"""Parts of pay that are told as one: those that only a few are paid, and some beside them; in a
town all between the salary and the coefficients; the coefficient and the northern allowance."""
_SUMS = ("total", "contributions", "cost")
_OF_TOWN = {"salary": "salary", "coefficient": COEFFICIENTS, "north": COEFFICIENTS} | {
    name: name for name in _SUMS
}
_PERSONAL = ("service", "rank", "secrecy")
"""Parts that hang on the person: of the others everybody in a post is paid the same rate."""


def parts_told(
    tables: Mapping[str, pl.DataFrame], costs: CostsTold, everything: bool, minimum: int
) -> Mapping[str, pl.DataFrame]:
    """Parts of pay and the fund, by town and of all towns together.

    Of all towns parts that few are paid are one with others; of towns what hangs on the person is.
    The fund of all towns is added up over those for which the law says what is put into it. Where
    measures are told as one, of all towns too only sums are told with the measures: the rise of the
    salary is what measures of one kind cost.
    """
    components, fund = tables["components"], tables["fund"]
    keys = ["municipality", "year", "component"]
    hidden = pl.col("municipality").is_in(list(costs.towns))
    paid = tables["measures"]["measure"].to_list()
    of_law = components.filter(~pl.col("component").is_in(["salary", *_SUMS, *paid]))
    said = fund.filter(pl.col("difference").is_not_null())
    groups = pl.concat(
        [
            of_law.with_columns(of=pl.lit("all")),
            of_law.join(said, on=keys, how="semi", maintain_order="left").with_columns(
                of=pl.lit("fund")
            ),
        ]
    )
    of_all = _folded(groups, _few(groups, ["of"], minimum), ["of"], minimum)
    there = of_law.filter(~hidden).join(fund, on=keys, how="semi", maintain_order="left")
    by_town = _folded(there, {*_PERSONAL, *of_all}, ["municipality"], minimum)
    told = _of_all(_renamed(components, of_all), ["before", "after"], everything)
    if costs.together:
        sums = pl.col("component").is_in(_SUMS)
        told = told.filter(~pl.col("component").is_in(paid))
        told = told.with_columns(after=pl.when(sums).then("after"))
    return {
        "components": told,
        "components_by_town": without(_components_by_town(components), hidden, ("before", "after")),
        "fund": without(
            _fund_by_town(_renamed(fund, by_town)), hidden, ("salaries", "norm", "difference")
        ),
        "fund_of_all": _of_all(_renamed(said, of_all), ["difference"], everything),
    }


def _folded(
    parts: pl.DataFrame, few: Iterable[str], by: Sequence[str], minimum: int
) -> Mapping[str, str]:
    """The parts of pay that are told as `OTHERS`: those that are `few`, and others until in every
    group one of them is paid to as many people as the minimum: first what hangs on the person, for
    that is told by itself of no town.

    parts: rows of `components` that are no sums, no measures and not the salary, which every town
    tells; groups: by columns `by` and the year.
    """
    behind = parts.group_by(*by, "year", "component", maintain_order=True).agg(
        pl.col("people").sum()
    )
    there = {*parts["component"]}
    inside = {*few} & there
    for part in [*_PERSONAL, *behind["component"].unique(maintain_order=True)]:
        most = (
            behind.filter(pl.col("component").is_in(list(inside)))
            .group_by(*by, "year")
            .agg(pl.col("people").max())["people"]
        )
        if not most.is_between(1, minimum - 1).any():
            break
        inside |= {part} & there
    return dict.fromkeys(sorted(inside), OTHERS)


def _few(parts: pl.DataFrame, by: Sequence[str], minimum: int) -> set[str]:
    """Parts of pay that few are paid in some year."""
    behind = parts.group_by(*by, "year", "component").agg(pl.col("people").sum())
    return {*behind.filter(pl.col("people").is_between(1, minimum - 1))["component"]}


def _of_all(table: pl.DataFrame, sums: list[str], everything: bool) -> pl.DataFrame:
    """Sums over all towns by year and part of pay; hidden where even all people are few."""
    return without(summed(table, ["year", "component"], sums), pl.lit(everything), sums)


def _renamed(table: pl.DataFrame, fold: Mapping[str, str]) -> pl.DataFrame:
    return table.with_columns(pl.col("component").replace(fold))


def _components_by_town(components: pl.DataFrame) -> pl.DataFrame:
    """What pay is made of in a town, of parts that everybody there is paid. With the measures only
    what they come to: of a part that rises what single measures pay would follow."""
    return summed(
        components.with_columns(pl.col("component").replace_strict(_OF_TOWN, default=ALLOWANCES)),
        ["municipality", "year", "component"],
        ["before", "after"],
    ).with_columns(after=pl.when(pl.col("component").is_in(_SUMS)).then("after"))


def _fund_by_town(fund: pl.DataFrame) -> pl.DataFrame:
    """The fund of each town; where parts stand together, with a norm where all of them have one."""
    return fund.group_by("municipality", "year", "component", maintain_order=True).agg(
        pl.col("salaries").sum(),
        *(
            pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).cast(kind)
            for name, kind in (("norm", pl.Float64), ("difference", RUBLES))
        ),
    )
