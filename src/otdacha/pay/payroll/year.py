"""The sums of a year, added up month by month while its frames are at hand."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.kopecks import SHARE
from otdacha.pay.payroll.components import components, named
from otdacha.pay.payroll.months import Paid
from otdacha.pay.payroll.steps import Month, Step

BY_TOWN = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "variant": pl.Int64(),  # with the first so many measures in force
        "component": pl.String(),
        "kopecks": pl.Int64(),
    }
)
BY_POST = pl.Schema(
    {
        "post": pl.Int64(),
        "year": pl.Int64(),
        "months": pl.Int64(),  # in which somebody worked in it at all
        "full_months": pl.Float64(),  # share of a full post · share of the month's working days
        "pay_before": pl.Int64(),  # kopecks of the year without measures, without contributions
        "pay_after": pl.Int64(),  # with all of them
        "receives": pl.Boolean(),  # whether the measures raise it
    }
)
OF_SUMS = (*BY_TOWN, "town", "column")
"""Names of columns that sums are made with; no component can be called so."""
RECEIVED = pl.Schema({"measure": pl.String(), "post": pl.Int64()})
BEHIND = pl.Schema(
    {
        "municipality": pl.String(),
        "year": pl.Int64(),
        "component": pl.String(),  # of the law, or the key of a measure of any stage
        "people": pl.Int64(),
    }
)


class YearPaid:
    """Posts of a batch in one year: what they were paid, by town and by post.

    posts: the frame of the batch, in which posts of a town stand together.
    """

    def __init__(self, year: int, steps: Sequence[Step], posts: pl.DataFrame) -> None:
        nothing = pl.zeros(posts.height, pl.Int64, eager=True)
        self._year = year
        self._steps = steps
        self._post = posts["post"]
        self._person = posts["person"]
        # a number for each town in the order of the rows: groups of a sorted column are slices
        self._town = posts["municipality"].rle_id().alias("town").set_sorted()
        self._names = posts.select(town=self._town, municipality="municipality").unique("town")
        self._months = nothing
        self._full_months = nothing.cast(pl.Float64)
        self._pay = [nothing] * (len(steps) + 1)
        self._paid: dict[str, pl.Series] = {}
        self._sums: list[pl.DataFrame] = []

    def add(self, month: Month, paid: Sequence[Paid]) -> None:
        """Add a month with its variants."""
        ground = paid[0].frame
        self._months = self._months + (ground["days"] > 0).cast(pl.Int64)
        self._full_months = self._full_months + (
            ground["share"] * ground["days"] / (ground["norm_days"] * SHARE)
        )
        for column in paid[0].changed:
            some = ground[column] > 0
            self._paid[column] = self._paid[column] | some if column in self._paid else some
        sums = self._by_town(paid[0])
        for variant, of_variant in enumerate(paid):
            total = self._known(of_variant.frame["total"], variant, month)
            self._pay[variant] = self._pay[variant] + total
            sums = sums.with_columns(self._by_town(of_variant).get_columns())
            self._sums.append(sums.with_columns(variant=pl.lit(variant, pl.Int64)))

    def by_town(self) -> pl.DataFrame:
        """`BY_TOWN` of this year."""
        return (
            pl.concat(self._sums, how="diagonal")
            .group_by("town", "variant")
            .sum()
            .unpivot(index=["town", "variant"], variable_name="column", value_name="kopecks")
            .filter(self._has_component())
            .join(self._names, on="town")
            .select(
                "municipality",
                year=pl.lit(self._year, pl.Int64),
                variant="variant",
                component=pl.col("column").replace(_NAMES),
                kopecks="kopecks",
            )
        )

    def by_post(self) -> pl.DataFrame:
        """`BY_POST` of this year, without posts that nobody held."""
        return pl.DataFrame(
            {
                "post": self._post,
                "year": pl.repeat(self._year, self._post.len(), dtype=pl.Int64, eager=True),
                "months": self._months,
                "full_months": self._full_months,
                "pay_before": self._pay[0],
                "pay_after": self._pay[-1],
                "receives": self._pay[-1] > self._pay[0],
            },
            schema=BY_POST,
        ).filter(pl.col("months") > 0)

    def received(self, number: int) -> pl.Series:
        """The posts that measure `number`, from 1, pays something in this year."""
        return self._post.filter(self._receives(number))

    def behind(self) -> pl.DataFrame:
        """`BEHIND` of this year: whom components pay something without the measures, and whom each
        measure pays something."""
        of_measures = {
            step.key: self._receives(number) for number, step in enumerate(self._steps, 1)
        }
        rows = pl.DataFrame({"town": self._town, "person": self._person}).with_columns(
            paid.alias(named(column)) for column, paid in {**self._paid, **of_measures}.items()
        )
        return (
            rows.group_by("town")
            .agg(
                pl.col("person").filter(pl.col(name)).n_unique().cast(pl.Int64).alias(name)
                for name in rows.columns[2:]
            )
            .unpivot(index="town", variable_name="component", value_name="people")
            .filter(pl.col("people") > 0)
            .join(self._names, on="town")
            .select(
                "municipality", pl.lit(self._year, pl.Int64).alias("year"), "component", "people"
            )
        )

    def _receives(self, number: int) -> pl.Series:
        return self._pay[number] > self._pay[number - 1]

    def _by_town(self, paid: Paid) -> pl.DataFrame:
        """Sums of the changed components, a row for each town, in order."""
        return (
            paid.frame.select(self._town, *paid.changed).group_by("town", maintain_order=True).sum()
        )

    def _known(self, total: pl.Series, variant: int, month: Month) -> pl.Series:
        if total.null_count() == 0:
            return total
        raise PayProblem(
            text(
                "{key} gives no sum in the month of {day}; posts without one: {posts}.",
                key=self._steps[variant - 1].key if variant else "total",
                day=month.first,
                posts=total.null_count(),
            )
        )

    def _has_component(self) -> pl.Expr:
        """Whether a variant has the component at all: a measure is one from its own number on."""
        first = {step.key: number for number, step in enumerate(self._steps, 1)}
        return pl.col("variant") >= pl.col("column").replace_strict(
            first, default=0, return_dtype=pl.Int64
        )


_NAMES = {column: named(column) for column in components(())}
