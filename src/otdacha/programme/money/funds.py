"""Budgets and the rules of money, as the funds and wallets that a plan is paid from.

A fund is one row of the table of budgets. A wallet is a fund in a municipality where it may pay:
a fund of a municipality pays there only, a fund of a region in its municipalities, a fund without a
holder everywhere in the plan. Rubles become whole kopecks here and stay so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from otdacha.language import Text, text
from otdacha.methodology.counting import EXCLUDED
from otdacha.programme.parameters.entries import Cofinancing, Parameters
from otdacha.programme.problem import Flags, Share, Whole

NO_LIMIT = 10**15
"""Kopecks of a seat that no fee reaches, and that a few may be added up of in 64 bits."""
STAGE = "programme"
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "year_outside_plan": text("The budget is of a year that the plan does not cover."),
        "unknown_holder": text(
            "The holder of the budget is neither a municipality nor a region of the plan."
        ),
        "unknown_code": text(
            "The budget code (КБК) is not among those that training may be paid from in that year."
        ),
        "may_pay_nothing": text(
            "The budget is meant for something that its source may not pay for in that year."
        ),
    }
)
"""Why a budget does not count, in the order in which it is asked."""


@dataclass(frozen=True)
class Funds:
    """The money of a plan. M municipalities, F funds, W wallets; money is in kopecks.

    fund_names: (F,) what a fund is called in tables: source, year, code, holder, use; all differ.
    fee_limit: (F,) what the fund's source may pay of one seat's fee, NO_LIMIT where nothing says;
    funds of one source in one year share their limit. shares: the rules of co-financing, one of
    each region, year and source that has one; `Share.towns` are the region's municipalities.
    frame: (F,) rows source, holder, year, code, pays_for.
    rejected: the rows of budgets that do not count, with `reason`; excluded: how many of each
    reason (schema `otdacha.methodology.counting.EXCLUDED`). The sentences are in `REASONS`.
    """

    fund_names: tuple[str, ...]
    fund_source: tuple[str, ...]
    fund_year: Whole
    amount: Whole
    fee_limit: Whole
    pays_fee: Flags
    pays_travel: Flags
    wallet_municipality: Whole
    wallet_fund: Whole
    shares: tuple[Share, ...]
    frame: pl.DataFrame
    rejected: pl.DataFrame
    excluded: pl.DataFrame


def funds(
    budgets: pl.DataFrame,
    parameters: Parameters,
    municipalities: pl.DataFrame,
    years: Sequence[int],
) -> Funds:
    """The funds, wallets and shares of a plan.

    budgets: columns source, holder, year, code, amount (rubles), pays_for (fee | travel | null).
    municipalities: columns municipality, region, in the order of the plan. years: of the plan.

    A share is of all that the municipalities of one region spend on training in one year, whatever
    the source and whether for fees or travel: an entry of "*" holds for each region by itself, not
    for all of them together. Raises ProgrammeProblem where the parameters do not answer for a year.
    """
    places = {name: at for at, name in enumerate(municipalities["municipality"])}
    regions = _places_of(municipalities["region"])
    judged = budgets.with_columns(_reasons(budgets, parameters, places, regions, years))
    counting = judged.filter(pl.col("reason").is_null())
    rejected = judged.filter(pl.col("reason").is_not_null())
    reach = [_reach(holder, places, regions) for holder in counting["holder"]]
    limits = [
        _fee_limit(parameters, source, year)
        for source, year in counting.select("source", "year").iter_rows()
    ]
    uses = [
        _uses(parameters, source, year, pays_for)
        for source, year, pays_for in counting.select("source", "year", "pays_for").iter_rows()
    ]
    return Funds(
        fund_names=tuple(map(_name, counting.iter_rows(named=True))),
        fund_source=tuple(counting["source"]),
        fund_year=counting["year"].cast(pl.Int64).to_numpy(),
        amount=np.array([kopecks(rubles) for rubles in counting["amount"]], dtype=np.int64),
        fee_limit=np.array(limits, dtype=np.int64),
        pays_fee=np.array(["fee" in use for use in uses], dtype=np.bool_),
        pays_travel=np.array(["travel" in use for use in uses], dtype=np.bool_),
        wallet_municipality=np.concatenate([np.empty(0, dtype=np.int64), *reach]),
        wallet_fund=np.repeat(np.arange(len(reach)), [len(towns) for towns in reach]),
        shares=tuple(
            _share(rule, region, year, towns)
            for year in years
            for region, towns in regions.items()
            for rule in parameters.cofinancing_of(region, year)
        ),
        frame=counting.select("source", "holder", "year", "code", "pays_for"),
        rejected=rejected,
        excluded=_counted(rejected),
    )


def kopecks(rubles: float) -> int:
    """Rubles with two decimals as whole kopecks."""
    return round(rubles * 100)


def _places_of(regions: pl.Series) -> dict[str, Whole]:
    known = regions.to_numpy()
    return {region: np.flatnonzero(known == region) for region in dict.fromkeys(regions)}


def _reasons(
    budgets: pl.DataFrame,
    parameters: Parameters,
    places: Mapping[str, int],
    regions: Mapping[str, Whole],
    years: Sequence[int],
) -> pl.Series:
    """The first of REASONS that speaks against each budget, null where none does."""

    def reason(
        source: str, holder: str | None, year: int, code: str | None, use: str | None
    ) -> str:
        if year not in years:
            return "year_outside_plan"
        if holder is not None and holder not in places and holder not in regions:
            return "unknown_holder"
        if not parameters.knows_code(code, year):
            return "unknown_code"
        return "" if _uses(parameters, source, year, use) else "may_pay_nothing"

    asked = budgets.select("source", "holder", "year", "code", "pays_for")
    return pl.Series("reason", [reason(*row) or None for row in asked.iter_rows()], pl.String)


def _uses(parameters: Parameters, source: str, year: int, pays_for: str | None) -> frozenset[str]:
    """What a fund pays for: what its row says, as far as its source may."""
    meant = frozenset({"fee", "travel"}) if pays_for is None else frozenset({pays_for})
    limit = parameters.limit_of(source, year)
    return meant if limit is None else meant & frozenset(limit.pays)


def _fee_limit(parameters: Parameters, source: str, year: int) -> int:
    limit = parameters.limit_of(source, year)
    return NO_LIMIT if limit is None or limit.per_person is None else kopecks(limit.per_person)


def _reach(holder: str | None, places: Mapping[str, int], regions: Mapping[str, Whole]) -> Whole:
    if holder is None:
        return np.arange(len(places), dtype=np.int64)
    if holder in places:
        return np.array([places[holder]], dtype=np.int64)
    return regions[holder]


def _name(row: Mapping[str, object]) -> str:
    said = (row[column] for column in ("source", "year", "code", "holder", "pays_for"))
    return " · ".join(str(part) for part in said if part is not None)


def _share(rule: Cofinancing, region: str, year: int, towns: Whole) -> Share:
    return Share(
        name=region,
        source=rule.source,
        year=year,
        towns=towns,
        at_most=rule.at_most,
        at_least=rule.at_least,
        cap=None if rule.cap is None else kopecks(rule.cap),
    )


def _counted(rejected: pl.DataFrame) -> pl.DataFrame:
    return (
        rejected.group_by("reason")
        .len("rows")
        .sort("reason")
        .with_columns(
            stage=pl.lit(STAGE),
            indicator=pl.lit(None, pl.String),
            provider=pl.lit(None, pl.String),
        )
        .select(EXCLUDED.names())
        .cast(EXCLUDED)
    )
