"""Strings to typed values, by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from otdacha.records import values

DAY = dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "05.01.2024",
        "5.1.2024",
        "05.01.24",
        "2024-01-05",
        "2024/01/05",
        "2024-01-05 11:26:33.0",
        "2024-01-05T23:59:59Z",
        "2024-01-05T23:59:59.123+03:00",
        "05.01.2024 10:30",
        "05.01.2024 10:30:00",
        "45296",
        "45296.0",
        "45296,4375",
        "5 января 2024 г.",
        "5 января 2024",
        "05 янв 2024",
    ],
)
def test_it_reads_every_way_to_write_a_day(cell):
    assert values.as_dates(pl.Series([cell])).value.to_list() == [DAY]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31.02.2024", "impossible_date"),
        ("2023-02-29", "impossible_date"),
        ("05.13.2024", "impossible_date"),
        ("01/05/2024", "not_a_date"),
        ("2024", "not_a_date"),
        ("16", "not_a_date"),
        ("99999", "not_a_date"),
        ("вчера", "not_a_date"),
        ("5 мартобря 2024", "not_a_date"),
    ],
)
def test_it_gives_a_reason_for_what_is_no_day(cell, reason):
    parsed = values.as_dates(pl.Series([cell]))
    assert (parsed.value[0], parsed.fault[0]) == (None, reason)


def test_nothing_is_no_fault():
    parsed = values.as_dates(pl.Series([None, "05.01.2024"], dtype=pl.String))
    assert parsed.value.to_list() == [None, DAY]
    assert parsed.fault.to_list() == [None, None]


def test_a_form_that_is_told_comes_first():
    assert values.as_dates(pl.Series(["01/05/2024"]), ("%m/%d/%Y",)).value.to_list() == [DAY]
    told = values.as_dates(pl.Series(["01/05/2024 10:30", "05.01.2024"]), ("%m/%d/%Y %H:%M",))
    assert told.value.to_list() == [DAY, DAY]


@pytest.mark.parametrize(
    "cell", ["2024-01", "01.2024", "1.2024", "январь 2024", "Январь 2024 г.", "17.01.2024", "45296"]
)
def test_it_reads_every_way_to_write_a_month(cell):
    assert values.as_months(pl.Series([cell])).value.to_list() == [dt.date(2024, 1, 1)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234,56", 1234.56),
        ("1\u00a0234,56", 1234.56),
        ("1234.56", 1234.56),
        ("1,234,567.8", 1234567.8),
        ("1.234.567,8", 1234567.8),
        ("1,234,567", 1234567.0),
        ("12,5", 12.5),
        ("-3", -3.0),
        ("72 ч", 72.0),
        ("72 часа", 72.0),
        ("15 000 руб.", 15000.0),
        ("1e3", 1000.0),
    ],
)
def test_it_reads_every_way_to_write_a_number(cell, number):
    assert values.as_numbers(pl.Series([cell])).value.to_list() == [number]


@pytest.mark.parametrize(
    "cell",
    [
        *("сто", "12-13", "1 2 a", ".", "руб.", "inf", "NaN"),
        # marks that stand where no thousands are
        *("1 2", "12 13", "05.01.2024", "1,2,3", "1.23,4", "1 2345", "10 рабочих дней"),
    ],
)
def test_it_refuses_what_is_no_number(cell):
    parsed = values.as_numbers(pl.Series([cell]))
    assert (parsed.value[0], parsed.fault[0]) == (None, "not_a_number")


def test_a_part_of_a_number_is_not_whole():
    parsed = values.as_whole_numbers(pl.Series(["5", "5,0", "5,5", "1e300", "x", None]))
    assert parsed.value.to_list() == [5, 5, None, None, None, None]
    assert parsed.fault.to_list() == [
        None,
        None,
        "not_a_whole_number",
        "not_a_whole_number",
        "not_a_number",
        None,
    ]


def test_yes_and_no_in_both_languages():
    parsed = values.as_yes_or_no(pl.Series(["Да", "нет", "TRUE", "0", "+", None, "может быть"]))
    assert parsed.value.to_list() == [True, False, True, False, True, None, None]
    assert parsed.fault.to_list()[-2:] == [None, "not_yes_or_no"]


def test_working_and_calendar_days():
    parsed = values.as_day_kinds(
        pl.Series(["рабочие", "р.д.", "К.Д.", "календарных дней", "лунные"])
    )
    assert parsed.value.to_list() == ["working", "working", "calendar", "calendar", None]
    assert parsed.fault.to_list()[-1] == "not_a_day_kind"


def test_a_profile_translates_values_and_every_other():
    cells = pl.Series(["Отказ", "ОТКАЗ", "Выдано", None])
    assert values.translated(cells, {"отказ": "yes", "*": "no"}).to_list() == [
        "yes",
        "yes",
        "no",
        None,
    ]
    assert values.translated(cells, {"отказ": "yes"}).to_list()[2] == "Выдано"
