"""The θ under which the exits of all towns are likeliest: Newton's method on a concave function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from otdacha.effects.one_thread import one_thread
from otdacha.pay.leaving.likelihood import ExitsOfTowns, Floats, Likelihood, PersonMonths

STEPS = 50
NEAR = 1e-9
"""How far below the maximum the log-likelihood may be (half of this)."""
FARTHEST = 5.0
"""How far β may go in one step: a first step from a flat place would overflow."""
HALVINGS = 30
KNOWN = 1e-6
"""The share of its information at β = 0 that a slope must keep: what has none has no maximum
(everyone who left was paid least), and what had none from the start does not differ."""


@dataclass(frozen=True)
class Maximum:
    """theta (K,), the likelihood there, and the inverse of the information of all towns (K, K).

    finite: whether there is a maximum at all. differs: whether the regressors differ within towns
    beside quarters and classes.
    """

    theta: Floats
    at: Likelihood
    inverse: Floats
    finite: bool
    differs: bool


def maximise(rows: PersonMonths) -> Maximum:
    """The maximum from θ = 0 by Newton steps, halved where they would lead down."""
    likelihood = ExitsOfTowns(rows)
    P = likelihood.regressors
    theta = np.zeros(likelihood.parameters)
    with one_thread():
        here = likelihood.at(theta)
        scale = _scale(rows)
        start = _partial(here, P)
        differs = bool(np.all(np.diag(start) > KNOWN * scale) and np.linalg.cond(start) < 1 / KNOWN)
        for _ in range(STEPS):
            inverse = linalg.pinvh(here.information.sum(axis=0))
            score = here.score.sum(axis=0)
            step = inverse @ score
            if not differs or score @ step < NEAR:
                break
            step *= min(1.0, FARTHEST / max(np.abs(step).max(), FARTHEST))
            theta, here = _uphill(likelihood, theta, here, step)
        else:
            return Maximum(theta, here, inverse, finite=False, differs=differs)
        finite = differs and bool(np.all(np.diag(_partial(here, P)) > KNOWN * np.diag(start)))
    return Maximum(theta, here, np.asarray(inverse), finite=finite, differs=differs)


def _uphill(
    likelihood: ExitsOfTowns, theta: Floats, here: Likelihood, step: Floats
) -> tuple[Floats, Likelihood]:
    for _ in range(HALVINGS):
        there = likelihood.at(theta + step)
        if there.value >= here.value - NEAR:
            return theta + step, there
        step = step / 2
    return theta, here


def _partial(here: Likelihood, regressors: int) -> Floats:
    """The information on β that is left when quarters and classes are estimated too, (P, P)."""
    total = here.information.sum(axis=0)
    x, rest = slice(regressors), slice(regressors, None)
    cross = total[x, rest]
    return np.asarray(total[x, x] - cross @ linalg.pinvh(total[rest, rest]) @ cross.T)


def _scale(rows: PersonMonths) -> float:
    """What the information on β would be if exits were spread over all person-months alike."""
    return float(rows.left.sum() * max(rows.x.var(axis=0).max(), np.finfo(float).tiny))
