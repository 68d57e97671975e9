"""What is known of providers beforehand, as columns that move the prior mean.

Each covariate is a column of the table of providers. Text (and truth values) is categorical:
one column of zeros and ones for each level but the largest, which the intercept stands for. Numbers
are one column, less their mean. What is not as it should be has one rule each (decision 0012), and
what was done is counted:

- an empty or absent value: the level `(unknown)`; for numbers the mean of the others, and the level
  `(unknown)` beside it where two or more are unknown;
- a level with one provider: its coefficient would be that provider's own estimate and nothing would
  be shrunken. Such levels become the level `(other)`; where only one provider is in it, it is taken
  for one of the largest level;
- a column that the columns before it already say: left out;
- a covariate that would leave fewer than five providers for each column: left out as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.errors import FileProblem, MethodologyProblem
from otdacha.language import text

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

INTERCEPT, UNKNOWN, OTHER = "(intercept)", "(unknown)", "(other)"
PROVIDERS_A_COLUMN = 5
"""Fewer providers for each column than this, and a covariate is left out."""
SAME = 1e-8
"""A column whose part outside the earlier ones is smaller than this share of it says nothing."""


@dataclass(frozen=True)
class Regressors:
    """Columns that the prior mean is linear in.

    names: (P,), the intercept first. values: X, (providers, P), of full rank. figures: what was
    done with the input: `reference` (covariate: level of the intercept), `unknown` (covariate:
    providers), `merged` (covariate: levels that became `(other)`), `lone` (covariate: providers
    taken for the largest level), `left_out` (covariate or column: why); only what occurred.
    """

    names: tuple[str, ...]
    values: Matrix
    figures: Mapping[str, Mapping[str, Any]]

    def and_column(self, name: str, values: Vector) -> Regressors | None:
        """These and one more column; None where it may not be added (rules above)."""
        if not _affordable(len(self.names) + 1, len(values)) or not _adds(self.values, values):
            return None
        return Regressors((*self.names, name), np.column_stack([self.values, values]), self.figures)


def intercept(providers: int) -> Regressors:
    """The same prior mean for everybody."""
    return Regressors((INTERCEPT,), np.ones((providers, 1)), {})


def regressors(
    providers: Sequence[str], covariates: pl.DataFrame | None, names: Sequence[str]
) -> Regressors:
    """The columns of the covariates called `names`, rows in the order of `providers`.

    covariates: one row per provider, columns `provider` and at least `names`; further rows and
    columns are ignored. Raises MethodologyProblem where names are asked for and there is no table,
    FileProblem where the table lacks a column or names a provider twice.
    """
    if not names:
        return intercept(len(providers))
    table = _rows(providers, _checked(covariates, names))
    known = intercept(len(providers))
    figures: dict[str, dict[str, Any]] = {}
    for name in names:
        column = table[name]
        coded = _numeric(column) if column.dtype.is_numeric() else _categorical(column)
        if not coded.columns:
            coded.note("left_out", "no_variation")
        elif not _affordable(len(known.names) + len(coded.columns), len(providers)):
            coded.note("left_out", "too_many_columns")
        else:
            for label, values in coded.columns.items():
                more = known.and_column(label, values)
                if more is None:
                    figures.setdefault("left_out", {})[label] = "collinear"
                else:
                    known = more
        for figure, value in coded.figures.items():
            figures.setdefault(figure, {})[name] = value
    return Regressors(known.names, known.values, figures)


@dataclass(frozen=True)
class _Coded:
    """columns: (providers,) by label. figures: what was done, by the keys of `Regressors`."""

    columns: dict[str, Vector]
    figures: dict[str, Any]

    def note(self, figure: str, value: Any) -> None:
        self.figures[figure] = value


def _checked(covariates: pl.DataFrame | None, names: Sequence[str]) -> pl.DataFrame:
    if covariates is None:
        raise MethodologyProblem(
            text(
                "The methodology lets the prior depend on {columns}, but no table of providers "
                "was given. Give the table, or empty shrinkage.covariates in the methodology.",
                columns=", ".join(names),
            )
        )
    missing = [name for name in ("provider", *names) if name not in covariates.columns]
    if missing:
        raise FileProblem(
            text(
                "The table of providers has no column {columns}. It has: {present}.",
                columns=", ".join(missing),
                present=", ".join(covariates.columns),
            )
        )
    twice = covariates.filter(pl.col("provider").is_duplicated())
    if not twice.is_empty():
        raise FileProblem(
            text(
                "The table of providers names {provider} more than once: one row for each "
                "provider was expected.",
                provider=twice["provider"][0],
            )
        )
    return covariates


def _rows(providers: Sequence[str], covariates: pl.DataFrame) -> pl.DataFrame:
    order = pl.DataFrame({"provider": list(providers)}, schema={"provider": pl.String})
    keyed = covariates.with_columns(pl.col("provider").cast(pl.String))
    return order.join(keyed, on="provider", how="left", maintain_order="left")


def _categorical(column: pl.Series) -> _Coded:
    """Zeros and ones for each level but the largest."""
    figures = dict[str, Any]()
    said = column.cast(pl.String).str.strip_chars().fill_null("")
    levels = [level or UNKNOWN for level in said]
    sizes = Counter(levels)
    if sizes[UNKNOWN]:
        figures["unknown"] = sizes[UNKNOWN]
    single = sorted(level for level, size in sizes.items() if size == 1)
    if single:
        figures["merged"] = single
        levels = [OTHER if sizes[level] == 1 else level for level in levels]
        sizes = Counter(levels)
    if sizes[OTHER] == 1 and len(sizes) > 1:
        figures["lone"] = sizes.pop(OTHER)
    largest = min(sizes, key=lambda level: (-sizes[level], level))
    figures["reference"] = largest
    present = np.array(levels)
    return _Coded(
        {
            f"{column.name}={level}": (present == level).astype(np.float64)
            for level in sorted(sizes)
            if level != largest and sizes[level]
        },
        figures,
    )


def _numeric(column: pl.Series) -> _Coded:
    """The numbers less their mean, and who has none."""
    name, figures = column.name, dict[str, Any]()
    values = column.cast(pl.Float64).to_numpy().copy()
    unknown = ~np.isfinite(values)
    if unknown.any():
        figures["unknown"] = int(unknown.sum())
    if unknown.all():
        return _Coded({}, figures)
    values[unknown] = values[~unknown].mean()
    centred = values - values.mean()
    columns = {name: centred} if np.ptp(values) > SAME * np.abs(values).max() else {}
    if columns and unknown.sum() > 1:
        columns[f"{name}={UNKNOWN}"] = unknown.astype(np.float64)
    return _Coded(columns, figures)


def _affordable(columns: int, providers: int) -> bool:
    return columns * PROVIDERS_A_COLUMN <= providers


def _adds(known: Matrix, values: Vector) -> bool:
    """Whether the column is more than a sum of the known ones."""
    scaled = known / np.linalg.norm(known, axis=0)
    left = values - scaled @ np.linalg.lstsq(scaled, values)[0]
    return bool(np.linalg.norm(left) > SAME * np.linalg.norm(values))
