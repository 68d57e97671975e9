"""Invented figures for the page that shows every component of the site."""

from __future__ import annotations

import math

from otdacha.documents.charts import (
    Chart,
    Estimate,
    FunnelPoint,
    Indicator,
    Month,
    Quantity,
    Town,
    badge,
    caterpillar,
    comparison,
    density,
    event_study,
    funnel,
    history,
    indicators,
    schematic,
)
from otdacha.documents.figures import Figure, Measure
from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text
from otdacha.release.states import WORDS, State
from otdacha.site.bank.rows import Standing
from otdacha.site.bank.views.regions import Place

NAMES = ("Академия «Жар-птица»", "Институт «Китеж»", "Центр «Репка»", "Школа «Колобок»")


def measures(numbers: Numbers) -> tuple[Measure, ...]:
    """Two indicators as releases show them: one where more is better, one where less is."""
    language = numbers.language
    return (
        Measure(
            "on_time",
            text("Share of cases decided on time").said(language),
            text("percentage points").said(language),
            text("more is better").said(language),
            1,
            100.0,
            1,
        ),
        Measure(
            "duration",
            text("Working days per case").said(language),
            text("working days").said(language),
            text("less is better").said(language),
            -1,
            1.0,
            1,
        ),
    )


def standings(numbers: Numbers) -> list[Standing]:
    """An organisation on the list, one that is not, and one of which too little is known."""

    def figure(middle: float, half: float) -> Figure:
        return Figure(numbers.signed(middle, 1), numbers.interval(middle - half, middle + half, 1))

    few = Figure(WORDS[State.SUPPRESSED].said(numbers.language), state=State.SUPPRESSED)
    shown = Figure(numbers.whole(120))
    effects = (figure(4.2, 1.9), figure(-1.3, 0.6)), (figure(0.4, 2.2), figure(0.1, 0.9))
    published, nothing = State.PUBLISHED.value, State.INSUFFICIENT_EVIDENCE.value
    return [
        Standing(NAMES[0], "#", "Буян", True, published, effects[0], shown),
        Standing(NAMES[1], "#", "Буян", False, published, effects[1], shown),
        Standing(NAMES[2], "#", "", False, nothing, (), few),
    ]


def places(numbers: Numbers) -> list[Place]:
    """A municipality with figures and one whose figures are not shown."""
    few = Figure(WORDS[State.SUPPRESSED].said(numbers.language), state=State.SUPPRESSED)
    return [
        Place("Китеж", "sample-1", "Буян", "#", Figure(numbers.whole(85)), Figure("4")),
        Place("Лукоморск", "sample-2", "", "", few, few),
    ]


def charts(numbers: Numbers) -> list[tuple[Text, Chart]]:
    """Every kind of chart, each with when to use it."""
    shown = Quantity.of(measures(numbers)[0], numbers)
    rows = [
        Estimate(name, 4.2 - 2 * at, 2.3 - 2 * at, 6.1 - 2 * at, listed=at == 0, href="#")
        for at, name in enumerate(NAMES[:3])
    ] + [Estimate(NAMES[3], state=State.INSUFFICIENT_EVIDENCE, href="#")]
    points = [
        FunnelPoint(
            f"{NAMES[at % 4]} {at}", 3 * math.sin(7 * at), 0.8 + at / 12, 90 - at, listed=at == 2
        )
        for at in range(24)
    ]
    months = [
        Month(t, state=State.SUPPRESSED)
        if t == 5
        else Month(t, (y := 0.6 * max(t + 1, 0) ** 0.6), y - 0.7, y + 0.7, y - 1.2, y + 1.2)
        for t in range(-6, 9)
    ]
    hill = [(x / 5, math.exp(-((x / 5 - 1) ** 2) / 4)) for x in range(-25, 36)]
    years = [
        Estimate("2024.1", 1.0, -1.4, 3.4),
        Estimate("2025.1", state=State.WITHHELD),
        Estimate("2026.1", 4.2, 2.3, 6.1, listed=True),
    ]
    own = [Indicator(shown, rows[0], tuple(rows[1:3]))]
    towns = [
        Town("Китеж", "Буян", 57.6, 39.9, 85),
        Town("Лукоморск", "Буян", 59.2, 37.5, state=State.SUPPRESSED),
        Town("Тридевятск", "Беловодье", 56.1, 42.6, 240),
    ]
    return [
        (text("Caterpillar: many organisations on one indicator."),
         caterpillar(rows, shown, id="sample-caterpillar")),
        (text("Comparison: up to six organisations that somebody chose."),
         comparison(rows[:2], shown, id="sample-comparison")),
        (text("Funnel: who stands out by more than chance makes."),
         funnel(points, shown, id="sample-funnel")),
        (text("Event study: month by month before and after training."),
         event_study(months, shown, id="sample-event-study")),
        (text("History: one organisation across releases."),
         history(years, shown, id="sample-history")),
        (text("Density: how common which true effect is."),
         density(hill, rows[:3], shown, id="sample-density")),
        (text("Indicators: one organisation beside its peers, indicator by indicator."),
         indicators(own, numbers.language, id="sample-indicators")),
        (text("Schematic map: municipalities where they lie, without tiles of somebody else."),
         schematic(towns, numbers, id="sample-map")),
        (text("Badge: for an organisation's own pages; never without its interval."),
         badge(rows[0], shown, "2026.1", id="sample-badge")),
    ]  # fmt: skip
