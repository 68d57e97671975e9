"""Names as enumerations change no figure."""

from __future__ import annotations

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from otdacha.effects import estimate, event_study, sensitivity
from otdacha.effects.codes import coded
from otdacha.effects.gates.run import gates
from otdacha.ranking.permutation import permuted_labels
from otdacha.ranking.prediction import prediction_check
from otdacha.ranking.session_variance import session_variance
from tests.unit.effects.worlds import methodology_of, random_world

WORLD = random_world(21, units=160, periods=24, providers=5, clusters=12, doses=True)
CELLS = WORLD.cells.with_columns(municipality="cluster", staff=pl.lit(3, pl.Int64))
RULES = methodology_of()


def in_codes() -> tuple[pl.DataFrame, pl.DataFrame]:
    return coded(CELLS, WORLD.exposure, ["on_time", "of_nobody"])


def test_the_order_of_names_is_the_order_of_codes() -> None:
    cells, exposure = in_codes()
    for name in ("unit", "stratum", "cluster", "indicator"):
        sorted_names = cells[name].unique().sort().cast(pl.String)
        assert sorted_names.to_list() == sorted(CELLS[name].unique())
    assert exposure.schema["unit"] == cells.schema["unit"]
    assert "of_nobody" in cells.schema["indicator"].categories  # type: ignore[attr-defined]
    assert_frame_equal(cells.cast({"unit": pl.String}).select("unit"), CELLS.select("unit"))


def test_scans_are_coded_like_frames() -> None:
    cells, exposure = coded(CELLS.lazy(), WORLD.exposure.lazy(), ["on_time", "of_nobody"])
    assert_frame_equal(cells, in_codes()[0])
    assert_frame_equal(exposure, in_codes()[1])


def test_every_step_of_an_evaluation_says_the_same_of_codes() -> None:
    named, numbered = (CELLS, WORLD.exposure), in_codes()
    effects = estimate(*named, RULES)
    again = estimate(*numbered, RULES)
    assert_frame_equal(effects.estimates, again.estimates)
    assert effects.clusters == again.clusters
    for one, other in zip(
        gates(*named, effects, RULES), gates(*numbered, again, RULES), strict=True
    ):
        assert (one.id, one.outcome) == (other.id, other.outcome)
        assert np.isclose(one.figure or 0.0, other.figure or 0.0)
    each = {name: name for name in effects.providers}
    assert_frame_equal(
        event_study(*named, effects, RULES, group=each).frame,
        event_study(*numbered, again, RULES, group=each).frame,
    )
    assert_frame_equal(
        sensitivity(*named, effects, RULES).breakdown,
        sensitivity(*numbered, again, RULES).breakdown,
    )
    assert np.isclose(
        session_variance(*named, effects, RULES).moments,
        session_variance(*numbered, again, RULES).moments,
    )
    permuted, dealt = permuted_labels(*named, RULES), permuted_labels(*numbered, RULES)
    assert (permuted.figure, permuted.outcome) == (dealt.figure, dealt.outcome)
    assert prediction_check(*named, RULES).state == prediction_check(*numbered, RULES).state
