"""A workspace of national size, written straight into the record store, with a known truth.

A town has 8 departments; each does 4 of 16 services; results are known by department x service x
month, as in most systems, or by the person who signed (`people=True`). A department of 14 or 15
people is sent to training as one campaign: a part of its staff, mostly with one provider. At full
size there are 2,594 towns, about 300,000 servants and 800 providers; smaller sizes have fewer towns
and providers, so that a town, a unit and a provider look the same at every size.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from otdacha.methodology import load_methodology
from otdacha.records.cards import Batch
from otdacha.records.reading import Reading
from otdacha.records.store import store
from otdacha.records.tables import TABLES
from otdacha.records.workspace import Workspace, create_workspace

TOWNS, PROVIDERS, CASES = 2_594, 800, 100_000_000
DEPARTMENTS, SERVICES_EACH, SERVICES, MONTHS = 8, 4, 16, 60
REGIONS, MACROREGIONS = 85, 8
FIRST = dt.date(2021, 1, 1)
LIMIT = 30
"""Days in which a case must be decided."""
TRAINED = 0.55
"""Of the departments, the part that is ever sent to training."""
BATCH = 1_500_000
"""Cases of one batch, about: a region's file."""


@dataclass(frozen=True)
class Country:
    """Where everything is. towns, departments: arrays of the same length as their number."""

    towns: int
    providers: int
    cases_a_month: float
    region: np.ndarray
    effect: np.ndarray
    """By provider: by how much the share of cases on time rises where everybody is trained."""


def country(cases: int, seed: int = 1) -> Country:
    rng = np.random.default_rng(seed)
    towns = max(20, round(TOWNS * cases / CASES))
    providers = max(30, round(PROVIDERS * cases / CASES))
    units = towns * DEPARTMENTS * SERVICES_EACH
    return Country(
        towns=towns,
        providers=providers,
        cases_a_month=cases / (units * MONTHS),
        region=np.sort(rng.integers(0, min(REGIONS, towns // 10), towns)),
        effect=rng.normal(0.03, 0.03, providers),
    )


def write(folder: Path, cases: int, *, people: bool = False, seed: int = 1) -> pl.DataFrame:
    """Make the workspace; the truth by provider: provider, on_time.

    people: cases name the person who signed them; else only their department is known.
    """
    workspace = create_workspace(folder, language="en", invented=True)
    # the shipped methodology must stay what is measured
    load_methodology(workspace.methodology_path)
    made = country(cases, seed)
    rng = np.random.default_rng(seed + 1)
    staff = _staff(made, rng)
    sent = _campaigns(made, rng)
    for order, (table, frame) in enumerate(
        {
            "municipalities": _towns(made),
            "staff": staff,
            "providers": _providers(made),
            "training": _training(sent, staff, rng),
        }.items(),
        start=1,
    ):
        keep(workspace, table, frame, order)
    _cases(workspace, made, sent, rng, staff if people else None, first_order=5)
    return pl.DataFrame({"provider": _inn(np.arange(made.providers)), "on_time": made.effect})


def keep(workspace: Workspace, table: str, frame: pl.DataFrame, order: int) -> None:
    """Write rows of a table as one batch; columns that are not there are null."""
    batch = sha256(f"{table} {order}".encode()).hexdigest()[:32]
    columns = TABLES[table].columns
    rows = frame.with_columns(
        _batch=pl.lit(batch), _row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64)
    )
    missing = [pl.lit(None, kind).alias(n) for n, kind in columns.items() if n not in rows.columns]
    rows = rows.with_columns(missing).select(
        pl.col(name).cast(kind) for name, kind in columns.items()
    )
    store(
        workspace,
        Batch(
            id=batch, table=table, source=f"{batch}.parquet", source_hash=batch, profile=None,
            added="2026-01-01T00:00:00+00:00", by="benchmark", order=order, accepted=len(rows),
            rejected=0, superseding=0, reasons={},
            reading=Reading("parquet", None, None, None, 1),
        ),
        rows,
        pl.DataFrame(schema={"row": pl.Int64, "column": pl.String, "value": pl.String,
                             "reason": pl.String}),
    )  # fmt: skip


def _town(number: np.ndarray) -> pl.Series:
    return pl.select(pl.lit(pl.Series(number + 10_000_000)).cast(pl.String)).to_series()


def _inn(number: np.ndarray) -> pl.Series:
    return pl.select(pl.lit(pl.Series(number + 7_700_000_000)).cast(pl.String)).to_series()


def _day(day: np.ndarray) -> pl.Series:
    """Days since the first one."""
    first = (FIRST - dt.date(1970, 1, 1)).days
    return pl.Series((day + first).astype(np.int32)).cast(pl.Date)


def _towns(made: Country) -> pl.DataFrame:
    known = dt.date(FIRST.year - 3, 1, 1)
    return pl.DataFrame(
        {
            "municipality": _town(np.arange(made.towns)),
            "name": [f"Town {t}" for t in range(made.towns)],
            "region": [f"Region {r}" for r in made.region],
            "macroregion": [f"Macroregion {r % MACROREGIONS}" for r in made.region],
        }
    ).with_columns(valid_from=pl.lit(known), training_known_from=pl.lit(known))


def _providers(made: Country) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "provider": _inn(np.arange(made.providers)),
            "name": [f"Provider {j}" for j in range(made.providers)],
            "type": [("university", "training_centre", "academy")[j % 3]
                     for j in range(made.providers)],
            "region": [f"Region {j % REGIONS}" for j in range(made.providers)],
        }
    )  # fmt: skip


def _staff(made: Country, rng: np.random.Generator) -> pl.DataFrame:
    """Dated links: one in five came during the window, one in ten of the others left in it."""
    departments = made.towns * DEPARTMENTS
    department = np.repeat(np.arange(departments), rng.integers(14, 16, departments))
    people = len(department)
    days = MONTHS * 30
    started = np.where(rng.random(people) < 0.2, rng.integers(0, days, people), -400)
    leaves = (started < 0) & (rng.random(people) < 0.1)
    ended = pl.Series(np.where(leaves, rng.integers(300, days, people), -1))
    return pl.DataFrame(
        {
            "municipality": _town(department // DEPARTMENTS),
            "unit": pl.Series(department % DEPARTMENTS),
            "department": department,
            "number": np.arange(people),
            "started": _day(started),
            "ended": _day(ended.to_numpy()),
        }
    ).with_columns(
        person=pl.format("s{}", pl.col("number").cast(pl.String).str.zfill(16)),
        unit=pl.format("Department {}", "unit"),
        ended=pl.when(ended >= 0).then("ended"),
        badge=pl.format("b{}", pl.col("number").cast(pl.String).str.zfill(16)),
    )


def _campaigns(made: Country, rng: np.random.Generator) -> pl.DataFrame:
    """department, provider, month: who is sent where; providers work mostly in regions of theirs.
    Seven in ten departments go once, the others again with somebody else three years later or in
    the same month."""
    departments = made.towns * DEPARTMENTS
    sent = np.flatnonzero(rng.random(departments) < TRAINED)
    month = rng.integers(14, MONTHS - 3, len(sent))
    region = made.region[sent // DEPARTMENTS]
    regions = int(made.region.max()) + 1

    def of(region: np.ndarray) -> np.ndarray:
        near = (region + regions * rng.integers(0, 1 << 30, len(region))) % made.providers
        anywhere = rng.integers(0, made.providers, len(region))
        return np.where(rng.random(len(region)) < 0.6, near, anywhere)

    first = pl.DataFrame({"department": sent, "provider": of(region), "month": month})
    again = rng.random(len(sent)) < 0.3
    later = np.where(month[again] < 20, month[again] + 36, month[again])
    second = pl.DataFrame(
        {"department": sent[again], "provider": of(region[again]), "month": later}
    )
    both = pl.concat([first, second.filter(pl.col("month") < MONTHS - 2)])
    return both.unique(["department", "provider", "month"], maintain_order=True)


def _training(sent: pl.DataFrame, staff: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Of each campaign about half of the staff that is there then."""
    told = sent.join(
        staff.select("department", "municipality", "person", "started", "ended"), on="department"
    )
    begins = np.floor(told["month"].to_numpy() * 30.4375 + 2).astype(np.int64)
    day = _day(begins)
    there = (told["started"] < day) & (told["ended"].is_null() | (told["ended"] > day))
    chosen = there & pl.Series(rng.random(len(told)) < 0.5)
    told, begins = told.filter(chosen), begins[chosen.to_numpy()]
    return (
        told.select("municipality", "person")
        .with_columns(
            provider=_inn(told["provider"].to_numpy()),
            programme=pl.lit("Programme"),
            started=_day(begins),
            finished=_day(begins + rng.integers(3, 20, len(told))),
            hours=pl.lit(36.0),
        )
        .unique(["person", "provider", "started"], maintain_order=True)
    )


def _cases(
    workspace: Workspace,
    made: Country,
    sent: pl.DataFrame,
    rng: np.random.Generator,
    staff: pl.DataFrame | None,
    first_order: int,
) -> None:
    """Cases town by town; a unit-month has as many as a Poisson draw says."""
    dose = np.zeros((made.towns * DEPARTMENTS, MONTHS))
    for department, provider, month in sent.iter_rows():
        after = slice(month + 1, month + 13)
        # about half of the staff is trained; people of two courses count for both
        dose[department, after] += 0.5 * made.effect[provider]
    shock = rng.normal(0, 0.03, (SERVICES, MACROREGIONS, MONTHS))
    if staff is not None:
        there = staff.filter(pl.col("started") < FIRST, pl.col("ended").is_null())
        there = there.sort("department")
        count = np.bincount(there["department"].to_numpy(), minlength=made.towns * DEPARTMENTS)
        begin = np.concatenate(([0], np.cumsum(count)))
        names = there["person"]
    a_town = made.cases_a_month * DEPARTMENTS * SERVICES_EACH * MONTHS
    step, number = max(1, round(BATCH / a_town)), 0
    for order, start in enumerate(range(0, made.towns, step), start=first_order):
        towns = np.arange(start, min(start + step, made.towns))
        department = np.repeat(
            np.arange(towns[0] * DEPARTMENTS, (towns[-1] + 1) * DEPARTMENTS), SERVICES_EACH
        )
        service = (2 * (department % DEPARTMENTS) + np.tile(
            np.arange(SERVICES_EACH), len(department) // SERVICES_EACH)) % SERVICES  # fmt: skip
        U = len(department)
        level = 0.75 + rng.normal(0, 0.06, U)
        town_month = rng.normal(0, 0.02, (len(towns), MONTHS))
        share = (
            level[:, None]
            + shock[service, made.region[department // DEPARTMENTS] % MACROREGIONS]
            + town_month[department // DEPARTMENTS - towns[0]]
            + dose[department]
        )
        n = rng.poisson(made.cases_a_month, (U, MONTHS))
        unit = np.repeat(np.repeat(np.arange(U), MONTHS), n.ravel())
        month = np.repeat(np.tile(np.arange(MONTHS), U), n.ravel())
        rows = len(unit)
        on_time = rng.random(rows) < share[unit, month]
        opened = np.floor(month * 30.4375 + 1 + rng.random(rows) * 27).astype(np.int64)
        took = np.where(on_time, rng.integers(4, LIMIT - 2, rows), rng.integers(35, 70, rows))
        frame = pl.DataFrame(
            {
                "municipality": _town(department[unit] // DEPARTMENTS),
                "case": pl.Series(np.arange(number, number + rows)).cast(pl.String),
                "service": pl.Series([f"Service {s}" for s in range(SERVICES)]).gather(
                    service[unit]
                ),
                "opened": _day(opened),
                "due": _day(opened + LIMIT),
                "closed": _day(opened + took),
                "repeated": rng.random(rows) < 0.08,
            }
        ).with_columns(refused=pl.lit(False), day_kind=pl.lit("calendar"))
        if staff is None:
            name = pl.Series([f"Department {d}" for d in range(DEPARTMENTS)])
            frame = frame.with_columns(unit=name.gather(department[unit] % DEPARTMENTS))
        else:
            # who signs does one of the department's services, always the same
            place = _signing(service[unit] % SERVICES_EACH, count[department[unit]], rng)
            frame = frame.with_columns(executor=names.gather(begin[department[unit]] + place))
        number += rows
        keep(workspace, "cases", frame, order)


def _signing(service: np.ndarray, staff: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    mine = np.maximum((staff - service + SERVICES_EACH - 1) // SERVICES_EACH, 1)
    chosen = service + SERVICES_EACH * np.floor(rng.random(len(staff)) * mine).astype(np.int64)
    return np.minimum(chosen, staff - 1)
