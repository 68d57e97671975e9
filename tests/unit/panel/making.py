"""Small records of invented people and towns, written as a reader would write them down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import polars as pl

from otdacha.methodology import Indicator, Methodology, default_methodology
from otdacha.panel import Tables
from otdacha.records.tables import TABLES

Rows = Sequence[Mapping[str, Any]]

TOWN = "28701000"
OTHER_TOWN = "15701000"


def day(text: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if isinstance(text, str) else text


def frame(table: str, rows: Rows) -> pl.DataFrame:
    """Rows as the records hand them on: typed, dates may be written as ISO texts."""
    schema = TABLES[table].columns
    dates = [name for name, kind in schema.items() if kind == pl.Date]
    dated = [{**row, **{name: day(row.get(name)) for name in dates}} for row in rows]
    return pl.DataFrame(dated, schema=schema)


def town(municipality: str = TOWN, **values: Any) -> dict[str, Any]:
    return {
        "municipality": municipality,
        "name": "Придуманск",
        "region": "Придуманская область",
        "macroregion": "Центр",
        "training_known_from": "2015-01-01",
        **values,
    }


def link(person: str, unit: str = "Отдел", **values: Any) -> dict[str, Any]:
    """Somebody on the staff list."""
    return {
        "municipality": TOWN,
        "person": person,
        "unit": unit,
        "started": "2010-01-01",
        **values,
    }


def course(person: str, started: str, finished: str, **values: Any) -> dict[str, Any]:
    return {
        "person": person,
        "provider": "A",
        "started": started,
        "finished": finished,
        "hours": 72.0,
        **values,
    }


def case(opened: str, closed: str | None = None, **values: Any) -> dict[str, Any]:
    return {
        "municipality": TOWN,
        "case": f"{opened}{closed}{sorted(values.items())}",
        "unit": "Отдел",
        "service": "Справка",
        "opened": opened,
        "closed": closed,
        **values,
    }


def tables(
    cases: Rows = (),
    *,
    towns: Rows | None = None,
    staff: Rows = (),
    training: Rows = (),
    results: Rows = (),
    providers: Rows = (),
    units: Rows = (),
) -> Tables:
    rows = {
        "cases": cases,
        "results": results,
        "municipalities": [town()] if towns is None else towns,
        "staff": staff,
        "training": training,
        "providers": providers,
        "units": units,
    }
    return Tables(**{name: ibis.memtable(frame(name, of_it)) for name, of_it in rows.items()})


def indicator(value: str, of: str, **changes: Any) -> Indicator:
    """An indicator that is called as its value."""
    known = default_methodology().indicators[0].model_dump()
    share = value in ("on_time", "refused", "repeated")
    return Indicator.model_validate(
        {**known, "id": value, "value": value, "of": of, "share": share, **changes}
    )


def methodology(*indicators: Indicator, **design: Any) -> Methodology:
    """The default methodology with these indicators (default: only `repeated`) and this design."""
    known = default_methodology()
    return known.model_copy(
        update={
            "indicators": indicators or (indicator("repeated", "all"),),
            "design": known.design.model_copy(update=design),
        }
    )
