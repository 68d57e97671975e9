"""A plan of three invented towns: ten people, two runs, 150,000 rubles (`planned_union`)."""

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from otdacha.errors import PlanProblem, ProgrammeProblem
from otdacha.programme.offered import OFFERS
from otdacha.programme.offers import REASONS
from otdacha.programme.parameters.entries import Cofinancing
from otdacha.programme.parameters.file import parameters_of
from otdacha.programme.plan import (
    PRIVATE,
    Plan,
    load_plan,
    make_plan,
    plans,
    problem_bytes,
    problem_in,
)
from otdacha.programme.problem import Caution, Learning, Share
from otdacha.programme.wording import LINE_WHY, WHY
from otdacha.records import open_workspace
from tests.unit.cli.small_union import add_all, town, write_files
from tests.unit.programme.planned_union import OTHER, PROVEN, make_union

NEW_YEAR = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_union(tmp_path_factory.mktemp("planned"))


@pytest.fixture(scope="module")
def plan(workspace: Path) -> Plan:
    return make_plan(open_workspace(workspace), today=NEW_YEAR)


def test_everybody_who_can_be_paid_for_is_trained(plan: Plan) -> None:
    assert plan.figures["people"] == plan.figures["needed"] == 10
    assert plan.tables["unmet"].is_empty()


def test_of_equal_places_the_cheaper_are_filled_first(plan: Plan) -> None:
    seats = dict(plan.tables["groups"].select("provider", "seats").iter_rows())
    assert seats == {PROVEN: 6, OTHER: 4}  # six places at 10,000 rubles, the rest at 20,000
    assert plan.figures["cost"] == 140_000


def test_who_pays_adds_up_to_what_it_costs(plan: Plan) -> None:
    lines, funding = plan.tables["lines"], plan.tables["funding"]
    paid = funding.group_by("municipality", "offer").agg(pl.col("amount").sum())
    both = lines.join(paid, on=["municipality", "offer"])
    assert both["amount"].to_list() == both["cost"].to_list()
    sources = lines.select(pl.sum_horizontal("federal", "regional", "municipal", "own"))
    assert sources.to_series().to_list() == lines["cost"].to_list()
    budgets = plan.tables["budgets"]
    assert (budgets["planned"] <= budgets["amount"]).all()
    # the federal source bears at most 0.9 of what the region spends (programme-2027.toml)
    assert lines["federal"].sum() <= 0.9 * lines["cost"].sum()


def test_every_offer_is_there_with_its_price_and_why_it_was_not_chosen(plan: Plan) -> None:
    offers, runs = plan.tables["offers"], plan.tables["groups"]
    assert offers.columns == OFFERS.names()
    key = ["year", "provider", "offer"]
    taken = offers.filter(pl.col("why_not").is_null())
    assert taken.select(*key, "seats").sort(key).equals(runs.select(*key, "seats").sort(key))
    assert dict(taken.select("provider", "fee").iter_rows()) == {PROVEN: 10_000, OTHER: 20_000}
    passed = offers.filter(pl.col("why_not").is_not_null())
    assert passed["seats"].sum() == 0
    left_out = plan.tables["left_out"].filter(pl.col("what") == "offers")
    assert passed.filter(pl.col("why_not").is_in(list(REASONS))).height == left_out["rows"].sum()


def test_a_line_says_why_it_is_there_and_what_was_the_next_best(plan: Plan) -> None:
    lines = plan.tables["lines"]
    assert {code for why in lines["why"] for code in why.split()} <= set(LINE_WHY)
    both = {PROVEN: OTHER, OTHER: PROVEN}
    assert lines["runner_up_provider"].to_list() == [both[name] for name in lines["provider"]]
    # without a release nothing is known of how sure the benefit is
    assert lines["lower"].null_count() == lines.height


def test_without_a_release_it_goes_by_priority_and_says_so(plan: Plan) -> None:
    assert plan.manifest["release"] is None
    assert not plan.manifest["evidence"]
    assert "выпуск" in plan.manifest["because"]["ru"].lower()
    # what the law asks for weighs four times a wish
    assert dict(plan.tables["municipalities"].select("municipality", "benefit").iter_rows()) == {
        town(0): 4.0,
        town(1): 4.0,
        town(2): 8.0,
    }


def test_seats_that_name_nobody_are_for_people_to_be_named(plan: Plan) -> None:
    people = plan.tables[PRIVATE]
    assert people.height == 10
    assert people["state"].unique().to_list() == ["to_be_named"]


def test_every_seat_says_why_it_is_there_and_what_else_there_was(plan: Plan) -> None:
    seats = plan.tables["seats"]
    assert set(seats["why"]) <= set(WHY)
    both = {PROVEN: OTHER, OTHER: PROVEN}  # two runs: each is the other's runner-up
    there = seats.drop_nulls("runner_up_provider")
    assert there.height == seats.height
    assert there["runner_up_provider"].to_list() == [both[name] for name in there["provider"]]
    assert (there["runner_up_loss"] >= 0).all()
    assert plan.tables["results"].is_empty()  # without a release nobody knows what it will bring


def test_a_plan_is_read_as_it_was_made(plan: Plan) -> None:
    again = load_plan(plan.path)
    assert again.hash == plan.hash
    for name, table in plan.tables.items():
        assert again.tables[name].equals(table)


def test_the_next_plan_gets_the_next_number(workspace: Path, plan: Plan) -> None:
    assert plan.id == "2026.1"
    second = make_plan(open_workspace(workspace), today=NEW_YEAR)
    assert second.id == "2026.2"
    assert [path.name for path in plans(open_workspace(workspace))] == ["2026.1", "2026.2"]
    assert second.tables["lines"].equals(plan.tables["lines"])


def test_what_has_begun_is_not_planned(workspace: Path) -> None:
    later = make_plan(open_workspace(workspace), today=dt.date(2026, 3, 10))
    assert later.tables["lines"]["offer"].unique().to_list() == ["Б1"]
    assert dict(later.tables["left_out"].select("reason", "rows").iter_rows()) == {
        "already_begun": 1
    }
    # seven people at 20,000 rubles: 120,000 federal and 3 x 10,000 of the towns
    assert later.figures["people"] == 7
    assert set(later.tables["unmet"]["why"]) <= {"no_money", "next_in_line"}
    assert later.tables["unmet"]["people"].sum() == 3


def test_a_damaged_plan_is_refused(plan: Plan, tmp_path: Path) -> None:
    copy = tmp_path / "2026.9"
    copy.mkdir()
    for file in plan.path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / "lines.parquet").write_bytes(b"something else")
    with pytest.raises(ProgrammeProblem, match=r"lines\.parquet is damaged"):
        load_plan(copy)


def test_a_folder_that_is_no_plan_is_refused(workspace: Path) -> None:
    with pytest.raises(ProgrammeProblem, match="is not a plan"):
        load_plan(workspace)


def test_nothing_to_plan_is_said(tmp_path: Path) -> None:
    add_all(tmp_path / "union", write_files(tmp_path / "files", towns=3))
    with pytest.raises(ProgrammeProblem, match="the records hold no needs"):
        make_plan(open_workspace(tmp_path / "union"), today=NEW_YEAR)


def test_a_problem_comes_back_as_it_was_written(plan: Plan) -> None:
    full = dataclasses.replace(
        plan.problem,
        shares=(Share("Область", "federal", 2026, np.array([0, 2]), 0.9, 0.1, 500, 7, 9),),
        learning=(Learning(1, np.array([3.0, 9.0]), np.array([2.0, 3.0]), 1 / 3),),
        caution=Caution(0.2, 0.05),
    )
    again = problem_in(problem_bytes(full))
    for each in dataclasses.fields(full):
        before, after = getattr(full, each.name), getattr(again, each.name)
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(after, before)
            assert after.dtype == before.dtype
        elif each.name not in ("shares", "learning"):
            assert after == before, each.name
    assert again.shares[0].towns.tolist() == [0, 2]
    assert again.shares[0].cap == 500
    assert again.learning[0].values.tolist() == [2.0, 3.0]


def test_an_explained_plan_shows_other_plans_beside_it(workspace: Path, plan: Plan) -> None:
    explained = make_plan(open_workspace(workspace), today=NEW_YEAR, explained=True)
    tables = explained.tables
    assert set(tables) - set(plan.tables) == {
        "shadow",
        "frontier",
        "sensitivity",
        "robustness",
        "rivals",
        "rival_seats",
    }
    frontier = tables["frontier"]
    # a quarter of the money is 37,500 rubles; two who must be trained, and one of each four of the
    # other towns, cost 40,000
    assert frontier["state"].to_list() == ["infeasible"] + ["planned"] * 7
    assert frontier["people"][0] is None
    # a tenth less is 135,000 rubles: 10,000 short of all ten
    assert frontier["people"].to_list()[3:] == [9, 10, 10, 10, 10]
    assert frontier["people"].drop_nulls().is_sorted()
    assert tables["shadow"]["gained"].to_list() == [0, 0]  # nobody is left
    rivals = dict(tables["rivals"].select("rule", "people").iter_rows())
    assert rivals == {"plan": 10, "cheapest": 10, "last_year": 10}
    assert tables["rival_seats"]["seats"].sum() == 30
    assert set(tables["rival_seats"]["provider"]) == {PROVEN, OTHER}
    assert tables["sensitivity"]["changed"].to_list() == ["prices_up", "prices_down"]
    assert tables["robustness"].is_empty()


def test_where_no_plan_can_be_made_the_fault_says_which_rules_clash_and_what_is_missing(
    workspace: Path,
) -> None:
    union = open_workspace(workspace)
    before = plans(union)
    shipped = parameters_of(union)
    nothing = Cofinancing(
        valid_from=NEW_YEAR,
        valid_to=dt.date(2099, 12, 31),
        reference="a test",
        confidence="U",
        region="*",
        source="federal",
        cap=0.0,
    )

    with pytest.raises(PlanProblem) as fault:
        make_plan(
            union, None, shipped.model_copy(update={"cofinancing": (nothing,)}), today=NEW_YEAR
        )

    said = fault.value.said("en").splitlines()
    assert said[0] == "No plan can be made: rules clash."
    assert "is missing" in said[1]
    assert any("federal budget (co-financing): at most ₽0 in all" in line for line in said)
    assert plans(union) == before
