"""What a plan is expected to bring as a whole, as its table `results` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

HEADLINE = "headline"
"""What the release's headline is called among the results."""


def whole_of(results: pl.DataFrame) -> Mapping[str, Any] | None:
    """The headline over all years; None where the plan has no evidence."""
    found = results.filter((pl.col("indicator") == HEADLINE) & pl.col("year").is_null())
    return None if found.is_empty() else found.row(0, named=True)
