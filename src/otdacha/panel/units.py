"""Names of units, strata and clusters."""

from __future__ import annotations

import polars as pl

from otdacha.methodology import Design
from otdacha.panel.staff import home_departments


def towns(municipalities: pl.DataFrame, asked: pl.DataFrame, design: Design) -> pl.DataFrame:
    """The municipalities of the data and whether the register gives them a stratum.

    municipalities: the records' table. asked: any frame with `municipality`. Returns municipality,
    region, macroregion, placed (Boolean). A municipality that is on the register several times,
    because it changed, is taken as it is now, for all months: a unit must lie in one stratum.
    """
    now = municipalities.sort("valid_from", nulls_last=False).unique(
        "municipality", keep="last", maintain_order=True
    )
    needed = [part for part in ("region", "macroregion") if part in design.stratum]
    return (
        asked.select("municipality")
        .unique(maintain_order=True)
        .join(now, on="municipality", how="left")
        .select(
            "municipality",
            "region",
            "macroregion",
            placed=pl.all_horizontal(
                pl.lit(True), *(pl.col(part).is_not_null() for part in needed)
            ),
        )
    )


def named(
    units: pl.DataFrame, towns: pl.DataFrame, staff: pl.DataFrame, design: Design
) -> pl.DataFrame:
    """Units with the names of themselves, their stratum and their cluster, sorted by these.

    units: unit (a number), municipality, holder, service. towns: as above. Returns number,
    municipality, unit, stratum, cluster, in the order of stratum and unit. Parts of a
    name are joined by "/"; a slash inside a part becomes "∕" (U+2215), so names stay distinct.
    """
    unit = ("municipality", "holder", "service")
    cluster: tuple[str, ...] = ("municipality",)
    placed = units.rename({"unit": "number"}).join(towns.drop("placed"), on="municipality")
    if design.cluster == "unit":
        cluster = ("municipality", "home")
        home = home_departments(staff).rename({"person": "holder"})
        placed = placed.join(home, on=["municipality", "holder"], how="left").with_columns(
            home=pl.coalesce("home", "holder")
        )
    return placed.select(
        "number",
        "municipality",
        unit=_name(unit),
        stratum=_name(design.stratum),
        cluster=_name(cluster),
    ).sort("stratum", "unit")


def _name(parts: tuple[str, ...]) -> pl.Expr:
    return pl.concat_str(
        [pl.col(part).str.replace_all("/", "∕", literal=True) for part in parts], separator="/"
    )
