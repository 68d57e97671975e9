"""A small invented plan: three towns, four runs, three years, sums that can be checked by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.programme.plan import Plan
from otdacha.programme.problem import Problem

SOURCES = ("federal", "regional", "municipal", "own")
KITEZH, BUYAN, DUB = "28701000", "28702000", "28703000"
TOWNS = {KITEZH: "Китеж", BUYAN: "Буян", DUB: "Дубрава: посёлок/станция"}
NEEDED = {KITEZH: (60, 20), BUYAN: (30, 4), DUB: (12, 0)}
FIREBIRD, POLYN = "7700000016", "7700000023"
NAMES = {FIREBIRD: "Академия «Жар-птица»", POLYN: "Центр «Полынь»"}
COURSES = {
    ("A1", 2026): (FIREBIRD, "Ответы на обращения граждан", 72, 12_000.50, 1_500.25, KITEZH),
    ("A1", 2027): (FIREBIRD, "Ответы на обращения граждан", 72, 12_480.52, 1_560.26, KITEZH),
    ("B1", 2026): (POLYN, "Муниципальные услуги в электронном виде", 36, 7_000.10, 0.0, None),
    ("C1", 2028): (FIREBIRD, "Градостроительная документация", 144, 30_000.0, 2_000.0, BUYAN),
}  # fmt: skip
SEATS = [
    (KITEZH, "A1", 2026, 20),
    (KITEZH, "A1", 2027, 14),
    (KITEZH, "B1", 2026, 6),
    (BUYAN, "A1", 2026, 11),
    (BUYAN, "C1", 2028, 12),
    (DUB, "B1", 2026, 3),
]
EVIDENCE = {FIREBIRD: "proven", POLYN: "learning"}
PER_SEAT = {FIREBIRD: 6.5, POLYN: 1.5}


def invented_plan(*, names: Mapping[str, str] = TOWNS, explained: bool = True) -> Plan:
    """names: of the towns. explained: with results, frontier, rivals, shadow and sensitivity."""
    lines = pl.DataFrame([_line(*seat, names) for seat in SEATS], infer_schema_length=None)
    lines = lines.with_columns(
        pl.col("town", "runner_up_provider", "runner_up_offer").cast(pl.String),
        pl.col("runner_up_year").cast(pl.Int64),
        pl.col("runner_up_loss").cast(pl.Float64),
    )
    tables = {
        "lines": lines,
        "funding": _funding(lines),
        "groups": _groups(lines),
        "offers": _offers(lines),
        "seats": _seats(lines),
        "unmet": _unmet(),
        "left_out": pl.DataFrame(
            {
                "what": ["needs", "offers", "offers"],
                "reason": ["same_person_and_topic", "licence_ends_before", "no_price"],
                "rows": [7, 2, 1],
            }
        ),
        "budgets": _budgets(lines),
        "municipalities": _municipalities(lines, names),
        "people": pl.DataFrame({"municipality": [KITEZH], "person": ["p-1"], "need": ["n-1"]}),
        **(_explained(lines) if explained else {}),
    }
    manifest = {
        "kind": "plan",
        "format": 1,
        "plan": "2026.1",
        "made": "2025-09-01T09:00:00+00:00",
        "years": [2026, 2027, 2028],
        "release": {"id": "2025.2", "hash": "a" * 64},
        "evidence": True,
        "because": None,
        "invented": True,
        "parameters": {"id": "programme", "version": "2027.1", "hash": "b" * 64,
                       "fairness_floor": 0.25, "learning_share": 0.1},
        "figures": {"people": 66, "needed": 102, "mandatory": 24,
                    "cost": round(float(lines["cost"].sum()), 2), "budget": 1_600_000.0,
                    "benefit": float(lines["benefit"].sum()), "objective": 380.0, "bound": 380.3,
                    "gap": 0.0008},
        "made_with": {},
        "inputs": [],
    }  # fmt: skip
    return Plan(Path("plans/2026.1"), "c" * 64, manifest, tables, nothing_to_decide())


def with_table(plan: Plan, name: str, table: pl.DataFrame) -> Plan:
    """The same plan, one of its tables another one."""
    return replace(plan, tables={**plan.tables, name: table})


def _line(town: str, offer: str, year: int, seats: int, names: Mapping[str, str]) -> dict:
    provider, name, hours, fee, travel, where = COURSES[offer, year]
    travel = travel if where not in (None, town) else 0.0
    cost = round(seats * (fee + travel), 2)
    federal = round(cost * 0.6, 2) if year < 2028 else 0.0
    regional = round(cost * 0.25, 2)
    return {
        "municipality": town, "municipality_name": names[town], "region": "Лукоморская область",
        "year": year, "provider": provider, "provider_name": NAMES[provider], "offer": offer,
        "programme": f"p-{offer}", "name": name, "topic": "обращения", "form": "in_person",
        "hours": hours, "started": dt.date(year, 3, 2), "finished": dt.date(year, 3, 14),
        "town": where, "seats": seats, "fee": fee, "travel": travel, "cost": cost,
        "federal": federal, "regional": regional,
        "municipal": round(cost - federal - regional, 2), "own": 0.0,
        "benefit": seats * PER_SEAT[provider], "evidence": EVIDENCE[provider],
        "lower": 0.5 * seats * PER_SEAT[provider], "upper": 1.5 * seats * PER_SEAT[provider],
        "why": "only_run largest_effect", "runner_up_provider": None, "runner_up_offer": None,
        "runner_up_year": None, "runner_up_loss": None,
    }  # fmt: skip


def _funding(lines: pl.DataFrame) -> pl.DataFrame:
    keys = ["municipality", "year", "provider", "offer"]
    return (
        lines.unpivot(SOURCES, index=keys, variable_name="source", value_name="amount")
        .filter(pl.col("amount") > 0)
        .select(*keys, "source", code=pl.lit("90107050000000000244"), fee="amount",
                travel=pl.lit(0.0), amount="amount")
    )  # fmt: skip


def _groups(lines: pl.DataFrame) -> pl.DataFrame:
    keys = ["year", "provider", "offer", "started", "finished", "town"]
    return lines.group_by(keys, maintain_order=True).agg(
        minimum=pl.lit(5), places=pl.lit(40), offered=pl.lit(2), groups=pl.lit(1),
        seats=pl.col("seats").sum(),
    )  # fmt: skip


def _offers(lines: pl.DataFrame) -> pl.DataFrame:
    """The runs of the lines, and one more that was not chosen."""
    keys = ["year", "provider", "provider_name", "offer", "programme", "name", "topic", "hours",
            "form", "started", "finished", "town", "fee"]  # fmt: skip
    taken = lines.group_by(keys, maintain_order=True).agg(
        travel=pl.col("travel").max(), minimum=pl.lit(5), places=pl.lit(40), groups=pl.lit(2),
        seats=pl.col("seats").sum(), evidence=pl.col("evidence").first(),
        why_not=pl.lit(None, pl.String),
    )  # fmt: skip
    passed = taken.tail(1).with_columns(
        offer=pl.lit("D1"), seats=pl.lit(0, pl.Int64), why_not=pl.lit("others_bring_more")
    )
    return pl.concat([taken, passed])


def _seats(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.with_row_index("run").select(
        "municipality",
        pl.lit("отдел-1").alias("unit"),
        "topic",
        reason=pl.lit("other"),
        by_year=pl.lit(None, pl.Int64),
        **{"class": pl.col("run").cast(pl.Int64)},
        run=pl.col("run").cast(pl.Int64),
        pair=pl.col("run").cast(pl.Int64),
        year="year",
        provider="provider",
        offer="offer",
        people="seats",
        benefit="benefit",
    )


def _unmet() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "municipality": [KITEZH, BUYAN, DUB],
            "unit": ["отдел-1", None, "отдел-2"],
            "topic": ["обращения", None, "земля"],
            "reason": ["other", "other", "other"],
            "by_year": [2027, None, None],
            "class": [7, 8, 9],
            "people": [20, 7, 9],
            "why": ["no_money", "no_money", "no_run"],
        }
    )


def _budgets(lines: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {"source": source, "holder": None, "year": year, "code": "90107050000000000244",
         "pays_for": None, "amount": amount,
         "planned": round(float(lines.filter(year=year)[source].sum()), 2)}
        for source, amount in (("federal", 300_000.0), ("regional", 150_000.0),
                               ("municipal", 350_000.0))
        for year in (2026, 2027, 2028)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("holder", "pays_for").cast(pl.String),
        left=(pl.col("amount") - pl.col("planned")).round(2),
    )


def _municipalities(lines: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    sums = lines.group_by("municipality").agg(
        pl.col("seats").sum().alias("planned"), pl.col("cost", *SOURCES, "benefit").sum()
    )
    towns = pl.DataFrame(
        {
            "municipality": list(names),
            "name": list(names.values()),
            "region": ["Лукоморская область"] * len(names),
            "needed": [NEEDED[town][0] for town in names],
            "mandatory": [NEEDED[town][1] for town in names],
            "floor": [-(-NEEDED[town][0] // 4) for town in names],
        }
    )
    joined = towns.join(sums, on="municipality", how="left", maintain_order="left")
    return joined.select(
        "municipality", "name", "region", "needed", "mandatory", "planned", "floor", "cost",
        *SOURCES, "benefit", lower=pl.col("benefit") * 0.6, upper=pl.col("benefit") * 1.4,
    ).with_columns(pl.col("cost", *SOURCES).round(2))  # fmt: skip


def _explained(lines: pl.DataFrame) -> dict[str, pl.DataFrame]:
    benefit = float(lines["benefit"].sum())
    shares = [0.2, 0.5, 0.8, 1.0, 1.2, 1.5]
    return {
        "results": pl.DataFrame(
            {
                "indicator": ["on_time"] * 3 + ["repeat"] * 2,
                "year": [2026, 2027, 2028, 2026, 2027],
                "expected": [210.0, 91.0, 78.0, 12.0, 5.5],
                "lower": [120.0, 40.0, 20.0, -3.0, -2.0],
                "upper": [300.0, 140.0, 130.0, 30.0, 14.0],
                "cases": [9000.0, 4000.0, 3500.0, 9000.0, 4000.0],
                "rests_on": ["draws"] * 5,
            }
        ),
        "rivals": pl.DataFrame(
            {
                "rule": ["plan", "cheapest", "last_year", "raw_rate"],
                "state": ["planned"] * 4,
                "people": [66, 90, 70, 60],
                "cost": [1_080_000.0, 1_090_000.0, 1_070_000.0, 1_095_000.0],
                "benefit": [benefit, 190.0, 240.0, 310.0],
                "lower": [benefit * 0.6, 60.0, 110.0, 150.0],
                "upper": [benefit * 1.4, 320.0, 370.0, 470.0],
                "gap": [0.0008, 0.01, 0.0, 0.02],
                "ahead": [0.0, benefit - 190.0, benefit - 240.0, benefit - 310.0],
                "ahead_lower": [0.0, 90.0, 50.0, -20.0],
                "ahead_upper": [0.0, 280.0, 230.0, 150.0],
                "true_benefit": [None, None, None, None],
            },
            schema_overrides={"true_benefit": pl.Float64},
        ),
        "frontier": pl.DataFrame(
            {
                "share": shares,
                "state": ["infeasible", *["planned"] * 5],
                "budget": [1_600_000.0 * share for share in shares],
                "spent": [None, 700_000.0, 950_000.0, 1_080_000.0, 1_250_000.0, 1_400_000.0],
                "people": [None, 40, 58, 66, 74, 81],
                "benefit": [None, 270.0, 345.0, benefit, 410.0, 430.0],
                "lower": [None, 150.0, 200.0, 225.0, 240.0, 250.0],
                "upper": [None, 390.0, 480.0, 540.0, 575.0, 600.0],
                "objective": [None, 270.0, 345.0, 380.0, 410.0, 430.0],
                "bound": [None, 270.2, 345.3, 380.3, 410.3, 430.5],
            }
        ),
        "shadow": pl.DataFrame(
            {
                "source": ["federal", "municipal"],
                "holder": [None, KITEZH],
                "year": [2026, 2026],
                "added": [100_000.0, 100_000.0],
                "relaxed": [33.0, 30.0],
                "gained": [31.0, 0.0],
                "why": [None, "not_whole"],
                "lower": [12.0, 0.0],
                "upper": [49.0, 37.0],
            }
        ),
        "sensitivity": pl.DataFrame(
            {
                "changed": ["prices_up", "effects_low"],
                "state": ["planned", "planned"],
                "kept": [350.0, 220.0],
                "replanned": [356.0, 224.0],
                "gained": [6.0, 4.0],
                "gap": [0.001, 0.002],
                "moved": [0.08, 0.12],
            }
        ),
    }


def nothing_to_decide() -> Problem:
    """A problem of no classes, for plans whose tables are all that is looked at."""
    whole, real = np.empty(0, dtype=np.int64), np.empty(0)
    flags = np.empty(0, dtype=np.bool_)
    kinds = {"Whole": whole, "Vector": real, "Flags": flags, "tuple[str, ...]": (),
             "tuple[int, ...]": ()}  # fmt: skip
    required = {
        name: kinds[str(kind)]
        for name, kind in Problem.__annotations__.items()
        if str(kind) in kinds
    }
    return Problem(**required)
