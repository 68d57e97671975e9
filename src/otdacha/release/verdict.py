"""What is asked of an evaluation before anybody is named: gates, prediction, other weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.effects import (
    Effects,
    EventStudy,
    Sensitivity,
    event_study,
    sensitivity,
    wild_bootstrap,
)
from otdacha.effects.gates.gate import FAILED, Gate
from otdacha.effects.gates.run import gates
from otdacha.effects.observed import Observed
from otdacha.language import text
from otdacha.methodology import Methodology
from otdacha.panel.frames import Panel
from otdacha.progress import Progress, silent
from otdacha.ranking.permutation import permuted_labels
from otdacha.ranking.prediction import Prediction, prediction_check
from otdacha.ranking.session_variance import SessionVariance, session_variance
from otdacha.ranking.weights import WeightSweep, sweep_weights

BOOTSTRAP_DRAWS = 1999

EVENT_STUDIES = 40
"""Providers whose months before and after training are shown each by itself, at most: the first of
the ranking. The work for the months after grows with towns x providers² (docs/decisions/0022)."""


@dataclass(frozen=True)
class Verdict:
    """Everything that stands beside a ranking and says how far it may be trusted.

    gates: design/method.md §7; one failed gate withholds the ranking. together, apart: the event
    study of all providers as one and of each by itself, of the first `EVENT_STUDIES`. weights: None
    where there is one indicator only. bootstrap: p-values by t and by wild cluster bootstrap.
    """

    gates: tuple[Gate, ...]
    together: EventStudy
    apart: EventStudy
    sensitivity: Sensitivity
    prediction: Prediction
    weights: WeightSweep | None
    sessions: SessionVariance
    bootstrap: pl.DataFrame

    @property
    def withheld(self) -> bool:
        """A gate failed: who is better is not published."""
        return any(gate.outcome == FAILED for gate in self.gates)


def verdict(
    panel: Panel,
    effects: Effects,
    methodology: Methodology,
    *,
    order: Sequence[str] | None = None,
    organisations: pl.DataFrame | None = None,
    progress: Progress = silent,
) -> Verdict:
    """Ask everything of `effects`, which were estimated from `panel`.

    order: the providers as they are ranked, by default by name; the first have event studies of
    their own. organisations: the table of providers, where covariates move the prior mean.
    """
    cells, exposure, reach = panel.cells, panel.exposure, panel.reach
    around = _around_training(panel, effects, methodology, order or effects.providers, progress)
    permuted = permuted_labels(cells, exposure, methodology, reach=reach, progress=progress)
    step = text("Asking whether earlier rankings foretold later results")
    progress(step, 0, 2)
    prediction = prediction_check(
        cells, exposure, methodology, reach=reach, covariates=organisations
    )
    progress(step, 1, 2)
    sessions = session_variance(cells, exposure, effects, methodology)
    progress(step, 2, 2)
    step = text("Drawing the bootstrap")
    progress(step, 0, 1)
    bootstrap = wild_bootstrap(
        cells, exposure, methodology, design=effects.design, draws=BOOTSTRAP_DRAWS
    )
    progress(step, 1, 1)
    return Verdict(
        gates=(*around.gates, permuted.gate),
        together=around.together,
        apart=around.apart,
        sensitivity=around.sensitivity,
        prediction=prediction,
        weights=_swept(effects, methodology, organisations, progress),
        sessions=sessions,
        bootstrap=bootstrap,
    )


@dataclass(frozen=True)
class _Around:
    """What is read from the months around training; see `Verdict`."""

    gates: tuple[Gate, ...]
    together: EventStudy
    apart: EventStudy
    sensitivity: Sensitivity


def _around_training(
    panel: Panel,
    effects: Effects,
    methodology: Methodology,
    order: Sequence[str],
    progress: Progress,
) -> _Around:
    """Cells are sorted once for all of it, and that is half a gigabyte in a country: forgotten
    before other questions are asked."""
    known = panel.cells, panel.exposure, effects, methodology
    observed = Observed.of(panel.cells, panel.exposure, methodology)
    found = gates(*known, observed=observed, progress=progress)
    each = {provider: provider for provider in order[:EVENT_STUDIES]}
    step = text("Looking at the months before and after training")
    progress(step, 0, 3)
    together = event_study(*known, observed=observed)
    progress(step, 1, 3)
    apart = event_study(*known, group=each, observed=observed)
    progress(step, 2, 3)
    trends = sensitivity(*known, observed=observed)
    progress(step, 3, 3)
    return _Around(found, together, apart, trends)


def _swept(
    effects: Effects,
    methodology: Methodology,
    organisations: pl.DataFrame | None,
    progress: Progress,
) -> WeightSweep | None:
    weighed = [name for name in effects.scales if methodology.weights.get(name, 0.0) > 0]
    if sum(effects.scales[name] > 0 for name in weighed) < 2:
        return None
    return sweep_weights(effects, methodology, covariates=organisations, progress=progress)
