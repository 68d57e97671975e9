"""The invented first year of a small plan: through the ordinary door, and against the plan."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.cli.verbs.spent import ASKING
from otdacha.demo import Union
from otdacha.demo.first_year import (
    PEOPLE,
    FirstYear,
    carry_out,
    invent_first_year,
    write_first_year,
)
from otdacha.programme.execution import Execution
from otdacha.programme.execution.wording import STATES
from otdacha.programme.follow import follow
from otdacha.programme.plan import Plan
from otdacha.records import frame, open_workspace
from tests.unit.cli.small_union import snils, town

UNTIL = dt.date(2026, 6, 30)
SEED = 3


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """Eight people in each town, in two departments by turns, as in the union's staff list."""
    return pl.DataFrame(
        [
            (town(who // 8), f"Отдел {who % 2 + 1}", None, snils(who), f"Вымышленный {who}")
            for who in range(24)
        ],
        schema=PEOPLE,
        orient="row",
    )


@pytest.fixture(scope="module")
def year(plan: Plan, people: pl.DataFrame) -> FirstYear:
    return invent_first_year(SEED, plan.tables, people, UNTIL)


@pytest.fixture(scope="module")
def followed(plan: Plan, year: FirstYear, tmp_path_factory: pytest.TempPathFactory) -> Execution:
    """The files, added to the union; what became of the plan by them."""
    union = plan.path.parent.parent
    for step in write_first_year(tmp_path_factory.mktemp("files"), year):
        assert run(["add", str(union), step.table, str(step.file)]) == 0
    return follow(open_workspace(union), plan, UNTIL)


def test_the_same_seed_invents_the_same_year(
    plan: Plan, people: pl.DataFrame, year: FirstYear
) -> None:
    assert invent_first_year(SEED, plan.tables, people, UNTIL) == year
    assert invent_first_year(SEED + 1, plan.tables, people, UNTIL) != year


def test_some_lines_are_late_one_is_overspent_and_nothing_is_left_over(
    plan: Plan, year: FirstYear, followed: Execution
) -> None:
    assert (len(year.late), len(year.dearer)) == (1, 1)
    states = {
        key: state
        for *key, state in followed.lines.select(
            "municipality", "provider", "offer", "state"
        ).iter_rows()
        for key in [tuple(key)]
    }
    assert {key for key, state in states.items() if state == "late"} == year.late
    assert {key for key, state in states.items() if state == "overspent"} == year.dearer
    assert {key for key, state in states.items() if state == "underspent"} == year.fewer
    assert followed.unmatched.is_empty()
    assert followed.lines.height == plan.tables["lines"].height


def test_whom_the_law_sends_this_year_is_seen_to(plan: Plan, people: pl.DataFrame) -> None:
    """Town 2 has to train its two in 2026: whatever happens, they are signed for and stay."""
    due = plan.tables["seats"].filter(pl.col("by_year") == 2026)
    must = set(due.select("municipality", "provider", "offer").iter_rows())
    assert {town for town, *_ in must} == {town(2)}
    for seed in range(20):
        found = invent_first_year(seed, plan.tables, people, dt.date(2026, 12, 31))
        assert found.late
        assert not must & (found.late | found.dearer | found.fewer)
        attending = [row for row in found.attendance if row["municipality"] == town(2)]
        assert [row["status"] for row in attending] == ["finished"] * 2


def test_of_what_has_not_happened_yet_there_is_no_file(
    plan: Plan, people: pl.DataFrame, year: FirstYear, tmp_path: Path
) -> None:
    early = invent_first_year(SEED, plan.tables, people, dt.date(2025, 6, 30))
    assert write_first_year(tmp_path, early) == []
    nothing = {**plan.tables, "lines": plan.tables["lines"].clear()}
    assert invent_first_year(SEED, nothing, people, UNTIL) == FirstYear()
    assert list(tmp_path.iterdir()) == []
    unpaid = FirstYear(contracts=year.contracts)
    assert [step.table for step in write_first_year(tmp_path, unpaid)] == ["contracts"]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_plan_is_carried_out_among_the_files_of_its_union(plan: Plan, tmp_path: Path) -> None:
    union = Union(tmp_path, SEED, people=0, organisations=0, cases=0, training=0, faults=())
    found = carry_out(union, plan.tables, scale=0.02, until=UNTIL)
    # people attend only from towns that the demonstration has as well
    assert {"contracts", "payments"} <= {step.table for step in found}
    assert {step.file for step in found} == set((tmp_path / "files" / "2026").iterdir())


def test_every_row_passes_the_ordinary_door(
    plan: Plan, year: FirstYear, followed: Execution
) -> None:
    workspace = open_workspace(plan.path.parent.parent)
    for table in ("contracts", "attendance", "payments"):
        assert frame(workspace, table).height == len(getattr(year, table)) > 0, table
    rubles = sum(round(100 * row["amount"]) for row in year.contracts)
    assert round(100 * followed.totals["signed_cost"]) == rubles
    assert followed.totals["paid"] <= followed.totals["signed_cost"]
    staff = set(frame(workspace, "staff")["person"])
    assert set(frame(workspace, "attendance")["person"]) <= staff


def test_what_became_of_a_plan_is_printed_and_finished_training_flows_back(
    plan: Plan, followed: Execution, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    union = str(plan.path.parent.parent)
    table = tmp_path / "lines.csv"
    told = ["spent", str(plan.path), "--on", UNTIL.isoformat()]
    assert run([*told, "--out", str(table), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "late" in printed
    assert "overspent" in printed
    assert pl.read_csv(table).height == followed.lines.height
    assert run([*told, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"] == dict(followed.totals)
    assert set(ASKING) <= set(STATES)
    done = followed.totals["people_finished"]
    assert run(["finish", union, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken"] == done > 0
    assert run(["finish", union, "--lang", "en"]) == 0
    assert f"0 became training now, {done} were training already" in capsys.readouterr().out
