"""A file of measures is read, and what is wrong with it is said with its line and key."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path

import pytest

from otdacha.errors import PayProblem
from otdacha.pay.measures import measures_in, measures_template, read_measures
from tests.unit.pay.measures_at_hand import HEAD, file_of, measure

RAISE = ("raise_salary", "level = 10")


def said(*measures: str, head: str = HEAD) -> str:
    """What is said of a file that is not right."""
    with pytest.raises(PayProblem) as fault:
        file_of(*measures, head=head)
    return str(fault.value)


def test_what_a_measure_does_not_say_is_everybody_in_all_years() -> None:
    (one,) = file_of(measure(*RAISE)).measures.measures

    assert (one.begins, one.ends) == (dt.date(2027, 1, 1), dt.date(2028, 12, 31))
    assert one.who.municipalities == ()


def test_the_template_and_the_measures_of_the_demonstration_are_sound() -> None:
    template = measures_in(measures_template(), "template").measures
    shipped = (files("otdacha.demo") / "measures.toml").read_bytes()
    demo = measures_in(shipped, "demo").measures

    assert [one.kind for one in template.measures] == ["raise_salary", "index", "young_payment"]
    assert len(demo.measures) == 6
    assert sum(getattr(one, "levels", None) is not None for one in demo.measures) == 2


def test_every_measure_of_the_template_can_be_uncommented() -> None:
    lines = measures_template().decode().splitlines()
    whole = "\n".join(line.removeprefix("#") if line.startswith("#") and line[1:2] not in ("", " ")
                      else line for line in lines)  # fmt: skip
    found = measures_in(whole.encode(), "template").measures.measures

    assert sorted({one.kind for one in found}) == [
        "class_rank", "index", "raise_salary", "rent", "scarce_allowance", "training_allowance",
        "wage_floor", "young_payment",
    ]  # fmt: skip


def test_a_file_that_is_not_there_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match="otdacha template measures"):
        read_measures(tmp_path / "measures.toml")


def test_the_content_of_measures_has_a_name() -> None:
    one, same = file_of(measure(*RAISE)).measures, file_of(measure(*RAISE)).measures
    other = file_of(measure("raise_salary", "level = 11")).measures

    assert one.hash == same.hash != other.hash


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("raise_salary", "level = 101"), "line 6: key measures.0: a level of this kind may not "
         "be above 100 %"),
        (("raise_salary", "level = -5"), "line 10: key measures.0.level: it must be above 0"),
        (("raise_salary", "level = 1.234"), "key measures.0.level: 1.234 has more than two"),
        (("raise_salary",), "level is missing"),
        (("raise_salary", "levels = [5, 5]"), "levels must increase"),
        (("raise_salary", "levels = [5, 10]", "level = 7"), "level is 7.0, which is not one of"),
        (("raise_salary", "level = 5", "colour = 1"), "measures.0.colour: there is no such key"),
        (("raise_salary", "level = 5", "coefficient = false"), "coefficient: there is no such key"),
        (("index", "level = 5", 'to = "prices"'), "level does not go with to"),
        (("index", 'to = "gold"'), "line 10: key measures.0.to: it may only be 'prices' or "),
        (("class_rank",), "level is missing"),
        (("rent", "level = 10_000"), "rent is for the young or for scarce positions"),
        (("young_payment", "level = 10_000", "max_age = 30"), "within_months: it is missing"),
        (("training_allowance", "level = 1", "months = 6"), "measures.0.release: it is missing"),
        (("scarce_allowance", "level = 5", "who = { scarce = false }"), "remove scarce = false"),
        (("gift", "level = 5"), "gift is no kind that is known"),
        ((*RAISE, "valid_from = 2027-01-02"), "valid_from must be the first day of a month, not"),
        ((*RAISE, "valid_to = 2027-06-29"), "valid_to must be the last day of a month, not"),
        ((*RAISE, "valid_from = 2028-01-01", "valid_to = 2027-12-31"), "valid_to lies before"),
        ((*RAISE, "valid_from = 2026-12-01"), "line 11: key measures.0.valid_from: 2026-12-01 "
         "lies beyond the years of the scenario, 2027-01-01 to 2028-12-31"),
        ((*RAISE, "valid_to = 2029-01-31"), "key measures.0.valid_to: 2029-01-31 lies beyond"),
        ((*RAISE, "sources = { federal = 0.7, municipal = 0.2 }"), "the parts of sources add up "
         "to 0.9; they must add up to 1"),
        ((*RAISE, "sources = { federal = 1.5, municipal = -0.5 }"), "sources.federal: it must be "
         "1.0 or less"),
        ((*RAISE, "sources = { federal = 0.33333, own = 0.66667 }"), "line 6: key measures.0: the "
         "part of federal is 0.33333: four decimals at most. Faults in all: 1"),
        (("raise_salary", "level = true"), "line 10: key measures.0.level: it must be a number"),
        (("raise_salary", 'level = "10"'), "measures.0.level: it must be a number. Faults in "
         "all: 1."),
        ((*RAISE, 'valid_from = "01.01.2027"'), "valid_from: it must be a date like 2026-11-01"),
        (("class_rank", 'amounts = { "a" = 5, "A " = 6 }'), "measures.0.amounts.A : A  is named"),
        ((*RAISE, "sources = { sponsor = 1.0 }"), "it may only be 'federal'"),
        ((*RAISE, "who = { ages = [35, 18] }"), "the second number must not be below the first"),
        ((*RAISE, 'who = { groups = ["a", "a"] }'), "a is named twice"),
        ((*RAISE, 'who = { sex = "male" }'), "line 11: key measures.0.who.sex: there is no such"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_key(lines: tuple[str, ...], fault: str) -> None:
    assert fault in said(measure(*lines))


def test_thirds_add_up_as_they_are_written() -> None:
    file_of(measure(*RAISE, "sources = { federal = 0.333, regional = 0.333, own = 0.334 }"))


def test_two_measures_of_one_key_are_refused_where_the_second_stands() -> None:
    assert "line 14: key measures.1.key: two measures are called this" in said(
        measure(*RAISE), measure(*RAISE)
    )


def test_a_measure_cannot_be_called_as_a_column_of_the_payroll() -> None:
    for key in ("north", "base", "room", "of_year", "salary"):
        assert f"the payroll has a column {key}" in said(measure(*RAISE, key=key))


def test_years_follow_each_other() -> None:
    head = HEAD.replace("[2027, 2028]", "[2027, 2029]")
    assert "years must follow each other" in said(measure(*RAISE), head=head)


@pytest.mark.parametrize(
    ("purses", "fault"),
    [
        ([("federal", 2030)], "purse.0.year: 2030 lies beyond the years of the scenario"),
        ([("federal", 2027), ("federal", 2027)], "the sum of federal for 2027 is given twice"),
        ([("own", "true")], "purse.0.year: it must be a whole number"),
        ([("sponsor", 2027)], "purse.0.source: it may only be 'federal'"),
    ],
)
def test_purses_are_of_known_sources_and_years(purses: list[tuple[str, int]], fault: str) -> None:
    blocks = [
        f'[[purse]]\nsource = "{source}"\nyear = {year}\namount = 5\n' for source, year in purses
    ]
    assert fault in said(measure(*RAISE), head=HEAD + "".join(blocks))
