"""One invented union with everything that a panel can meet: departments and people, reported
results, mergers of towns, departments and providers, moves, every kind of indicator."""

from __future__ import annotations

from random import Random

import polars as pl

from otdacha.records import TABLES
from tests.property.test_panel_laws import invented
from tests.unit.panel.making import OTHER_TOWN, TOWN, frame, indicator, methodology

THIRD_TOWN = "11701000"

RULES = methodology(
    indicator("on_time", "due"),
    indicator("working_days", "closed", centre=3),
    indicator("calendar_days", "due", centre=5, resolution=2.0),
    indicator("refused", "closed", centre=1),
    indicator("repeated", "all"),
    indicator("rating", "rated", centre=4, resolution=0.1),
    indicator("reported", "reported", id="polite", source="results", resolution=0.1, centre=40),
    indicator("reported", "reported", id="served", source="results", resolution=0.01, share=True),
    horizon_months=3,
    look_back_months=5,
)
BY_DEPARTMENT = RULES.model_copy(
    update={
        "design": RULES.design.model_copy(
            update={"cluster": "unit", "stratum": ("region", "service", "municipality")}
        )
    }
)


def frames(cases: int, seed: int = 11) -> dict[str, pl.DataFrame]:
    """The tables of the union, typed as the records hand them on."""
    random = Random(seed)
    made = invented(seed, cases, 14, 16)
    third = invented(seed + 1, cases // 4, 4, 3)
    for table in ("cases", "staff"):
        for row in third[table]:
            row["municipality"] = THIRD_TOWN
            row["case"] = f"third {row.get('case')}"
            if row["unit"] == "Бюро":
                row["unit"] = "Архив/2"
    units = [
        {"municipality": town, "unit": unit, "successor": successor}
        for town, unit, successor in (
            (TOWN, "Бюро", "Отдел"),
            (TOWN, "Отдел", None),
            (THIRD_TOWN, "Архив/2", "Бюро"),
            (THIRD_TOWN, "Бюро", "Новый «отдел», ё"),
            (THIRD_TOWN, "Новый «отдел», ё", None),
        )
    ]
    results = [
        {
            "municipality": random.choice([TOWN, OTHER_TOWN, THIRD_TOWN, "99999000"]),
            "unit": unit,
            "service": service,
            "month": f"2023-{month:02}-01",
            "indicator": name,
            "n": random.choice([0, 4, 30, 125]),
            "mean": mean,
            "sd": random.choice([None, 0.85, 1.25]),
        }
        for unit in ("Отдел", "Бюро", "sA")
        for service in ("Справка", "запрос")
        for month in (3, 4, 7)
        for name, mean in (
            ("polite", random.choice([4.05, 3.25, 4.45])),
            ("served", random.choice([0.125, 0.875, 0.29])),
            ("unasked", 1.0),
        )
    ]
    towns = [
        *({**town, "macroregion": "Центр"} for town in made["towns"][:2]),
        {**made["towns"][2], "successor": TOWN, "macroregion": "Север"},
        {**made["towns"][2], "municipality": THIRD_TOWN, "macroregion": "Юг"},
    ]
    providers = [
        {"provider": "A", "name": "A", "successor": "B"},
        {"provider": "B", "name": "B"},
    ]
    rows = {
        "cases": made["cases"] + third["cases"],
        "results": results,
        "municipalities": towns,
        "staff": made["staff"] + third["staff"],
        "training": made["training"] + third["training"],
        "providers": providers,
        "units": units,
    }
    return {name: frame(name, table) for name, table in rows.items()}


def nothing() -> dict[str, pl.DataFrame]:
    """The same tables without a row."""
    return {name: TABLES[name].columns.to_frame() for name in frames(4)}
