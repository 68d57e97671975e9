"""The chosen package beside simpler ways to spend as much, as documents, site and terminal say it.

That the chosen one is ahead by the estimate is arithmetic; so beside each difference stands whether
it is sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from otdacha.documents import charts
from otdacha.documents.charts import Chart, Estimate, Quantity, Rival
from otdacha.documents.figures import Figure
from otdacha.documents.numbers import Numbers, digits_for
from otdacha.language import Language, Text, text
from otdacha.pay.tables import CHOSEN
from otdacha.pay.wording import MEANT_BY, RULES, how_sure
from otdacha.release.states import WORDS, State


@dataclass(frozen=True)
class Way:
    """A way to spend the money.

    meant: what it does; empty for the chosen package. cost: rubles, and municipalities that it
    gives something to; None where they are of few people. avoided: exits with their range of 95 %.
    ahead: exits that the chosen package avoids beyond it; None where it is that package. sure:
    whether that difference is.
    """

    name: str
    meant: str
    chosen: bool
    cost: Decimal | None
    municipalities: int | None
    avoided: Figure
    ahead: Figure | None
    sure: str


def in_order(rivals: pl.DataFrame) -> pl.DataFrame:
    """The chosen package first, then what avoids most."""
    return rivals.sort(
        pl.col("rule") != CHOSEN, "avoided", descending=[False, True], nulls_last=True,
        maintain_order=True,
    )  # fmt: skip


def ways(rivals: pl.DataFrame, numbers: Numbers) -> list[Way]:
    """Each row of the told table `rivals`, in order."""
    return [_way(row, rivals, numbers) for row in in_order(rivals).iter_rows(named=True)]


def _way(row: Mapping[str, Any], rivals: pl.DataFrame, numbers: Numbers) -> Way:
    language, chosen = numbers.language, row["rule"] == CHOSEN
    return Way(
        name=RULES[row["rule"]].said(language),
        meant="" if chosen else MEANT_BY[row["rule"]].said(language),
        chosen=chosen,
        cost=row["cost"],
        municipalities=row["municipalities"],
        avoided=_figure(row, "avoided", rivals, numbers),
        ahead=None if chosen or row["same"] else _figure(row, "ahead", rivals, numbers),
        sure="" if chosen else sure_of(row, language),
    )


def sure_of(row: Mapping[str, Any], language: Language) -> str:
    """Whether the difference from a row of the told table `rivals` is sure; its state where that is
    not told."""
    if row["cost"] is None:
        return WORDS[State.SUPPRESSED].said(language)
    return how_sure(row).said(language)


def _state(row: Mapping[str, Any]) -> State:
    """Why there is no figure."""
    return State.SUPPRESSED if row["cost"] is None else State.INSUFFICIENT_EVIDENCE


def _figure(row: Mapping[str, Any], name: str, rivals: pl.DataFrame, numbers: Numbers) -> Figure:
    if row[name] is None:
        state = _state(row)
        return Figure(WORDS[state].said(numbers.language), state=state)
    digits, ends = _digits(rivals, name), (row[f"{name}_lower"], row[f"{name}_upper"])
    return Figure(
        numbers.point(row[name], digits, level=True),
        below=numbers.interval(*ends, digits, level=True),
    )


def _digits(rivals: pl.DataFrame, name: str) -> int:
    widths = (rivals[f"{name}_upper"] - rivals[f"{name}_lower"]).drop_nulls()
    return digits_for(width / 2 for width in widths)


def ways_drawn(rivals: pl.DataFrame, numbers: Numbers, *, id: str = "rivals") -> Chart | None:
    """Exits avoided by each way with its range, and below it how far the chosen one is ahead: the
    ranges meet, for what pay does to people is the same in all of them, and the difference need
    not reach zero. None where there was nothing to choose."""
    if rivals.is_empty():
        return None
    language = numbers.language
    quantity = Quantity(
        text("Exits avoided, people").said(language),
        "",
        _digits(rivals, "avoided"),
        numbers,
        level=True,
    )
    drawn = [
        Rival(_estimate(row, numbers), own=row["rule"] == CHOSEN,
              note=_note(row, rivals, numbers))
        for row in in_order(rivals).iter_rows(named=True)
    ]  # fmt: skip
    return charts.rivals(
        drawn,
        quantity,
        id=id,
        title=text("The chosen package and other ways to spend as much").said(language),
        own=text("chosen package"),
    )


def _estimate(row: Mapping[str, Any], numbers: Numbers) -> Estimate:
    name = RULES[row["rule"]].said(numbers.language)
    if row["avoided"] is None:
        return Estimate(name, state=_state(row))
    return Estimate(name, row["avoided"], row["avoided_lower"], row["avoided_upper"])


def _note(row: Mapping[str, Any], rivals: pl.DataFrame, numbers: Numbers) -> str:
    """How far the chosen package is ahead, and whether that is sure; nothing of itself."""
    if row["ahead"] is None or row["same"]:
        return text("the same package").said(numbers.language) if row["same"] else ""
    sure: Text = text("sure") if row["certain"] else text("not sure")
    return text(
        "the chosen one is ahead by {ahead}: {sure}",
        ahead=numbers.decimal(row["ahead"], _digits(rivals, "ahead")),
        sure=sure,
    ).said(numbers.language)
