"""Profiles: found by name or path, checked key by key."""

from __future__ import annotations

import datetime as dt

import pytest

from otdacha.errors import FileProblem
from otdacha.records import Profile, add, frame, load_profile, rejected_rows, shipped_profiles
from tests.unit.records.conftest import TOWN


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_profile_that_comes_along_is_valid(name):
    profile = load_profile(name)
    assert profile.name == name
    assert profile.about


def test_a_profile_is_named_after_its_file(tmp_path):
    (tmp_path / "тверь.toml").write_text('table = "cases"\n[columns]\ncase = "Номер"', "utf-8")
    profile = load_profile(tmp_path / "тверь.toml")
    assert (profile.name, profile.columns) == ("тверь", {"case": ("Номер",)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('table = "people"', "there is no table people"),
        ('table = "cases"\n[columns]\nname = "x"', "cases has no column name"),
        ('table = "cases"\ncolour = 1', "key colour"),
        ('table = "cases"\nseparator = "::"', "key separator"),
        ("table = ", "not a TOML file"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_key(tmp_path, content, said):
    (tmp_path / "p.toml").write_text(content, "utf-8")
    with pytest.raises(FileProblem, match=said):
        load_profile(tmp_path / "p.toml")


def test_an_absent_profile_is_refused_with_those_there_are():
    with pytest.raises(FileProblem, match="sed-pos-cases"):
        load_profile("absent")


def test_a_profile_for_another_table_is_refused(workspace, cases):
    with pytest.raises(FileProblem, match="is for the table staff, not for cases"):
        add(workspace, "cases", cases, profile=Profile(name="p", table="staff"))


def test_values_dates_missing_and_constants_of_a_profile_are_used(workspace, write):
    path = write(
        "Номер;Кому;Услуга;Открыто;Закрыто;Итог",
        "1;Архив;Справка;01/09/2024;не закрыто;ОТКАЗ",
        "2;Архив;Справка;01/09/2024;01/10/2024;Выдано",
    )
    profile = Profile(
        table="cases",
        columns={
            "case": "Номер",
            "unit": "Кому",
            "service": "Услуга",
            "opened": "Открыто",
            "closed": "Закрыто",
            "refused": "Итог",
        },
        constants={"municipality": TOWN},
        values={"refused": {"Отказ": "yes", "*": "no"}},
        missing=("Не закрыто",),
        dates=("%m/%d/%Y",),
    )
    batch = add(workspace, "cases", path, profile=profile)
    assert rejected_rows(workspace, batch.id).is_empty()
    rows = frame(workspace, "cases").select("municipality", "opened", "closed", "refused").rows()
    opened, closed = dt.date(2024, 1, 9), dt.date(2024, 1, 10)
    assert rows == [(TOWN, opened, None, True), (TOWN, opened, closed, False)]


def test_the_same_content_has_the_same_hash_whatever_it_is_called():
    assert Profile(name="a", table="cases").hash == Profile(name="b", table="cases").hash
    assert Profile(table="cases", header_row=2).hash != Profile(table="cases").hash
