"""Did new data move an estimate, or is it noise? A test of two estimates of which one knows more.

docs/decisions/0025-what-moved-a-figure.md has the rule, its reasons and its limits.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats: TypeAlias = "NDArray[np.float64]"

LEVEL = 0.05
"""How often a difference may be called one of the data that noise has made."""


def nested_margin(
    se_before: Floats, df_before: Floats, se_after: Floats, df_after: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """The largest difference that noise explains where the new data contain the old.

    An efficient estimator is uncorrelated with its difference to an inefficient one, so that the
    variance of the difference is `se_before² − se_after²` (Hausman 1978). Both are estimates; the
    degrees of freedom of their difference are Satterthwaite's (Gaylor and Hopper 1969), with the
    covariance that efficiency implies, `2 se_after⁴ / df_before`. Where that margin does not exist
    or is wider than the one of the larger standard error, the latter is taken: no difference of
    such estimates varies more.

    se, df: (providers,), df infinite where the estimate is normal. Returns the margins, and where
    they are Hausman's own: a smaller difference is then no more than noise. Elsewhere it is not
    known whether noise explains it.
    """
    before, after = se_before**2, se_after**2
    variance = before - after
    spread = np.maximum(
        before**2 / df_before + after**2 / df_after - 2 * after**2 / df_before,
        # no covariance is larger (Cauchy and Schwarz), whatever degrees of freedom are claimed
        (before / np.sqrt(df_before) - after / np.sqrt(df_after)) ** 2,
    )
    df = np.full_like(variance, np.inf)
    np.divide(variance**2, spread, out=df, where=spread > 0)
    exists = (variance > 0) & (df > 0)
    own = np.full_like(variance, np.inf)
    own[exists] = _quantile(df[exists]) * np.sqrt(variance[exists])
    widest = _margin_of_the_larger(se_before, df_before, se_after, df_after)
    known = own <= widest
    return np.where(known, own, widest), known


def other_margin(
    se_before: Floats, df_before: Floats, se_after: Floats, df_after: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """The same where the old data are not all among the new: the widest margin there can be.

    The two then share nobody knows how much. Estimates of the same people differ by less than those
    of strangers, whose variances add up; a smaller difference is never known to be noise.
    """
    before, after = se_before**2, se_after**2
    variance = before + after
    spread = before**2 / df_before + after**2 / df_after
    df = np.full_like(variance, np.inf)
    np.divide(variance**2, spread, out=df, where=spread > 0)
    return _quantile(df) * np.sqrt(variance), np.zeros(variance.shape, dtype=np.bool_)


def _margin_of_the_larger(
    se_before: Floats, df_before: Floats, se_after: Floats, df_after: Floats
) -> Floats:
    larger = se_before >= se_after
    se = np.where(larger, se_before, se_after)
    return se * _quantile(np.where(larger, df_before, df_after))


def _quantile(df: Floats) -> Floats:
    """Two-sided quantile of t; beyond all bounds where there are next to no degrees of freedom."""
    found = np.asarray(stats.t.ppf(1 - LEVEL / 2, np.minimum(df, 1e9)), dtype=np.float64)
    return np.where(np.isfinite(found), found, np.inf)
