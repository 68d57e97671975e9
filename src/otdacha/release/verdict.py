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

EVENT_STUDIES = 400
"""Providers whose months before and after training are shown each by itself, at most. Where there
are more, only those of the first `FITTED_TOGETHER` of the ranking are: a country with 800 would
need three minutes more, and its evaluation would no longer end in five (docs/decisions/0024)."""

FITTED_TOGETHER = 40
"""Providers whose months are fitted by themselves at once. The work grows with the square of their
number, so many providers are gone through in groups of so many."""

OTHERS = "others"
"""The group of everybody whose months are not asked about in a fit."""


@dataclass(frozen=True)
class Verdict:
    """Everything that stands beside a ranking and says how far it may be trusted.

    gates: design/method.md §7; one failed gate withholds the ranking. together, apart: the event
    study of all providers as one and of each by itself (of those in `with_months`). weights: None
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

    order: the providers as they are ranked, by default by name: where there are very many, the
    first have event studies of their own. organisations: the table of providers, where covariates
    move the prior mean.
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
    step = text("Looking at the months before and after training")
    progress(step, 0, 3)
    together = event_study(*known, observed=observed)
    progress(step, 1, 3)
    apart = each_apart(*known, order=with_months(order), observed=observed, progress=progress)
    progress(step, 2, 3)
    trends = sensitivity(*known, observed=observed)
    progress(step, 3, 3)
    return _Around(found, together, apart, trends)


def with_months(order: Sequence[str]) -> Sequence[str]:
    """The providers, of those as they are ranked, whose months are shown each by itself."""
    return order if len(order) <= EVENT_STUDIES else order[:FITTED_TOGETHER]


def each_apart(
    cells: pl.DataFrame,
    exposure: pl.DataFrame,
    effects: Effects,
    methodology: Methodology,
    *,
    order: Sequence[str],
    observed: Observed | None = None,
    progress: Progress = silent,
) -> EventStudy:
    """The event study of each provider in `order` by itself, `FITTED_TOGETHER` in each fit.

    Whoever is not in a fit's group takes part in it as one more group, by month: what people learnt
    from others in the same months is then not laid to the one that is asked about. Up to
    `FITTED_TOGETHER` providers there is one fit and nobody else.
    """
    everybody = exposure["provider"].cast(pl.String).unique().to_list()
    observed = observed or Observed.of(cells, exposure, methodology)
    found = []
    step = text("Looking at the months of each organisation")
    for start in range(0, max(len(order), 1), FITTED_TOGETHER):
        progress(step, start, len(order))
        asked = order[start : start + FITTED_TOGETHER]
        group = dict.fromkeys(everybody, OTHERS) | {provider: provider for provider in asked}
        found.append(
            event_study(cells, exposure, effects, methodology, group=group, observed=observed)
        )
    progress(step, len(order), len(order))
    paths = {key: path for study in found for key, path in study.paths.items() if key[1] != OTHERS}
    frame = pl.concat([study.frame for study in found]).filter(pl.col("group") != OTHERS)
    place = {name: at for at, name in enumerate(frame["indicator"].unique(maintain_order=True))}
    by_indicator = pl.col("indicator").replace_strict(place, return_dtype=pl.Int64)
    return EventStudy(frame.sort(by_indicator, "group", "time"), found[0].level, paths)


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
