"""What the union and its towns write down: lists, rosters, registers and logs, as their columns.

The columns have the names of `otdacha.demo.files`, which puts the towns' own headers on them.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import polars as pl

from otdacha.demo import faults
from otdacha.demo.ahead import Ahead
from otdacha.demo.files import day, decimal_comma, snils_text
from otdacha.demo.identifiers import invented_inn, invented_ogrn, with_wrong_check_digit
from otdacha.demo.people import People
from otdacha.demo.scenery import (
    LATE_REGISTER_FROM,
    REGISTER_FROM,
    cities,
    services,
    wording,
)
from otdacha.demo.simulation import Simulation
from otdacha.demo.training import Training

FALSE_INN = with_wrong_check_digit(invented_inn(0))
"""Of an organisation that does not even have a right check digit."""

_LATE_REGISTER = "Вологда"


def municipalities() -> pl.DataFrame:
    """The towns and since when their training registers are complete."""
    known = [
        LATE_REGISTER_FROM if city.name == _LATE_REGISTER else REGISTER_FROM for city in cities()
    ]
    return pl.DataFrame([asdict(city) for city in cities()]).with_columns(
        name="full_name", known_from=pl.Series(known)
    )


def providers(training: Training) -> pl.DataFrame:
    """The organisations, the false one last; each row says that they are invented."""
    false = pl.DataFrame(
        {
            "provider": FALSE_INN,
            "name": faults.FALSE_ORGANISATION,
            "ogrn": invented_ogrn(0),
            "kind": "АНО ДПО",
            "region": cities()[0].region,
            "licence": None,
        }
    )
    listed = pl.concat([training.providers.drop("number"), false])
    return listed.with_columns(note=pl.lit(wording("note")))


def short_programmes(training: Training) -> pl.DataFrame:
    """What some organisations also offer and the law calls no professional development."""
    first = training.programmes.unique("provider", keep="first", maintain_order=True)
    offered = first.head(len(faults.SHORT_COURSES)).drop("number")
    names, hours = zip(*faults.SHORT_COURSES, strict=True)
    return offered.with_columns(
        programme=pl.col("programme").str.replace("-1$", "-0"),
        name=pl.Series(names),
        topic=pl.lit("вебинар"),
        hours=pl.Series(hours),
        price=pl.lit(900.0),
    )


def programmes(training: Training) -> pl.DataFrame:
    """All programmes, the short ones last."""
    offered = pl.concat([training.programmes.drop("number"), short_programmes(training)])
    return offered.with_columns(pl.col("hours").cast(pl.String), decimal_comma("price", 2))


def full_name() -> pl.Expr:
    """Surname, name and patronymic in one cell."""
    return pl.format("{} {} {}", "surname", "name", "patronymic").alias("full_name")


def roster(people: People, city: int) -> pl.DataFrame:
    """One row per post; in half of the towns dates and СНИЛС are text, in half Excel's own."""
    rows = (
        people.frame.filter(city=city)
        .join(people.posts, on="person")
        .join(people.departments.select("department", unit="name"), on="department")
        .sort("unit", "surname", "name", "patronymic", "person", "started")
        .with_columns(full_name())
    )
    if city % 2:
        return rows
    return rows.with_columns(day("started"), day("ended"), day("birth"), snils=snils_text("snils"))


def register(made: Simulation, city: int) -> pl.DataFrame:
    """One row per person and course, as text."""
    return (
        made.training.records.join(made.people.frame.filter(city=city), on="person")
        .join(made.training.providers.select("number", "provider"), on="number")
        .sort("started", "finished", "programme", "surname", "person")
        .select(
            full_name(),
            snils_text("snils").alias("snils"),
            "provider",
            "programme",
            day("started"),
            day("finished"),
            decimal_comma("hours", 1),
            decimal_comma("price", 2),
        )
    )


def case_log(
    rng: np.random.Generator, made: Simulation, city: int, phones: pl.Series
) -> pl.DataFrame:
    """One row per case, as text; applicants are invented here, from `phones` and surnames."""
    cases = made.work.cases.filter(city=city)
    rows = cases.height
    names, initials = pl.Series(wording("surnames")), pl.Series(list("АБВГДЕИКЛМНОПРСТФЮЯ"))
    drawn = [initials[rng.integers(0, len(initials), rows)] for _ in range(2)]
    return (
        cases.join(
            made.people.frame.select("person", executor="badge"), on="person", maintain_order="left"
        )
        .join(
            made.people.departments.select("department", unit="name"),
            on="department",
            maintain_order="left",
        )
        .with_columns(
            surname=names[rng.integers(0, len(names), rows)],
            first=drawn[0],
            second=drawn[1],
            phone=phones[rng.integers(0, len(phones), rows)],
            year=pl.col("opened").dt.year(),
            refused=pl.col("status") == "Отказано",
        )
        .select(
            case=pl.format(
                "{}-{}",
                "year",
                pl.int_range(1, pl.len() + 1).over("year").cast(pl.String).str.zfill(6),
            ),
            service=pl.col("service").replace_strict(
                {place: service.name for place, service in enumerate(services())},
                return_dtype=pl.String,
            ),
            opened=day("opened"),
            limit="limit",
            days=pl.col("days").replace_strict({"working": "рабочие", "calendar": "календарные"}),
            closed=day("closed"),
            cancelled=day("cancelled"),
            status="status",
            refused=_yes_no("refused"),
            unit="unit",
            executor="executor",
            applicant=pl.format("{} {}. {}.", "surname", "first", "second"),
            phone="phone",
            repeated=_yes_no("repeated"),
        )
    )


_REASONS = {
    "legal_duty": "Аттестация",
    "gap": "Оценка компетенций",
    "weak_indicator": "Показатель отдела",
    "request": "Запрос руководителя",
}
_INDICATORS = {
    "on_time": "Доля дел, решённых в срок",
    "duration": "Рабочих дней на дело",
    "repeat": "Доля повторных обращений",
}
_SOURCES = {
    "federal": "федеральный бюджет",
    "regional": "бюджет субъекта РФ",
    "municipal": "местный бюджет",
    "own": "собственные средства",
}
_PAID = {"fee": "обучение", "travel": "командировочные расходы"}
_NAMED_BY = (("full_name", "snils"), ("badge",), ("full_name", "birth"))
"""How towns name people in their requests: each town in one of these ways."""


def needs(asked: pl.DataFrame, people: People, city: int) -> pl.DataFrame:
    """What a town asks for; dates and СНИЛС are text or Excel's own as in its roster.

    asked: the rows of this town, as `invent_needs` gives them. A town that names nobody has no
    columns for names at all.
    """
    rows = (
        asked.join(
            people.frame.select(
                "person", "surname", "name", "patronymic", "birth", "snils", "badge"
            ),
            on="person",
            how="left",
            maintain_order="left",
        )
        .join(people.departments.select("department", unit="name"), on="department")
        .sort("number")
        .with_columns(
            full_name(),
            number=pl.format("З-{}", pl.col("number").cast(pl.String).str.zfill(3)),
            reason=pl.col("reason").replace_strict(_REASONS),
            indicator=pl.col("indicator").replace_strict(_INDICATORS, return_dtype=pl.String),
        )
    )
    shown = _NAMED_BY[city % 3] if rows["person"].count() else ()
    rows = rows.drop({"full_name", "snils", "badge", "birth"} - set(shown))
    if city % 2:
        return rows
    dates = [day(name) for name in ("by", "expected_by", "birth") if name in rows.columns]
    return rows.with_columns(*dates, *([snils_text("snils")] if "snils" in shown else []))


def offers(ahead: Ahead) -> pl.DataFrame:
    """Runs on offer: dates as text, prices as numbers still, no town where it is at a distance."""
    towns = dict(enumerate(city.municipality for city in cities()))
    return ahead.offers.with_columns(
        day("started"),
        day("finished"),
        decimal_comma("hours", 1),
        decimal_comma("travel", 2),
        _yes_no("yearly"),
        town=pl.col("city").replace_strict(towns, return_dtype=pl.String),
    )


def budgets(ahead: Ahead) -> pl.DataFrame:
    """Money in the words of a finance department, with the codes set apart into their parts."""
    code = pl.col("code")
    parts = (code.str.slice(start, length) for start, length in _CODE_PARTS)
    return ahead.budgets.with_columns(
        source=pl.col("source").replace_strict(_SOURCES),
        pays_for=pl.col("pays_for").replace_strict(_PAID, return_dtype=pl.String),
        code=pl.concat_str(*parts, separator=" "),
    )


_CODE_PARTS = ((0, 3), (3, 4), (7, 2), (9, 1), (10, 2), (12, 5), (17, 3))
"""Who spends, section, the target article in its four parts, the kind of expense."""


def licences(training: Training, ahead: Ahead) -> pl.DataFrame:
    """The organisations whose licence ends, as in the list of all, with the day."""
    listed = training.providers.join(ahead.licences, on="number").sort("number")
    return listed.drop("number").with_columns(note=pl.lit(wording("note")))


def _yes_no(column: str) -> pl.Expr:
    return pl.when(column).then(pl.lit("да")).otherwise(pl.lit("нет")).alias(column)
