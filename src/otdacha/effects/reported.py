"""Design D, reported: provider figures that somebody else made, brought to the common shape.

Three shapes, told apart by their columns:

- `provider, estimate, se` (and `df` where it is known): taken as they are;
- `provider, successes, n`: a share, with its noise from the counts;
- `provider, window, estimate`: one figure for each of several periods that share no people. The
  noise is what a provider's figures differ by from one period to the next, pooled over providers.

Shares. The estimate is x / n. Its standard error is that of Agresti and Coull (1998), from
`p~ = (x + 2) / (n + 4)`: the naive one is zero at x = 0 and at x = n, which would make 0 of 5 the
most certain figure of the table.

Windows. `y_jt = θ_j + λ_t + ε_jt` by least squares: what moved everybody in a period (λ_t) is no
merit of a provider. σ² is the residual sum of squares over its degrees of freedom, and a provider
that is seen in m windows has the standard error σ / √m, one window included. The error of λ_t,
which all share, is left out: it moves nobody past anybody seen in the same windows. One σ stands
for everybody: where those who are seen once are smaller than the others, their noise is understated
(examples/inserjeunes.py shows by how much).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from otdacha.effects.result import ESTIMATED, ESTIMATES, INSUFFICIENT, Effects
from otdacha.errors import FileProblem, NothingToEstimate
from otdacha.language import Text, text
from otdacha.methodology import Methodology
from otdacha.methodology.counting import EXCLUDED

Vector = NDArray[np.float64]
Shape = Literal["estimates", "successes", "windows"]

REPORTED = "reported"
"""The one indicator of these effects."""

COLUMNS: Mapping[Shape, tuple[str, ...]] = {
    "windows": ("provider", "window", "estimate"),
    "estimates": ("provider", "estimate", "se"),
    "successes": ("provider", "successes", "n"),
}
SUPPRESSED_MARKS = frozenset({"-99999", "-99999.0", "*", "suppressed", "скрыто"})
"""Cells that say: known, and not shown."""

SUPPRESSED = "suppressed"
NOT_COLLECTED = "not collected"


def reported(
    frame: pl.DataFrame, methodology: Methodology, *, shape: Shape | None = None
) -> Effects:
    """Effects from a table of provider figures; `shape` is told by the columns unless given.

    frame: one row per provider (windows: per provider and window); numbers, or text with a decimal
    point or comma. Other columns are ignored. Where the methodology has an indicator that is
    "reported" and lower is better, the sign is turned, so that plus is better.

    Returns Effects of design "reported" on the one indicator `reported`, in the figures' own unit,
    providers by name, errors independent. States besides "estimated": "suppressed" (a figure is
    marked -99999, * or suppressed; never taken as zero), "not collected" (a cell is empty),
    "insufficient evidence" (n below the methodology's minimum, no standard error). A true 0 is an
    estimate like any other.

    Raises FileProblem for a missing column, a cell that is no number, successes beyond n, a
    negative standard error, a provider (or provider and window) that stands twice;
    NothingToEstimate where too few providers are seen in two windows to know the noise.
    """
    known = shape or _shape_of(frame)
    cells = _cells(frame, known)
    read = {"estimates": _given, "successes": _shares, "windows": _windows}[known]
    figures = read(cells, methodology)
    sign = next((one.sign for one in methodology.indicators if one.value == REPORTED), 1)
    rows = figures.rows.with_columns(pl.col("estimate") * sign).sort("provider")
    estimates = (
        rows.with_columns(
            indicator=pl.lit(REPORTED),
            standardised=pl.col("estimate") / figures.scale,
            units=pl.lit(1),
            clusters=pl.lit(1),
        )
        .select(ESTIMATES.names())
        .cast(ESTIMATES)
    )
    providers = tuple(estimates["provider"])
    noise = pl.when(pl.col("state") == ESTIMATED).then(pl.col("se")).otherwise(0.0)
    return Effects(
        design=REPORTED,
        providers=providers,
        clusters=providers,
        estimates=estimates,
        scores={REPORTED: sparse.csr_array(sparse.diags_array(estimates.select(noise)["se"]))},
        scales={REPORTED: figures.scale},
        excluded=_counted(estimates),
        diagnostics={REPORTED: {"shape": known, **figures.diagnostics}},
    )


@dataclass(frozen=True)
class _Figures:
    """rows: provider, estimate, se, df, cells, cases, state, reason. scale: of the noise."""

    rows: pl.DataFrame
    scale: float
    diagnostics: Mapping[str, float]


def _given(cells: pl.DataFrame, methodology: Methodology) -> _Figures:
    """Estimates that come with their standard errors; how much noise one outcome has is unknown."""
    _refuse(cells, pl.col("se") < 0, "se", text("a standard error that is not negative"))
    rows = _stated(cells, pl.col("se") == 0, "no_standard_error").with_columns(
        cells=pl.lit(1), cases=pl.lit(None, pl.Int64)
    )
    return _Figures(rows, 1.0, {})


def _shares(cells: pl.DataFrame, methodology: Methodology) -> _Figures:
    """Shares from successes of n."""
    x, n = pl.col("successes"), pl.col("n")
    for name in ("successes", "n"):
        count = pl.col(name)
        uneven = (count - count.round()).abs() > 1e-6
        _refuse(cells, uneven | (count < 0), name, text("a whole number that is not negative"))
    _refuse(cells, x > n, "successes", text("no more successes than n"))
    drawn_in = (x + 2) / (n + 4)
    rows = _stated(
        cells.with_columns(
            estimate=pl.when(n > 0).then(x / n),
            se=pl.when(n > 0).then((drawn_in * (1 - drawn_in) / (n + 4)).sqrt()),
            df=pl.lit(None, pl.Float64),
            cells=pl.lit(1),
            cases=n.round().cast(pl.Int64),
        ),
        n < methodology.minimum.n,
        "n_below_minimum",
    )
    known = rows.filter(pl.col("state") == ESTIMATED)
    pooled = float(known["successes"].sum()) / max(float(known["n"].sum()), 1.0)
    return _Figures(rows, (pooled * (1 - pooled)) ** 0.5 or 1.0, {"pooled_share": pooled})


def _windows(cells: pl.DataFrame, methodology: Methodology) -> _Figures:
    """Means over windows, with the noise pooled from what differs between them."""
    seen = cells.filter(~pl.col("suppressed"), pl.col("estimate").is_not_null())
    fit = _two_way(seen)
    means = (
        seen.with_columns(pl.col("estimate") - fit.shifts)
        .group_by("provider")
        .agg(pl.col("estimate").mean(), cells=pl.len())
    )
    shown = means.with_columns(se=fit.noise / pl.col("cells").sqrt(), df=pl.lit(fit.df))
    # One suppressed window and nothing else: the provider is suppressed, not absent.
    unseen = (
        cells.join(means, on="provider", how="anti")
        .group_by("provider")
        .agg(suppressed=pl.col("suppressed").any())
    )
    rows = _stated(
        pl.concat([shown, unseen], how="diagonal").with_columns(
            pl.col("suppressed").fill_null(False), cases=pl.lit(None, pl.Int64)
        ),
        pl.col("se") == 0,
        "no_standard_error",
    )
    figures = {"noise_sd": fit.noise, "df": fit.df, "windows": float(fit.windows)}
    return _Figures(rows, fit.noise or 1.0, figures)


@dataclass(frozen=True)
class _TwoWay:
    """shifts: λ of each row, their mean zero. noise: σ. df: of σ². windows: how many there are."""

    shifts: pl.Series
    noise: float
    df: float
    windows: int


def _two_way(seen: pl.DataFrame) -> _TwoWay:
    """Least squares of the figures on providers and windows, from providers seen twice or more."""
    provider = seen["provider"].rank("dense").to_numpy().astype(np.int64) - 1
    window = seen["window"].rank("dense").to_numpy().astype(np.int64) - 1
    y = seen["estimate"].to_numpy()
    times = np.bincount(provider)
    again = times[provider] > 1 if len(y) else np.zeros(0, dtype=bool)
    dummies = np.eye(int(window.max(initial=-1)) + 1)[window]
    within = (dummies - _means(dummies, provider)[provider])[again]
    residual = (y - _means(y, provider)[provider])[again]
    shifts, _, rank, _ = np.linalg.lstsq(within, residual, rcond=1e-9)
    df = float(again.sum() - np.count_nonzero(times > 1) - rank)
    if df < 1:
        raise NothingToEstimate(
            text(
                "Noise is read from providers that have figures in two windows or more, and here "
                "{count} do: too few. Add windows, or give a standard error with each figure.",
                count=int(np.count_nonzero(times > 1)),
            )
        )
    noise = float(np.sqrt(np.sum((residual - within @ shifts) ** 2) / df))
    # Differences that are rounding are no noise.
    noise = noise if noise > 1e-12 * float(np.abs(y).max()) else 0.0
    moved = shifts[window]
    return _TwoWay(pl.Series(moved - moved.mean()), noise, df, dummies.shape[1])


def _means(values: Vector, group: NDArray[np.int64]) -> Vector:
    """Group means of a vector or of each column, (groups,) or (groups, columns)."""
    count = int(group.max(initial=-1)) + 1
    sums = np.zeros((count, *values.shape[1:]))
    np.add.at(sums, group, values)
    times = np.bincount(group, minlength=count)
    return np.asarray(sums / times.reshape(-1, *(1,) * (values.ndim - 1)))


def _shape_of(frame: pl.DataFrame) -> Shape:
    """Which of the three shapes the columns are."""
    for shape, columns in COLUMNS.items():
        if set(columns) <= set(frame.columns):
            return shape
    raise FileProblem(
        text(
            "The columns are {found}. Expected one of: provider, estimate, se; provider, "
            "successes, n; provider, window, estimate. Rename the columns.",
            found=", ".join(frame.columns),
        )
    )


def _cells(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """The columns of the shape as text and numbers, with `row` and `suppressed`."""
    columns = COLUMNS[shape]
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FileProblem(
            text(
                "Column {missing} is not there; the columns are {found}.",
                missing=", ".join(missing),
                found=", ".join(frame.columns),
            )
        )
    names = [name for name in columns if name in ("provider", "window")]
    numbers = [name for name in columns if name not in names]
    if shape == "estimates" and "df" in frame.columns:
        numbers.append("df")
    raw = frame.select(
        pl.col(name).cast(pl.String).str.strip_chars().replace("", None)
        for name in (*names, *numbers)
    ).with_row_index("row", 1)
    for name in names:
        _refuse(raw, pl.col(name).is_null(), name, text("a name"))
    twice = raw.filter(pl.struct(names).is_duplicated())
    if twice.height:
        first = twice.filter(
            pl.struct(names) == pl.struct(pl.lit(twice[0, n]).alias(n) for n in names)
        )
        raise FileProblem(
            text(
                "Rows {one} and {other} are both about {what}. Expected one row for each: add "
                "the figures up, or remove one row.",
                one=first[0, "row"],
                other=first[1, "row"],
                what=", ".join(str(first[0, name]) for name in names),
            )
        )
    hidden = [pl.col(name).str.to_lowercase().is_in(SUPPRESSED_MARKS) for name in numbers]
    marked = raw.with_columns(suppressed=pl.any_horizontal(hidden).fill_null(False))
    parsed = marked.with_columns(
        pl.when(~mark.fill_null(False))
        .then(pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False))
        .alias(f"{name} as number")
        for name, mark in zip(numbers, hidden, strict=True)
    )
    for name, mark in zip(numbers, hidden, strict=True):
        number = pl.col(f"{name} as number")
        wrong = pl.col(name).is_not_null() & ~mark & ~number.is_finite().fill_null(False)
        _refuse(parsed, wrong, name, text("a number"))
    return parsed.select(
        "row", *names, "suppressed", *(pl.col(f"{name} as number").alias(name) for name in numbers)
    )


def _refuse(cells: pl.DataFrame, wrong: pl.Expr, column: str, expected: Text) -> None:
    """Raise FileProblem for the first row where `wrong` holds."""
    bad = cells.filter(wrong)
    if bad.height:
        raise FileProblem(
            text(
                "Row {row}, column {column}: {value}. Expected {expected}. Such rows: {count}.",
                row=bad[0, "row"],
                column=column,
                value="-" if bad[0, column] is None else bad[0, column],
                expected=expected,
                count=bad.height,
            )
        )


def _stated(cells: pl.DataFrame, poor: pl.Expr, reason: str) -> pl.DataFrame:
    """Each row with its state; `poor` rows have too little evidence, for `reason`.

    What is suppressed or was not collected loses its figures: a number there would be a guess.
    """
    columns = [name for name in ("se", "df") if name not in cells.columns]
    cells = cells.with_columns(pl.lit(None, pl.Float64).alias(name) for name in columns)
    return (
        cells.with_columns(
            reason=pl.when("suppressed")
            .then(pl.lit("suppressed"))
            .when(poor.fill_null(False))
            .then(pl.lit(reason))
            .when(pl.col("estimate").is_null())
            .then(pl.lit("not_collected"))
            .when(pl.col("se").is_null())
            .then(pl.lit("no_standard_error"))
        )
        .with_columns(
            state=pl.when(pl.col("reason").is_null())
            .then(pl.lit(ESTIMATED))
            .when(pl.col("reason") == "suppressed")
            .then(pl.lit(SUPPRESSED))
            .when(pl.col("reason") == "not_collected")
            .then(pl.lit(NOT_COLLECTED))
            .otherwise(pl.lit(INSUFFICIENT))
        )
        .with_columns(
            pl.when(~pl.col("state").is_in([SUPPRESSED, NOT_COLLECTED])).then(name).alias(name)
            for name in ("estimate", "se", "df")
        )
    )


def _counted(estimates: pl.DataFrame) -> pl.DataFrame:
    """Providers that are not estimated, by reason."""
    return (
        estimates.filter(pl.col("state") != ESTIMATED)
        .select(
            "reason", "indicator", "provider", stage=pl.lit("effects"), rows=pl.lit(1, pl.Int64)
        )
        .select(EXCLUDED.names())
        .cast(EXCLUDED)
    )
