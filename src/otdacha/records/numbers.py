"""Cells of any table file as numbers, where a column was named that holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.personal import unless_personal


def with_numbers(
    cells: pl.DataFrame,
    numeric: Collection[str],
    covariates: Sequence[str],
    file: str,
    header_row: int,
) -> pl.DataFrame:
    """The cells with numbers as numbers; a covariate that holds words stays a set of categories."""
    parsed = {
        name: cells[name].str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        for name in (*numeric, *covariates)
        if name in cells.columns
    }
    for name in numeric:
        wrong = (cells[name].is_not_null() & parsed[name].is_null()) if name in parsed else None
        if wrong is not None and wrong.any():
            row = wrong.arg_true()[0]
            raise FileProblem(
                text(
                    "{file}, row {row}, column {column}: “{value}” is not a number. "
                    "Such rows: {count}.",
                    file=file,
                    row=header_row + 1 + row,
                    column=name,
                    value=unless_personal(cells[name][row]),
                    count=wrong.sum(),
                )
            )
    known = {
        name: column
        for name, column in parsed.items()
        if name in numeric or column.null_count() == cells[name].null_count()
    }
    return cells.with_columns(**known)
