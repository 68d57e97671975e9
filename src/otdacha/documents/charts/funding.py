"""Whose money pays for a plan, year by year: bars in four tones that a printer keeps apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otdacha.documents.charts.axes import Key, heading, keys
from otdacha.documents.charts.chart import LINE, Chart, Table, nothing
from otdacha.documents.charts.drawing import shapes, short, silent, titled, words
from otdacha.documents.charts.rows import Quantity
from otdacha.documents.charts.wording import clean, cut
from otdacha.language import Language, Text, ntext, text

NAMES: Mapping[str, Text] = {
    "federal": text("Federal budget"),
    "regional": text("Budget of the region"),
    "municipal": text("Local budget"),
    "own": text("Extra-budgetary funds"),
}
"""The sources in the order in which they are stacked, from the darkest to white."""

_BAR = 26
_ROW = 62


@dataclass(frozen=True)
class YearOfMoney:
    """What each source pays in a year, in the unit of the chart; a source that is absent pays
    nothing. Raises ValueError for a source that nobody knows and for less than nothing."""

    name: str
    paid: Mapping[str, float]

    def __post_init__(self) -> None:
        for source, amount in self.paid.items():
            if source not in NAMES or not math.isfinite(amount) or amount < 0:
                raise ValueError(f"{source} pays {amount}: no sum of a known source")

    @property
    def total(self) -> float:
        return sum(self.paid.values())


def funding(
    years: Sequence[YearOfMoney], money: Quantity, *, id: str = "funding", title: str = ""
) -> Chart:
    """A bar for each year, its parts in the order of the sources; no bar is cut at its left."""
    language = money.language
    title = title or text("Who pays, year by year").said(language)
    table = _table(years, money, title)
    most = max((year.total for year in years), default=0.0)
    if not most:
        sentence = text("The plan spends no money.").said(language)
        return nothing(id, title, sentence, table)
    above, top = heading(money.heading)
    drawn = [shapes(id, ()), above]
    drawn += [_bar(year, top + 6 + _ROW * at, most, money) for at, year in enumerate(years)]
    used = [name for name in NAMES if any(year.paid.get(name) for year in years)]
    entries: list[Key] = [("bar", f"chart-{name}", NAMES[name].said(language)) for name in used]
    meanings, end = keys(entries, top + 6 + _ROW * len(years), id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "{count} year as a bar made of what each source pays. The table says the same.",
            "{count} years as bars, each made of what each source pays. The table says the same.",
            count=len(years),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _bar(year: YearOfMoney, y: float, most: float, money: Quantity) -> str:
    """The year and its sum, and below them its parts from the left."""
    name = clean(year.name)
    drawn = [
        silent(
            [
                words(cut(name, 13), 0, y + 14, "chart-strong"),
                words(money.point(year.total), 100, y + 14, "chart-strong", "end"),
            ]
        )
    ]
    left = 0.0
    for source in NAMES:
        amount = year.paid.get(source, 0.0)
        if not amount:
            continue
        width = 100 * amount / most
        part = (
            f'<rect class="chart-part chart-{source}" x="{short(left)}%" y="{short(y + LINE + 2)}" '
            f'width="{short(width)}%" height="{_BAR}"/>'
        )
        said = NAMES[source].said(money.language)
        drawn.append(titled(f"{name}, {said}: {money.point(amount)}", part))
        left += width
    return "".join(drawn)


def _table(years: Sequence[YearOfMoney], money: Quantity, caption: str) -> Table:
    language: Language = money.language
    return Table(
        caption=caption,
        header=(
            text("Year").said(language),
            *(f"{name.said(language)}, {money.unit}" for name in NAMES.values()),
            text("All sources").said(language),
        ),
        rows=tuple(
            (
                clean(year.name) or "–",
                *(money.point(year.paid.get(source, 0.0)) for source in NAMES),
                money.point(year.total),
            )
            for year in years
        ),
    )
