"""One person, however written, is one pseudonym; without the key nobody can tell whose."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.records import pseudonyms

KEY = (bytes(range(32)),)


def by_snils(*cells):
    return pseudonyms.person_by_snils(pl.Series(cells, dtype=pl.String), KEY).value.to_list()


def by_name(*people):
    names, days = zip(*people, strict=True)
    names, days = pl.Series(names, dtype=pl.String), pl.Series(days, dtype=pl.String)
    return pseudonyms.person_by_name(names, days, KEY).value.to_list()


def test_a_snils_is_one_person_however_it_is_written():
    found = by_snils("087-654-303 00", "08765430300", "8765430300", "87 654 303 00")
    assert len(set(found)) == 1
    assert found[0].startswith("s")
    assert len(found[0]) == 33


def test_a_name_with_a_birth_date_is_one_person_however_it_is_written():
    found = by_name(
        ("Семёнова Алёна Ильинична", "05.01.1980"),
        ("СЕМЕНОВА  Алена Ильинична", "1980-01-05"),
        ("Ceмeнoвa Aленa Ильинична", "29225"),  # some letters are Latin
    )
    assert len(set(found)) == 1
    assert found[0].startswith("n")


def test_people_who_differ_in_name_or_day_are_different_people():
    found = by_name(
        ("Нов Ян Ли", "05.01.1980"), ("Нов Ян Ли", "06.01.1980"), ("Нов Яна Ли", "05.01.1980")
    )
    assert len(set(found)) == 3


@pytest.mark.parametrize("person", [(None, "05.01.1980"), ("Нов Ян Ли", None)])
def test_half_an_identity_is_nobody(person):
    assert by_name(person) == [None]


def test_personnel_numbers_are_told_apart_by_municipality():
    towns = pl.Series(["28701000", "28701000", "28701000", "17701000", None])
    numbers = pl.Series(["0012", "12", "АБ-12", "12", "12"])
    first, same, other, elsewhere, nowhere = pseudonyms.badge(towns, numbers, KEY)
    assert first == same
    assert first.startswith("b")
    assert len({first, other, elsewhere}) == 3
    assert nowhere is None


def test_another_key_makes_another_pseudonym():
    assert pseudonyms.pseudonym(KEY, "s", "11223344595") != pseudonyms.pseudonym(
        (bytes(32),), "s", "11223344595"
    )


def test_the_pseudonym_is_hmac_sha256_cut_to_128_bits():
    """By hand: hmac(key, "s" + unit separator + digits)."""
    import hashlib
    import hmac

    full = hmac.new(KEY[0], b"s\x1f11223344595", hashlib.sha256).hexdigest()
    assert pseudonyms.pseudonym(KEY, "s", "11223344595") == "s" + full[:32]
