"""All gates that rest on effects, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from otdacha.effects.gates import (
    balance,
    donut,
    evidence,
    overlap,
    placebo,
    pre_trends,
    volume,
    who_stays,
)
from otdacha.effects.gates.gate import FAILED, Gate, not_testable
from otdacha.effects.gates.material import Material, material
from otdacha.effects.observed import Observed
from otdacha.effects.reestimate import setting
from otdacha.effects.result import Effects
from otdacha.effects.stored import Table
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.progress import Progress, silent

GATES: Mapping[str, Callable[[Material], Gate]] = {
    pre_trends.ID: pre_trends.pre_trends,
    donut.ID: donut.donut,
    placebo.DATES: placebo.placebo_dates,
    placebo.OUTCOMES: placebo.placebo_outcomes,
    balance.LEVEL: balance.balance_level,
    balance.TREND: balance.balance_trend,
    overlap.ID: overlap.overlap,
    volume.VOLUME: volume.case_volume,
    volume.MIX: volume.case_mix,
    who_stays.ID: who_stays.who_stays,
    evidence.FREEDOM: evidence.effective_degrees_of_freedom,
    evidence.EXCLUDED: evidence.excluded_share,
}
"""In the order in which they are shown."""


def gates(
    cells: Table,
    exposure: Table,
    effects: Effects,
    methodology: Methodology,
    *,
    observed: Observed | None = None,
    progress: Progress = silent,
) -> tuple[Gate, ...]:
    """Every gate of design/method.md §7 that rests on effects, one after the other.

    cells, exposure: frames as in `otdacha.panel.frames`; scans of Parquet files are read whole,
    with names in codes. effects: what `impute` made of them with the same methodology. observed:
    what was made of them for other questions, where it is there. A gate that cannot be computed
    says why; none is left out.
    """
    observed = observed or Observed.of(cells, exposure, methodology)
    if not setting(observed, effects, methodology).factors:
        reason = text("No indicator with a weight varies, so there is nothing to test.")
        return tuple(not_testable(name, reason) for name in GATES)
    given = material(observed, effects, methodology)
    found = []
    for done, check in enumerate(GATES.values()):
        progress(text("Checking the gates"), done, len(GATES))
        found.append(check(given))
    progress(text("Checking the gates"), len(GATES), len(GATES))
    return tuple(found)


def failed(found: Iterable[Gate]) -> tuple[Gate, ...]:
    """The gates that withhold the ranking."""
    return tuple(gate for gate in found if gate.outcome == FAILED)
