"""From the cells of a file to the typed columns of a table; people become pseudonyms here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from otdacha.records import observations, periods, pseudonyms, register
from otdacha.records.checks import Faults
from otdacha.records.choices import CHOICES, as_choice
from otdacha.records.identifiers import as_inn, as_municipality, as_ogrn
from otdacha.records.money import as_budget_codes, as_holders, as_money
from otdacha.records.pseudonyms import Keys
from otdacha.records.shares import as_birth_years, as_percents, as_post_shares
from otdacha.records.tables import Table
from otdacha.records.values import (
    Parsed,
    as_dates,
    as_day_kinds,
    as_expiry,
    as_months,
    as_numbers,
    as_text,
    as_whole_numbers,
    as_years,
    as_yes_or_no,
)

Cells = Mapping[str, pl.Series]

READERS: Mapping[str, Callable[[pl.Series], Parsed]] = {
    "text": as_text,
    "number": as_numbers,
    "whole": as_whole_numbers,
    "yes_no": as_yes_or_no,
    "day_kind": as_day_kinds,
    "municipality": as_municipality,
    "inn": as_inn,
    "ogrn": as_ogrn,
    "year": as_years,
    "money": as_money,
    "budget_code": as_budget_codes,
    "holder": as_holders,
    "share": as_post_shares,
    "percent": as_percents,
    "birth_year": as_birth_years,
    **{kind: partial(as_choice, kind) for kind in CHOICES},
}
"""How the cells of a kind are read that needs no form of dates and no key."""


def typed_columns(
    table: Table,
    cells: Cells,
    height: int,
    faults: Faults,
    *,
    keys: Keys,
    date_forms: tuple[str, ...] = (),
    territories: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The stored columns of `table` without `_batch` and `_row`, in their order and types.

    cells: cleaned strings by input, `height` of each; an input that is absent gives an empty
    column. A cell that cannot be read is null and stands in `faults`. keys: of the pseudonyms.
    territories: what the register says of them, schema `register.TERRITORIES` (for statistics).
    """
    typed: dict[str, pl.Series] = {}
    for name, kind in table.inputs.items():
        if name not in cells or name not in table.columns or kind == "badge":
            continue
        if kind == "date":
            parsed = as_dates(cells[name], date_forms)
        elif kind == "month":
            parsed = as_months(cells[name], date_forms)
        elif kind == "expiry":
            parsed = as_expiry(cells[name], date_forms)
        else:
            parsed = READERS[kind](cells[name])
        faults.add_each(parsed.fault, name, cells[name])
        typed[name] = parsed.value
    if table.identifies_people:
        typed["person"], typed["person_by_name"] = _people(cells, height, faults, keys)
    if "badge" in cells:
        typed["badge"] = pseudonyms.badge(typed["municipality"], cells["badge"], keys)
    if "born" in table.columns:
        typed["born"] = _born(cells, typed, height, faults)
    if table.name == "cases":
        typed["executor"] = _executors(cells, typed["municipality"], height, faults, keys)
    if table.name == "results":
        typed |= observations.measured(cells, typed, height, faults, date_forms)
    if table.name == "statistics":
        typed |= periods.bounds(cells, height, faults)
        known = register.TERRITORIES.to_frame() if territories is None else territories
        typed |= register.of_territories(cells, typed["ends"], known, faults)
        if "territory" in cells:
            told = pl.DataFrame({name: typed[name] for name in ("begins", "ends", "value")})
            breakdown = typed.get("breakdown", _nothing(height, pl.String)).alias("breakdown")
            told = told.with_columns(breakdown)
            register.contradict_each_other(told, cells["territory"], known, faults)
    stored = pl.DataFrame(
        {
            name: typed[name].cast(dtype) if name in typed else _nothing(height, dtype)
            for name, dtype in table.columns.items()
            if name[0] != "_"
        }
    )
    stored = stored.with_columns(
        pl.col(name).fill_null(meant) for name, meant in table.defaults.items()
    )
    if table.name == "municipalities" and "successor" not in cells and "territory" in cells:
        stored = stored.with_columns(register.successors(stored))
    return stored


def _people(cells: Cells, height: int, faults: Faults, keys: Keys) -> tuple[pl.Series, pl.Series]:
    """Pseudonyms by СНИЛС, else by full name and birth date; and the latter wherever there is one.

    The second tells whether somebody known here by СНИЛС is known elsewhere by name only.
    """
    nobody = _nothing(height, pl.String)
    by_snils = pseudonyms.person_by_snils(cells.get("snils", nobody), keys)
    faults.add_each(by_snils.fault, "snils", cells.get("snils"))
    full = _full_names(cells, height)
    by_name = pseudonyms.person_by_name(full, cells.get("birth_date", nobody), keys)
    frame = pl.DataFrame(
        {
            "snils": by_snils.value,
            "name": by_name.value,
            "fault": by_name.fault,
            "wrong": by_snils.fault,
        }
    )
    # A birth date that cannot be read matters only to those who have nothing else.
    alone = pl.col("snils").is_null() & pl.col("wrong").is_null()
    needed = frame.select(pl.when(alone).then(pl.col("fault")).alias("fault"))["fault"]
    faults.add_each(needed, "birth_date", cells.get("birth_date"))
    return frame.select(pl.coalesce("snils", "name").alias("person"))["person"], by_name.value


def _born(cells: Cells, typed: Cells, height: int, faults: Faults) -> pl.Series:
    """Years of birth: those that a column tells, else those of the birth dates; a date that cannot
    be read is a fault here also where somebody is known by СНИЛС."""
    told = typed.get("born", _nothing(height, pl.Int64))
    if "birth_date" not in cells:
        return told
    dated = as_birth_years(cells["birth_date"])
    known = faults.frame().filter(pl.col("column") == "birth_date")["at"].implode()
    told_of = pl.int_range(height, dtype=pl.Int64, eager=True).is_in(known)
    faults.add_each(dated.fault.set(told_of, None), "birth_date", cells["birth_date"])
    return told.rename("born").to_frame().select(pl.coalesce("born", dated.value))["born"]


def _full_names(cells: Cells, height: int) -> pl.Series:
    """The full name, from one column or from its parts; null where surname or name is
    missing or only an initial."""
    nobody = _nothing(height, pl.String)
    parts = pl.DataFrame(
        {
            name: cells.get(name, nobody)
            for name in ("full_name", "surname", "given_name", "patronymic")
        }
    )
    joined = pl.concat_str("surname", "given_name", separator=" ")
    joined = pl.concat_str(joined, pl.col("patronymic").fill_null(""), separator=" ")
    # One word, or a surname with initials, tells nobody apart, whatever the birth date.
    spelt_out = r"^\S+\s+\S*\p{L}\p{L}"
    whole = pl.coalesce(
        *(
            pl.when(name.str.contains(spelt_out)).then(name)
            for name in (pl.col("full_name"), joined)
        )
    )
    return parts.select(whole.alias("name"))["name"]


def _executors(
    cells: Cells, municipalities: pl.Series, height: int, faults: Faults, keys: Keys
) -> pl.Series:
    """Pseudonyms of executors: the person by СНИЛС, else the badge by personnel number."""
    found = [_nothing(height, pl.String).alias("nobody")]
    if "executor_snils" in cells:
        people = pseudonyms.person_by_snils(cells["executor_snils"], keys)
        faults.add_each(people.fault, "executor_snils", cells["executor_snils"])
        found.append(people.value.alias("person"))
    if "executor_badge" in cells:
        found.append(pseudonyms.badge(municipalities, cells["executor_badge"], keys).alias("badge"))
    frame = pl.DataFrame(found)
    return frame.select(pl.coalesce(pl.all()).alias("executor"))["executor"]


def _nothing(height: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    return pl.repeat(None, height, dtype=dtype, eager=True)
