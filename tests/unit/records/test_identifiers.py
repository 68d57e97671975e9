"""Check digits, by the published examples."""

from __future__ import annotations

import pytest

from otdacha.records.identifiers import inn, municipality, ogrn, snils


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("112-233-445 95", "11223344595"),
        ("11223344595", "11223344595"),
        ("112 233 445 95", "11223344595"),
        ("087-654-303 00", "08765430300"),
        ("8765430300", "08765430300"),
        ("8765430300.0", "08765430300"),
        ("1.1223344595E+10", "11223344595"),
        ("001-001-998 00", "00100199800"),
        ("100199877", "00100199877"),
    ],
)
def test_it_reads_a_snils_however_it_is_written(cell, read):
    assert snils(cell) == read


@pytest.mark.parametrize(
    "cell",
    [
        "112-233-445 96",
        "000-000-000 00",
        "123",
        "112-233-445-951",
        "СНИЛС",
        "1.12233E+10",
        "1122334459٥",
    ],
)
def test_it_refuses_a_wrong_snils(cell):
    assert snils(cell) is None


def test_the_check_number_of_a_snils_is_asked_above_001_001_998_only():
    assert snils("001-001-998 13") == "00100199813"
    assert snils("001-001-999 13") is None


def test_a_remainder_of_100_counts_as_00():
    number = "000000000"
    for candidate in range(1_001_999, 1_100_000):
        number = f"{candidate:09d}"
        if sum(int(digit) * (9 - i) for i, digit in enumerate(number)) % 101 == 100:
            break
    assert snils(number + "00") == number + "00"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("7707083893", "7707083893"),
        ("500100732259", "500100732259"),
        ("7707083893.0", "7707083893"),
        ("7707 083 893", "7707083893"),
        ("0101000021", "0101000021"),
        ("101000021", "0101000021"),
    ],
)
def test_it_reads_an_inn(cell, read):
    assert inn(cell) == read


@pytest.mark.parametrize(
    "cell", ["7707083894", "0000000000", "770708389", "ИНН", "", "77070838931"]
)
def test_it_rejects_an_inn_with_a_wrong_check_digit(cell):
    assert inn(cell) is None


def test_it_reads_ogrn_and_ogrnip():
    assert ogrn("1027700132195") == "1027700132195"
    assert ogrn("304500116000157") == "304500116000157"
    assert ogrn("1027700132196") is None


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("28701000", "28701000"),
        ("28 701 000", "28701000"),
        ("28701000001", "28701000"),
        ("28701000000", "28701000"),
        ("1701000", "01701000"),
        ("1701000001", "01701000"),
        ("28701000106", None),
        ("287", None),
        ("00000000", None),
        ("Тверь", None),
    ],
)
def test_it_reads_the_oktmo_of_a_municipality(cell, read):
    assert municipality(cell) == read
