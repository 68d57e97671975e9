"""Whatever stands in the cells: each is used or counted, each provider is estimated or has a
reason, and nothing that is ranked is undefined (docs/method/bad-input.md)."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from hypothesis import event, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from otdacha.effects import Effects, impute
from otdacha.effects.reasons import REASONS as OF_EFFECTS
from otdacha.effects.result import ESTIMATED
from otdacha.errors import OtdachaError
from otdacha.methodology import Methodology
from otdacha.ranking import RANKING, Ranking, rank
from otdacha.ranking.reasons import REASONS as OF_RANKING
from tests.unit.effects.worlds import methodology_of, random_world
from tests.unit.ranking.providers import effects_of
from tests.unit.ranking.providers import methodology_of as reported_methodology

NAN, INF = float("nan"), float("inf")
CELL_FAULTS: tuple[tuple[str, Any], ...] = (
    *(("n", value) for value in (None, NAN, INF, 0.0, -1.0, 1e-9, 1e9, 1e12)),
    *(("total", value) for value in (None, NAN, INF, -INF, 1e9)),
    *((name, None) for name in ("unit", "stratum", "cluster", "month", "status", "indicator")),
    ("month", dt.date(1900, 1, 1)),
    ("month", dt.date(2999, 12, 1)),
    ("stratum", "a stratum of its own"),
    ("unit", "a unit of its own"),
    ("status", "around_training"),
    ("status", "clean"),
    ("status", "exposed"),
    ("status", "nobody knows"),
    ("indicator", "repeat"),
    ("indicator", "smiles"),
    ("twice", None),
)
EXPOSURE_FAULTS: tuple[tuple[str, Any], ...] = (
    *(("share", value) for value in (None, NAN, INF, -0.1, 0.0, 1.5, 1e-12)),
    *(("staff", value) for value in (None, NAN, 0.0, -2.0, 1e9)),
    *(("provider", value) for value in (None, "", " ", "p1", "newcomer")),
    ("unit", None),
    ("unit", "nobody"),
    ("month", dt.date(1900, 1, 1)),
    ("twice", None),
)
BROKEN = st.lists(
    st.tuples(st.sampled_from(CELL_FAULTS), st.integers(0, 400), st.integers(1, 40)), max_size=6
)
BROKEN_EXPOSURE = st.lists(
    st.tuples(st.sampled_from(EXPOSURE_FAULTS), st.integers(0, 200), st.integers(1, 40)), max_size=4
)


def damaged(frame: pl.DataFrame, faults: list[tuple[tuple[str, Any], int, int]]) -> pl.DataFrame:
    """`frame` with values replaced in runs of rows, or runs of rows repeated."""
    for (column, value), start, length in faults:
        rows = frame.with_row_index("_row")
        here = pl.col("_row").is_between(start, start + length - 1)
        if column == "twice":
            frame = pl.concat([frame, rows.filter(here).drop("_row")])
            continue
        kind = frame.schema[column]
        frame = rows.with_columns(
            pl.when(here).then(pl.lit(value, kind)).otherwise(column).alias(column)
        ).drop("_row")
    return frame


def is_accounted_for(effects: Effects, cells: pl.DataFrame, methodology: Methodology) -> None:
    """Each cell of each indicator was used or left out for one reason that has a sentence."""
    totals = effects.excluded.filter(pl.col("provider").is_null())
    assert set(effects.excluded["reason"]) <= set(OF_EFFECTS)
    for indicator in methodology.indicators:
        mine = cells.filter(indicator=indicator.id)
        if mine.is_empty():
            continue
        figures = effects.diagnostics[indicator.id]
        left_out = totals.filter(indicator=indicator.id)["rows"].sum()
        assert figures["clean_cells"] + figures["exposed_cells"] + left_out == len(mine)
    unknown = totals.filter(pl.col("indicator").is_null())["rows"].sum()
    known = cells.filter(pl.col("indicator").is_in([i.id for i in methodology.indicators]))
    assert unknown == len(cells) - len(known)


def is_sound(effects: Effects, ranking: Ranking) -> None:
    """Estimated or a reason; nothing undefined among what is ranked; listed only what is ranked."""
    for row in effects.estimates.iter_rows(named=True):
        assert (row["state"] == ESTIMATED) == (row["reason"] is None)
        assert row["reason"] is None or row["reason"] in OF_EFFECTS
        if row["state"] == ESTIMATED:
            assert np.isfinite([row["estimate"], row["standardised"], row["se"], row["df"]]).all()
            assert row["se"] > 0
    assert set(effects.of()["provider"]) == set(ranking.frame["provider"])
    assert None not in effects.providers
    assert all(provider.strip() for provider in effects.providers)
    assert is_defined(ranking)


def is_defined(ranking: Ranking) -> bool:
    ranked = ranking.frame.filter(state=ESTIMATED)
    figures = [name for name, kind in RANKING.items() if kind.is_float() and name != "df"]
    return (
        set(ranking.listed) <= set(ranked["provider"])
        and ranked.drop("df").null_count().sum_horizontal().sum() == 0
        and all(ranked[name].is_finite().all() for name in figures)
        and set(ranking.excluded["reason"]) <= set(OF_RANKING)
    )


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10_000),
    st.booleans(),
    st.sampled_from(["cases", "equal_person"]),
    st.sampled_from([("on_time",), ("on_time", "repeat")]),
    BROKEN,
    BROKEN_EXPOSURE,
)
def test_bad_input_is_counted_or_refused_in_words_and_never_ranked(
    seed: int,
    doses: bool,
    aggregation: str,
    indicators: tuple[str, ...],
    faults: list[Any],
    exposure_faults: list[Any],
) -> None:
    world = random_world(seed, units=30, doses=doses)
    numbers = {"n": pl.Float64, "total": pl.Float64}
    cells = pl.concat(
        [world.cells.cast(numbers).with_columns(indicator=pl.lit(name)) for name in indicators]
    )
    cells = damaged(cells, faults)
    exposure = damaged(world.exposure.cast({"staff": pl.Float64}), exposure_faults)
    methodology = methodology_of(indicators, aggregation=aggregation)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            effects = impute(cells, exposure, methodology)
        except OtdachaError:  # said in words; any other exception is a fault of ours
            event("refused")
            return
        ranking = rank(effects, methodology)
    event(f"ranked: {min(ranking.frame.filter(state=ESTIMATED).height, 2)} or more")
    is_accounted_for(effects, cells, methodology)
    is_sound(effects, ranking)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), BROKEN, BROKEN_EXPOSURE, st.integers(0, 2**32))
def test_the_order_of_bad_rows_does_not_matter(
    seed: int, faults: list[Any], exposure_faults: list[Any], shuffle: int
) -> None:
    world = random_world(seed, units=30)
    cells = damaged(world.cells.cast({"n": pl.Float64}), faults)
    exposure = damaged(world.exposure.cast({"staff": pl.Float64}), exposure_faults)

    def found(cells: pl.DataFrame, exposure: pl.DataFrame) -> Effects | str:
        try:
            return impute(cells, exposure, methodology_of())
        except OtdachaError as refusal:
            return type(refusal).__name__

    one = found(cells, exposure)
    other = found(
        cells.sample(fraction=1, shuffle=True, seed=shuffle),
        exposure.sample(fraction=1, shuffle=True, seed=shuffle),
    )
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert_frame_equal(one.excluded, other.excluded, check_row_order=False)
    assert_frame_equal(one.estimates.drop("estimate", "standardised", "se", "df"),
                       other.estimates.drop("estimate", "standardised", "se", "df"))  # fmt: skip


FIGURES = st.one_of(
    st.none(),
    st.sampled_from([NAN, INF, -INF, 0.0, 1e-300, 1e-29, 1e-18, 1e18, 1e29, 1e99, 1e300]),
    st.floats(-1e6, 1e6),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(FIGURES, FIGURES, st.one_of(FIGURES, st.floats(0.5, 50))), min_size=1, max_size=9
    ),
    st.sampled_from(["normal", "npmle"]),
    st.sampled_from(["zero", "mean", "median"]),
)
def test_any_figures_are_ranked_without_a_figure_that_is_undefined(
    rows: list[tuple[Any, Any, Any]], prior: str, against: str
) -> None:
    given = effects_of([1.0] * len(rows), [1.0] * len(rows), [5.0] * len(rows))
    estimates = given.estimates.with_columns(
        pl.Series(name, column, pl.Float64, strict=False)
        for name, column in zip(("estimate", "se", "df"), zip(*rows, strict=True), strict=True)
    )
    se = estimates["se"].fill_null(NAN).to_numpy()
    scores = np.diag(np.where(np.isfinite(se), se, 0.0))
    effects = replace(given, estimates=estimates, scores={"reported": scores})
    methodology = reported_methodology(shrinkage={"prior": prior}, list={"against": against})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ranking = rank(effects, methodology)
    assert is_defined(ranking)
    counted = ranking.frame.filter(pl.col("state") == ESTIMATED).height + len(ranking.excluded)
    assert counted == len(rows)
