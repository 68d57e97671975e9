"""Does pay that is yet to come go with who leaves now? Then pay follows leaving, not the reverse.

What colleagues of the same municipality and group of positions gain over the next twelve months (in
relative pay; only those who stay can show it, and only their own changes count, so it does not
matter who is gone) stands beside a person's own pay of now. Where pay moves leaving, the gain of
others next year says nothing; where towns raise pay because people leave, or people wait for a
raise that was announced, it does. Figure: p-value.
"""

from __future__ import annotations

import polars as pl
from scipy import stats

from otdacha.effects.gates.gate import Gate, chance, not_testable, outcome
from otdacha.language import text
from otdacha.pay.leaving.fit import fitted

ID = "pay_next_year"
LEVEL = 0.05


def pay_next_year(person_months: pl.DataFrame) -> Gate:
    """The check on frames as `otdacha.pay.leaving.person_months` makes them."""
    told = with_next_year(person_months)
    found = fitted(told, ["gain", "pay"]) if told.height else None
    if found is None or found.error is None or found.maximum is None:
        return not_testable(
            ID,
            text(
                "Whether pay of next year goes with leaving now cannot be tested: too few months "
                "with a year after them, or too few exits in them."
            ),
            LEVEL,
        )
    t = float(found.maximum.theta[0]) / found.error.se
    p = float(2 * stats.t.sf(abs(t), found.error.df))
    sentence = (
        text(
            "What colleagues gain in the next year does not go with who leaves now: chance alone "
            "gives as much {chance}.",
            chance=chance(p),
        )
        if p >= LEVEL
        else text(
            "What colleagues gain in the next year goes with who leaves now; chance alone gives as "
            "much {chance}. Pay may follow leaving here, and not leaving pay: do not read the "
            "figures as what a raise would bring.",
            chance=chance(p),
        )
    )
    return Gate(ID, outcome(p >= LEVEL), sentence, p, LEVEL)


def with_next_year(person_months: pl.DataFrame) -> pl.DataFrame:
    """Rows with `gain`: the mean change of x over the next year among colleagues who have one."""
    of_group = ["municipality", "position_group", "month"]
    numbers = [
        pl.col(name).cast(pl.Categorical).to_physical() for name in ("person", *of_group[:2])
    ]
    coded = person_months.select(*numbers, "month", "pay")
    later = coded.select(
        "person", "municipality", pl.col("month").dt.offset_by("-12mo"), later="pay"
    )
    gains = (
        coded.join(later, on=["person", "municipality", "month"])
        .group_by(of_group, maintain_order=True)
        .agg(gain=(pl.col("later") - pl.col("pay")).mean())
    )
    gain = coded.join(gains, on=of_group, how="left", maintain_order="left")["gain"]
    return person_months.with_columns(gain).drop_nulls("gain")
