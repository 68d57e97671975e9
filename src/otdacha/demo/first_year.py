"""The first year of a plan as it might have been carried out: contracts, class rooms, payments.

Invented from a plan's tables. Most lines go as planned; some are late, one costs more, one trains
fewer people, and here and there somebody leaves. Whom the law sends this very year is seen to:
where they sit, nobody is late and nobody leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from otdacha.demo import files
from otdacha.demo.ahead import Ahead, look_ahead
from otdacha.demo.paperwork import full_name
from otdacha.demo.scenery import cities
from otdacha.demo.simulation import Simulation, simulate
from otdacha.demo.union import Step, Union

HALF_YEAR = dt.date(2026, 6, 30)
"""The day on which the towns of the union look what has become of their plan."""
LATE = 0.08
"""Part of the lines for which nobody signed anything in time."""
LEAVES = 0.04
DEARER = 0.1
ADVANCE = 0.3
"""Part of a contract that is paid when it is signed."""
_SIGNED_BEFORE = (20, 45)
_KEY = ["municipality", "provider", "offer"]

PEOPLE = pl.Schema(
    {
        "municipality": pl.String,
        "unit": pl.String,
        "need": pl.String,  # number of the need that names them; null: they are only on the roster
        "snils": pl.String,
        "full_name": pl.String,
    }
)
CONTRACTS = {
    "municipality": "ОКТМО",
    "contract": "№ контракта",
    "provider": "ИНН исполнителя",
    "offer": "Код предложения",
    "seats": "Количество слушателей",
    "source": "Источник финансирования",
    "code": "КБК",
    "amount": "Сумма, руб.",
    "signed": "Дата заключения",
}
ATTENDANCE = {
    "municipality": "ОКТМО",
    "full_name": "ФИО",
    "snils": "СНИЛС",
    "provider": "ИНН организации",
    "offer": "Код предложения",
    "status": "Статус",
    "finished": "Дата завершения",
}
PAYMENTS = {
    "municipality": "ОКТМО",
    "payment": "№ платёжного поручения",
    "contract": "№ контракта",
    "source": "Источник финансирования",
    "code": "КБК",
    "paid": "Дата платежа",
    "amount": "Сумма, руб.",
}
_SOURCES = {
    "federal": "федеральный бюджет",
    "regional": "бюджет субъекта РФ",
    "municipal": "местный бюджет",
    "own": "собственные средства",
}
_STATUSES = {
    "enrolled": "зачислен",
    "attending": "обучается",
    "finished": "завершил обучение",
    "left": "отчислен",
}


@dataclass
class FirstYear:
    """contracts, attendance, payments: rows of the record tables of these names, with `snils` and
    `full_name` for people. late, dearer, fewer: lines (municipality, provider, offer) that went
    otherwise than planned."""

    contracts: list[dict[str, Any]] = field(default_factory=list)
    attendance: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    late: set[tuple[str, str, str]] = field(default_factory=set)
    dearer: set[tuple[str, str, str]] = field(default_factory=set)
    fewer: set[tuple[str, str, str]] = field(default_factory=set)


def carry_out(
    union: Union,
    tables: Mapping[str, pl.DataFrame],
    *,
    scale: float,
    until: dt.date = HALF_YEAR,
) -> list[Step]:
    """Invent what has become of a plan of the union by the day `until`, and write it among the
    union's files; what to add to a workspace, in order, nothing where nothing has been signed yet.

    tables: of the plan, as for `invent_first_year`. scale: with which the union was written.
    """
    made = simulate(union.seed, scale=scale)
    people = people_of_union(made, look_ahead(union.seed, made))
    year = invent_first_year(union.seed, tables, people, until)
    return write_first_year(union.files / str(until.year), year)


def people_of_union(made: Simulation, ahead: Ahead) -> pl.DataFrame:
    """Everybody on the rosters (schema `PEOPLE`), once for each need that names them."""
    towns = {number: city.municipality for number, city in enumerate(cities())}
    there = made.people.posts.filter(pl.col("ended").is_null())
    asked = ahead.needs.drop_nulls("person").select(
        "person", need=pl.format("З-{}", pl.col("number").cast(pl.String).str.zfill(3))
    )
    rows = (
        there.join(made.people.frame, on="person")
        .join(made.people.departments.select("department", unit="name"), on="department")
        .join(asked, on="person", how="left")
        .sort("person", "need")
        .with_columns(
            full_name(),
            files.snils_text("snils").alias("snils"),
            municipality=pl.col("city").replace_strict(towns, return_dtype=pl.String),
        )
    )
    return rows.select(PEOPLE.names()).cast(dict(PEOPLE))  # type: ignore[arg-type]


def invent_first_year(
    seed: int, tables: Mapping[str, pl.DataFrame], people: pl.DataFrame, until: dt.date
) -> FirstYear:
    """What has happened by the day `until` of the first year of a plan with these tables (`lines`,
    `funding`, `seats`, `people`); the same seed invents the same.

    people: schema `PEOPLE`. A contract is signed some weeks before its run; a third of it is paid
    at once, the rest when the training is over. Journeys are not part of contracts.
    """
    if tables["lines"].is_empty():
        return FirstYear()
    rng = np.random.default_rng([seed, 4])
    first = int(tables["lines"]["year"].to_numpy().min())
    lines = tables["lines"].filter(pl.col("year") == first).sort("started", *_KEY)
    due = (
        lines.with_columns(before=pl.Series(rng.integers(*_SIGNED_BEFORE, lines.height)))
        .with_columns(signed=pl.col("started") - pl.duration(days=pl.col("before")))
        .filter(pl.col("signed") <= until)
    )
    year = FirstYear()
    due_now = pl.col("reason") == "legal_duty", pl.col("by_year") == first
    duties = tables["seats"].filter(pl.col("year") == first, *due_now)
    seen_to = set(duties.select(_KEY).iter_rows())
    _what_goes_wrong(rng, due, until, year, seen_to)
    choose = _Choice(people, tables["people"])
    for number, line in enumerate(due.iter_rows(named=True), 1):
        if _key(line) not in year.late:
            seats = line["seats"] - (_key(line) in year.fewer)
            contract = f"К-{first}-{number:03}"
            funding = tables["funding"].filter(
                pl.col("year") == first, pl.col("fee") > 0, *(pl.col(k) == line[k] for k in _KEY)
            )
            _sign(year, line, contract, seats, funding, until)
            leaves = 0.0 if _key(line) in seen_to else LEAVES
            _attend(rng, year, line, choose.people(line, seats), until, leaves)
    return year


def write_first_year(folder: Path, year: FirstYear) -> list[Step]:
    """Write its files as towns would send them; what to add to a workspace, in order. Where nothing
    has been signed, attended or paid yet, there is no file of it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("Контракты на обучение.xlsx", "Учёт обучения.xlsx", "Платежи.csv")
    contracts, attendance, payments = (folder / name for name in names)
    worded = pl.col("source").replace_strict(_SOURCES)
    found: list[Step] = []
    if year.contracts:
        title = "Контракты на обучение муниципальных служащих"
        signed = pl.DataFrame(year.contracts).with_columns(worded, files.day("signed"))
        files.write_sheet(signed, CONTRACTS, contracts, title)
        found.append(Step("contracts", contracts, {}))
    if year.attendance:
        title = "Зачисленные на обучение и завершившие его"
        attended = pl.DataFrame(year.attendance, infer_schema_length=None).with_columns(
            pl.col("status").replace_strict(_STATUSES), pl.col("finished").cast(pl.Date)
        )
        with_days = attended.with_columns(files.day("finished"))
        files.write_sheet(with_days, ATTENDANCE, attendance, title)
        found.append(Step("attendance", attendance, {}))
    if year.payments:
        paid = pl.DataFrame(year.payments).with_columns(
            worded, files.day("paid"), files.decimal_comma("amount", 2)
        )
        files.write_text(paid, PAYMENTS, payments, "utf-8-sig")
        found.append(Step("payments", payments, {}))
    return found


def _key(line: Mapping[str, Any]) -> tuple[str, str, str]:
    return line["municipality"], line["provider"], line["offer"]


def _what_goes_wrong(
    rng: np.random.Generator,
    due: pl.DataFrame,
    until: dt.date,
    year: FirstYear,
    seen_to: set[tuple[str, str, str]],
) -> None:
    """Choose lines that are late, dearer and smaller; each needs lines of its kind to be there."""
    begun = due.filter(pl.col("started") <= until)
    order = rng.permutation(begun.height).tolist()
    every = [begun.row(place, named=True) for place in order]
    rows = [line for line in every if _key(line) not in seen_to]
    late = max(1, round(LATE * due.height)) if len(rows) > 2 else 0
    year.late.update(_key(line) for line in rows[:late])
    year.dearer.update(_key(line) for line in rows[late : late + 1])
    smaller = [line for line in rows[late + 1 :] if line["seats"] > 1 and line["finished"] < until]
    year.fewer.update(_key(line) for line in smaller[:1])


def _sign(
    year: FirstYear,
    line: Mapping[str, Any],
    contract: str,
    seats: int,
    funding: pl.DataFrame,
    until: dt.date,
) -> None:
    shared = {"municipality": line["municipality"], "contract": contract}
    ended = line["finished"] + dt.timedelta(days=10)
    rows = funding.sort("source", "code").select("source", "code", "fee").iter_rows()
    for at, (source, code, fee) in enumerate(rows):
        kopecks = round(fee * 100) * seats // line["seats"]
        if at == 0 and _key(line) in year.dearer:
            above = line["cost"] - line["fee"] * line["seats"] + DEARER * line["cost"]
            kopecks += round(above * 100)
        paying = {**shared, "source": source, "code": code}
        year.contracts.append(
            {
                **paying,
                "provider": line["provider"],
                "offer": line["offer"],
                "seats": seats,
                "amount": kopecks / 100,
                "signed": line["signed"],
            }
        )
        advance = round(kopecks * ADVANCE)
        for paid, part in (
            (line["signed"] + dt.timedelta(days=7), advance),
            (ended, kopecks - advance),
        ):
            if paid <= until and part:
                number = f"{len(year.payments) + 1}"
                year.payments.append(
                    {**paying, "payment": number, "paid": paid, "amount": part / 100}
                )


def _attend(
    rng: np.random.Generator,
    year: FirstYear,
    line: Mapping[str, Any],
    people: list[tuple[str, str]],
    until: dt.date,
    leaves: float,
) -> None:
    over = line["finished"] <= until
    status = "finished" if over else "attending" if line["started"] <= until else "enrolled"
    for snils, name in people:
        left = status != "enrolled" and rng.random() < leaves
        year.attendance.append(
            {
                "municipality": line["municipality"],
                "snils": snils,
                "full_name": name,
                "provider": line["provider"],
                "offer": line["offer"],
                "status": "left" if left else status,
                "finished": line["finished"] if over and not left else None,
            }
        )


class _Choice:
    """People for the seats of lines: whom the plan names, else colleagues; nobody goes twice."""

    def __init__(self, people: pl.DataFrame, planned: pl.DataFrame) -> None:
        rows = [tuple(row) for row in people.iter_rows()]
        self._asked = {(town, need): (snils, name) for town, _, need, snils, name in rows}
        self._rosters: dict[str, list[tuple[str | None, str, str]]] = {}
        for town, unit, _, snils, name in rows:
            self._rosters.setdefault(town, []).append((unit, snils, name))
        self._planned = planned
        self._busy: set[str] = set()

    def people(self, line: Mapping[str, Any], seats: int) -> list[tuple[str, str]]:
        """СНИЛС and name of so many, or of as many as there are."""
        here = self._planned.filter(
            *(pl.col(k) == line[k] for k in ("municipality", "provider", "offer", "year"))
        )
        town = line["municipality"]
        found: list[tuple[str, str]] = []
        for unit, need in here.select("unit", "need").head(seats).iter_rows():
            roster = self._rosters.get(town, [])
            nearest = sorted(roster, key=lambda one: one[0] != unit)
            able = [self._asked.get((town, need)), *((who, name) for _, who, name in nearest)]
            chosen = next((one for one in able if one and one[0] not in self._busy), None)
            if chosen is not None:
                self._busy.add(chosen[0])
                found.append(chosen)
        return found
