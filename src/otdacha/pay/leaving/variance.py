"""The error of an estimate when whatever happens in a town happens to all its people at once.

The score of each town is set free of the pull of the town itself (CR2: Bell, McCaffrey 2002), so
that the variance is right on average if people are independent; degrees of freedom are those that
match its own variance then (Satterthwaite; Imbens, Kolesár 2016; Pustejovsky, Tipton 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otdacha.effects.one_thread import one_thread
from otdacha.pay.leaving.likelihood import Floats

WHOLE = 1 - 1e-8
"""A town that has this share of what is known in some direction has no town to be compared with
there, and says nothing in it."""


@dataclass(frozen=True)
class Error:
    """se: standard error of an estimate; df: degrees of freedom of its square."""

    se: float
    df: float


def error_of(direction: Floats, score: Floats, information: Floats) -> Error:
    """The error of θ·direction (K,) from scores (M, K) and information (M, K, K) of towns at the
    maximum.

    Everything is said in coordinates in which the information of all towns is the unit matrix:
    there a town's part of it is P, its score u, and what is estimated moves by b'(I - P)^-½ u.
    """
    with one_thread():
        values, vectors = np.linalg.eigh(information.sum(axis=0))
        known = values > np.finfo(float).eps * len(values) * values.max()
        whiten = vectors[:, known] / np.sqrt(values[known])
        b = direction @ whiten
        u = score @ whiten
        share, axes = np.linalg.eigh(whiten.T @ information @ whiten)
        room = np.where(share < WHOLE, 1 - share, np.inf)
        along = np.einsum("mki,k->mi", axes, b) / np.sqrt(room)
        a = np.einsum("mki,mi->mk", axes, along)
        moved = (a * u).sum(axis=1)
        # Cov(a'u) over towns: diag(a'Pa) - r r', r = Pa
        own = (along**2 * share).sum(axis=1)
        r = np.einsum("mki,mi->mk", axes, along * share)
        mean = own.sum() - (r**2).sum()
        spread = (own**2).sum() - 2 * (own * (r**2).sum(axis=1)).sum() + ((r.T @ r) ** 2).sum()
        return Error(se=float(np.sqrt((moved**2).sum())), df=float(mean**2 / spread))
