"""Design D: other people's figures in three shapes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.formula.api as smf

from otdacha.effects import ESTIMATES, Effects
from otdacha.effects.reported import reported
from otdacha.errors import FileProblem, NothingToEstimate
from otdacha.methodology import default_methodology

METHODOLOGY = default_methodology("reported")


def rows_of(effects: Effects) -> dict[str, dict[str, object]]:
    return {row["provider"]: row for row in effects.estimates.to_dicts()}


def shares(successes: list[object], n: list[object]) -> Effects:
    names = [chr(ord("a") + place) for place in range(len(n))]
    frame = pl.DataFrame({"provider": names, "successes": successes, "n": n}, strict=False)
    return reported(frame, METHODOLOGY)


def test_estimates_with_errors_are_taken_as_they_are() -> None:
    frame = pl.DataFrame({"provider": ["b", "a"], "estimate": [1.0, 2.0], "se": [0.1, 0.2]})
    effects = reported(frame, METHODOLOGY)
    assert effects.estimates.schema == ESTIMATES
    assert effects.design == "reported"
    assert effects.indicators == ("reported",)
    assert effects.providers == ("a", "b")
    assert effects.of()["estimate"].to_list() == [2.0, 1.0]
    assert effects.of()["df"].to_list() == [None, None]
    np.testing.assert_allclose(effects.covariance(), np.diag([0.04, 0.01]))


def test_degrees_of_freedom_are_used_where_they_are_given() -> None:
    frame = pl.DataFrame({"provider": ["a"], "estimate": [1.0], "se": [0.1], "df": [7]})
    assert reported(frame, METHODOLOGY).of()["df"].to_list() == [7.0]


def test_text_with_a_decimal_comma_is_a_number() -> None:
    frame = pl.DataFrame({"provider": [" a "], "estimate": ["-0,25"], "se": ["1,5"]})
    row = rows_of(reported(frame, METHODOLOGY))["a"]
    assert (row["estimate"], row["se"]) == (-0.25, 1.5)


def test_a_share_has_the_error_of_agresti_and_coull() -> None:
    row = rows_of(shares([18], [36]))["a"]
    assert row["estimate"] == 0.5
    assert row["se"] == pytest.approx((0.5 * 0.5 / 40) ** 0.5)
    assert row["cases"] == 36


def test_a_true_zero_is_an_estimate_with_an_error() -> None:
    row = rows_of(shares([0], [20]))["a"]
    drawn_in = 2 / 24
    assert (row["state"], row["estimate"]) == ("estimated", 0.0)
    assert row["se"] == pytest.approx((drawn_in * (1 - drawn_in) / 24) ** 0.5)


def test_few_people_are_insufficient_evidence_and_counted() -> None:
    effects = shares([9, 10, 0], [9, 10, 0])
    rows = rows_of(effects)
    assert [rows[name]["state"] for name in "abc"] == [
        "insufficient evidence",
        "estimated",
        "insufficient evidence",
    ]
    assert rows["a"]["reason"] == "n_below_minimum"
    assert rows["a"]["estimate"] == 1.0
    assert rows["c"]["estimate"] is None
    assert effects.excluded.rows() == [
        ("effects", "n_below_minimum", "reported", "a", 1),
        ("effects", "n_below_minimum", "reported", "c", 1),
    ]
    np.testing.assert_array_equal(np.diag(effects.covariance()) > 0, [False, True, False])


@pytest.mark.parametrize("mark", ["-99999", "*", "Suppressed", " -99999.0 "])
def test_a_suppressed_cell_is_suppressed_and_never_zero(mark: str) -> None:
    row = rows_of(shares([mark, "3"], ["50", "20"]))["a"]
    assert (row["state"], row["reason"]) == ("suppressed", "suppressed")
    assert row["estimate"] is None
    assert row["se"] is None


def test_suppressed_numbers_need_not_be_text() -> None:
    assert rows_of(shares([-99999.0, 3.0], [50.0, 20.0]))["a"]["state"] == "suppressed"


def test_an_empty_cell_is_not_collected() -> None:
    row = rows_of(shares(["", "3"], ["50", "20"]))["a"]
    assert (row["state"], row["reason"]) == ("not collected", "not_collected")


def test_without_an_error_there_is_insufficient_evidence() -> None:
    frame = pl.DataFrame(
        {"provider": ["a", "b"], "estimate": [1.0, 2.0], "se": [0.0, None]},
    )
    rows = rows_of(reported(frame, METHODOLOGY))
    for name in "ab":
        assert rows[name]["state"] == "insufficient evidence"
        assert rows[name]["reason"] == "no_standard_error"
        assert rows[name]["estimate"] is not None


def test_lower_is_better_turns_the_sign() -> None:
    indicator = METHODOLOGY.indicators[0].model_copy(update={"better": "lower"})
    methodology = METHODOLOGY.model_copy(update={"indicators": (indicator,)})
    frame = pl.DataFrame({"provider": ["a"], "successes": [5], "n": [20]})
    assert rows_of(reported(frame, methodology))["a"]["estimate"] == -0.25


def windows() -> pl.DataFrame:
    generator = np.random.default_rng(1)
    rows = [
        (f"p{j}", f"w{t}", theta + 2.0 * t + generator.normal(0, 0.5))
        for j, theta in enumerate(generator.normal(0, 1, 12))
        for t in range(3)
        if generator.random() < 0.8
    ]
    return pl.DataFrame(rows, schema=["provider", "window", "estimate"], orient="row")


def test_noise_between_windows_is_that_of_least_squares_on_both() -> None:
    frame = windows()
    effects = reported(frame, METHODOLOGY)
    fit = smf.ols("estimate ~ C(provider) + C(window)", frame.to_pandas()).fit()
    found = effects.diagnostics["reported"]
    assert found["noise_sd"] == pytest.approx(fit.mse_resid**0.5, rel=1e-9)
    assert found["df"] == fit.df_resid
    assert effects.of()["df"].to_list() == [fit.df_resid] * len(effects.providers)


def test_what_moves_everybody_in_a_window_is_no_merit() -> None:
    # every provider gains 10 in the second window; c is seen in the second only
    frame = pl.DataFrame(
        {
            "provider": ["a", "a", "b", "b", "c", "d", "d"],
            "window": [1, 2, 1, 2, 2, 1, 2],
            "estimate": [0.0, 10.0, 1.0, 11.2, 10.5, 2.0, 11.8],
        }
    )
    found = rows_of(reported(frame, METHODOLOGY))
    ahead = [found[name]["estimate"] - found["a"]["estimate"] for name in "bcd"]  # type: ignore[operator]
    np.testing.assert_allclose(ahead, [1.1, 0.5, 1.9], atol=1e-12)


def test_one_window_has_a_larger_error_than_two() -> None:
    frame = pl.DataFrame(
        {
            "provider": ["a", "a", "b", "b", "c"],
            "window": ["1", "2", "1", "2", "2"],
            "estimate": [0.0, 1.0, 1.0, 4.0, 3.0],
        }
    )
    found = rows_of(reported(frame, METHODOLOGY))
    # differences within a and b are 1 and 3: window effect 2, residuals ±1/2, one degree of freedom
    assert found["c"]["se"] == pytest.approx(1.0)
    assert found["a"]["se"] == pytest.approx(0.5**0.5)
    assert found["c"]["df"] == 1


def test_a_provider_without_a_shown_window_keeps_its_state() -> None:
    frame = pl.DataFrame(
        {
            "provider": ["a", "a", "b", "b", "c", "c", "d"],
            "window": [1, 2, 1, 2, 1, 2, 1],
            "estimate": ["0", "1", "1", "4", "*", "", ""],
        }
    )
    rows = rows_of(reported(frame, METHODOLOGY))
    assert rows["c"]["state"] == "suppressed"
    assert rows["d"]["state"] == "not collected"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"name": ["a"], "value": [1]}, "Rename the columns"),
        ({"provider": ["a", "a"], "estimate": [1, 2], "se": [1, 1]}, "Rows 1 and 2"),
        ({"provider": ["a"], "estimate": ["much"], "se": [1]}, "Row 1, column estimate: much"),
        ({"provider": ["a"], "estimate": [1], "se": [-1]}, "not negative"),
        ({"provider": ["a"], "estimate": ["inf"], "se": [1]}, "a number"),
        ({"provider": ["a"], "successes": [5], "n": [4]}, "no more successes than n"),
        ({"provider": ["a"], "successes": [1.5], "n": [4]}, "whole number"),
        ({"provider": ["a"], "successes": [-1], "n": [4]}, "whole number"),
        ({"provider": [""], "successes": [1], "n": [4]}, "column provider"),
    ],
)
def test_a_faulty_table_says_where_and_what_was_expected(
    columns: dict[str, list[object]], words: str
) -> None:
    with pytest.raises(FileProblem, match=words):
        reported(pl.DataFrame(columns, strict=False), METHODOLOGY)


def test_a_shape_that_is_asked_for_and_not_there_is_named() -> None:
    frame = pl.DataFrame({"provider": ["a"], "estimate": [1.0], "se": [1.0]})
    with pytest.raises(FileProblem, match="Column successes, n is not there"):
        reported(frame, METHODOLOGY, shape="successes")


@pytest.mark.parametrize("names", [["a", "b"], ["a", "a"], []])
def test_windows_without_repetition_say_that_noise_cannot_be_read(names: list[str]) -> None:
    frame = pl.DataFrame(
        {"provider": names, "window": list(range(len(names))), "estimate": [1.0] * len(names)},
        schema={"provider": pl.String, "window": pl.Int64, "estimate": pl.Float64},
    )
    with pytest.raises(NothingToEstimate, match="Noise is read"):
        reported(frame, METHODOLOGY)


def test_an_empty_table_has_no_providers() -> None:
    frame = pl.DataFrame(schema={"provider": pl.String, "successes": pl.Int64, "n": pl.Int64})
    assert reported(frame, METHODOLOGY).providers == ()
