"""БК 136: two years of three above the threshold bind a town to its norm, and what is not known
stays unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from polars.exceptions import ComputeError

from otdacha.pay.packages.limits import NO_LIMIT, PayNorm, ceilings, limits

NORM = PayNorm(0.05, years_above=2, years_of=3, reference="пункт 2 статьи 136 БК РФ")
TOWN, YEAR = "28701000", 2027
FINANCES = pl.Schema(
    {"municipality": pl.String, "year": pl.Int64, "grants_share": pl.Float64, "norm": pl.Float64}
)
LAST = (2025, 2024, 2023)
"""The reporting years of the budget of 2027, which is drawn up in 2026."""


def finances(
    shares: Mapping[int, float | None] | Sequence[float | None], norm: float | None = 1_000.0
) -> pl.DataFrame:
    """What budgets say of the town: shares by year, or of the last three; its norm of 2027."""
    by_year = shares if isinstance(shares, Mapping) else dict(zip(LAST, shares, strict=True))
    rows = [(TOWN, year, share, None) for year, share in by_year.items()]
    return pl.DataFrame([*rows, (TOWN, YEAR, None, norm)], schema=FINANCES, orient="row")


def fund(before: int, after: int, year: int = YEAR) -> pl.DataFrame:
    return pl.DataFrame(
        {"municipality": [TOWN], "year": [year], "fund_before": [before], "fund_after": [after]}
    )


def said(shares: Sequence[float | None], norm: float | None = 1_000.0, after: int = 100_000) -> str:
    return str(limits(finances(shares, norm), fund(90_000, after), NORM)["state"].item())


@pytest.mark.parametrize(
    ("shares", "state"),
    [
        ((0.06, 0.06, 0.06), "within"),
        ((0.06, 0.01, 0.06), "within"),
        ((0.01, 0.06, 0.06), "within"),
        ((0.06, 0.01, 0.01), "not bound"),
        ((0.01, 0.01, 0.01), "not bound"),
    ],
)
def test_two_of_the_last_three_years_bind(shares: Sequence[float], state: str) -> None:
    assert said(shares) == state


def test_exactly_five_percent_is_not_above_five_percent() -> None:
    assert said((0.05, 0.05, 0.05)) == "not bound"
    assert said((0.1 * 0.5, 5 / 100, 1 - 0.95)) == "not bound"
    assert said((0.0501, 0.0501, 0.0)) == "within"


@pytest.mark.parametrize(
    ("shares", "state"),
    [
        ((None, 0.06, 0.06), "within"),
        ((None, 0.01, 0.01), "not bound"),
        ((None, 0.06, 0.01), "unknown"),
        ((None, None, 0.06), "unknown"),
        ((None, None, 0.01), "unknown"),
        ((None, None, None), "unknown"),
    ],
)
def test_a_year_that_is_not_known_counts_only_where_it_decides(
    shares: Sequence[float | None], state: str
) -> None:
    assert said(shares) == state


def test_a_year_without_a_row_is_as_unknown_as_one_without_a_share() -> None:
    rows = finances({2025: 0.06, 2023: 0.01})

    assert limits(rows, fund(90_000, 100_000), NORM)["state"].item() == "unknown"


def test_the_last_year_reported_is_the_one_before_the_year_in_which_a_budget_is_drawn_up() -> None:
    rows = finances({2026: 0.9, 2025: 0.9, 2024: 0.01, 2023: 0.01, 2022: 0.9})

    assert limits(rows, fund(0, 0), NORM)["state"].item() == "not bound"


def test_of_a_later_year_the_reports_that_do_not_exist_yet_are_unknown() -> None:
    both = finances({2025: 0.06, 2024: 0.06, 2023: 0.06})
    one = finances({2025: 0.06, 2024: 0.01, 2023: 0.06})

    # 2028 asks for 2026, 2025 and 2024: two of them are enough, one is not
    assert limits(both, fund(0, 0, 2028), NORM)["grants_share"].item() == 0.06
    assert limits(one, fund(0, 0, 2028), NORM)["state"].item() == "unknown"


def test_a_norm_that_is_not_known_leaves_it_unknown_unless_none_binds() -> None:
    assert said((0.06, 0.06, 0.06), norm=None) == "unknown"
    assert said((0.01, 0.01, 0.01), norm=None) == "not bound"


def test_the_norm_of_another_year_is_not_taken_for_it() -> None:
    rows = finances((0.06, 0.06, 0.06))

    assert limits(rows, fund(1, 1, 2028), NORM)["norm"].item() is None


def test_a_kopeck_above_the_norm_is_above_it_and_the_norm_itself_is_within() -> None:
    rows = finances((0.06, 0.06, 0.06))
    within, above = (limits(rows, fund(90_000, after), NORM) for after in (100_000, 100_001))

    assert (within["state"].item(), within["above"].item()) == ("within", None)
    assert (above["state"].item(), above["above"].item()) == ("above", Decimal("0.01"))


def test_the_share_that_decides_is_said_and_none_where_nobody_can_say() -> None:
    def share(*shares: float | None) -> float | None:
        found = limits(finances(shares), fund(1, 1), NORM)["grants_share"].item()
        return None if found is None else float(found)

    assert share(0.30, 0.07, 0.01) == 0.07
    assert share(0.03, 0.02, 0.01) == 0.02
    assert share(None, 0.20, 0.30) == 0.20
    # the unknown year may be the highest: then the second is 3 %
    assert share(None, 0.03, 0.02) == 0.03
    assert share(None, 0.30, 0.02) is None


def test_another_threshold_binds_others() -> None:
    rows = finances((0.15, 0.15, 0.15))
    higher = PayNorm(0.20, 2, 3, "пункт 3 статьи 136 БК РФ")

    assert limits(rows, fund(1, 1), NORM)["state"].item() == "within"
    assert limits(rows, fund(1, 1), higher)["state"].item() == "not bound"


def test_a_rule_that_asks_for_more_years_than_it_looks_at_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule of pay norms"):
        PayNorm(0.05, years_above=4, years_of=3, reference="")


def test_a_year_that_stands_twice_in_the_records_is_refused() -> None:
    twice = pl.concat([finances((0.06, 0.06, 0.06)), finances({2025: 0.01})])

    with pytest.raises(ComputeError, match="m:1"):
        limits(twice, fund(1, 1), NORM)


def test_pay_may_rise_to_the_norm_and_where_it_is_above_not_at_all() -> None:
    rows = finances((0.06, 0.06, 0.06))

    def most(before: int) -> int:
        found = ceilings(rows, fund(before, 0), NORM, [TOWN, "28702000"], [YEAR])
        assert found[1, 0] == NO_LIMIT
        return int(found[0, 0])

    assert most(before=90_000) == 100_000
    assert most(before=120_000) == 120_000


def test_where_the_norm_does_not_bind_or_nobody_can_say_pay_has_no_ceiling() -> None:
    for shares, norm in (((0.0, 0.0, 0.0), 1_000.0), ((0.9, 0.9, 0.9), None)):
        found = ceilings(finances(shares, norm), fund(9, 9), NORM, [TOWN], [YEAR])
        assert np.array_equal(found, [[NO_LIMIT]])
