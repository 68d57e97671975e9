"""What it costs when somebody leaves: an empty post, the search, and a newcomer's first months.

    cost = hiring + hiring_salaries · salary
         + learning_months · learning_loss · pay of a month · (1 + contributions)

The empty months themselves are counted in months, not in money: nobody is paid then, and what is
not done then is worth about what is not paid.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class VacancyCost:
    """months: how long a post stays empty. hiring: kopecks a vacancy; hiring_salaries: the same in
    monthly salaries of the post. learning_months: until a newcomer works as the one before;
    learning_loss: the part (0-1) of the work that is lost meanwhile. contributions: what the
    employer pays on a ruble of pay."""

    months: float
    hiring: int = 0
    hiring_salaries: float = 0.0
    learning_months: float = 0.0
    learning_loss: float = 0.0
    contributions: float = 0.0

    def __post_init__(self) -> None:
        amounts = (
            *(self.months, self.hiring, self.hiring_salaries),
            *(self.learning_months, self.contributions),
        )
        if min(amounts) < 0 or not 0 <= self.learning_loss <= 1:
            raise ValueError("a vacancy costs nothing negative, and loses at most all of the work")

    def kopecks(self, salary: pl.Expr, month: pl.Expr) -> pl.Expr:
        """Kopecks of one vacancy, Float64, of a post with this salary (оклад) and this pay of a
        month, both in kopecks of the post as it is worked."""
        return (
            pl.lit(float(self.hiring))
            + self.hiring_salaries * salary
            + self.learning_months * self.learning_loss * (1 + self.contributions) * month
        )
