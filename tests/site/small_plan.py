"""A plan of two towns that can be checked by hand, written as `otdacha.programme` writes one.

Kitezh sends 12 people to A1 and 2 to B1, Buyan 8 to A1. A seat of A1 costs 10,000 roubles and
brings 5, one of B1 costs 4,000.50 and brings 1. C1 was offered as well and is not worth its money,
and of D1 nobody knows when it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from otdacha.programme.offered import OFFERS
from otdacha.programme.plan import Plan, load_plan, problem_bytes
from otdacha.programme.problem import Problem
from otdacha.release.folder import land
from otdacha.release.writing import hash_of, json_bytes, parquet_bytes

KITEZH, BUYAN = "28701000", "28702000"
PERSON = "s0123456789abcdef0123456789abcdef"
COMPLAINTS, PERMITS = "Обращения граждан", "Градостроительство"


def small_problem() -> Problem:
    """Three classes, two runs, a federal and a municipal fund; the money is enough for all."""
    whole = lambda *values: np.array(values, dtype=np.int64)  # noqa: E731
    return Problem(
        municipalities=(KITEZH, BUYAN),
        regions=("Китежская область",),
        providers=("alfa", "beta"),
        years=(2027,),
        region=whole(0, 0),
        class_names=("a", "b", "c"),
        class_municipality=whole(0, 0, 1),
        people=whole(15, 12, 8),
        mandatory=np.array([False, False, True]),
        run_names=("alfa/A1/2027", "beta/B1/2027"),
        run_provider=whole(0, 1),
        run_year=whole(2027, 2027),
        fee=whole(10_000_00, 4_000_50),
        least=whole(1, 1),
        places=whole(20, 10),
        groups=whole(1, 1),
        pair_class=whole(0, 1, 2),
        pair_run=whole(0, 1, 0),
        pair_leg=whole(0, 1, 2),
        benefit=np.array([5.0, 1.0, 5.0]),
        volume=np.array([100.0, 100.0, 100.0]),
        leg_municipality=whole(0, 0, 1),
        leg_run=whole(0, 1, 0),
        travel=whole(0, 0, 0),
        fund_names=("federal/2027", "municipal/2027"),
        fund_source=("federal", "municipal"),
        fund_year=whole(2027, 2027),
        amount=whole(150_000_00, 60_000_00),
        fee_limit=whole(10**12, 10**12),
        pays_fee=np.array([True, True]),
        pays_travel=np.array([True, True]),
        wallet_municipality=whole(0, 1, 0, 1),
        wallet_fund=whole(0, 0, 1, 1),
        unproven=np.array([False, True]),
        draws=np.array([[0.05, 0.01], [0.04, 0.02]]),
        floors=whole(0, 0),
        held=whole(0, 0),
    )


def _lines(hostile: str) -> pl.DataFrame:
    base: dict[str, Any] = {
        "region": "Китежская область",
        "year": 2027,
        "form": "очная",
        "hours": 72.0,
        "started": dt.date(2027, 3, 1),
        "finished": dt.date(2027, 3, 10),
        "regional": 0.0,
        "own": 0.0,
        "travel": 0.0,
        "runner_up_provider": None,
        "runner_up_offer": None,
        "runner_up_year": None,
        "runner_up_loss": None,
    }
    first = {
        "provider": "alfa",
        "provider_name": "Академия «Альфа»",
        "offer": "A1",
        "programme": "A1",
        "name": f"Ответы гражданам{hostile}",
        "topic": COMPLAINTS,
        "town": KITEZH,
        "fee": 10_000.0,
        "evidence": "proven",
        "why": "floor largest_effect",
        "runner_up_provider": "gamma",
        "runner_up_offer": "C1",
        "runner_up_year": 2027,
        "runner_up_loss": 6.5,
    }
    second = {
        "provider": "beta",
        "provider_name": "Центр «Бета»",
        "offer": "B1",
        "programme": "B1",
        "name": "Разрешения",
        "topic": PERMITS,
        "town": None,
        "fee": 4_000.5,
        "evidence": "learning",
        "why": "learning",
    }
    kitezh = {"municipality": KITEZH, "municipality_name": "Китеж"}
    buyan = {"municipality": BUYAN, "municipality_name": "Буян"}
    rows = [
        base | first | kitezh | _paid(12, 120_000.0, 100_000.0, 60.0),
        base | second | kitezh | _paid(2, 8_001.0, 0.0, 2.0),
        base | first | buyan | _paid(8, 80_000.0, 50_000.0, 40.0),
    ]
    names = [
        "municipality",
        "municipality_name",
        "region",
        "year",
        "provider",
        "provider_name",
        "offer",
        "programme",
        "name",
        "topic",
        "form",
        "hours",
        "started",
        "finished",
        "town",
        "seats",
        "fee",
        "travel",
        "cost",
        "federal",
        "regional",
        "municipal",
        "own",
        "benefit",
        "lower",
        "upper",
        "evidence",
        "why",
        "runner_up_provider",
        "runner_up_offer",
        "runner_up_year",
        "runner_up_loss",
    ]
    return pl.DataFrame(rows, infer_schema_length=None).select(names)


def _offers(lines: pl.DataFrame) -> pl.DataFrame:
    shared = {"minimum": 1, "groups": 1, "seats": 0, "travel": 0.0}
    a1, b1 = lines.row(0, named=True), lines.row(1, named=True)
    rows = [
        {**a1, **shared, "places": 20, "seats": 20, "why_not": None},
        {**b1, **shared, "places": 10, "seats": 2, "why_not": None, "travel": 1_500.0},
        {
            **a1,
            **shared,
            "provider": "gamma",
            "provider_name": "Школа «Гамма»",
            "offer": "C1",
            "programme": "C1",
            "name": "Письма",
            "fee": 9_000.0,
            "places": 25,
            "groups": 2,
            "minimum": 10,
            "why_not": "others_bring_more",
        },
        {
            **a1,
            **shared,
            "offer": "D1",
            "programme": "D1",
            "name": None,
            "places": None,
            "started": None,
            "finished": None,
            "year": None,
            "fee": None,
            "evidence": None,
            "why_not": "no_date",
        },
    ]
    return pl.DataFrame(rows, infer_schema_length=None).select(OFFERS.names()).cast(OFFERS)


def _paid(seats: int, cost: float, federal: float, benefit: float) -> dict[str, Any]:
    paid = {"federal": federal, "municipal": cost - federal}
    band = {"lower": benefit / 2, "upper": benefit * 1.5}
    return {"seats": seats, "cost": cost, "benefit": benefit, **band, **paid}


def _tables(hostile: str) -> dict[str, pl.DataFrame]:
    lines = _lines(hostile)
    seats = [
        (KITEZH, "Отдел обращений", COMPLAINTS, "other", 12, "alfa", "A1", 0),
        (KITEZH, "Отдел разрешений", PERMITS, "other", 2, "beta", "B1", 1),
        (BUYAN, "Отдел обращений", COMPLAINTS, "legal_duty", 8, "alfa", "A1", 2),
    ]
    unmet = [
        (KITEZH, "Отдел обращений", COMPLAINTS, "other", 3, "not_chosen"),
        (KITEZH, "Отдел разрешений", PERMITS, "other", 10, "no_run"),
    ]
    return {
        "lines": lines,
        "funding": lines.select(
            "municipality", "year", "provider", "offer", source=pl.lit("federal"), amount="federal"
        ),
        "groups": pl.DataFrame(
            {
                "year": [2027, 2027],
                "provider": ["alfa", "beta"],
                "offer": ["A1", "B1"],
                "started": [dt.date(2027, 3, 1)] * 2,
                "finished": [dt.date(2027, 3, 10)] * 2,
                "town": [KITEZH, None],
                "minimum": [1, 1],
                "places": [20, 10],
                "offered": [1, 1],
                "groups": [1, 1],
                "seats": [20, 2],
            }
        ),
        "offers": _offers(lines),
        "seats": pl.DataFrame(
            seats,
            schema=[
                "municipality",
                "unit",
                "topic",
                "reason",
                "people",
                "provider",
                "offer",
                "pair",
            ],
            orient="row",
        ),
        "unmet": pl.DataFrame(
            unmet,
            schema=["municipality", "unit", "topic", "reason", "people", "why"],
            orient="row",
        ),
        "left_out": pl.DataFrame({"what": ["offers"], "reason": ["no_date"], "rows": [3]}),
        "budgets": pl.DataFrame(
            {
                "source": ["federal", "municipal"],
                "holder": [None, KITEZH],
                "year": [2027, 2027],
                "code": ["", ""],
                "pays_for": [None, None],
                "amount": [150_000.0, 60_000.0],
                "planned": [150_000.0, 58_001.0],
                "left": [0.0, 1_999.0],
            }
        ),
        "municipalities": pl.DataFrame(
            {
                "municipality": [KITEZH, BUYAN],
                "name": ["Китеж", "Буян"],
                "region": ["Китежская область"] * 2,
                "needed": [27, 8],
                "mandatory": [0, 8],
                "planned": [14, 8],
                "floor": [0, 0],
                "cost": [128_001.0, 80_000.0],
                "benefit": [62.0, 40.0],
                "lower": [35.0, 20.0],
                "upper": [90.0, 60.0],
            }
        ),
        "people": pl.DataFrame({"municipality": [KITEZH], "class": [0], "person": [PERSON]}),
    }


def small_plan(
    folder: Path,
    name: str = "2027.1",
    *,
    release: Mapping[str, str] | None = None,
    evidence: bool = True,
    hostile: str = "",
    provider: str = "alfa",
    more: Mapping[str, pl.DataFrame] | None = None,
) -> Plan:
    """The plan in `folder`/`name`. hostile: follows the name of a course. provider: who holds A1.
    more: other tables."""
    tables = {
        table: frame.with_columns(pl.col("provider").replace("alfa", provider))
        if "provider" in frame.columns
        else frame
        for table, frame in {**_tables(hostile), **(more or {})}.items()
    }
    content = {f"{table}.parquet": parquet_bytes(frame) for table, frame in tables.items()}
    content["problem.npz"] = problem_bytes(small_problem())
    content["parameters.json"] = b"{}\n"
    manifest = {
        "kind": "plan",
        "format": 1,
        "plan": name,
        "made": "2026-09-01T10:00:00+00:00",
        "years": [2027],
        "release": release,
        "evidence": evidence,
        "because": None if evidence else {"ru": "Выпуска ещё нет.", "en": "No release yet."},
        "invented": True,
        "parameters": {
            "learning_share": 0.1,
            "fairness_floor": 0.25,
            "gap": 0.001,
            "seconds": 20.0,
            "caution": {"weight": 0.0, "tail": 0.1},
        },
        "figures": {
            "people": 22,
            "needed": 35,
            "mandatory": 8,
            "cost": 208_001.0,
            "budget": 210_000.0,
            "benefit": 102.0,
            "objective": 102.0,
            "bound": 102.0,
            "gap": 0.0,
        },
        "files": {file: hash_of(bytes_) for file, bytes_ in content.items()},
    }
    content["manifest.json"] = json_bytes(manifest)
    return load_plan(land(content, folder / name))
