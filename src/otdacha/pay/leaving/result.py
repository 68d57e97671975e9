"""What the records say of leaving and pay, and the hazard that follows for anybody's pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

State = Literal["estimated", "too few exits", "pay does not differ"]
ESTIMATED: State = "estimated"
TOO_FEW: State = "too few exits"
NO_DIFFERENCE: State = "pay does not differ"

LEVEL = 0.95
TOWNS = pl.Schema(
    {
        "municipality": pl.String(),
        "person_months": pl.Int64(),
        "exits": pl.Int64(),
        "log_hazard": pl.Float64(),  # at the local wage, first class of tenure
        "lower": pl.Float64(),  # of its log_hazard, as far as its own exits leave it open: 95 %
        "upper": pl.Float64(),
    }
)


@dataclass(frozen=True)
class Leaving:
    """The association of leaving with relative pay x = log(pay of a full month / local wage).

    estimate: log hazard per unit of x, -2 means that 10 % more pay goes with 0.83 times the chance
    to leave in a month (1.1^-2); se, df, lower, upper: its standard error by town, degrees of
    freedom and 95 % interval. All five are None unless `state` is "estimated".
    person_months, exits, municipalities: what it rests on. without_exits: municipalities that say
    nothing of it, since nobody left. excluded: person-months by reason. first, last: months.
    towns: `TOWNS`, each town's hazard drawn towards that of all (`otdacha.pay.leaving.shrunk`);
    tenure: log hazard of each class beside the first; both empty unless estimated. level: by how
    much (log) the hazards of all towns together may be higher or lower than said, 95 %.
    """

    estimate: float | None
    se: float | None
    df: float | None
    lower: float | None
    upper: float | None
    person_months: int
    exits: int
    municipalities: int
    without_exits: int
    excluded: Mapping[str, int]
    state: State
    first: dt.date | None
    last: dt.date | None
    towns: pl.DataFrame = field(compare=False)
    tenure: Mapping[str, float] = field(default_factory=dict)
    level: float = 0.0

    def known(self) -> tuple[float, float, float]:
        """The estimate with its bounds; ValueError where there is none: look at `state` first."""
        if self.estimate is None or self.lower is None or self.upper is None:
            raise ValueError(f"nothing was estimated: {self.state}")
        return self.estimate, self.lower, self.upper

    def hazard(self, rows: pl.DataFrame) -> pl.Series:
        """The chance to leave in a month, at most 1; null where the records say too little.

        rows: municipality, tenure (a class), pay (x). As in the last four quarters of the records.
        """
        slope, _, _ = self.known()
        found = rows.select(
            hazard=(
                pl.col("municipality")
                .cast(pl.String)
                .replace_strict(
                    self.towns["municipality"],
                    self.towns["log_hazard"],
                    default=None,
                    return_dtype=pl.Float64,
                )
                + pl.col("tenure")
                .cast(pl.String)
                .replace_strict(
                    list(self.tenure),
                    list(self.tenure.values()),
                    default=None,
                    return_dtype=pl.Float64,
                )
                + slope * pl.col("pay")
            ).exp()
        )
        return found["hazard"].clip(upper_bound=1.0)

    def table(self) -> pl.DataFrame:
        """The terms as `otdacha.pay.tables.LEAVING`: pay, then classes of tenure without errors."""
        terms = [("relative_pay", self.estimate, self.se, self.lower, self.upper)]
        terms += [(f"tenure {name}", at, None, None, None) for name, at in self.tenure.items()]
        return pl.DataFrame(
            terms,
            schema={
                "term": pl.String,
                **dict.fromkeys(("estimate", "se", "lower", "upper"), pl.Float64),
            },
            orient="row",
        )
