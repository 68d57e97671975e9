"""Reported results → cells: n, mean and perhaps standard deviation, turned back into sums."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import polars as pl

from otdacha.methodology import Indicator
from otdacha.panel.calendar import month_of
from otdacha.panel.reasons import ABOUT_A_RESULT

_UNIT_MONTH = ["unit", "holder", "month", "indicator"]


def rules_of(indicators: Sequence[Indicator]) -> pl.DataFrame:
    """What is asked of reported results: indicator, number (from 0), resolution, centre, share."""
    return pl.DataFrame(
        [(i.id, number, i.resolution, i.centre, i.share) for number, i in enumerate(indicators)],
        schema={
            "indicator": pl.String,
            "number": pl.Int64,
            "resolution": pl.Float64,
            "centre": pl.Int64,
            "share": pl.Boolean,
        },
        orient="row",
    )


def asked_of(results: ir.Table, towns: ir.Table, rules: ir.Table) -> ir.Table:
    """Results with the rules of their indicator and `left_out`: a reason why they make no cell.

    results: the records' table. towns: municipality, placed. rules: as `rules_of`.
    """
    known = results.left_join(rules, "indicator").select(
        "municipality",
        "service",
        "n",
        "mean",
        "sd",
        "number",
        "resolution",
        "centre",
        "share",
        holder="unit",
        month=month_of(results.month),
    )
    placed = known.left_join(towns.select("municipality", "placed"), "municipality")
    conditions = (
        placed.number.isnull(),
        ~placed.placed.fill_null(False),
        placed.n <= 0,
    )
    left_out = ibis.cases(*zip(conditions, ABOUT_A_RESULT, strict=True), else_=ibis.null("string"))
    return placed.select(*known.columns, left_out=left_out)


def reported(asked: ir.Table) -> ir.Table:
    """Cells of reported results: municipality, holder (name), service, month, indicator (its number
    among the rules), n, total, total_squares.

    asked: as `asked_of`. A mean is turned back into whole steps, rounded half to even: total =
    n·(mean/resolution - centre) and total_squares = (n-1)·(sd/resolution)² +
    n·(mean/resolution - centre)². Without sd the squares of a share follow from its mean; of
    anything else they are unknown: null.
    """
    kept = asked.filter(asked.left_out.isnull())
    n, step, centre = kept.n, kept.resolution, kept.centre
    mean, spread = kept["mean"] / step, kept["sd"] / step
    off = mean - centre
    of_known_spread = (n - 1) * (spread * spread) + n * (off * off)
    of_share = n * (mean / step - centre * mean * 2 + centre * centre)
    squares = ibis.coalesce(of_known_spread, kept.share.ifelse(of_share, ibis.null("float64")))
    return kept.select(
        "municipality",
        "holder",
        "service",
        "month",
        "n",
        indicator="number",
        total=_half_to_even(n * off),
        total_squares=_half_to_even(squares),
    )


def of_units(cells: ir.Table, units: ir.Table, *, merged: bool) -> ir.Table:
    """Reported cells by unit: unit, holder (numbers), month, indicator, n, total, total_squares.

    units: own_municipality, own_holder, service, unit, holder. merged: whether several holders may
    be one unit; squares that one of them does not know are unknown then.
    """
    known = cells.inner_join(
        units.rename(unit_holder="holder"),
        [
            cells.municipality == units.own_municipality,
            cells.holder == units.own_holder,
            cells.service == units.service,
        ],
    )
    by_unit = known.select(
        "unit", "month", "indicator", "n", "total", "total_squares", holder="unit_holder"
    )
    if not merged:
        return by_unit
    squares = by_unit.total_squares
    return by_unit.group_by(_UNIT_MONTH).agg(
        n=by_unit.n.sum(),
        total=by_unit.total.sum(),
        total_squares=(by_unit.count(where=squares.isnull()) > 0).ifelse(
            ibis.null("int64"), squares.sum()
        ),
    )


def left_out_by_reason(asked: ir.Table) -> ir.Table:
    """Results that made no cell: reason, rows."""
    left_out = asked.filter(asked.left_out.notnull())
    return left_out.group_by(reason="left_out").agg(rows=left_out.count())


def _half_to_even(value: ir.FloatingValue) -> ir.IntegerValue:
    """The nearest whole number: every engine's `round` has its own rule for halves."""
    whole = value.floor().cast("float64")
    rest = value - whole
    is_odd = whole - (whole / 2).floor() * 2 == 1
    up = (rest > 0.5) | ((rest == 0.5) & is_odd)
    return (whole + up.ifelse(1.0, 0.0)).cast("int64")
