"""Bad cells and exposure: each case of docs/method/bad-input.md, its rule and its count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.effects import COMPOSITE, Effects, impute
from otdacha.effects.composite import covered
from otdacha.errors import NothingToEstimate
from otdacha.methodology import Methodology
from otdacha.ranking import rank
from tests.unit.effects.worlds import (
    World,
    dense_imputation,
    methodology_of,
    months,
    random_world,
)

CELLS = ["unit", "stratum", "cluster", "month", "indicator", "n", "total", "status"]
EXPOSURE = ["unit", "month", "provider", "share", "staff"]
Row = tuple[Any, ...]


def effects_of(world: World, methodology: Methodology | None = None) -> Effects:
    return impute(world.cells, world.exposure, methodology or methodology_of())


def counted(effects: Effects) -> dict[tuple[str, str | None], int]:
    """(reason, provider) → cells."""
    rows = effects.excluded.select("reason", "provider", "rows").iter_rows()
    return {(reason, provider): count for reason, provider, count in rows}


def reasons(effects: Effects, indicator: str | None = None) -> dict[str, str | None]:
    return dict(effects.of(indicator).select("provider", "reason").iter_rows())


def same_estimates(one: Effects, other: Effects) -> None:
    assert_frame_equal(one.estimates, other.estimates, rel_tol=1e-9, abs_tol=1e-10)


def with_value(frame: pl.DataFrame, place: int, column: str, value: object) -> pl.DataFrame:
    """`frame` with another value in one cell; numbers become floating point to hold any."""
    kind = frame.schema[column]
    kind = pl.Float64() if kind.is_numeric() else kind
    return frame.with_row_index("_place").select(
        pl.when(pl.col("_place") == place)
        .then(pl.lit(value, kind))
        .otherwise(pl.col(name).cast(kind))
        .alias(name)
        if name == column
        else name
        for name in frame.columns
    )


def without(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    return frame.with_row_index("_place").filter(pl.col("_place") != place).drop("_place")


def exposed_cell(world: World, place: int) -> int:
    """Where in the cells the exposure in row `place` bears."""
    unit, month = world.exposure.select("unit", "month").row(place)
    found = world.cells.with_row_index("_place").filter(unit=unit, month=month)
    return int(found["_place"].item())


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("n", None, "not_a_number"),
        ("n", NAN, "not_a_number"),
        ("n", INF, "not_a_number"),
        ("n", 0, "no_cases"),
        ("n", -3, "no_cases"),
        ("n", 1e10, "too_many_cases"),
        ("n", 1e300, "too_many_cases"),
        ("total", None, "not_a_number"),
        ("total", NAN, "not_a_number"),
        ("total", -INF, "not_a_number"),
        ("unit", None, "identifier_missing"),
        ("stratum", None, "identifier_missing"),
        ("cluster", None, "identifier_missing"),
        ("month", None, "identifier_missing"),
        ("status", None, "status_missing"),
        ("status", "trained, perhaps", "status_missing"),
        ("indicator", None, "indicator_unknown"),
        ("indicator", "smiles", "indicator_unknown"),
    ],
)
@pytest.mark.parametrize("place", [3, 9], ids=["clean", "exposed"])
def test_a_cell_that_cannot_be_read_is_left_out_whole_and_counted_once(
    column: str, value: object, reason: str, place: int
) -> None:
    world = random_world(1)
    assert world.cells["status"].gather([3, 9]).to_list() == ["clean", "exposed"]
    broken = effects_of(World(with_value(world.cells, place, column, value), world.exposure))
    same_estimates(broken, effects_of(World(without(world.cells, place), world.exposure)))
    assert counted(broken) == {(reason, None): 1}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("share", None),
        ("share", NAN),
        ("share", INF),
        ("share", -0.5),
        ("share", 0.0),
        ("share", 1.2),
        ("staff", None),
        ("staff", 0),
        ("staff", NAN),
        ("staff", INF),
        ("provider", None),
        ("provider", ""),
        ("provider", "  "),
    ],
)
@pytest.mark.parametrize("aggregation", ["cases", "equal_person"])
def test_a_month_of_doubtful_exposure_is_left_out_whole_and_counted(
    column: str, value: object, aggregation: str
) -> None:
    world = random_world(2, doses=True)
    methodology = methodology_of(aggregation=aggregation)
    exposure = with_value(world.exposure, 5, column, value)
    broken = effects_of(World(world.cells, exposure), methodology)
    cells = without(world.cells, exposed_cell(world, 5))
    same_estimates(broken, effects_of(World(cells, world.exposure), methodology))
    assert counted(broken) == {("exposure_not_valid", None): 1}
    assert broken.providers == ("p0", "p1", "p2", "p3")


@pytest.mark.parametrize("aggregation", ["cases", "equal_person"])
def test_a_trained_month_of_which_nobody_says_who_trained_is_left_out_and_counted(
    aggregation: str,
) -> None:
    world = random_world(2)
    methodology = methodology_of(aggregation=aggregation)
    untold = effects_of(World(world.cells, without(world.exposure, 5)), methodology)
    cells = without(world.cells, exposed_cell(world, 5))
    same_estimates(untold, effects_of(World(cells, world.exposure), methodology))
    assert counted(untold) == {("exposure_missing", None): 1}


def test_of_two_figures_for_one_month_neither_is_taken() -> None:
    world = random_world(3)
    again = world.cells[7:8].with_columns(total=pl.col("total") + 1)
    twice = effects_of(World(pl.concat([world.cells, again]), world.exposure))
    same_estimates(twice, effects_of(World(without(world.cells, 7), world.exposure)))
    assert counted(twice) == {("repeated_cell", None): 2}


def test_a_month_that_names_one_provider_twice_is_left_out() -> None:
    world = random_world(3)
    exposure = pl.concat([world.exposure, world.exposure[4:5]])
    twice = effects_of(World(world.cells, exposure))
    cells = without(world.cells, exposed_cell(world, 4))
    same_estimates(twice, effects_of(World(cells, world.exposure)))
    assert counted(twice) == {("exposure_not_valid", None): 1}


def test_exposure_without_a_cell_says_nothing() -> None:
    world = random_world(4)
    nowhere = pl.DataFrame(
        [
            ("nobody", months(12)[3], "p1", 1.0, 4),
            (world.cells["unit"][0], dt.date(1999, 1, 1), "p1", 1.0, 4),
            ("nobody", months(12)[3], "p9", 1.0, 4),
        ],
        schema=world.exposure.schema,
        orient="row",
    )
    more = effects_of(World(world.cells, pl.concat([world.exposure, nowhere])))
    known = more.estimates.filter(pl.col("provider") != "p9")
    assert_frame_equal(known, effects_of(world).estimates, rel_tol=1e-12)
    assert reasons(more)["p9"] == "no_exposed_cell"
    assert counted(more) == {}


def block(
    unit: str, town: str, series: Sequence[float], *, stratum: str = "s", exposed_from: int = 99
) -> list[Row]:
    """A unit's cells from the first month on, one case each."""
    calendar = months(len(series))
    return [
        (unit, stratum, town, calendar[t], "on_time", 1, float(y),
         "exposed" if t >= exposed_from else "clean")
        for t, y in enumerate(series)
    ]  # fmt: skip


def link(unit: str, provider: str, month: int) -> Row:
    return (unit, months(month + 1)[month], provider, 1.0, 1)


def made(cells: Sequence[Row], links: Sequence[Row]) -> World:
    return World(
        pl.DataFrame(cells, schema=CELLS, orient="row"),
        pl.DataFrame(links, schema=EXPOSURE, orient="row"),
    )


def together(world: World, cells: Sequence[Row], links: Sequence[Row] = ()) -> World:
    """`world` and further cells and links in strata of their own."""
    further = made(cells, [*links, link("-", "-", 0)])
    return World(
        pl.concat([world.cells, further.cells.cast(dict(world.cells.schema))]),
        pl.concat([world.exposure, further.exposure.filter(pl.col("unit") != "-")]),
    )


def test_a_unit_seen_once_explains_itself_and_moves_neither_effects_nor_their_scale() -> None:
    world = random_world(5)
    lone = [
        ("once", "s0", "c1", months(12)[4], "on_time", 50, 4000.0, "clean"),
        ("alone", "s7", "c2", months(12)[4], "on_time", 50, -4000.0, "clean"),
    ]
    more = effects_of(together(world, lone))
    same_estimates(more, effects_of(world))
    assert more.scales == pytest.approx(effects_of(world).scales, rel=1e-12)
    before = effects_of(world).diagnostics["on_time"]
    after = more.diagnostics["on_time"]
    assert after["lone_cells"] == before["lone_cells"] + 2
    assert after["clean_cells"] == before["clean_cells"] + 2


def test_a_chain_of_single_cells_is_lone_from_end_to_end() -> None:
    """In s9 unit a is seen in months 0 and 1, b in 1 and 2: no cell is seen twice in any way."""
    calendar = months(3)
    chain = [
        (unit, "s9", "c0", calendar[t], "on_time", 1, 10.0 * t * t, "clean")
        for unit, seen in (("a", (0, 1)), ("b", (1, 2)))
        for t in seen
    ]
    world = random_world(5)
    more = effects_of(together(world, chain))
    alone = effects_of(world)
    assert (
        more.diagnostics["on_time"]["lone_cells"] == 4 + alone.diagnostics["on_time"]["lone_cells"]
    )
    assert more.scales == pytest.approx(alone.scales, rel=1e-9)


@pytest.mark.parametrize(
    ("cells", "links", "reason"),
    [
        pytest.param(
            block("x", "X", [1, 2, 9], stratum="z", exposed_from=2),
            [link("x", "q", 2)],
            "period_without_clean_cell",
            id="a stratum of one unit",
        ),
        pytest.param(
            [
                *block("x", "X", [9], stratum="z", exposed_from=0),
                *block("y", "Y", [2], stratum="z"),
            ],
            [link("x", "q", 0)],
            "unit_without_clean_cell",
            id="a stratum of one month",
        ),
        pytest.param(
            [
                *block("x", "X", [1, 2], stratum="z", exposed_from=0),
                *block("y", "Y", [2, 3], stratum="z", exposed_from=0),
            ],
            [link("x", "q", 0), link("x", "q", 1), link("y", "q", 0), link("y", "q", 1)],
            "unit_without_clean_cell",
            id="a stratum without a clean cell",
        ),
        pytest.param(
            [
                *block("x", "X", [1, 2], stratum="z", exposed_from=1),
                *block("y", "Y", [2, 3], stratum="z", exposed_from=1),
            ],
            [link("x", "q", 1), link("y", "q", 1)],
            "period_without_clean_cell",
            id="a provider whose people are the whole stratum",
        ),
    ],
)
def test_a_stratum_without_a_comparison_is_counted_and_leaves_the_others_alone(
    cells: list[Row], links: list[Row], reason: str
) -> None:
    world = random_world(6)
    more = effects_of(together(world, cells, links))
    known = more.estimates.filter(pl.col("provider") != "q")
    assert_frame_equal(known, effects_of(world).estimates, rel_tol=1e-12)
    assert counted(more) == {(reason, None): len(links), (reason, "q"): len(links)}
    assert reasons(more)["q"] == "nothing_comparable"


def test_a_provider_that_takes_over_a_stratum_is_read_until_it_has_all_of_it() -> None:
    """Both are trained by q, the first in month 2, the second in month 3: only month 2 compares."""
    cells = [
        *block("x", "X", [1, 2, 8, 9], stratum="z", exposed_from=2),
        *block("y", "Y", [3, 4, 5, 9], stratum="z", exposed_from=3),
    ]
    world = random_world(6)
    links = [link("x", "q", 2), link("x", "q", 3), link("y", "q", 3)]
    more = effects_of(together(world, cells, links))
    assert counted(more)["period_without_clean_cell", "q"] == 2
    (found,) = more.of().filter(provider="q").to_dicts()
    assert found["estimate"] == pytest.approx(8 - 3)
    assert found["reason"] == "one_cluster"


def test_a_unit_in_two_strata_is_a_unit_in_each() -> None:
    world = random_world(7)
    half = pl.col("month") >= months(12)[6]
    moved = (pl.col("unit") == "u0003") & half
    torn = world.cells.with_columns(stratum=pl.when(moved).then(pl.lit("s0")).otherwise("stratum"))
    renamed = {
        "cells": torn.with_columns(
            unit=pl.when(moved).then(pl.lit("u0003 moved")).otherwise("unit")
        ),
        "exposure": world.exposure.with_columns(
            unit=pl.when(moved).then(pl.lit("u0003 moved")).otherwise("unit")
        ),
    }
    same_estimates(effects_of(World(torn, world.exposure)), effects_of(World(**renamed)))


def test_one_case_a_month_is_as_good_as_any_weight() -> None:
    world = random_world(8)
    cells = world.cells.with_columns(total=pl.col("total") / pl.col("n"), n=pl.lit(1))
    ones = World(cells, world.exposure)
    theta, psi = dense_imputation(ones)
    found = effects_of(ones)
    np.testing.assert_allclose(found.of()["estimate"].to_numpy(), theta, atol=1e-11)
    np.testing.assert_allclose(found.scores["on_time"], psi, atol=1e-11)


def exact_prediction(rows: Sequence[Row], unit: str, month: int) -> Fraction:
    """What clean cells foretell, by normal equations in whole fractions."""
    calendar = sorted({row[3] for row in rows})
    units = sorted({row[0] for row in rows})
    width = len(units) + len(calendar) - 1  # the first month is the one the others differ from

    def design(row: Row) -> list[Fraction]:
        z = [Fraction(0)] * width
        z[units.index(row[0])] = Fraction(1)
        if (t := calendar.index(row[3])) > 0:
            z[len(units) + t - 1] = Fraction(1)
        return z

    system = [[Fraction(0)] * (width + 1) for _ in range(width)]
    for row in rows:
        if row[7] == "clean":
            z, n, total = design(row), Fraction(row[5]), Fraction(row[6])
            for i in range(width):
                for j in range(width):
                    system[i][j] += z[i] * n * z[j]
                system[i][width] += z[i] * total
    for i in range(width):
        system[i] = [value / system[i][i] for value in system[i]]
        for k in range(width):
            if k != i:
                times = system[k][i]
                system[k] = [
                    mine - times * other for mine, other in zip(system[k], system[i], strict=True)
                ]
    where = design((unit, "", "", calendar[month]))
    return sum((z * line[width] for z, line in zip(where, system, strict=True)), Fraction(0))


def test_a_month_of_impossibly_many_cases_leaves_the_digits_of_the_others() -> None:
    """a and b are untrained, c trained by q in month 2; a has 10^9 cases in month 1."""
    rows = [
        *block("a", "A", [1, 2, 3]),
        *block("b", "B", [3, 5, 4]),
        *block("c", "C", [10, 11, 17], exposed_from=2),
    ]
    rows[1] = (*rows[1][:5], 10**9, 2.0 * 10**9, "clean")
    expected = 17 - float(exact_prediction(rows, "c", 2))
    found = effects_of(made(rows, [link("c", "q", 2)]))
    assert found.of()["estimate"].item() == pytest.approx(expected, abs=1e-6)


def test_numbers_of_cases_that_no_computer_can_compare_are_refused_in_words() -> None:
    """a ties month 1 to month 2 so strongly that b's tie to month 0 is beyond the last digit."""
    calendar = months(3)
    light = [
        (*row[:5], 1e-9, row[6] * 1e-9, row[7])
        for row in (*block("b", "B", [1, 2]), *block("c", "C", [1, 2, 9], exposed_from=2))
    ]
    rows = [
        ("a", "s", "A", calendar[1], "on_time", 1e9, 1e9, "clean"),
        ("a", "s", "A", calendar[2], "on_time", 1e9, 1e9, "clean"),
        *light,
    ]
    with pytest.raises(NothingToEstimate) as fault:
        effects_of(made(rows, [link("c", "q", 2)]))
    assert "number of cases is impossible" in fault.value.said("en")


def test_a_heavy_month_makes_its_town_the_only_evidence() -> None:
    world = random_world(9, units=200)
    place = exposed_cell(world, 0)
    provider = world.exposure["provider"][0]
    heavy = world.cells.with_row_index("_place").with_columns(
        pl.when(pl.col("_place") == place)
        .then(pl.col(name).cast(pl.Float64) * 1e7)
        .otherwise(pl.col(name).cast(pl.Float64))
        .alias(name)
        for name in ("n", "total")
    )
    minimum = methodology_of().minimum.model_copy(update={"degrees_of_freedom": 2.0})
    stricter = methodology_of().model_copy(update={"minimum": minimum})
    found = effects_of(World(heavy.drop("_place"), world.exposure), stricter)
    assert reasons(found)[provider] == "few_degrees_of_freedom"
    plain = reasons(effects_of(world, stricter))
    assert plain[provider] is None
    assert reasons(found) == {**plain, provider: "few_degrees_of_freedom"}


def test_one_cluster_is_no_evidence_and_nobody_is_ranked() -> None:
    world = random_world(10)
    one = World(world.cells.with_columns(cluster=pl.lit("c")), world.exposure)
    found = effects_of(one)
    assert set(reasons(found).values()) == {"one_cluster"}
    ranking = rank(found, methodology_of())
    assert ranking.listed == ()
    assert "No provider has enough evidence" in str(ranking.verdict)


def perfect() -> World:
    """q's stratum follows its calendar to the digit and q adds 2 in each of four towns; elsewhere
    things vary."""
    cells, links = [], []
    for place, town in enumerate(("c0", "c1", "c2", "c3")):
        cells += block(f"x{place}", town, [place + 0.1, place + 0.7, place + 2.3], stratum="z",
                       exposed_from=2)  # fmt: skip
        links.append(link(f"x{place}", "q", 2))
    cells += block("y", "c0", [5.1, 5.7, 5.3], stratum="z")
    return together(random_world(11), cells, links)


def test_a_provider_that_is_foretold_to_the_last_digit_is_not_ranked_as_certain() -> None:
    found = effects_of(perfect())
    (row,) = found.of().filter(provider="q").to_dicts()
    assert row["estimate"] == pytest.approx(2.0)
    assert (row["se"], row["state"], row["reason"]) == (
        None,
        "insufficient evidence",
        "no_measure_of_chance",
    )
    ranking = rank(found, methodology_of())
    assert "q" not in ranking.listed
    assert ranking.frame.filter(provider="q")["rank_low"].item() is None
    assert ranking.frame.filter(state="estimated").height == 4


def test_all_outcomes_equal_rank_nobody() -> None:
    world = random_world(12)
    same = World(world.cells.with_columns(total=2.0 * pl.col("n")), world.exposure)
    ranking = rank(effects_of(same), methodology_of())
    assert ranking.frame["state"].unique().to_list() == ["insufficient evidence"]
    assert ranking.listed == ()


def test_months_that_lie_centuries_apart_are_just_other_months() -> None:
    world = random_world(13)
    calendar = months(12)
    far = {month: month.replace(year=1900 + 17 * place) for place, month in enumerate(calendar)}
    moved = World(
        world.cells.with_columns(pl.col("month").replace(far)),
        world.exposure.with_columns(pl.col("month").replace(far)),
    )
    same_estimates(effects_of(moved), effects_of(world))


# --- several indicators --------------------------------------------------------------------------

BOTH = ("on_time", "repeat")


def two_indicators(seed: int = 14, *, clusters: int = 5) -> World:
    world = random_world(seed, units=120, clusters=clusters)
    rng = np.random.default_rng(seed)
    noise = pl.Series(rng.normal(size=len(world.cells)))
    other = world.cells.with_columns(
        indicator=pl.lit("repeat"), total=pl.col("total") * 0.5 + noise * pl.col("n").sqrt()
    )
    return World(pl.concat([world.cells, other]), world.exposure)


def recorded_in(world: World, indicator: str, towns: Sequence[str]) -> World:
    kept = (pl.col("indicator") != indicator) | pl.col("cluster").is_in(list(towns))
    return World(world.cells.filter(kept), world.exposure)


def test_an_indicator_of_most_towns_enters_the_composite_and_its_coverage_is_told() -> None:
    world = recorded_in(two_indicators(), "repeat", ("c0", "c1", "c2", "c3"))
    found = effects_of(world, methodology_of(BOTH))
    assert set(reasons(found).values()) == {None}
    coverage = found.diagnostics[COMPOSITE]["coverage"]
    exposed = world.cells.filter(status="exposed").join(
        world.exposure.select("unit", "month", "provider"), on=["unit", "month"]
    )
    units = {
        (provider, indicator): count
        for provider, indicator, count in exposed.group_by("provider", "indicator")
        .agg(pl.col("unit").n_unique())
        .iter_rows()
    }
    for provider in found.providers:
        by_hand = units[provider, "repeat"] / units[provider, "on_time"]
        assert 0.5 < coverage[provider] < 1
        assert coverage[provider] == pytest.approx(by_hand)


def test_an_indicator_of_few_towns_makes_no_composite() -> None:
    world = recorded_in(two_indicators(clusters=12), "repeat", ("c0", "c1", "c2"))
    methodology = methodology_of(BOTH)
    found = effects_of(world, methodology)
    assert set(reasons(found).values()) == {"indicator_rare"}
    assert set(reasons(found, "repeat").values()) == {None}
    assert not found.scores[COMPOSITE].any()
    assert rank(found, methodology).listed == ()
    minimum = methodology.minimum.model_copy(update={"coverage": 0.0})
    told = effects_of(world, methodology.model_copy(update={"minimum": minimum}))
    assert set(reasons(told).values()) == {None}


def test_two_indicators_of_different_towns_cover_nothing_together() -> None:
    world = recorded_in(two_indicators(), "repeat", ("c0", "c1", "c2"))
    world = recorded_in(world, "on_time", ("c3", "c4"))
    found = effects_of(world, methodology_of(BOTH))
    assert set(found.diagnostics[COMPOSITE]["coverage"].values()) == {0.0}
    assert set(reasons(found).values()) == {"indicator_rare"}


def test_coverage_counts_the_units_that_all_indicators_know() -> None:
    everywhere = np.array([[4, 2], [4, 0], [2, 0]])
    in_one_town = np.array([[4, 0], [0, 0], [1, 0]])
    np.testing.assert_allclose(covered([everywhere, in_one_town]), [0.5, 0.0])
    np.testing.assert_allclose(covered([np.zeros((2, 1), int)] * 2), [1.0])


def test_a_provider_without_one_of_the_indicators_has_no_composite() -> None:
    world = two_indicators()
    mine = world.exposure.filter(provider="p1").select("unit", "month")
    cells = world.cells.join(
        mine.with_columns(indicator=pl.lit("repeat")), on=["unit", "month", "indicator"], how="anti"
    )
    found = effects_of(World(cells, world.exposure), methodology_of(BOTH))
    assert reasons(found) == {"p0": None, "p1": "indicator_missing", "p2": None, "p3": None}
    assert reasons(found, "repeat")["p1"] == "no_exposed_cell"


def weighted(**weights: float) -> Methodology:
    methodology = methodology_of(tuple(weights))
    changed = [i.model_copy(update={"weight": weights[i.id]}) for i in methodology.indicators]
    return methodology.model_copy(update={"indicators": tuple(changed)})


def test_an_indicator_that_nobody_records_is_left_out_for_all_and_said() -> None:
    found = effects_of(two_indicators(), weighted(on_time=1, repeat=1, duration=2))
    assert found.diagnostics[COMPOSITE]["left_out"] == ["duration"]
    half = effects_of(two_indicators(), weighted(on_time=1, repeat=1))
    assert_frame_equal(found.of(), half.of())
    assert half.diagnostics[COMPOSITE]["left_out"] == []


@pytest.mark.parametrize("recorded", [BOTH, ("on_time",)], ids=["two", "one"])
def test_when_nothing_that_has_weight_is_recorded_nobody_is_ranked(
    recorded: tuple[str, ...],
) -> None:
    methodology = weighted(on_time=0, repeat=0, duration=1)
    world = two_indicators()
    kept = World(world.cells.filter(pl.col("indicator").is_in(recorded)), world.exposure)
    found = effects_of(kept, methodology)
    assert found.headline == COMPOSITE
    assert set(reasons(found).values()) == {"indicator_missing"}
    assert found.of()["estimate"].is_null().all()
    assert found.diagnostics[COMPOSITE] == {"left_out": ["duration"], "coverage": None}
    ranking = rank(found, methodology)
    assert ranking.listed == ()
    assert "No provider has enough evidence" in str(ranking.verdict)


def test_indicators_that_cancel_exactly_leave_no_certain_zero() -> None:
    """The second is the first and lower is better: their sum is nothing, to the last digit."""
    world = random_world(15)
    other = world.cells.with_columns(indicator=pl.lit("repeat"))
    found = effects_of(
        World(pl.concat([world.cells, other]), world.exposure), weighted(on_time=1, repeat=1)
    )
    assert set(reasons(found).values()) == {"no_measure_of_chance"}
    assert found.of()["se"].is_null().all()
    assert rank(found, methodology_of(BOTH)).listed == ()
