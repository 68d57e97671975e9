"""Laws of the sweep over indicator weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.ranking import sweep_weights
from tests.unit.ranking.indicators import (
    NAMES,
    random_indicators,
    several_indicators,
    weighing,
)

few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 10_000)
PAIR = NAMES[:2]


@few
@given(seeds, st.permutations(NAMES))
def test_the_order_of_the_indicators_changes_nothing(seed: int, order: list[str]) -> None:
    weights = {"on_time": 2.0, "duration": 1.0, "repeat": 1.0}
    effects = random_indicators(seed, 12)
    one = sweep_weights(effects, weighing(weights))
    other = sweep_weights(effects, weighing({name: weights[name] for name in order}))
    assert one.providers.drop("listed_share").equals(other.providers.drop("listed_share"))
    np.testing.assert_allclose(one.providers["listed_share"], other.providers["listed_share"])
    columns = [f"weight_{name}" for name in NAMES]
    first, second = (
        sweep.vectors.with_row_index("row")
        .with_columns(*(sweep.vectors[name].round(9) for name in columns))
        .sort(columns)
        for sweep in (one, other)
    )
    np.testing.assert_array_equal(one.places[first["row"]], other.places[second["row"]])
    assert first["listed"].equals(second["listed"])


def test_weights_that_are_drawn_do_not_depend_on_the_order_of_the_indicators() -> None:
    names = ("e", "b", "a", "d", "c")
    effects = random_indicators(1, 6, names)
    one = sweep_weights(effects, weighing(dict.fromkeys(names, 1)))
    other = sweep_weights(effects, weighing(dict.fromkeys(sorted(names), 1)))
    assert one.indicators == names
    assert one.providers.equals(other.providers)
    assert one.vectors.select(other.vectors.columns).equals(other.vectors)


@few
@given(seeds)
def test_who_is_below_another_in_every_indicator_and_as_precise_never_stands_above(
    seed: int,
) -> None:
    generator = np.random.default_rng(seed)
    estimates = {name: generator.normal(0, 0.5, 15).tolist() for name in NAMES}
    scores = {name: np.eye(15) * generator.uniform(0.1, 0.5) for name in NAMES}
    sweep = sweep_weights(several_indicators(estimates, scores), weighing(dict.fromkeys(NAMES, 1)))
    table = np.array([estimates[name] for name in NAMES])
    column = {name: place for place, name in enumerate(sweep.providers["provider"])}
    for one in range(15):
        for other in range(15):
            if (table[:, one] < table[:, other]).all():
                below = sweep.places[:, column[f"p{one:03d}"]]
                assert (below > sweep.places[:, column[f"p{other:03d}"]]).all()


@few
@given(seeds, st.sampled_from([1e-3, 1e4]))
def test_the_unit_of_an_indicator_changes_nothing(seed: int, factor: float) -> None:
    one = random_indicators(seed, 10, PAIR, scales={"on_time": 1.0})
    generator_same = random_indicators(seed, 10, PAIR)
    values = {name: generator_same.of(name)["estimate"].to_list() for name in PAIR}
    psi = {name: np.asarray(generator_same.scores[name]) for name in PAIR}
    values["on_time"] = [value * factor for value in values["on_time"]]
    psi["on_time"] = psi["on_time"] * factor
    other = several_indicators(values, psi, scales={"on_time": factor})
    methodology = weighing(dict.fromkeys(PAIR, 1))
    first, second = sweep_weights(one, methodology), sweep_weights(other, methodology)
    assert first.providers.equals(second.providers)
    np.testing.assert_array_equal(first.places, second.places)


@few
@given(seeds)
def test_permuting_providers_permutes_places(seed: int) -> None:
    effects = random_indicators(seed, 12, PAIR)
    order = np.random.default_rng(seed + 1).permutation(12)
    values = {name: effects.of(name)["estimate"].to_numpy()[order].tolist() for name in PAIR}
    psi = {name: np.asarray(effects.scores[name])[:, order] for name in PAIR}
    methodology = weighing(dict.fromkeys(PAIR, 1))
    one = sweep_weights(effects, methodology)
    other = sweep_weights(several_indicators(values, psi), methodology)
    known = dict(zip(one.providers["provider"], one.providers["place"], strict=True))
    moved = dict(zip(other.providers["provider"], other.providers["place"], strict=True))
    for place, origin in enumerate(order):
        assert moved[f"p{place:03d}"] == known[f"p{origin:03d}"]
    assert other.vectors["listed"].equals(one.vectors["listed"])
    assert other.vectors["tau"].to_numpy() == pytest.approx(one.vectors["tau"].to_numpy())
