"""The municipalities of an edition on a map."""

from __future__ import annotations

from collections.abc import Iterable

from otdacha.documents.charts import Chart, Town, schematic
from otdacha.release.states import State
from otdacha.site.bank.edition.edition import Edition
from otdacha.site.bank.models import Municipality
from otdacha.site.bank.slugs import slug


def towns_map(
    edition: Edition, municipalities: Iterable[Municipality], *, rows_elsewhere: bool = False
) -> Chart:
    """Those of the municipalities that have a place; each leads to its row of the map's table.

    rows_elsewhere: the rows stand in the tables of the regions.
    """

    def row(one: Municipality) -> str:
        if not rows_elsewhere:
            return f"#{anchor(one)}"
        if not one.region_slug:
            return ""
        return f"{edition.url('map')}?region={one.region_slug}#{anchor(one)}"

    towns = [
        Town(
            name=one.name,
            region=one.region,
            latitude=one.row["latitude"],
            longitude=one.row["longitude"],
            trained=one.row["trained"],
            state=State(one.row["trained_state"]),
            href=row(one),
        )
        for one in municipalities
        if placed(one)
    ]
    return schematic(towns, edition.numbers, id="map")


def anchor(municipality: Municipality) -> str:
    """What a municipality's row is called in addresses within the page of the map."""
    return f"town-{slug(municipality.code)}"


def placed(municipality: Municipality) -> bool:
    """Whether its released coordinates are a place on the globe."""
    latitude, longitude = (municipality.row.get(name) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        return False
    return bool(-90 <= latitude <= 90 and -180 <= longitude <= 180)
