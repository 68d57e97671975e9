"""The law of pay as dated files: what it answers, and what it says of a file that is not right."""

from __future__ import annotations

import datetime as dt
import tomllib
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from otdacha.errors import PayProblem
from otdacha.methodology import toml_in
from otdacha.pay.parameters import folded, law_in, template_bytes
from otdacha.pay.parameters.entries import RegionalParameters
from tests.unit.pay.small_law import FEDERAL, KITEZH, REGION, YEAR, small_law, written

DAY = dt.date(2027, 5, 12)
LATER = YEAR.replace("2027-01-01", "2028-03-01")
EARLIER = YEAR.replace("2028-12-31", "2027-12-31")


def _told(folder: Path, was: str, becomes: str, federal: bool = False) -> str:
    """What is said of the small law with one change."""
    file, content = ("federal", FEDERAL) if federal else ("kitezh", REGION)
    assert was in content
    with pytest.raises(PayProblem) as told:
        law_in(written(folder, **{file: content.replace(was, becomes, 1)}))
    assert f"{file}.toml" in str(told.value)
    return str(told.value)


def test_a_region_is_answered_by_the_file_that_names_it(tmp_path: Path) -> None:
    law = small_law(tmp_path).of(KITEZH)
    assert law.file == "pay/kitezh.toml"
    assert [line.amount for line in law.salaries_on(DAY).amounts] == [40_000, 30_000.01]
    assert law.service_on(DAY).reference == "Закон"


def test_a_section_that_is_absent_says_that_nothing_is_paid_by_it(tmp_path: Path) -> None:
    assert small_law(tmp_path).of(KITEZH).coefficients_on(DAY) is None


def test_a_region_without_parameters_is_an_error_that_names_the_files(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match=r"names Буян\..*pay/belogorye\.toml, pay/kitezh\.toml"):
        small_law(tmp_path).of("Буян")


@pytest.mark.parametrize("day", [dt.date(2026, 12, 31), dt.date(2029, 1, 1)])
def test_a_day_outside_validity_is_an_error_never_a_guess(tmp_path: Path, day: dt.date) -> None:
    with pytest.raises(PayProblem, match=rf"pay/kitezh\.toml: salary says nothing about {day}"):
        small_law(tmp_path).of(KITEZH).salaries_on(day)


def test_the_last_day_of_validity_still_counts(tmp_path: Path) -> None:
    assert small_law(tmp_path).of(KITEZH).salaries_on(dt.date(2028, 12, 31))


def test_two_entries_for_one_day_are_an_error(tmp_path: Path) -> None:
    twice = f"[[aid]]\nsalaries = 1.0\n{YEAR}\n[[aid]]\nsalaries = 1.0\n{LATER}"
    told = _told(tmp_path, f"[[aid]]\nsalaries = 1.0\n{YEAR}", twice)
    assert "aid: two entries hold on 2028-03-01" in told


def test_a_gap_between_entries_is_an_error(tmp_path: Path) -> None:
    apart = f"[[aid]]\nsalaries = 1.0\n{EARLIER}\n[[aid]]\nsalaries = 1.0\n{LATER}"
    told = _told(tmp_path, f"[[aid]]\nsalaries = 1.0\n{YEAR}", apart)
    assert "aid: no entry holds between 2027-12-31 and 2028-03-01" in told


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("years = 1, rate = 0.1", "years = 1, rate = 1.1", "service.0.steps.0.rate: it must be 1"),
        ("amount = 40_000", "amount = -40_000", "salary.0.amounts.0.amount: it must be 0"),
        ("rate = 0.05", "rate = -0.05", "rank.0.ranks.1.rate: it must be 0.0 or more"),
        ("rate = 0.05", "rate = 0.05, amount = 5", "either an amount or a rate"),
        ("amount = 40_000", "amount = true", "amount: it must be a number. Faults in all: 1."),
        ("years = 1, rate = 0.1", "years = true, rate = 0.1", "it must be a whole number"),
        ("rate = 0.25", 'rate = "0.25"', "bonus.0.groups.0.rate: it must be a number"),
        ("valid_from = 2027-01-01", 'valid_from = "1.1.27"', "it must be a date like"),
        ("[[scarce]]", "[[forecast]]\nyear = 2027\nprices = 0.041234\nwages = 0.06\n"
         "reference = 'П'\nconfidence = 'U'\n[[scarce]]", "forecast.0.prices: it is finer than"),
        ("amount = 30_000.01", "amount = 30_000.015", "it is finer than 1/100"),
        ("years = 1, rate = 0.1", "years = 16, rate = 0.1", "every step must begin later"),
        ("rate = 0.5, at_most = 2.0", "rate = 0.5, at_most = 0.4", "between at_least and at_most"),
        ("degree = \"секретно\", rate = 0.1", "degree = \"с\", rate = 1.01", "it must be 1"),
        ('"старшая", pay_class = 1', '"ВЕДУЩАЯ"', "salary ведущая: said twice"),
        (f'"{KITEZH}"', f'"{KITEZH}", "{KITEZH}"', f"regions {KITEZH}: said twice"),
        ("valid_from = 2027-01-01", "valid_from = 2027-01-15", "does not begin and end with"),
        ("valid_to = 2028-12-31", "valid_to = 2026-12-31", "valid_to lies before valid_from"),
        ("reference = 'Закон'", "reference = ''", "reference: it must not be empty"),
        ("[[scarce]]", "[[scarcity]]", "scarcity: there is no such key"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_said_with_its_key(
    tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    assert says in _told(tmp_path, was, becomes)


def test_a_rate_of_contributions_above_100_percent_is_an_error(tmp_path: Path) -> None:
    told = _told(tmp_path, "rate = 0.30", "rate = 30", federal=True)
    assert "line 6: key contributions.0.rate: it must be 1.0 or less" in told


def test_one_region_in_two_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match=f"belogorye.toml and pay/kitezh.toml .* {KITEZH}"):
        law_in(written(tmp_path, belogorye=REGION))


def test_a_folder_without_law_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match=r"holds no law of pay.*otdacha template law"):
        law_in(tmp_path)


def test_the_federal_law_that_ships_ends_with_the_last_year_that_is_known(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "federal.toml").unlink()
    law = law_in(folder)
    assert law.contributions_on(dt.date(2026, 12, 31)).ceiling == 2_979_000
    with pytest.raises(PayProblem, match="nothing about 2027-01-01: contributions"):
        law.contributions_on(dt.date(2027, 1, 1))


def test_prices_compound_exactly_and_a_year_without_forecast_is_an_error(tmp_path: Path) -> None:
    said = "prices = 0.04\nwages = 0.06\nreference = 'Прогноз'\nconfidence = 'U'\n"
    rises = "".join(f"\n[[forecast]]\nyear = {year}\n{said}" for year in (2027, 2028))
    law = law_in(written(tmp_path, kitezh=REGION + rises)).of(KITEZH)
    assert law.prices_between(2026, 2028) == Fraction(104, 100) ** 2
    assert law.wages_between(2027, 2028) == Fraction(106, 100)
    with pytest.raises(PayProblem, match="forecast says nothing about 2029"):
        law.prices_between(2027, 2029)


def test_another_number_gives_another_hash(tmp_path: Path) -> None:
    before = small_law(tmp_path / "a").hash
    changed = REGION.replace("40_000", "40_001")
    assert before == small_law(tmp_path / "b").hash
    assert before != law_in(written(tmp_path / "c", kitezh=changed)).hash


def test_the_template_is_a_file_that_is_right_but_for_its_numbers() -> None:
    said = toml_in(template_bytes(), "template", PayProblem).checked(RegionalParameters)
    assert set(said.sections) == {
        name for name in RegionalParameters.model_fields
        if name not in ("id", "version", "title", "regions", "forecast")
    }  # fmt: skip
    assert all(entry.confidence == "U" for each in said.sections.values() for entry in each)


def test_the_samples_answer_for_every_region_of_the_demonstration() -> None:
    law = law_in(Path(str(files("otdacha.demo") / "pay")))
    cities = tomllib.loads((files("otdacha.demo") / "cities.toml").read_text(encoding="utf-8"))
    for region in {city["region"] for city in cities["cities"]}:
        before, after = (law.of(region).salaries_on(dt.date(year, 12, 1)) for year in (2022, 2029))
        assert before.amounts[0].amount < after.amounts[0].amount
        assert law.of(region).vacancy_on(dt.date(2027, 1, 1)).months > 0
    for year in range(2022, 2030):
        assert law.contributions_on(dt.date(year, 6, 1)).rate == 0.3


def test_names_are_compared_without_case_without_yo_and_with_single_spaces() -> None:
    assert folded("Учёный  Советник") == folded("ученый советник")
