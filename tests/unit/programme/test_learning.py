"""What places with an unproven provider would teach."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.methodology import Minimum
from otdacha.programme.evidence.learning import (
    ErrorLaw,
    expected_gain,
    fit_errors,
    gap_to_best,
    learning_value,
    least_seats,
)
from otdacha.programme.evidence.posterior import Evidence, evidence_from, no_evidence

MINIMUM = Minimum(people=5, clusters=3, degrees_of_freedom=2.0, n=10, training_hours=16)
LAW = ErrorLaw(per_person=0.3, per_town=0.03, followed=1.0, fitted_on=20)


def evidence(best: float = 0.1, prior_sd: float = 0.1) -> Evidence:
    frame = pl.DataFrame(
        {
            "provider": ["good", "fair", "new", "newer"],
            "estimate": [best, 0.02, None, None],
            "se": [0.05, 0.05, None, None],
            "posterior_mean": [best, 0.02, None, None],
            "state": ["published", "published", "not_collected", "too_new"],
        }
    )
    return evidence_from(frame, 0.0, prior_sd, draws=2)


def trained(rows: int) -> pl.DataFrame:
    people = [10 * (1 + at) for at in range(rows)]
    towns = [2 + at % 5 for at in range(rows)]
    variance = [2.0 / n + 0.1 / t for n, t in zip(people, towns, strict=True)]
    return pl.DataFrame(
        {
            "se": [v**0.5 for v in variance],
            "people": people,
            "municipalities": towns,
            "followed": [0.8] * rows,
        }
    )


def test_the_law_of_errors_is_found_where_errors_follow_it() -> None:
    law = fit_errors(trained(12))
    assert law.per_person == pytest.approx(2.0)
    assert law.per_town == pytest.approx(0.1)
    assert (law.followed, law.fitted_on) == (0.8, 12)
    # 50 places, 40 people followed, 4 towns: 2/40 + 0.1/4
    assert law.error(np.array([50.0]), 4)[0] == pytest.approx(0.075**0.5)


def test_a_term_that_the_figures_contradict_is_zero() -> None:
    more_towns_more_error = trained(12).with_columns(
        se=(2.0 / pl.col("people")).sqrt() + 0.01 * pl.col("municipalities")
    )
    law = fit_errors(more_towns_more_error)
    assert law.per_town == 0.0
    assert law.per_person > 0


def test_few_providers_cannot_tell_people_from_towns() -> None:
    one = pl.DataFrame({"se": [0.1], "people": [50], "municipalities": [4], "followed": [None]})
    law = fit_errors(one.cast({"followed": pl.Float64}))
    assert law.error(np.array([50.0]), 4)[0] == pytest.approx(0.1)
    assert (law.per_person, law.per_town) == pytest.approx((0.25, 0.02))


def test_suppressed_counts_leave_a_provider_out() -> None:
    hidden = trained(12).with_columns(people=pl.when(pl.int_range(pl.len()) > 0).then("people"))
    assert fit_errors(hidden).fitted_on == 11
    assert fit_errors(hidden.clear()).fitted_on == 0


def test_least_seats_count_those_who_are_not_followed() -> None:
    assert least_seats(LAW, MINIMUM) == 5
    assert least_seats(ErrorLaw(1, 1, 0.5, 9), MINIMUM) == 10


def test_the_gain_is_what_better_choices_bring_in_draws() -> None:
    gain = expected_gain(np.array([30.0]), LAW, 3, 0.1, 0.05)[0]
    draw = np.random.default_rng(1)
    effect = draw.normal(0.0, 0.1, 400_000)
    error = LAW.error(np.array([30.0]), 3)[0]
    seen = effect + draw.normal(0.0, error, len(effect))
    believed = seen * 0.01 / (0.01 + error**2)
    # 0.05 is what the best alternative brings: whoever is believed to be better is taken
    assert gain == pytest.approx(np.where(believed > 0.05, effect - 0.05, 0.0).mean(), rel=0.03)


def test_nothing_is_gained_from_nobody_or_where_all_are_alike() -> None:
    assert expected_gain(np.array([0.0]), LAW, 3, 0.1, 0.0)[0] == 0.0
    assert expected_gain(np.array([0.0, 50.0]), LAW, 3, 0.0, 0.0).tolist() == [0.0, 0.0]


@settings(deadline=None)
@given(
    seats=st.floats(5, 1_000),
    gap=st.floats(0, 0.5),
    prior_sd=st.floats(0.01, 0.5),
)
def test_more_places_and_a_nearer_rival_teach_more(
    seats: float, gap: float, prior_sd: float
) -> None:
    at = np.array([seats, 2 * seats])
    gain = expected_gain(at, LAW, 3, prior_sd, gap)
    assert gain[1] >= gain[0] - 1e-15
    assert (expected_gain(at, LAW, 3, prior_sd, gap / 2) >= gain - 1e-15).all()
    assert expected_gain(at, LAW, 3, prior_sd, -gap) == pytest.approx(gain)


def test_the_gap_is_to_the_best_proven_rival() -> None:
    known = evidence(best=0.1)
    assert gap_to_best(known, "new") == pytest.approx(0.1)
    assert gap_to_best(known, "new", ["fair", "newer", "new"]) == pytest.approx(0.02)
    # nobody else teaches it: to send nobody brings nothing
    assert gap_to_best(known, "new", ["new"]) == 0.0
    with pytest.raises(KeyError):
        gap_to_best(known, "nobody")


@settings(max_examples=40, deadline=None)
@given(
    most=st.integers(5, 3_000),
    gap=st.floats(0.02, 0.4),
    person=st.floats(0.001, 5.0),
    town=st.floats(0.0, 0.5),
)
def test_the_value_is_concave_and_above_what_is_taught(
    most: int, gap: float, person: float, town: float
) -> None:
    law = ErrorLaw(person, town, 1.0, 20)
    value = learning_value(evidence(best=gap), "new", law, MINIMUM, reach=100.0, most=most)
    assert (value.seats[0], value.values[0]) == (0.0, 0.0)
    assert value.seats[-1] == most
    assert len(value.slopes) <= 8
    scale = max(value.values[-1], 1e-30)
    assert all(after <= before + 1e-9 * scale for before, after in pairwise(value.slopes))
    at = np.arange(5.0, most + 1)
    true = 100 * expected_gain(at, law, 3, 0.1, gap)
    # eight straight pieces cut off little
    assert (true - np.interp(at, value.seats, value.values)).max() <= 0.02 * scale
    for seats, reached in zip(value.seats[1:], value.values[1:], strict=True):
        assert reached == pytest.approx(true[int(seats) - 5], rel=1e-9)


def test_far_below_the_best_the_first_piece_bridges_what_few_places_cannot_teach() -> None:
    law = ErrorLaw(2.0, 0.0, 1.0, 20)
    value = learning_value(evidence(best=0.2), "new", law, MINIMUM, reach=1.0, most=2_000)
    # the gain rises ever faster at first, so the best places per place are many, not five
    assert value.seats[1] > 50
    assert value.at(10.0) > expected_gain(np.array([10.0]), law, 3, 0.1, 0.2)[0]
    assert value.at(2_000.0) == value.values[-1]


def test_nothing_can_be_learnt_of_the_proven_without_a_release_or_from_too_few() -> None:
    for known, name, law, most in (
        (evidence(), "good", LAW, 100),
        (no_evidence(["new"]), "new", LAW, 100),
        (evidence(), "new", ErrorLaw(0.0, 0.0, 1.0, 0), 100),
        (evidence(), "new", LAW, 4),
    ):
        value = learning_value(known, name, law, MINIMUM, reach=100.0, most=most)
        assert value.values.tolist() == [0.0, 0.0]
        assert value.seats.tolist() == [0.0, float(most)]
    with pytest.raises(KeyError):
        learning_value(evidence(), "nobody", LAW, MINIMUM, reach=1.0, most=9)
