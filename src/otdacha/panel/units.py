"""Names of units, strata and clusters."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Design
from otdacha.panel.staff import home_departments

_UNIT = ("municipality", "holder", "service")


def towns(municipalities: pl.DataFrame, asked: pl.Series, design: Design) -> pl.DataFrame:
    """The municipalities of the data and whether the register gives them a stratum.

    municipalities: the records' table. asked: codes. Returns municipality, region, macroregion,
    placed (Boolean). A municipality that is on the register several times, because it changed, is
    taken as it is now, for all months: a unit must lie in one stratum.
    """
    now = municipalities.sort("valid_from", nulls_last=False).unique(
        "municipality", keep="last", maintain_order=True
    )
    needed = [part for part in ("region", "macroregion") if part in design.stratum]
    return (
        asked.alias("municipality")
        .to_frame()
        .unique(maintain_order=True)
        .join(now, on="municipality", how="left", maintain_order="left")
        .select(
            "municipality",
            "region",
            "macroregion",
            placed=pl.all_horizontal(
                pl.lit(True), *(pl.col(part).is_not_null() for part in needed)
            ),
        )
    )


def named(units: ir.Table, places: ir.Table, links: ir.Table, design: Design) -> ir.Table:
    """Units with their numbers and the names of themselves, their stratum and their cluster.

    units: municipality, holder, service, under the names that they go by now; a unit may stand in
    several rows. places: as `towns`. links: as `otdacha.panel.staff.links`, under the same names.

    Adds name, stratum, cluster and numbers from 0: unit (in the order of stratum and name), by_name
    (in the order of name alone) and holder_number. Parts of a name are joined by "/"; a slash
    inside a part becomes "∕" (U+2215), so names stay distinct.
    """
    placed = units.left_join(
        places.select("municipality", "region", "macroregion"), "municipality"
    ).select(*units.columns, "region", "macroregion")
    cluster: tuple[str, ...] = ("municipality",)
    if design.cluster == "unit":
        cluster = ("municipality", "home")
        homes = home_departments(links).rename(holder="person")
        joined = placed.left_join(homes, ["municipality", "holder"])
        placed = joined.select(*placed.columns, home=ibis.coalesce(joined.home, joined.holder))
    known = placed.select(
        *units.columns,
        name=_name(placed, _UNIT),
        stratum=_name(placed, design.stratum),
        cluster=_name(placed, cluster),
    )
    by_name = [known.name, known.municipality, known.holder, known.service]
    return known.mutate(
        unit=ibis.dense_rank().over(order_by=[known.stratum, *by_name]),
        by_name=ibis.dense_rank().over(order_by=by_name),
        holder_number=ibis.dense_rank().over(order_by=[known.municipality, known.holder]),
    )


def _name(rows: ir.Table, parts: tuple[str, ...]) -> ir.StringValue:
    first, *others = (rows[part].replace("/", "∕") for part in parts)
    for part in others:
        first = first + "/" + part
    return first
