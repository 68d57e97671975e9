"""The claims of docs/evidence.md: 500 unions of every world, from cells to list (`make evidence`).

Prints the rows of its tables. Where a world breaks what the design assumes nothing is asserted:
the row says by how much the claim fails. What guards every day is in `test_worlds`.
"""

from __future__ import annotations

import pytest

from tests.simulation.rivals import RIVALS
from tests.simulation.runs import (
    FEW,
    LEVEL,
    OURS,
    OURS_NPMLE,
    RATE,
    Share,
    all_ranks_coverage,
    by_reach,
    claimed,
    intervals,
    lists,
    rank_coverage,
    rank_width,
    robust_coverage,
)
from tests.simulation.worlds import WORLDS

pytestmark = pytest.mark.long

TWO_ERRORS_OF_THE_RATE = 2 * 0.014
"""Of a rate of 0.10 over 500 unions."""


FALLS_SHORT = {
    "departments, shares, several providers": "coverage 0.971 with 10-20 towns, at most 0.97 asked"
}
"""Said in docs/evidence.md; the bounds stay as they were asked for."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.xfail(reason=FALLS_SHORT[name], raises=AssertionError, strict=True),
        )
        if name in FALLS_SHORT
        else name
        for name in WORLDS
    ],
)
def test_intervals(name: str) -> None:
    found = {reach: intervals(part) for reach, part in by_reach(claimed(name)).items()}
    for reach, of in found.items():
        print(
            f"| {name} | {reach} | {of.count:,} | {of.coverage:.3f} | {of.plain:.3f} | "
            f"{of.bias:+.3f} | {of.width:.3f} |"
        )
    if WORLDS[name].breaks:
        return
    for reach, of in found.items():
        assert abs(of.bias) < 0.1
        assert of.coverage >= 0.93
        assert reach == FEW or of.coverage <= 0.97


@pytest.mark.parametrize("name", WORLDS)
def test_lists(name: str) -> None:
    for prior, rule in (("normal", OURS), ("npmle", OURS_NPMLE)):
        if rule not in claimed(name).columns:
            continue
        found = lists(claimed(name), rule)
        print(
            f"| {name} | {prior} | {found.rate:.3f} | {found.anybody:.3f} | "
            f"{found.places:.1f} | {found.power:.2f} |"
        )
        assert WORLDS[name].breaks or found.rate <= RATE + TWO_ERRORS_OF_THE_RATE


@pytest.mark.parametrize("name", WORLDS)
def test_ranks_and_robust_intervals(name: str) -> None:
    found = claimed(name)
    own, together, robust = rank_coverage(found), all_ranks_coverage(found), robust_coverage(found)
    print(
        f"| {name} | {own.value:.3f} | {rank_width(found):.2f} | "
        f"{'-' if together is None else f'{together.value:.3f}'} | {robust.value:.3f} |"
    )
    if not WORLDS[name].breaks:
        assert _covers(own)
        assert together is None or _covers(together)
        assert _covers(robust)


def _covers(share: Share) -> bool:
    return share.value >= LEVEL - 3 * share.error


@pytest.mark.parametrize("name", WORLDS)
def test_rivals(name: str) -> None:
    found = claimed(name)
    if not (found["truth"] <= 0).any():
        pytest.skip("nobody is useless here")
    ours = lists(found)
    for rule in (OURS, *RIVALS):
        theirs = lists(found, rule)
        print(
            f"| {name} | {rule} | {theirs.places:.1f} | {theirs.useless_places:.3f} | "
            f"{theirs.misled:.3f} | {theirs.power:.2f} |"
        )
    if not WORLDS[name].breaks:
        assert ours.rate <= lists(found, "satisfaction, top quarter").rate
