"""A scenario of two invented towns that can be checked by hand.

Kitezh pays 100 people 60,000 rubles a month where the town earns 75,000, Buyan 40 people 50,000
where it earns 48,000. Salaries rise by 10 %, and whoever was trained with effect receives 3,000
more; everything costs 25,000,000.50 rubles in two years, the federal budget pays 70 %. Of exits
little is known in Buyan: too few people have left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES
from otdacha.pay.packages.rivals import verdict
from otdacha.pay.scenario import Scenario, scenario_figures, write_scenario
from otdacha.pay.tables import TABLES

KITEZH, BUYAN = "28701000", "28702000"
SALARY, TRAINED = "salary", "trained"
PERSON = "s0123456789abcdef0123456789abcdef"
YEARS = (2027, 2028)
MADE = "2026-11-26T09:00:00+00:00"

_COST = {
    (KITEZH, 2027, SALARY): Decimal("8000000.25"),
    (KITEZH, 2028, SALARY): Decimal("8000000.25"),
    (KITEZH, 2027, TRAINED): Decimal("1000000.00"),
    (KITEZH, 2028, TRAINED): Decimal("1000000.00"),
    (BUYAN, 2027, SALARY): Decimal("3500000.00"),
    (BUYAN, 2028, SALARY): Decimal("3500000.00"),
}
"""Of each measure by town and year; a federal part of 70 %, the rest municipal."""
_PEOPLE = {KITEZH: 100, BUYAN: 40}
_TRAINED = {KITEZH: 21, BUYAN: 0}


def small_tables() -> dict[str, pl.DataFrame]:
    """Every table of the scenario, in its schema."""
    rows: dict[str, list[Mapping[str, Any]]] = {
        "municipalities": [
            {
                "municipality": KITEZH, "name": "Китеж", "region": "Китежская область",
                "latitude": 56.8, "longitude": 35.9, "people": 100, "posts": 98.5,
                "pay_before": Decimal("60000.00"), "pay_after": Decimal("67000.00"),
                "wage": Decimal("75000.00"), "gap_before": 0.8, "gap_after": 67 / 75,
                "effect": "estimated", "exits_seen": 21, "exits_before": 24.0, "exits_after": 18.5,
                "avoided": 5.5, "avoided_lower": 1.0, "avoided_upper": 9.0,
                "vacant_months": 16.5, "vacancy_cost": Decimal("1650000.00"),
                "training_kept": Decimal("110000.00"), "cost": Decimal("18000000.50"),
            },
            {
                "municipality": BUYAN, "name": "Буян", "region": "Китежская область",
                "latitude": None, "longitude": None, "people": 40, "posts": 40.0,
                "pay_before": Decimal("50000.00"), "pay_after": Decimal("55000.00"),
                "wage": Decimal("48000.00"), "gap_before": 50 / 48, "gap_after": 55 / 48,
                "effect": "too few exits", "exits_seen": None,
                "exits_before": None, "exits_after": None,
                "avoided": None, "avoided_lower": None, "avoided_upper": None,
                "vacant_months": None, "vacancy_cost": None, "training_kept": None,
                "cost": Decimal("7000000.00"),
            },
        ],
        "measures": [
            {
                "number": 1, "measure": SALARY, "kind": "raise_salary",
                "name_ru": "Повышение должностных окладов", "name_en": "Higher salaries",
                "who_ru": "все муниципальные служащие", "who_en": "all municipal servants",
                "amount_ru": "на 10 %", "amount_en": "by 10%",
                "valid_from": dt.date(2027, 1, 1), "valid_to": dt.date(2028, 12, 31),
                "federal": 0.7, "regional": 0.0, "municipal": 0.3, "own": 0.0,
                "release": None, "people": 140, "cost": Decimal("23000000.50"),
            },
            {
                "number": 2, "measure": TRAINED, "kind": "training_allowance",
                "name_ru": "Надбавка за обучение, которое дало результат",
                "name_en": "Allowance for training that showed effect",
                "who_ru": "обученные в организациях перечня выпуска 2026.1",
                "who_en": "trained by organisations on the list of release 2026.1",
                "amount_ru": "3 000 ₽ в месяц", "amount_en": "₽3,000 a month",
                "valid_from": dt.date(2027, 1, 1), "valid_to": dt.date(2028, 12, 31),
                "federal": 0.7, "regional": 0.0, "municipal": 0.3, "own": 0.0,
                "release": "2026.1", "people": 21, "cost": Decimal("2000000.00"),
            },
        ],
        "costs": list(_costs()),
        "components": list(_components()),
        "fund": [
            {
                "municipality": KITEZH, "year": year, "component": "special",
                "salaries": 12.5, "norm": 12.0, "difference": Decimal("1000000.00"),
            }
            for year in YEARS
        ],
        "distribution": [
            _group("municipality", KITEZH, 100, 100, "60000.00", "67000.00"),
            _group("municipality", BUYAN, 40, 40, "50000.00", "55000.00"),
            _group("position_group", "ведущая", 60, 60, "70000.00", "78000.00"),
            _group("position_group", "старшая", 77, 77, "49000.00", "54500.00"),
            _group("position_group", "высшая", 3, 3, "110000.00", "121000.00"),
            _group("sex", "female", 101, 101, "56000.00", "62500.00"),
            _group("sex", "male", 39, 39, "59000.00", "65500.00"),
        ],
        "limits": [
            _limit(KITEZH, 2027, 0.12, "90000000.00", "74000000.00", "82000000.00", "within"),
            _limit(KITEZH, 2028, 0.12, "80000000.00", "74000000.00", "82000000.00", "above"),
            _limit(BUYAN, 2027, 0.02, None, "24000000.00", "26500000.00", "not bound"),
            _limit(BUYAN, 2028, None, None, "24000000.00", "26500000.00", "unknown"),
        ],
        "money": list(_money()),
        "packages": [
            _package(1, "12000000.00", 2.0, 0.5, 3.5, frontier=True),
            _package(2, "14000000.00", 1.5, 0.2, 3.0, frontier=False),
            _package(3, "25000000.50", 5.5, 1.0, 9.0, frontier=True, chosen=True),
        ],
        "levels": [
            _level(1, SALARY, 5.0),
            _level(1, TRAINED, None),
            _level(2, SALARY, None),
            _level(2, TRAINED, 3000.0),
            _level(3, SALARY, 10.0),
            _level(3, TRAINED, 3000.0),
        ],
        "rivals": [
            _rival("chosen", "25000000.50", 2, 140, (5.5, 1.0, 9.0)),
            _rival("flat", "23000000.50", 2, 140, (4.0, 0.8, 6.5), (1.5, 0.2, 2.5)),
            _rival("cheapest", "24000000.00", 2, 140, (5.0, 0.9, 8.2), (0.5, -0.1, 0.8)),
            _rival("alphabetical", "18500000.00", 1, 100, (3.5, 0.6, 5.8), (2.0, 0.4, 3.2)),
            _rival("ratio", "25000000.50", 2, 140, (5.5, 1.0, 9.0), (0.0, 0.0, 0.0), same=True),
        ],
        "leaving": [
            {"term": "relative_pay", "estimate": -1.9, "se": 0.6, "lower": -3.1, "upper": -0.7}
        ],
        "wages": [
            _wage(KITEZH, "75000.00", "66000.00"),
            _wage(BUYAN, "48000.00", "51000.00"),
        ],
        "excluded": [{"table": "posts", "reason": "no_position_group", "rows": 2}],
        "people": [
            {
                "post": 1, "person": PERSON, "municipality": KITEZH, "unit": "Отдел писем",
                "position_group": "ведущая", "sex": "female", "year": 2028, "months": 12.0,
                "pay_before": Decimal("840000.00"), "pay_after": Decimal("936000.00"),
            }
        ],
    }  # fmt: skip
    return {name: pl.DataFrame(rows[name], schema=schema) for name, schema in TABLES.items()}


def small_scenario(folder: Path, *, changes: Mapping[str, pl.DataFrame] | None = None) -> Scenario:
    """The scenario, landed in `folder`; changes: tables that are otherwise."""
    tables = {**small_tables(), **(changes or {})}
    return write_scenario(
        folder,
        tables,
        {
            "title": {"ru": "Оклады и надбавки, 2027–2028", "en": "Salaries and allowances"},
            "made": MADE,
            "years": list(YEARS),
            "release": {"id": "2026.1", "hash": "0" * 64},
            "invented": True,
            "parameters": [
                {
                    "id": "kitezh",
                    "version": "2027.1",
                    "hash": "1" * 64,
                    "regions": ["Китежская область"],
                }
            ],
            "measures": {"id": "demo", "version": "2027.1", "hash": "2" * 64},
            "figures": scenario_figures(tables),
            "leaving": {
                "state": "estimated",
                "person_months": 5040,
                "exits": 57,
                "first": "2022-01-01",
                "last": "2025-06-30",
                "excluded": {"no_wage": 0, "no_exit_in_municipality": 1440},
            },
            "choice": _choice(tables["rivals"]),
            "made_with": {"otdacha": "0", "python": "3.11"},
            "inputs": {},
        },
    )


def _choice(rivals: pl.DataFrame) -> Mapping[str, Any] | None:
    if rivals.is_empty():
        return None
    return {"verdict": {code: verdict(rivals).said(code) for code in LANGUAGES}}


def _costs() -> Sequence[Mapping[str, Any]]:
    found = []
    for (town, year, measure), cost in _COST.items():
        federal = (cost * 7 / 10).quantize(Decimal("0.01"))
        for source, sum_ in (("federal", federal), ("municipal", cost - federal)):
            found.append(
                {"municipality": town, "year": year, "measure": measure, "source": source,
                 "cost": sum_, "people": (_TRAINED if measure == TRAINED else _PEOPLE)[town]}
            )  # fmt: skip
    return found


def _components() -> Sequence[Mapping[str, Any]]:
    """Salaries, special conditions, the allowance, and what they come to."""
    before = {KITEZH: ("30000000.00", "40000000.00"), BUYAN: ("11000000.00", "13000000.00")}
    found = []
    for town, (salary, special) in before.items():
        for year in YEARS:
            parts = {"salary": Decimal(salary), "special": Decimal(special), TRAINED: Decimal(0)}
            cost = sum(
                (sum_ for (where, when, _), sum_ in _COST.items() if (where, when) == (town, year)),
                Decimal(0),
            )
            trained = _COST.get((town, year, TRAINED), Decimal(0))
            after = {
                "salary": parts["salary"] + cost - trained,
                "special": parts["special"],
                TRAINED: trained,
            }
            for one in (parts, after):
                one["total"] = sum(one.values(), Decimal(0))
                one["contributions"] = Decimal(0)
                one["cost"] = one["total"]
            found += [
                {"municipality": town, "year": year, "component": name,
                 "before": parts[name], "after": after[name],
                 "people": (_TRAINED if name == TRAINED else _PEOPLE)[town]}
                for name in parts
            ]  # fmt: skip
    return found


def _money() -> Sequence[Mapping[str, Any]]:
    costs = pl.DataFrame(_costs(), schema=TABLES["costs"])
    available = {"federal": Decimal("10000000.00"), "municipal": None}
    found = []
    for year in YEARS:
        for source, there in available.items():
            needed = costs.filter(year=year, source=source)["cost"].sum()
            lacking = None if there is None else max(Decimal(0), needed - there)
            found.append(
                {"year": year, "source": source, "needed": needed, "available": there,
                 "lacking": lacking}
            )  # fmt: skip
    return found


def _group(
    by: str, value: str, people: int, receive: int, before: str, after: str
) -> Mapping[str, Any]:
    return {
        "by": by, "value": value, "people": people, "receive": receive,
        "pay_before": Decimal(before), "pay_after": Decimal(after),
        "gain": float(after) / float(before) - 1,
    }  # fmt: skip


def _limit(
    town: str, year: int, share: float | None, norm: str | None, before: str, after: str, state: str
) -> Mapping[str, Any]:
    above = Decimal(after) - Decimal(norm) if state == "above" and norm else None
    return {
        "municipality": town, "year": year, "grants_share": share, "threshold": 0.05,
        "norm": None if norm is None else Decimal(norm), "fund_before": Decimal(before),
        "fund_after": Decimal(after), "above": above, "state": state,
    }  # fmt: skip


def _package(
    number: int,
    cost: str,
    avoided: float,
    lower: float,
    upper: float,
    *,
    frontier: bool,
    chosen: bool = False,
) -> Mapping[str, Any]:
    federal = (Decimal(cost) * 7 / 10).quantize(Decimal("0.01"))
    return {
        "package": number, "cost": Decimal(cost), "federal": federal, "regional": Decimal(0),
        "municipal": Decimal(cost) - federal, "own": Decimal(0), "avoided": avoided,
        "avoided_lower": lower, "avoided_upper": upper,
        "vacancy_cost": Decimal(300000) * Decimal(str(avoided)),
        "training_kept": Decimal(20000) * Decimal(str(avoided)),
        "frontier": frontier, "chosen": chosen,
    }  # fmt: skip


def _level(package: int, measure: str, level: float | None) -> Mapping[str, Any]:
    """A level that all towns have."""
    row = {
        "package": package, "municipality": None, "measure": measure, "level": level,
        "unit": "percent" if measure == SALARY else "rubles",
    }  # fmt: skip
    if level is None:
        return row
    if measure == SALARY:
        return row | {"amount_ru": f"оклад + {level:.0f} %", "amount_en": f"salary + {level:.0f}%"}
    return row | {"amount_ru": f"{level:.0f} ₽ в месяц", "amount_en": f"₽{level:.0f} a month"}


def _rival(
    rule: str,
    cost: str,
    municipalities: int,
    people: int,
    avoided: tuple[float, float, float],
    ahead: tuple[float, float, float] | None = None,
    *,
    same: bool = False,
) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "rule": rule, "cost": Decimal(cost), "municipalities": municipalities, "people": people,
        "differ": 0 if same or ahead is None else 140,
        **dict(zip(("avoided", "avoided_lower", "avoided_upper"), avoided, strict=True)),
    }  # fmt: skip
    if ahead is None:
        return row
    ends = dict(zip(("ahead", "ahead_lower", "ahead_upper"), ahead, strict=True))
    return row | ends | {"certain": ahead[1] > 0, "same": same}


def _wage(town: str, all_: str, o: str) -> Mapping[str, Any]:
    return {
        "municipality": town, "begins": dt.date(2024, 1, 1), "ends": dt.date(2024, 12, 31),
        "wage_all": Decimal(all_), "wage_o": Decimal(o), "source": "вымышленные данные",
    }  # fmt: skip
