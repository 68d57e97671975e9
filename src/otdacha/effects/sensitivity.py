"""How far may trends fail to be parallel before an effect could be nothing?

Rambachan and Roth (2023, Review of Economic Studies 90, 2555-2591). Let δ be by how much the
results of trained people would have moved apart from the others' without training, one figure for
each period of `gates.period_months`, counted from the last one before training. Periods of a month
would be so noisy that their noise alone allowed for any violation. Two classes of paths:

- *relative magnitude* Δ^RM(M̄): after training δ changes from one period to the next by at most M̄
  times its largest such change before training;
- *smoothness* Δ^SD(M): the change of δ itself changes by at most M a period, before and after.

What is claimed: if δ lies in the class, the interval holds the effect with the methodology's level,
whatever the path does inside the class. It is conservative: the worst bias over the class (exact,
for these estimators) is added to a t interval on both sides; the optimal intervals of the paper
(FLCI, conditional and hybrid tests) are shorter. In detail:

- RM: the effect is measured against the level of the last period before training (dummies for the
  periods before, the leads, are estimated with the clean cells, and the last one is carried
  forward). The largest change before training is bounded from above by the simultaneous band of
  the changes between leads, at 1 - α/5; the t interval is at 1 - 4α/5; together they err with α at
  most, for all M̄ at once.
- SD: the least-squares line through the leads is carried forward; its error under the class is
  largest where the path bends at M throughout.

Of a provider, δ is the path of all trained people: before training its people must depart as all
do. Of the composite, δ is the path of the composite; how far beyond training effects are read is
taken from the indicator for which it is farthest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import sparse, special

from otdacha.effects.cells import Floats, IndicatorCells
from otdacha.effects.contrasts import Contrasts, contrasts
from otdacha.effects.elimination import eliminate
from otdacha.effects.event_time import ALL, grouped, leads_of, since_before
from otdacha.effects.fit import Fit
from otdacha.effects.imputation import covariate_slopes, impute_cells
from otdacha.effects.observed import Observed, Question
from otdacha.effects.one_thread import one_thread
from otdacha.effects.reestimate import (
    Setting,
    as_one,
    headline,
    lead_slopes,
    numbered,
    setting,
    statements,
)
from otdacha.effects.result import ESTIMATED, Effects
from otdacha.effects.stored import Table
from otdacha.effects.strata import strata
from otdacha.effects.stratum_sums import Slopes
from otdacha.effects.variance import separate
from otdacha.methodology import Methodology

RELATIVE = "relative magnitude"
SMOOTH = "smoothness"
GRID = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)

_OF_THE_BAND = 0.2
"""Part of the error that the bound on changes before training may spend."""

INTERVALS = pl.Schema(
    {
        "class": pl.String,
        "provider": pl.String,  # null: all together
        "multiple": pl.Float64,  # M̄; or M in largest bends between leads, as estimated
        "bound": pl.Float64,  # change a period (RM) or change of that change (SD), in sd
        "lower": pl.Float64,
        "upper": pl.Float64,
    }
)
BREAKDOWN = pl.Schema(
    {
        "class": pl.String,
        "provider": pl.String,
        "estimate": pl.Float64,  # headline, sd, against the level (RM) or line (SD) before training
        "se": pl.Float64,
        "df": pl.Float64,
        "worst": pl.Float64,  # largest bias for a bound of 1 sd
        "breakdown": pl.Float64,  # the multiple at which the interval first holds 0
        "breakdown_bound": pl.Float64,  # the same as a change in sd
    }
)


@dataclass(frozen=True)
class Sensitivity:
    """Robust intervals by class and size of the violation.

    intervals: schema `INTERVALS`, ready to draw. breakdown: schema `BREAKDOWN`, one row per class
    and provider (null first: all together); providers without an estimate against the leads are not
    in it. largest_change: upper bound of |δ's change in a period| before training, in sd.
    largest_bend: the largest change of the change between leads, as estimated; both nan where the
    leads say nothing, and then both frames are empty.
    """

    intervals: pl.DataFrame
    breakdown: pl.DataFrame
    level: float
    largest_change: float
    largest_bend: float


def sensitivity(
    cells: Table,
    exposure: Table,
    effects: Effects,
    methodology: Methodology,
    *,
    multiples: Sequence[float] = GRID,
    observed: Observed | None = None,
) -> Sensitivity:
    """Robust intervals of the overall headline effect and of every provider with an estimate.

    cells, exposure: what `effects` was imputed from. Exposed months of units that were not seen
    clean before their training are not used. observed: what was made of cells and exposure for
    other questions, where it is there. Scans of Parquet files are read whole, with names in codes.
    """
    observed = observed or Observed.of(cells, exposure, methodology)
    fixed = setting(observed, effects, methodology)
    level, count, length = (
        methodology.design.level,
        methodology.gates.periods,
        methodology.gates.period_months,
    )
    if not fixed.factors:
        return _nothing(level)
    told = leads_of(observed.before, count * length, [ALL], None).with_columns(
        # integer division rounds down: -1, no lead, stays -1
        lead_number=pl.col("lead_number") // length
    )
    names = [str(-lead) for lead in range(1, count + 1)]
    leads = headline(lead_slopes(observed, told, names, fixed, fixed.indicators), fixed)
    if not leads.known.all():
        return _nothing(level)
    change = _differences(leads)
    share = _OF_THE_BAND * (1 - level)
    bands = change.bands(
        level=1 - share, draws=methodology.gates.draws, seed=methodology.gates.seed
    )
    largest_change = float(np.maximum(bands.upper_all, -bands.lower_all).max())
    largest_bend = float(np.abs(np.diff(change.estimate)).max())

    since = since_before(observed.months).drop_nulls()
    periods = (since["distance"] + length - 1) // length
    question = Question(
        clean=observed.clean & observed.only(told["place"]),
        exposed=observed.only(since["place"]),
        covariates={
            "lead_number": observed.spread(told["lead_number"], told["place"], -1.0),
            "distance": observed.spread(periods, since["place"], 0.0),
        },
    )
    providers = effects.of().filter(pl.col("state") == ESTIMATED)["provider"].to_list()
    own = grouped(observed.exposure, {provider: provider for provider in providers})
    whom: dict[str | None, list[str]] = {None: [ALL], "each": providers}
    exposures = {
        None: as_one(grouped(observed.exposure, None)),
        "each": numbered(own, "group", providers),
    }
    slopes = _lead_effects(observed, question, count, fixed)
    estimated = {
        scope: _estimated(
            observed, replace(question, exposure=exposures[scope]), labels, count, fixed, slopes
        )
        for scope, labels in whom.items()
        if labels
    }
    intervals, breakdown = [], []
    for kind in (RELATIVE, SMOOTH):
        tail = 1 - level - share if kind == RELATIVE else 1 - level
        unit = largest_change if kind == RELATIVE else largest_bend
        for scope, labels in whom.items():
            if not labels:
                continue
            found, reach = estimated[scope].by_class[kind], estimated[scope].reach
            worst = _worst_relative(reach) if kind == RELATIVE else _worst_smooth(reach, count)
            se = found.se
            margin = special.stdtrit(found.df, 1 - tail / 2) * se
            for j in np.flatnonzero(found.known).tolist():
                provider = None if scope is None else labels[j]
                estimate, half, w = float(found.estimate[j]), float(margin[j]), float(worst[j])
                bound = max(abs(estimate) - half, 0.0) / w
                breakdown.append(
                    (kind, provider, estimate, float(se[j]), float(found.df[j]), w,
                     bound / unit if unit > 0 else None, bound)
                )  # fmt: skip
                intervals += [
                    (kind, provider, m, m * unit,
                     estimate - half - m * unit * w, estimate + half + m * unit * w)
                    for m in multiples
                ]  # fmt: skip
    return Sensitivity(
        pl.DataFrame(intervals, schema=INTERVALS, orient="row"),
        pl.DataFrame(breakdown, schema=BREAKDOWN, orient="row"),
        level,
        largest_change,
        largest_bend,
    )


def _nothing(level: float) -> Sensitivity:
    return Sensitivity(INTERVALS.to_frame(), BREAKDOWN.to_frame(), level, np.nan, np.nan)


def _differences(leads: Contrasts) -> Contrasts:
    """Changes from one lead to the next later one, the latest first (K - 1,)."""
    return contrasts(
        [f"{early}…{late}" for late, early in zip(leads.names, leads.names[1:], strict=False)],
        -np.diff(leads.estimate),
        -np.diff(leads.scores, axis=1),
        np.minimum(leads.df[1:], leads.df[:-1]),
    )


def line_weights(count: int) -> Floats:
    """The least-squares slope per period through leads 1…count, as weights on them (count,)."""
    time = -np.arange(1.0, count + 1)
    away = time - time.mean()
    return np.asarray(away / (away**2).sum())


def _with_leads(data: IndicatorCells, count: int, kind: str) -> IndicatorCells:
    """The same cells with covariates lead_1 … lead_count: dummies where clean; where exposed, what
    of the leads is carried forward: lead 1, and for smoothness the line through all of them."""
    weights = line_weights(count) if kind == SMOOTH else np.zeros(count)
    exposed = pl.col("distance") > 0
    frame = data.frame.with_columns(
        pl.when(exposed)
        .then((1.0 if lead == 1 else 0.0) + pl.col("distance") * weights[lead - 1])
        .otherwise((pl.col("lead_number") == lead - 1).cast(pl.Float64))
        .alias(f"lead_{lead}")
        for lead in range(1, count + 1)
    )
    leads = tuple(f"lead_{lead}" for lead in range(1, count + 1))
    return replace(data, frame=frame, covariates=leads)


@dataclass(frozen=True)
class _Estimated:
    """by_class: effects on the headline with the leads as covariates, by class of violations.
    reach: by indicator Ω, (J, periods), the weight in θ̂_j of exposed cells that lie s = 1, 2, …
    periods or more beyond."""

    by_class: dict[str, Contrasts]
    reach: list[Floats]


def _lead_effects(
    observed: Observed, question: Question, count: int, fixed: Setting
) -> dict[str, Slopes]:
    """The leads' slopes by indicator: of clean cells, so the same whoever's effects are asked for
    and whatever is carried forward."""
    clean = replace(question, exposed=np.zeros_like(question.exposed))
    return {
        one.id: covariate_slopes(
            _with_leads(observed.of_indicator(one).asked(clean, "cases"), count, RELATIVE)
        )
        for one in fixed.indicators
    }


def _estimated(
    observed: Observed,
    question: Question,
    names: list[str],
    count: int,
    fixed: Setting,
    slopes: Mapping[str, Slopes],
) -> _Estimated:
    """question: with the covariates `lead_number` and `distance`. slopes: of the leads."""
    fits: dict[str, dict[str, Fit]] = {RELATIVE: {}, SMOOTH: {}}
    reach = []
    for one in fixed.indicators:
        cells = observed.of_indicator(one)
        data = cells.asked(question, fixed.methodology.design.aggregation)
        for kind, found in fits.items():
            found[one.id] = impute_cells(
                _with_leads(data, count, kind),
                len(names),
                len(fixed.clusters),
                slopes=slopes[one.id],
            )
        reach.append(_reach(data, len(names)))
    by_class = {
        kind: headline(statements(found, names, fixed), fixed) for kind, found in fits.items()
    }
    return _Estimated(by_class, reach)


def _reach(data: IndicatorCells, providers: int) -> Floats:
    designs, weights, distances = [], [], []
    with one_thread():
        for cells in strata(data):
            shares = sparse.csr_array(
                (cells.share, (cells.row, cells.provider)), shape=(len(cells.y), providers)
            )
            used = ~cells.clean & (np.diff(shares.indptr) > 0)
            used &= eliminate(cells, data.months).predicts(cells)
            designs.append(sparse.csr_array(shares[used]))
            weights.append(cells.stage2_weight[used])
            distances.append(cells.covariates[used, -1])
    if not designs:
        return np.zeros((providers, 1))
    design = sparse.csr_array(sparse.vstack(designs, format="csr"))
    weighted = sparse.csr_array(sparse.diags_array(np.concatenate(weights)) @ design)
    distance = np.concatenate(distances)
    last = int(distance.max()) if len(distance) else 1
    beyond = (distance[:, None] >= np.arange(1, last + 1)).astype(np.float64)
    inverse = separate(sparse.csr_array(design.T @ weighted)).matrix
    return np.asarray(inverse @ (weighted.T @ beyond))


def _worst_relative(reach: list[Floats]) -> Floats:
    """Largest |Σ_s Ω_s g_s| over changes |g_s| ≤ 1, (J,)."""
    return np.asarray(np.max([np.abs(one).sum(1) for one in reach], axis=0))


def _worst_smooth(reach: list[Floats], count: int) -> Floats:
    """Largest error of the line through the leads when |g_s - g_{s-1}| ≤ 1, (J,).

    With g_s the change into period s (0: the last before training), the line's slope is
    Σ a_r g_{-r}, a_r ∝ (r + 1)(K - 1 - r), and the error Σ_s Ω_s (g_s - Σ a_r g_{-r}) is a sum over
    the bends h_t = g_t - g_{t-1}: Σ_{s≥t} Ω_s for t ≥ 1, and (Σ_s Ω_s) Σ_{r>q} a_r for t = -q.
    """
    r = np.arange(count - 1)
    a = (r + 1.0) * (count - 1 - r)
    before = float((a / a.sum()) @ r)
    worst = []
    for one in reach:
        later = np.cumsum(one[:, ::-1], axis=1)[:, ::-1]
        worst.append(np.abs(later).sum(1) + np.abs(later[:, 0]) * before)
    return np.asarray(np.max(worst, axis=0))
