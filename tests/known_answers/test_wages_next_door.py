"""The wage next door of every municipality of the country, beside figures that are known.

Counted apart from this code with Polars on the files themselves, for January-December 2024: 2,414
territory numbers have both wages, their median ratio is 1.04. Twenty-eight of them are former
numbers of municipalities that are told by their new number as well, and eight are numbers that the
file counts otherwise than the register; 2,378 municipalities of 2,594 remain.
"""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.pay.wages import Comparison, make_comparison
from otdacha.records import add, create_workspace, load_profile
from tests.known_answers.shared_data import shared


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    register, wages = shared("russia/municipalities.xlsx"), shared("russia/bdmo_salary.parquet")
    made = create_workspace(tmp_path_factory.mktemp("wages") / "union")
    add(made, "municipalities", register, profile=load_profile("sberindex-municipalities"))
    add(made, "statistics", wages, profile=load_profile("sberindex-wage"))
    return make_comparison(made)


@pytest.mark.parametrize(
    ("code", "name", "wage_o", "wage_all"),
    [
        ("19701000", "Вологда", 80_802, 73_935),
        ("58701000", "Псков", 73_789, 63_954),
        ("27701000", "Калининград", 69_686, 80_296),
        ("49701000", "Великий Новгород", 75_335, 75_444),
        ("19730000", "Череповец", 77_903, 99_580),
    ],
)
def test_known_wages_of_2024(
    comparison: Comparison, code: str, name: str, wage_o: int, wage_all: int
) -> None:
    row = comparison.tables["years"].row(
        by_predicate=(pl.col("municipality") == code) & (pl.col("year") == 2024), named=True
    )
    called = comparison.tables["municipalities"].filter(municipality=code)["name"].item()
    assert called.endswith(name)
    assert (round(row["wage_o"]), round(row["wage_all"])) == (wage_o, wage_all)
    assert (row["difference"] < 0) == (wage_o < wage_all)


def test_the_median_ratio_is_known_and_every_municipality_has_its_state(
    comparison: Comparison,
) -> None:
    found = comparison.figures
    assert round(found["median_ratio"], 2) == 1.04
    assert found["municipalities"] == sum(found["states"].values()) == 2_594
    assert found["states"] == {
        "known": 2_378,
        "no wage of O": 76,
        "no wage of all": 5,
        "no wage": 127,
        "merged": 0,
        "contradicted": 8,
    }
    assert (found["less"], found["equal"], found["more"]) == (1_002, 0, 1_376)
    assert comparison.manifest["figures"]["2023"]["states"]["merged"] == 2


def test_the_numbers_of_the_file_are_all_accounted_for(comparison: Comparison) -> None:
    """2,414 numbers with both wages: those known, and former numbers and contradicted ones."""
    source = pl.read_parquet(shared("russia/bdmo_salary.parquet")).filter(
        pl.col("okved_letter").is_in(["0", "O"]),
        year=2024,
        period="январь-декабрь",
    )
    both = (
        source.drop_nulls("value")
        .group_by("territory_id")
        .agg(pl.col("okved_letter").n_unique().alias("letters"))
    )
    numbers = both.filter(letters=2)["territory_id"].cast(pl.String)
    # a number that is contradicted may also have been told of a year in which it was not there
    last_first = comparison.tables["unmatched"].sort("reason", descending=True)
    unmatched = dict(last_first.select("number", "reason").iter_rows())
    reasons = [unmatched.get(number, "known") for number in numbers]
    assert len(reasons) == 2_414
    assert {reason: reasons.count(reason) for reason in set(reasons)} == {
        "known": 2_378,
        "territory_not_in_force": 28,
        "contradicted_territory": 8,
    }


def test_quarters_are_known_but_for_a_few_and_average_to_the_year(comparison: Comparison) -> None:
    assert comparison.manifest["quarters"] == {
        "impossible": 15,
        "known": 39_803,
        "no wage": 830,
    }
    whole = (
        comparison.tables["quarters"]
        .group_by("municipality", "year")
        .agg(pl.col("wage_all").sum() / 4, pl.col("wage_all").null_count().alias("unknown"))
        .filter(unknown=0)
        .join(comparison.tables["years"], on=["municipality", "year"], suffix="_year")
    )
    assert whole.height > 4_900
    assert (whole["wage_all"] - whole["wage_all_year"]).cast(pl.Float64).abs().max() <= 0.01
