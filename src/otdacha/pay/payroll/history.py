"""What posts paid month by month, as if everybody had worked full time and the whole month."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from otdacha.methodology import WorkingDays
from otdacha.pay.kopecks import SHARE
from otdacha.pay.parameters import Law
from otdacha.pay.payroll.components import added_up, of_law
from otdacha.pay.payroll.months import Rules, Worked
from otdacha.pay.payroll.steps import of_year

FULL_PAY = pl.Schema({"post": pl.Int64(), "month": pl.Date(), "kopecks": pl.Int64()})


def full_pay(
    posts: pl.DataFrame,
    law: Law,
    years: Sequence[int],
    working_days: WorkingDays | None = None,
) -> pl.DataFrame:
    """By month what each post pays for a full post and a full month, without measures (`FULL_PAY`).

    A row where somebody held the post on a working day of the month; `month` is its first day. It
    is what relative pay is measured by: neither part time nor a month begun late makes it low.
    Insurance contributions are not asked about. Raises PayProblem where the law does not answer.
    """
    rules = Rules(posts, law, years, Worked.of(years, working_days or WorkingDays()))
    everybody = slice(0, posts.height)
    paid = [
        _full(rules.frame([month], everybody))
        for year in sorted(set(years))
        for month in of_year(year)
    ]
    return pl.concat([pl.DataFrame(schema=FULL_PAY), *paid])


def _full(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.filter(pl.col("days") > 0).with_columns(
        share=pl.lit(SHARE, pl.Int64), days="norm_days"
    )
    for level in (*of_law(), *added_up([])):
        frame = frame.with_columns(**level)
    return frame.select("post", "month", kopecks="total")
