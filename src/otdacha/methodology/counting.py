"""Rows that were left out, counted: the one frame that every step may add to."""

from __future__ import annotations

import polars as pl

EXCLUDED = pl.Schema(
    {
        "stage": pl.String,  # records | panel | effects | ranking | weights
        "reason": pl.String,  # a code; the catalogue has its sentence
        "indicator": pl.String,  # null: not about one indicator
        "provider": pl.String,  # null: not about one provider
        "rows": pl.Int64,
    }
)
