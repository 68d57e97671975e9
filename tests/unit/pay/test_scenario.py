"""A scenario lies in its folder as it was made, and says where it is not sound."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from otdacha.errors import PayProblem
from otdacha.pay.scenario import load_scenario
from otdacha.pay.tables import TABLES
from tests.invented_scenario import small_scenario


def test_a_scenario_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = small_scenario(tmp_path / "scenarios")
    again = load_scenario(made.path)

    assert (made.id, made.years, made.hash) == ("2027.1", (2027, 2028), again.hash)
    assert {name: frame.schema for name, frame in again.tables.items()} == dict(TABLES)
    assert again.tables["costs"]["cost"].sum() == Decimal("25000000.50")
    assert again.figures["cost"] == 25_000_000.5
    assert again.figures["sources"] == {"federal": 17_500_000.36, "municipal": 7_500_000.14}


def test_the_next_scenario_of_the_year_has_the_next_number(tmp_path: Path) -> None:
    small_scenario(tmp_path)

    assert small_scenario(tmp_path).id == "2027.2"


def test_a_folder_that_is_no_scenario_or_is_altered_says_so(tmp_path: Path) -> None:
    with pytest.raises(PayProblem, match="is not a scenario"):
        load_scenario(tmp_path)
    made = small_scenario(tmp_path)
    (made.path / "costs.parquet").write_bytes(b"other")
    with pytest.raises(PayProblem, match=r"costs\.parquet is damaged"):
        load_scenario(made.path)


def test_a_scenario_of_another_format_is_not_read_and_can_be_made_anew(tmp_path: Path) -> None:
    made = small_scenario(tmp_path)
    manifest = json.loads((made.path / "manifest.json").read_bytes())
    (made.path / "manifest.json").write_text(json.dumps({**manifest, "format": 1}))

    with pytest.raises(PayProblem, match=r"has format 1, .* make it anew: otdacha pay"):
        load_scenario(made.path)
