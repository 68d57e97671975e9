"""What of a scenario of pay is hidden does not follow from what of it is told, by whatever sums.

People are invented one by one and paid; of them come the tables of a scenario. Of everything that
is told a linear programme asks for the least and the most that a small group's count, pay or cost
could be (`tests.told_pay`).
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.told_pay import MINIMUM, followed, invented_union


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nothing_of_a_small_group_follows_from_all_that_is_told_of_a_scenario(seed: int) -> None:
    assert followed(invented_union(seed), MINIMUM) == []


@pytest.mark.long
def test_nothing_follows_in_a_thousand_scenarios() -> None:
    """Counted in docs/evidence.md."""
    found = {
        seed: said for seed in range(1_000) if (said := followed(invented_union(seed), MINIMUM))
    }
    assert found == {}
