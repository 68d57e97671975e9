"""What is estimated of leaving and pay: by hand, against twins, and where nothing may be said."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import linalg

from otdacha.pay.leaving import CLASSES, ESTIMATED, NO_DIFFERENCE, TOO_FEW, fit
from otdacha.pay.leaving.coded import coded
from otdacha.pay.leaving.fit import fitted
from otdacha.pay.leaving.likelihood import PersonMonths
from otdacha.pay.leaving.maximum import maximise
from otdacha.pay.leaving.variance import error_of
from otdacha.pay.tables import LEAVING
from tests.simulation.leaving_worlds import World

SMALL = World(towns=7, people=25, months=18, monthly=0.03)


def one_town(*counts: tuple[float, int, int]) -> PersonMonths:
    """Person-months of one town, quarter and class: x, how many, how many of them left."""
    x = np.concatenate([np.full(rows, value) for value, rows, _ in counts])
    left = np.concatenate([np.arange(rows) < exits for _, rows, exits in counts])
    return PersonMonths(x[:, None], np.zeros(len(x), dtype=np.int64), left, (1, 1, 1))


def test_half_as_many_leave_where_x_is_one_more_so_the_slope_is_minus_log_two() -> None:
    found = maximise(one_town((0.0, 100, 4), (1.0, 100, 2)))

    assert found.theta == pytest.approx([-math.log(2)])
    assert 6 / found.at.weight == pytest.approx([0.04])  # 4 % a month at x = 0
    assert found.at.mean == pytest.approx(np.array([[1 / 3]]))  # of x among those who leave
    assert found.finite


def test_the_information_is_that_of_drawing_the_exits_from_the_person_months() -> None:
    found = maximise(one_town((0.0, 100, 4), (1.0, 100, 2)))

    assert found.at.information == pytest.approx(np.array([[[6 * (1 / 3) * (2 / 3)]]]))


def test_there_is_no_maximum_where_only_the_least_paid_left() -> None:
    found = maximise(one_town((0.0, 100, 6), (1.0, 100, 0)))

    assert (found.differs, found.finite) == (True, False)


def test_the_estimate_is_that_of_a_poisson_regression_with_a_dummy_for_everything() -> None:
    frame = SMALL.union(1).person_months
    found = fit(frame)

    data = coded(frame, ["pay"]).rows
    town, quarter, tenure = np.unravel_index(data.cell, data.shape)
    design = np.column_stack(
        [data.x[:, 0]]
        + [town == at for at in range(data.shape[0])]
        + [quarter == at for at in range(1, data.shape[1])]
        + [tenure == at for at in range(1, data.shape[2])]
    ).astype(float)
    theirs = sm.Poisson(data.left.astype(float), design).fit(disp=0, method="newton", tol=1e-12)
    assert found.estimate == pytest.approx(theirs.params[0], abs=1e-8)
    model = maximise(data)
    assert math.sqrt(model.inverse[0, 0]) == pytest.approx(theirs.bse[0], rel=1e-6)


def test_error_and_freedom_are_those_of_their_definition_written_out_town_by_town() -> None:
    frame = SMALL.union(2).person_months
    data = coded(frame, ["pay"]).rows
    found = maximise(data)
    town, quarter, tenure = np.unravel_index(data.cell, data.shape)
    z = np.column_stack(
        [data.x[:, 0]]
        + [quarter == at for at in range(1, data.shape[1])]
        + [tenure == at for at in range(1, data.shape[2])]
    ).astype(float)
    scores, parts = [], []
    for at in range(data.shape[0]):
        here, exits = z[town == at], data.left[town == at]
        p = np.exp(here @ found.theta)
        p /= p.sum()
        mean = p @ here
        scores.append((here[exits] - mean).sum(axis=0))
        parts.append(exits.sum() * (here - mean).T @ (p[:, None] * (here - mean)))
    H = sum(parts)
    root = linalg.sqrtm(H).real
    back = linalg.inv(root)
    eye = np.eye(len(H))
    pulls = [linalg.inv(linalg.sqrtm(eye - back @ part @ back).real) for part in parts]
    moves = [back[0] @ pull @ back @ score for pull, score in zip(pulls, scores, strict=True)]
    a = [pull @ back[0] for pull in pulls]
    P = [back @ part @ back for part in parts]
    G = np.array(
        [
            [a[m] @ ((m == n) * P[m] - P[m] @ P[n]) @ a[n] for n in range(len(a))]
            for m in range(len(a))
        ]
    )

    ours = error_of(np.eye(len(H))[0], found.at.score, found.at.information)
    assert ours.se == pytest.approx(math.sqrt(sum(move**2 for move in moves)))
    assert ours.df == pytest.approx(np.trace(G) ** 2 / (G**2).sum())
    assert np.trace(G) == pytest.approx(linalg.inv(H)[0, 0])  # right on average


def test_the_order_of_rows_and_the_names_of_towns_change_nothing() -> None:
    frame = SMALL.union(3).person_months
    other = frame.sample(fraction=1, shuffle=True, seed=1).with_columns(
        municipality="town " + pl.col("municipality").str.reverse()
    )

    ours, theirs = fit(frame), fit(other)
    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-9)
    assert (ours.se, ours.df) == pytest.approx((theirs.se, theirs.df))


def test_twice_the_wage_everywhere_changes_hazards_and_not_the_slope() -> None:
    frame = SMALL.union(4).person_months
    ours, theirs = fit(frame), fit(frame.with_columns(pay=pl.col("pay") - math.log(2)))

    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-6)
    assert ours.level == pytest.approx(theirs.level, rel=1e-6)
    assert ours.estimate is not None
    for name in ("log_hazard", "lower", "upper"):
        moved = (theirs.towns[name] - ours.towns[name]).to_list()
        assert moved == pytest.approx([math.log(2) * ours.estimate] * 7, abs=1e-5)


def test_in_a_single_quarter_the_hazards_add_up_to_nearly_all_exits() -> None:
    frame = World(towns=8, people=60, months=3, monthly=0.06).union(5).person_months
    found = fit(frame)
    told = frame.with_columns(hazard=found.hazard(frame)).group_by("municipality")
    towns = told.agg(pl.col("hazard").sum(), pl.col("left").sum())

    assert found.level == 0.0
    assert towns["hazard"].sum() == pytest.approx(towns["left"].sum(), rel=0.03)
    assert towns["hazard"].std() < towns["left"].std()  # type: ignore[operator]


def test_a_town_without_exits_says_nothing_of_the_slope_and_has_a_low_hazard() -> None:
    frame = SMALL.union(6).person_months
    quiet = frame.filter(pl.col("municipality") == "0").with_columns(
        municipality=pl.lit("quiet"), left=pl.lit(False)
    )
    with_it = pl.concat([frame, quiet])
    ours, theirs = fit(frame), fit(with_it)

    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-12)
    assert (theirs.municipalities, theirs.without_exits) == (7, 1)
    assert theirs.excluded == {"municipality_without_exits": quiet.height}
    assert theirs.person_months == frame.height
    town = theirs.towns.row(by_predicate=pl.col("municipality") == "quiet", named=True)
    assert (town["person_months"], town["exits"]) == (quiet.height, 0)
    assert town["log_hazard"] < theirs.towns["log_hazard"].drop_nulls().median()  # type: ignore[operator]
    assert town["lower"] < town["log_hazard"] < town["upper"]
    assert theirs.hazard(quiet).is_between(0.0, 1.0, closed="none").all()


def test_where_nobody_left_in_the_last_year_there_is_no_hazard_of_today() -> None:
    frame = World(towns=7, people=25, months=24, monthly=0.03).union(6).person_months
    last = pl.col("month") >= dt.date(2024, 1, 1)
    found = fit(frame.with_columns(left=pl.col("left") & ~last))

    assert found.state == ESTIMATED
    assert found.towns.is_empty()
    assert found.hazard(frame).is_null().all()


def test_a_quarter_without_exits_is_left_out_and_counted() -> None:
    frame = SMALL.union(6).person_months
    silent = (pl.col("month") >= dt.date(2023, 4, 1)) & (pl.col("month") < dt.date(2023, 7, 1))
    found = fit(frame.with_columns(left=pl.col("left") & ~silent))

    assert found.state == ESTIMATED
    assert found.excluded == {"quarter_without_exits": frame.filter(silent).height}


def test_a_town_with_few_exits_is_drawn_to_the_others_and_known_less_well() -> None:
    frame = SMALL.union(6).person_months
    mine, left = pl.col("municipality") == "0", pl.col("left")
    few = frame.with_columns(left=left & ~(mine & left & ((mine & left).cum_sum() > 1)))
    towns = fit(few).towns.with_columns(width=pl.col("upper") - pl.col("lower"))
    row = towns.row(by_predicate=mine, named=True)
    others = towns.filter(~mine)

    assert row["exits"] == 1
    assert row["width"] > others["width"].max()
    assert row["log_hazard"] > math.log(1 / row["person_months"])  # its own rate, about
    assert row["log_hazard"] < others["log_hazard"].mean()  # type: ignore[operator]


def test_the_level_of_the_last_year_is_as_sure_as_its_share_of_all_exits() -> None:
    """Given all exits, those of the last year are a draw of them: the log of their share has a
    variance of 1 / last - 1 / all."""
    frame = World(towns=40, people=100, months=36, monthly=0.02).union(7).person_months
    found = fit(frame)
    last = frame.filter(pl.col("month") >= dt.date(2025, 1, 1))
    exits, of_last = frame["left"].sum(), last["left"].sum()

    assert found.level / 1.96 == pytest.approx(math.sqrt(1 / of_last - 1 / exits), rel=0.3)


@pytest.mark.parametrize(
    "world",
    [
        World(towns=4, people=100, monthly=0.02),
        World(towns=20, people=10, months=12, monthly=0.003),
    ],
    ids=["four towns", "twenty exits"],
)
def test_too_few_towns_or_exits_give_no_figure_at_all(world: World) -> None:
    found = fit(world.union(1).person_months)

    assert found.state == TOO_FEW
    assert {found.estimate, found.se, found.df, found.lower, found.upper} == {None}
    assert found.towns.is_empty()
    with pytest.raises(ValueError, match="too few exits"):
        found.known()


@pytest.mark.parametrize(("name", "nothing"), [("pay", None), ("pay", -math.inf), ("left", None)])
def test_a_person_month_without_a_value_is_an_error(name: str, nothing: float | None) -> None:
    frame = SMALL.union(1).person_months
    first = pl.int_range(pl.len()) == 0
    broken = frame.with_columns(pl.when(first).then(pl.lit(nothing)).otherwise(name).alias(name))

    with pytest.raises(ValueError, match=f"{name}: a person-month without a value"):
        fit(broken)


def test_the_table_of_a_scenario_holds_the_slope_and_the_classes_of_tenure() -> None:
    found = fit(SMALL.union(1).person_months)
    table = found.table()

    assert table.schema == LEAVING
    assert table["term"].to_list() == ["relative_pay", *(f"tenure {name}" for name in found.tenure)]
    assert table.row(0)[1:] == (found.estimate, found.se, found.lower, found.upper)
    assert found.tenure[CLASSES[0]] == 0.0


def test_nobody_at_all_is_too_few() -> None:
    found = fit(SMALL.union(1).person_months.clear())

    assert (found.state, found.person_months, found.exits, found.first) == (TOO_FEW, 0, 0, None)


def test_pay_that_differs_between_towns_and_years_only_says_nothing() -> None:
    frame = SMALL.union(1).person_months
    alike = frame.with_columns(pay=pl.col("municipality").cast(pl.Float64) * 0.1)

    assert fit(alike).state == NO_DIFFERENCE


def test_where_nobody_but_the_least_paid_leaves_no_slope_is_told() -> None:
    frame = SMALL.union(1).person_months
    least = pl.col("pay") == pl.col("pay").min().over("municipality")
    found = fit(
        pl.concat(
            [frame.with_columns(left=pl.lit(False)), *[frame.filter(least)] * 30]
        ).with_columns(left=least)
    )

    assert found.state == TOO_FEW


def test_a_second_regressor_that_is_the_first_again_leaves_nothing_to_tell_them_apart() -> None:
    frame = SMALL.union(1).person_months.with_columns(again=2 * pl.col("pay"))

    assert fitted(frame, ["pay", "again"]).state == NO_DIFFERENCE
