"""Numbers as Russian and English readers write them."""

from __future__ import annotations

import pytest

from otdacha.documents.charts.scale import scale_of
from otdacha.documents.numbers import Numbers, digits_for
from otdacha.documents.words import period, span

RU, EN = Numbers("ru"), Numbers("en")


def test_russian_has_a_decimal_comma_and_thousands_kept_together() -> None:
    assert RU.whole(48211) == "48\N{NO-BREAK SPACE}211"
    assert RU.decimal(1234.5, 1) == "1\N{NO-BREAK SPACE}234,5"
    assert EN.decimal(1234.5, 1) == "1,234.5"


def test_signs_are_written_out_with_a_true_minus() -> None:
    assert EN.signed(3.24, 1) == "+3.2"
    assert RU.signed(-0.81, 1) == "\N{MINUS SIGN}0,8"


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert EN.signed(-0.04, 1) == EN.signed(0.04, 1) == "0.0"


def test_a_probability_is_never_certain() -> None:
    assert EN.probability(0.9999) == ">\N{NO-BREAK SPACE}99%"
    assert EN.probability(0.0001) == "<\N{NO-BREAK SPACE}1%"
    assert EN.probability(0.872) == "87%"


def test_a_small_q_is_said_as_below_the_last_digit() -> None:
    assert RU.small(0.00004) == "<\N{NO-BREAK SPACE}0,001"
    assert RU.small(0.0432) == "0,043"


def test_a_range_of_places_is_one_place_where_both_ends_meet() -> None:
    assert RU.places(3, 3) == "3"
    assert RU.places(3, 7) == "3\N{EN DASH}7"


@pytest.mark.parametrize(
    ("half_widths", "digits"),
    [([0.12, 0.13, 0.4], 2), ([4.3], 1), ([12.0], 0), ([0.0004], 3), ([], 1), ([0.0], 1)],
)
def test_decimals_follow_the_width_of_the_intervals(half_widths: list[float], digits: int) -> None:
    assert digits_for(half_widths) == digits


def test_a_scale_has_round_ticks_and_holds_everything() -> None:
    scale = scale_of([-0.23, 0.0, 0.55])
    assert scale.values == [-0.4, -0.2, 0.0, 0.2, 0.4, 0.6]
    assert (scale.at(-0.4), scale.at(0.1), scale.at(0.6)) == (0.0, 50.0, 100.0)
    assert scale.digits == 1


def test_a_scale_of_one_value_still_has_a_width() -> None:
    scale = scale_of([0.0, 0.0])
    assert scale.low < scale.high
    assert 0 <= scale.at(0.0) <= 100


def test_years_in_a_row_are_a_year_or_a_span() -> None:
    assert (span([2027]), span([2027, 2028, 2029])) == ("2027", "2027–2029")
    assert (period([2027]).said("ru"), period([2027, 2028]).said("ru")) == (
        "2027 г.",
        "2027–2028 гг.",
    )
