"""БК 136: whether a town's pay may exceed the norm that its region set for it.

Where grants (дотации, with what replaces them) made up more than a threshold of the revenue of a
town's budget in two of the last three reporting years, the town has no right to exceed the norm of
spending on pay of its servants that the region's government sets (пункт 2 статьи 136 БК РФ; what
of it was verified, and where: docs/decisions/0047). Years that are not in the records are unknown,
and so is what depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.pay.kopecks import in_kopecks, rubles
from otdacha.pay.tables import LIMITS

Whole = NDArray[np.int64]

NO_LIMIT = int(np.iinfo(np.int64).max)
"""Kopecks where nothing limits them."""
_EXACT = 9
"""Decimals to which a share is compared: 5 % of revenue is not above 5 %, however it was divided.
"""


@dataclass(frozen=True)
class PayNorm:
    """When the norm binds; dated law of pay, never a constant of this module.

    threshold: part of revenue, 0-1, that grants must exceed. years_above of years_of: in how many
    of how many reporting years. lag: years from the last reporting year to the year of the budget:
    a budget is drawn up in the year before it, and the year before that one is reported.
    """

    threshold: float
    years_above: int
    years_of: int
    reference: str
    lag: int = 2

    def __post_init__(self) -> None:
        if not (0 <= self.threshold <= 1 and 1 <= self.years_above <= self.years_of):
            raise ValueError(f"no rule of pay norms: {self}")


def limits(finances: pl.DataFrame, funds: pl.DataFrame, norm: PayNorm) -> pl.DataFrame:
    """What БК 136 says of each town and year of `funds`; schema `LIMITS`.

    finances: municipality, year, grants_share (0-1, null: not known), norm (rubles for that year);
    a key stands once. funds: municipality, year, fund_before and fund_after (whole kopecks of pay).
    A norm of another year is never taken for one that is absent.
    """
    decided = _decided(finances, funds, norm)
    of_year = finances.select("municipality", "year", in_kopecks(pl.col("norm")).alias("norm"))
    known = funds.join(decided, on=["municipality", "year"], how="left").join(
        of_year, on=["municipality", "year"], how="left", validate="m:1"
    )
    state = (
        pl.when(pl.col("binds").not_())
        .then(pl.lit("not bound"))
        .when(pl.col("binds").is_null() | pl.col("norm").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("fund_after") > pl.col("norm"))
        .then(pl.lit("above"))
        .otherwise(pl.lit("within"))
    )
    return (
        known.with_columns(state=state, threshold=pl.lit(norm.threshold))
        .with_columns(
            above=pl.when(pl.col("state") == "above").then(
                rubles(pl.col("fund_after") - pl.col("norm"))
            ),
            norm=rubles(pl.col("norm")),
            fund_before=rubles(pl.col("fund_before")),
            fund_after=rubles(pl.col("fund_after")),
        )
        .select(pl.col(name).cast(kind) for name, kind in LIMITS.items())
        .sort("municipality", "year")
    )


def ceilings(
    finances: pl.DataFrame, funds: pl.DataFrame, norm: PayNorm, towns: Sequence[str],
    years: Sequence[int],
) -> Whole:  # fmt: skip
    """How much pay each town may come to, (towns, years) kopecks; `NO_LIMIT` where the norm does
    not bind, or nobody can say.

    A town whose pay is above its norm without any measure need not lower it, and may not raise it.
    """
    before = funds.with_columns(fund_after=pl.col("fund_before"))
    said = limits(finances, before, norm).filter(pl.col("state").is_in(["within", "above"]))
    most = said.select(
        "municipality", "year",
        pl.max_horizontal(in_kopecks(pl.col("norm")), in_kopecks(pl.col("fund_before"))),
    )  # fmt: skip
    found = np.full((len(towns), len(years)), NO_LIMIT, dtype=np.int64)
    town_at = {town: at for at, town in enumerate(towns)}
    year_at = {year: at for at, year in enumerate(years)}
    for town, year, kopecks in most.iter_rows():
        if town in town_at and year in year_at:
            found[town_at[town], year_at[year]] = kopecks
    return found


def _decided(finances: pl.DataFrame, funds: pl.DataFrame, norm: PayNorm) -> pl.DataFrame:
    """municipality, year, binds (null: nobody can say), grants_share that decides."""
    asked = funds.select("municipality", "year").unique(maintain_order=True)
    reported = pl.DataFrame(
        {"back": range(norm.lag, norm.lag + norm.years_of)}, schema={"back": pl.Int64}
    )
    shares = (
        asked.join(reported, how="cross")
        .with_columns(reported=pl.col("year") - pl.col("back"))
        .join(
            finances.select("municipality", pl.col("year").alias("reported"), "grants_share"),
            on=["municipality", "reported"],
            how="left",
            validate="m:1",
        )
    )
    share = pl.col("grants_share").round(_EXACT)
    above, unknown = (share > norm.threshold).sum(), share.is_null().sum()
    # of the years in falling order the one that decides; an unknown one may be the highest of all
    rank = norm.years_above - 1
    least = share.sort(descending=True, nulls_last=True).get(rank)
    most = share.sort(descending=True, nulls_last=False).get(rank)
    return (
        shares.group_by("municipality", "year", maintain_order=True)
        .agg(above=above, unknown=unknown, least=least, most=most)
        .with_columns(
            binds=pl.when(pl.col("above") >= norm.years_above)
            .then(True)
            .when(pl.col("above") + pl.col("unknown") < norm.years_above)
            .then(False)
        )
        .select(
            "municipality",
            "year",
            "binds",
            pl.when(pl.col("binds"))
            .then("least")
            .when(pl.col("binds").not_())
            .then("most")
            .alias("grants_share"),
        )
    )
