"""A few organisations on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from otdacha.documents.charts.caterpillar import caterpillar
from otdacha.documents.charts.chart import Chart
from otdacha.documents.charts.rows import Estimate, Quantity
from otdacha.language import text

MOST = 6


def comparison(
    rows: Sequence[Estimate], quantity: Quantity, *, threshold: float = 0.0,
    id: str = "comparison", title: str = "",
) -> Chart:  # fmt: skip
    """Up to six estimates as a caterpillar. Raises ValueError where there are more."""
    if len(rows) > MOST:
        raise ValueError(f"{len(rows)} organisations; a comparison shows {MOST} at most")
    title = title or text("Organisations compared").said(quantity.language)
    return caterpillar(rows, quantity, threshold=threshold, id=id, title=title)
