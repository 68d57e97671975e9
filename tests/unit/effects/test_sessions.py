"""Sessions of exposure, parts of providers, and the cut between earlier and later sessions."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.effects import impute
from otdacha.effects.sessions import (
    APART,
    EARLY,
    HALVES,
    LATE,
    balanced_cut,
    early_and_late,
    in_scales_of,
    quarters,
    with_sessions,
)
from tests.unit.effects.worlds import (
    World,
    dense_imputation,
    methodology_of,
    months,
    random_world,
)

CALENDAR = months(60)


def exposed(*spells: tuple[str, str, list[int]], people: float = 1.0) -> pl.DataFrame:
    """Exposure of units by provider in the months with these numbers."""
    rows = [
        (unit, CALENDAR[m], provider, people, 1) for unit, provider, spell in spells for m in spell
    ]
    return pl.DataFrame(rows, schema=["unit", "month", "provider", "share", "staff"], orient="row")


def session_numbers(exposure: pl.DataFrame, horizon: int = 12) -> list[int]:
    return [CALENDAR.index(day) for day in with_sessions(exposure, horizon)["session"]]


def test_a_course_is_one_session_whatever_months_have_no_work() -> None:
    assert session_numbers(exposed(("u", "p", [3, 4, 9, 14]))) == [3, 3, 3, 3]


def test_a_second_course_after_the_horizon_is_another_session() -> None:
    assert session_numbers(exposed(("u", "p", [0, 11, 20, 31]))) == [0, 0, 20, 20]


def test_a_department_that_is_always_exposed_has_a_session_in_each_horizon() -> None:
    found = session_numbers(exposed(("u", "p", list(range(30)))))
    assert found == [0] * 12 + [12] * 12 + [24] * 6


def test_a_unit_trained_by_two_providers_is_in_a_session_of_both() -> None:
    found = with_sessions(exposed(("u", "p", [2, 3]), ("u", "q", [3, 4])), 12)
    assert found.group_by("provider").agg(pl.col("session").min()).sort("provider").rows() == [
        ("p", CALENDAR[2]),
        ("q", CALENDAR[3]),
    ]


def first_month_then_horizon(numbers: list[int], horizon: int) -> list[int]:
    """The rule said as a loop."""
    begun: list[int] = []
    for number in numbers:
        if not begun or number >= begun[-1] + horizon:
            begun.append(number)
    return [max(start for start in begun if start <= number) for number in numbers]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 59), min_size=1), min_size=1, max_size=4), st.integers(1, 14)
)
def test_sessions_are_those_of_the_loop(spells: list[set[int]], horizon: int) -> None:
    exposure = exposed(*((f"u{i}", "p", sorted(spell)) for i, spell in enumerate(spells)))
    expected = [s for spell in spells for s in first_month_then_horizon(sorted(spell), horizon)]
    assert session_numbers(exposure.sample(fraction=1, shuffle=True, seed=1).sort("unit", "month"),
                           horizon) == expected  # fmt: skip


def cells_of(exposure: pl.DataFrame) -> pl.DataFrame:
    return exposure.select("unit", "month", status=pl.lit("exposed")).unique()


def test_the_cut_leaves_the_smaller_side_largest() -> None:
    # until month 4: two months of u; after it: three of v. until 5: 3 + 0, for v began in 5
    exposure = exposed(("u", "p", [3, 4, 5]), ("v", "p", [5, 6, 7]))
    assert balanced_cut(with_sessions(exposure, 12), cells_of(exposure)) == CALENDAR[4]


def test_there_is_no_cut_where_nothing_begins_later() -> None:
    exposure = exposed(("u", "p", [3, 4]), ("v", "q", [3]))
    assert balanced_cut(with_sessions(exposure, 12), cells_of(exposure)) is None
    assert balanced_cut(with_sessions(exposure.clear(), 12), cells_of(exposure)) is None


def test_parts_are_estimated_jointly_as_the_textbook_does() -> None:
    world = random_world(3, units=80, periods=16, clusters=6, doses=True)
    dated = with_sessions(world.exposure, 12)
    parts = early_and_late(dated, months(16)[8])
    effects = impute(world.cells, parts.exposure, methodology_of())
    theta, psi = dense_imputation(World(world.cells, parts.exposure))
    np.testing.assert_allclose(effects.of()["estimate"], theta, atol=1e-9)
    np.testing.assert_allclose(effects.scores["on_time"], psi, atol=1e-9)
    for part in (EARLY, LATE):
        mine = parts.of(effects, part)
        columns = [i for i, name in enumerate(effects.providers) if name.startswith(part)]
        assert mine.providers == ("p0", "p1", "p2", "p3")
        np.testing.assert_allclose(mine.of()["estimate"], theta[columns], atol=1e-9)
        np.testing.assert_allclose(mine.scores["on_time"], psi[:, columns], atol=1e-9)


def test_ids_of_parts_never_clash() -> None:
    exposure = exposed(("u", "late|p", [1]), ("v", "p", [9]), ("w", "early|p", [9]))
    parts = early_and_late(with_sessions(exposure, 12), CALENDAR[5])
    assert parts.key.rows() == [
        ("early|late|p", "late|p", "early"),
        ("late|early|p", "early|p", "late"),
        ("late|p", "p", "late"),
    ]
    reach = pl.DataFrame({"provider": ["p", "early|p"], "people": [7, 8]})
    known = parts.reach(reach)
    assert known is not None
    assert sorted(known.select("provider", "people").rows()) == [("late|early|p", 8), ("late|p", 7)]


def test_quarters_are_balanced_and_opposite_ones_share_nothing() -> None:
    rng = np.random.default_rng(5)
    spells = [
        (f"u{u}", f"p{u % 3}", list(range(start, start + 5)))
        for u in range(200)
        for start in [int(rng.integers(0, 20))]
    ]
    dated = with_sessions(exposed(*spells), 12)
    town = pl.DataFrame({"unit": [f"u{u}" for u in range(200)]}).with_columns(
        place=pl.Series(rng.integers(0, 7, 200))
    )
    parts = quarters(dated, town)
    labelled = (
        parts.exposure.rename({"provider": "id"})
        .join(parts.key, on="id")
        .join(dated.select("unit", "month", "session"), on=["unit", "month"])
        .join(town, on="unit")
    )
    assert len(labelled) == len(dated)
    for provider in ("p0", "p1", "p2"):
        mine = labelled.filter(provider=provider)
        sizes = {part: mine.filter(part=part) for part in HALVES}
        for one, other in APART:
            for shared in ("place", "session"):
                assert not set(sizes[one][shared]) & set(sizes[other][shared])
        for half, column in (("a", "place"), ("1", "session")):
            first = mine.filter(pl.col("part").str.contains(half))[column].n_unique()
            assert abs(2 * first - mine[column].n_unique()) <= 1
        of_people = len(sizes["a1"]) + len(sizes["a2"])
        assert 0.35 < of_people / len(mine) < 0.65


def test_a_composite_in_other_scales_is_the_weighted_sum_in_them() -> None:
    on_time = random_world(1)
    world = random_world(1, indicator="duration")
    both = pl.concat([on_time.cells, world.cells.with_columns(total=pl.col("total") * 3)])
    methodology = methodology_of(("on_time", "duration"))
    effects = impute(both, on_time.exposure, methodology)
    reference = impute(both.with_columns(total=pl.col("total") * 2), on_time.exposure, methodology)
    assert in_scales_of(effects, effects, methodology).estimates.equals(effects.estimates)
    rescaled = in_scales_of(effects, reference, methodology)
    np.testing.assert_allclose(rescaled.of()["estimate"], effects.of()["estimate"] / 2, rtol=1e-9)
    np.testing.assert_allclose(
        rescaled.scores["composite"], np.asarray(effects.scores["composite"]) / 2, rtol=1e-9
    )
