"""A plan of three invented towns under way: what is signed stays, the rest is decided anew.

Ten people need training (4 + 4 + 2, the last two by law); A1 in March has six seats at 10,000
rubles and begins with three, B1 in May nine seats at 20,000; there are 120,000 federal rubles and
10,000 of each town.
"""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from otdacha.cli.run import run
from otdacha.programme.clash.infeasible import Names, explanation
from otdacha.programme.clash.rules import Budget, MandatoryNeeds
from otdacha.programme.deciding.checking import broken
from otdacha.programme.deciding.highs import within
from otdacha.programme.deciding.mending import mended
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import decide
from otdacha.programme.execution import Replanned, replanned
from otdacha.programme.execution.replan import NoRest
from otdacha.programme.execution.signed import Records
from otdacha.programme.execution.wording import WAITS
from otdacha.programme.material import Material, read_material
from otdacha.programme.parameters.file import parameters_of
from otdacha.programme.plan import Plan, load_plan, make_plan
from otdacha.programme.problem import Problem
from otdacha.programme.tables import plan_tables
from otdacha.records import open_workspace
from tests.unit.cli.small_union import town, write
from tests.unit.programme.carrying import decided, records
from tests.unit.programme.planned_union import OTHER, PROVEN

NEW_YEAR = dt.date(2026, 1, 1)
FEDERAL, LOCAL = "38607059990092040244", "90207050120100190244"
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def material(union: Path, plan: Plan) -> Material:
    workspace = open_workspace(union)
    return read_material(
        workspace, None, parameters_of(workspace), today=NEW_YEAR, first_year=plan.years[0]
    )


def contract(
    place: int, offer: str, seats: int, rubles: float, source: str = "federal", **told: object
) -> Row:
    provider = PROVEN if offer == "А1" else OTHER
    code = told.get("code", FEDERAL if source == "federal" else LOCAL)
    number = told.get("number", f"{place}-{offer}")
    return (town(place), number, provider, offer, seats, source, code, rubles, "2026-01-15")


def everything(plan: Plan) -> list[Row]:
    seats = plan.tables["lines"].select("municipality", "offer", "seats")
    funding = plan.tables["funding"].join(seats, on=["municipality", "offer"])
    return [
        (place, f"{place}-{offer}", provider, offer, count, source, code, fee, "2026-01-01")
        for place, offer, provider, count, source, code, fee in funding.select(
            "municipality", "offer", "provider", "seats", "source", "code", "fee"
        ).iter_rows()
    ]


Tables = dict[str, pl.DataFrame]


def again(
    material: Material, plan: Plan, known: Records, today: dt.date = NEW_YEAR, notice: int = 0
) -> tuple[Replanned, Tables]:
    anew = replanned(
        material,
        plan.tables,
        known,
        today=today,
        decide=lambda problem, _: decided(problem),
        notice=notice,
    )
    tables = plan_tables(anew.material, anew.problem, anew.decision, anew.enrolled, anew.aside)
    return anew, tables


def test_with_nothing_signed_the_new_plan_is_as_good_as_the_old(
    material: Material, plan: Plan
) -> None:
    anew, tables = again(material, plan, records([]))
    assert anew.decision.benefit == plan.figures["benefit"]
    assert tables["lines"]["seats"].sum() == plan.figures["people"]
    assert (anew.eased, anew.unmatched.height, anew.aside.sum()) == ((), 0, 0)


@pytest.mark.parametrize("first", [0, 1])
def test_with_nothing_changed_no_line_moves(material: Material, plan: Plan, first: int) -> None:
    """Whether town 0 or town 1 has four of the six cheap seats is all the same; whoever has them
    keeps them."""
    problem = plan.problem
    leg = problem.leg_municipality.tolist().index(first)
    assert problem.leg_run[leg] == 0
    program = linear_program(problem)
    seats = program.upper[program.columns["seats"]].copy()
    least = np.zeros_like(seats)
    least[leg] = 4
    before = decide(problem, program=within(program, {"seats": (least, seats)}))
    assert before.benefit == plan.figures["benefit"]
    tables = plan_tables(material, problem, before)
    anew = replanned(material, tables, records([]), today=NEW_YEAR, decide=from_start)
    again = plan_tables(anew.material, anew.problem, anew.decision, anew.enrolled, anew.aside)
    for name in ("lines", "funding", "groups", "seats", "budgets", "municipalities"):
        assert again[name].equals(tables[name]), name


def test_a_run_that_begins_too_soon_loses_its_people_and_the_rest_is_a_start(
    material: Material, plan: Plan
) -> None:
    """A1 has begun without a contract: of ten people the four in B1 are still meant."""
    starts: list[Decision] = []

    def deciding(problem: Problem, start: Decision) -> Decision:
        starts.append(start)
        return from_start(problem, start)

    in_b1 = plan.tables["lines"].filter(offer="Б1")["seats"].sum()
    known, later = records([]), dt.date(2026, 3, 10)
    anew = replanned(material, plan.tables, known, today=later, decide=deciding)
    assert [start.seats.sum() for start in starts] == [in_b1] == [4]
    assert anew.decision.pairs.sum() == 7


def from_start(problem: Problem, start: Decision) -> Decision:
    return decide(problem, gap=1e-3, seconds=20, start=start)


def test_with_everything_signed_nothing_is_left_to_decide(material: Material, plan: Plan) -> None:
    anew, tables = again(material, plan, records(everything(plan)))
    assert anew.signed.seats.sum() == plan.figures["people"]
    for name in ("lines", "funding", "groups", "budgets", "municipalities"):
        assert tables[name].equals(plan.tables[name]), name
    assert tables["seats"].drop("pair").equals(plan.tables["seats"].drop("pair"))
    # and later, when all of it is over, it is still the plan
    _, later = again(material, plan, records(everything(plan)), dt.date(2026, 6, 1))
    assert later["lines"].equals(plan.tables["lines"])


def test_what_is_signed_stays_though_it_has_begun(material: Material, plan: Plan) -> None:
    """Town 0 signed three seats of A1, which began in March; the rest can only go to B1."""
    signed = records([contract(0, "А1", 3, 30_000)])
    anew, tables = again(material, plan, signed, dt.date(2026, 3, 10))
    lines = tables["lines"].filter(pl.col("offer") == "А1")
    assert lines.select("municipality", "seats", "cost", "federal").rows() == [
        (town(0), 3, 30_000.0, 30_000.0)
    ]
    groups = tables["groups"].filter(pl.col("offer") == "А1")
    assert groups.select("groups", "seats").row(0) == (1, 3)
    # 150,000 - 30,000 pay six of the seven others at 20,000 rubles
    assert anew.decision.pairs.sum() == 9
    assert (tables["budgets"]["planned"] <= tables["budgets"]["amount"]).all()


def test_signed_people_count_for_the_smallest_group(material: Material, plan: Plan) -> None:
    """A1 begins with three. Two are signed, and two towns have money for one seat each."""
    rubles = np.array([25_000, 10_000, 10_000, 10_000])
    poor = replace(material, funds=replace(material.funds, amount=rubles * 100))
    _, tables = again(poor, plan, records([contract(2, "А1", 2, 20_000)]), dt.date(2026, 1, 20))
    assert tables["groups"].select("offer", "groups", "seats").rows() == [("А1", 1, 4)]
    assert tables["lines"].select("municipality", "seats").rows() == [
        (town(0), 1),
        (town(1), 1),
        (town(2), 2),
    ]


def with_floor(material: Material, floor: float) -> Material:
    choices = material.parameters.plan.model_copy(update={"fairness_floor": floor})
    return replace(material, parameters=material.parameters.model_copy(update={"plan": choices}))


def test_a_group_that_nobody_can_fill_up_is_held_as_it_was_signed(
    material: Material, plan: Plan
) -> None:
    """Two of three are signed for, and no money is left for a third."""
    penniless = replace(material.funds, amount=material.funds.amount * 0 + 1)
    few = with_floor(replace(material, funds=penniless), 0.0)
    signed = records([contract(2, "А1", 2, 0.01)])
    anew, tables = again(few, plan, signed, dt.date(2026, 1, 20))
    assert anew.eased == ("minimum_group",)
    assert tables["groups"].select("offer", "seats").rows() == [("А1", 2)]


def test_an_overspent_fund_pays_nothing_else(material: Material, plan: Plan) -> None:
    signed = records(
        [
            contract(0, "А1", 3, 120_000),
            contract(2, "А1", 2, 10_000),
            contract(2, "А1", 2, 10_000, "municipal"),
        ]
    )
    anew, tables = again(material, plan, signed, dt.date(2026, 2, 10))
    federal = tables["budgets"].filter(pl.col("source") == "federal").row(0, named=True)
    assert (federal["planned"], federal["left"]) == (130_000.0, -10_000.0)
    # A1 has one seat left, which town 1 pays itself: its floor is one of four
    added = tables["funding"].filter(municipality=town(1))
    assert added.select("offer", "source", "amount").rows() == [("А1", "municipal", 10_000.0)]
    assert (anew.decision.pairs.sum(), anew.eased) == (6, ())


def test_a_broken_share_that_nothing_can_mend_is_kept_by_the_rest_alone(
    material: Material, plan: Plan
) -> None:
    """All of 340,000 is federal; 10,000 of each town could not make that nine parts of ten."""
    signed = records([contract(0, "Б1", 4, 300_000), contract(2, "Б1", 2, 40_000)])
    anew, tables = again(with_floor(material, 0.0), plan, signed, dt.date(2026, 4, 10))
    assert anew.eased == ("share",)
    assert tables["lines"].select("municipality", "seats", "cost").rows() == [
        (town(0), 4, 300_000.0),
        (town(2), 2, 40_000.0),
    ]


def test_where_the_rest_cannot_be_planned_the_clashing_rules_are_named(
    material: Material, plan: Plan
) -> None:
    """One contract took all the federal money, and town 2 must train two for 10,000."""
    signed = records([contract(0, "А1", 3, 130_000)])
    with pytest.raises(NoRest) as fault:
        again(material, plan, signed, dt.date(2026, 2, 10))
    clash = explanation(fault.value.problem, Names({}, {}))
    kinds = {type(rule) for rule in clash.rules}
    assert {MandatoryNeeds, Budget} <= kinds
    assert clash.missing is not None


def test_a_plan_under_way_goes_on_though_somebody_who_must_be_trained_has_to_wait(
    material: Material, plan: Plan
) -> None:
    """The same contract: what the rest can pay for is planned, and the plan says who goes short."""
    anew = replanned(
        with_floor(material, 0.0),
        plan.tables,
        records([contract(0, "А1", 3, 130_000)]),
        today=dt.date(2026, 2, 10),
        decide=from_start,
        mend=lambda problem, start: mended(problem, start, gap=1e-3, seconds=10),
    )
    assert anew.eased == (WAITS,)
    served = np.zeros(len(anew.left.people), dtype=np.int64)
    np.add.at(served, anew.left.pair_class, anew.decided.pairs)
    waiting = anew.problem.mandatory & (served < anew.left.people)
    assert waiting.any()
    assert not anew.left.mandatory[waiting].any()
    assert broken(anew.left, anew.decided) == []


def test_who_is_enrolled_keeps_the_seat_and_who_left_is_in_need_again(
    material: Material, plan: Plan
) -> None:
    statuses = ("enrolled", "attending", "attending", "left")
    signed = records(
        [contract(0, "А1", 4, 40_000)],
        [(town(0), f"p{at}", PROVEN, "А1", said, None) for at, said in enumerate(statuses)],
    )
    _, tables = again(material, plan, signed, dt.date(2026, 3, 5))
    in_a1 = pl.col("offer") == "А1"
    here = {name: tables[name].filter(municipality=town(0)) for name in ("seats", "lines", "unmet")}
    assert here["seats"].filter(in_a1)["people"].to_list() == [3]
    assert here["lines"].filter(in_a1)["seats"].to_list() == [4]
    others = here["seats"].filter(~in_a1)["people"].sum() + here["unmet"]["people"].sum()
    assert others == 1


def test_what_fits_no_line_is_counted_and_its_money_is_gone(material: Material, plan: Plan) -> None:
    unknown = (town(0), "1", PROVEN, "Нет", 2, "federal", FEDERAL, 20_000.0, "2026-01-15")
    signed = records(
        [unknown, contract(1, "А1", 1, 10_000, "own", code=None)],
        [(town(2), "p", OTHER, "Б1", "enrolled", None)],
    )
    anew, tables = again(material, plan, signed, dt.date(2026, 1, 20))
    assert anew.unmatched.rows() == [
        ("attendance", "attends_without_contract", 1),
        ("contracts", "no_budget", 1),
        ("contracts", "unknown_offer", 1),
    ]
    federal = tables["budgets"].filter(pl.col("source") == "federal").row(0, named=True)
    assert federal["planned"] == tables["lines"]["federal"].sum() + 20_000 <= federal["amount"]


def test_a_run_that_begins_within_the_notice_takes_nobody(material: Material, plan: Plan) -> None:
    _, tables = again(material, plan, records([]), dt.date(2026, 2, 20), notice=14)
    assert tables["lines"]["offer"].unique().to_list() == ["Б1"]
    left_out = dict(tables["left_out"].select("reason", "rows").iter_rows())
    assert left_out == {"too_late_to_sign": 1}


def test_a_plan_made_anew_names_the_one_it_came_from(union: Path, plan: Plan) -> None:
    """Through the ordinary door, and landed beside it."""
    header = ["ОКТМО", "№ контракта", "ИНН", "Код предложения", "Мест"]
    header += ["Источник", "КБК", "Сумма", "Дата подписания"]
    row = (town(0), "7", PROVEN, "А1", 3, "федеральный бюджет", FEDERAL, 30_000, "2026-01-15")
    file = write(union.parent / "contracts.csv", header, [row])
    assert run(["add", str(union), "contracts", str(file)]) == 0
    anew = make_plan(
        open_workspace(union), today=dt.date(2026, 1, 20), replan_from=plan, explained=True
    )
    before = anew.manifest["replanned_from"]
    assert before == {
        "id": plan.id,
        "hash": plan.hash,
        "on": "2026-01-20",
        "seats": 3,
        "signed": 30_000.0,
        "moved": 0,
        "moving": pytest.approx(0.1 * 2.2),
        "eased": [],
        "unmatched": [],
    }
    assert anew.id == "2026.2"
    assert anew.figures["people"] == 10
    assert load_plan(anew.path).hash == anew.hash
    # other plans are of the rest: seven people, with the 120,000 rubles that no contract binds
    frontier = anew.tables["frontier"].filter(share=1).row(0, named=True)
    assert (frontier["people"], frontier["budget"]) == (7, 120_000)
    assert anew.tables["rivals"]["people"].to_list() == [7, 7, 7]


def test_a_plan_is_followed_by_its_own_rules_where_the_workspace_has_none(
    union: Path, tmp_path: Path
) -> None:
    workspace = open_workspace(Path(shutil.copytree(union, tmp_path / "union")))
    ruled = parameters_of(workspace)
    own = ruled.model_copy(update={"plan": ruled.plan.model_copy(update={"seconds": 7.0})})
    before = make_plan(workspace, None, own, today=NEW_YEAR)

    after = make_plan(workspace, today=NEW_YEAR, replan_from=before)

    assert after.manifest["parameters"]["hash"] == own.hash
