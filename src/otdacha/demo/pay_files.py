"""The files about pay as towns would send them, the samples of law, and the truth of leaving."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from otdacha.demo import faults, files
from otdacha.demo.files import day, decimal_comma, snils_text
from otdacha.demo.paperwork import full_name
from otdacha.demo.pay_money import INVENTED, invent_finances, invent_wages
from otdacha.demo.pay_terms import BETA, BOUND, SPREAD, Terms, agree_terms
from otdacha.demo.people import People
from otdacha.demo.scenery import City

POSTS = "должности.xlsx"
FINANCES = "финансы.xlsx"
WAGES = "зарплаты.csv"
LAW = "pay"
"""The folder of samples of law, beside the towns' own."""
MEASURES = "measures.toml"
"""The measures that the invented union weighs."""
TRUTH = "pay.json"
_FAULTY_TOWNS = 3
_DATES = ("birth", "started", "ended", "service_from", "north_from")


@dataclass(frozen=True)
class PayFiles:
    """What was written about pay. planted: rows of each kind of fault, by table and file."""

    terms: Terms
    planted: dict[tuple[str, str], dict[str, int]]


def write_pay_files(folder: Path, seed: int, people: People, cities: tuple[City, ...]) -> PayFiles:
    """Write posts of every town, money, wages and the samples of law into `folder`.

    All chance is of streams of its own, so nothing that was invented before changes.
    """
    streams = np.random.SeedSequence([seed, 5]).spawn(4)
    for_terms, for_finances, for_wages, for_faults = map(np.random.default_rng, streams)
    terms = agree_terms(for_terms, people, cities)
    heights = [terms.posts.filter(city=number).height for number in range(len(cities))]
    first = np.arange(len(cities)) < _FAULTY_TOWNS
    portions = faults.spread(for_faults, faults.POSTS, np.where(first, heights, 0))
    for number, city in enumerate(cities):
        rows = faults.plant_in_posts(for_faults, _sheet(terms, people, number), portions[number])
        title = f"Должности и оплата муниципальных служащих: {city.name}"
        files.write_sheet(rows, files.POSTS, folder / city.name / POSTS, title)
    _write_money(folder, for_finances, for_wages, terms, cities)
    _copy_samples(folder)
    return PayFiles(terms, _told(portions, cities))


def write_pay_truth(folder: Path, terms: Terms) -> None:
    """What is true of leaving, for tests and for nobody else; no command of Otdacha reads it."""
    stay, leave = terms.own[~terms.leaves], terms.own[terms.leaves]
    told: dict[str, Any] = {
        "what": "How leaving depends on pay in the invented union. No command of Otdacha reads it.",
        "beta": BETA,
        "means": "the odds of leaving in the time of the records are multiplied by exp(beta * x),"
        " where x is the logarithm of the pay of a full post; leaving is so rare that the hazard is"
        " too. It is true within municipalities, and within position groups of municipalities",
        "within": ["municipality", "position_group"],
        "drawn": "own: the logarithm of pay less what is usual in the group; normal (0, spread) cut"
        " at +-bound for those who stay, normal (beta * spread^2, spread) cut there for those who"
        " leave, whose groups are those of who stay times exp(beta * usual)",
        "spread": SPREAD,
        "bound": BOUND,
        "stay": {"people": len(stay), "mean": float(stay.mean())},
        "leave": {"people": len(leave), "mean": float(leave.mean()) if len(leave) else None},
    }
    content = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / TRUTH).write_text(content + "\n", "utf-8")


def _sheet(terms: Terms, people: People, city: int) -> pl.DataFrame:
    """One row per post; in half of the towns dates and СНИЛС are text, as in the rosters."""
    known = ("person", "badge", "surname", "name", "patronymic", "birth", "snils")
    rows = (
        terms.posts.filter(city=city)
        .join(people.frame.select(known), on="person")
        .join(people.departments.select("department", unit="name"), on="department")
        .sort("unit", "surname", "name", "patronymic", "person", "started", "main")
        .with_columns(
            full_name(),
            special=pl.col("special").cast(pl.Float64),
            employment=pl.when("main")
            .then(pl.lit("Основное место работы"))
            .otherwise(pl.lit("Внутреннее совместительство")),
        )
    )
    if city % 2:
        return rows
    return rows.with_columns(*map(day, _DATES), snils=snils_text("snils"))


def _write_money(
    folder: Path,
    for_finances: np.random.Generator,
    for_wages: np.random.Generator,
    terms: Terms,
    cities: tuple[City, ...],
) -> None:
    money = invent_finances(for_finances, cities, terms.posts)
    percent = pl.format("{} %", (100 * pl.col("grants_share")).round(1).cast(pl.String))
    shown = money.with_columns(grants_share=percent.str.replace(".", ",", literal=True))
    title = "Дотации, нормативы и средства на оплату труда муниципальных служащих"
    files.write_sheet(shown, files.FINANCES, folder / FINANCES, title)
    wages = invent_wages(for_wages, cities).with_columns(
        decimal_comma("value", 1),
        indicator=pl.lit("средняя зарплата"),
        measured_in=pl.lit("рублей в месяц"),
        source=pl.lit(INVENTED),
        proxy=pl.when(pl.col("letter") == "O").then(pl.lit("да")).otherwise(pl.lit("нет")),
    )
    files.write_text(wages, files.WAGES, folder / WAGES, "utf-8-sig")


def _copy_samples(folder: Path) -> None:
    """The law and the measures that ship with the demonstration, as they are."""
    (folder / LAW).mkdir(exist_ok=True)
    shipped = resources("otdacha.demo")
    for law in (shipped / LAW).iterdir():
        if law.name.endswith(".toml"):
            (folder / LAW / law.name).write_bytes(law.read_bytes())
    (folder / MEASURES).write_bytes((shipped / MEASURES).read_bytes())


def _told(
    portions: Sequence[dict[str, int]], cities: tuple[City, ...]
) -> dict[tuple[str, str], dict[str, int]]:
    """Rows of each kind of fault by table and file; of a clash both rows have it."""
    return {
        ("posts", f"{city.name}/{POSTS}"): {
            kind: rows * (2 if kind in faults.CLASHES else 1) for kind, rows in portion.items()
        }
        for city, portion in zip(cities, portions, strict=True)
    }
