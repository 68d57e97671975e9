"""Invented figures for the page that shows every component of the site."""

from __future__ import annotations

import math
from dataclasses import replace

from otdacha.documents.charts import (
    Budget,
    Chart,
    Estimate,
    FunnelPoint,
    Indicator,
    Month,
    Quantity,
    Rival,
    Town,
    YearOfMoney,
    badge,
    caterpillar,
    comparison,
    density,
    event_study,
    frontier,
    funding,
    funnel,
    history,
    indicators,
    rivals,
    schematic,
)
from otdacha.documents.figures import Figure, Measure
from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text
from otdacha.release.states import SENTENCES, WORDS, State
from otdacha.site.bank.rows.entries import Bar, Entry
from otdacha.site.bank.rows.offers import Offer, roubles
from otdacha.site.bank.rows.places import Place
from otdacha.site.bank.rows.standings import Standing

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


def entries(numbers: Numbers) -> list[Entry]:
    """An organisation on the list, one that is not, and one of which too little is known."""
    few, people = _state(State.SUPPRESSED, numbers), Figure(numbers.whole(120))
    nothing = State.INSUFFICIENT_EVIDENCE
    unknown = _state(nothing, numbers)
    priced, unpriced = prices(numbers)
    best = Entry(
        provider="1",
        href="#",
        name=NAMES[0],
        about="Буян",
        listed=True,
        effect=_effect(4.2, 1.9, numbers),
        bar=Bar(40, 64, 88, 30),
        places=Figure(numbers.places(1, 1)),
        grade=Figure("1"),
        people=people,
        municipalities=Figure("4"),
        trained=people,
        price=priced,
        why="",
    )
    other = replace(
        best,
        name=NAMES[1],
        listed=False,
        effect=_effect(0.4, 2.2, numbers),
        bar=Bar(8, 34, 60, 30),
        places=Figure(numbers.places(2, 3)),
        price=unpriced,
    )
    without = replace(
        other,
        name=NAMES[2],
        about="",
        effect=unknown,
        bar=None,
        places=unknown,
        grade=unknown,
        people=few,
        trained=few,
        why=SENTENCES[nothing].said(numbers.language),
    )
    return [best, other, without]


def standings(numbers: Numbers) -> list[Standing]:
    """The same organisations on both indicators."""
    few, shown = _state(State.SUPPRESSED, numbers), Figure(numbers.whole(120))
    best = _effect(4.2, 1.9, numbers), _effect(-1.3, 0.6, numbers)
    other = _effect(0.4, 2.2, numbers), _effect(0.1, 0.9, numbers)
    published, nothing = State.PUBLISHED.value, State.INSUFFICIENT_EVIDENCE.value
    return [
        Standing(NAMES[0], "#", "Буян", True, False, published, best, shown),
        Standing(NAMES[1], "#", "Буян", False, True, published, other, shown),
        Standing(NAMES[2], "#", "", False, False, nothing, (), few),
    ]


def offers(numbers: Numbers) -> list[Offer]:
    """A programme of which all is known, and the one whose page it is, without hours and price."""
    priced, unknown = prices(numbers)
    whole = Offer(
        name=text("Municipal services").said(numbers.language),
        href="#",
        organisation=NAMES[0],
        organisation_href="#",
        listed=True,
        chosen=False,
        topic=text("Municipal services").said(numbers.language),
        topic_href="#",
        hours=Figure(numbers.whole(72)),
        form=Figure(text("in person").said(numbers.language)),
        price=priced,
        trained=Figure(numbers.whole(120)),
        per_10000=_effect(1.7, 0.8, numbers),
    )
    part = replace(
        whole,
        organisation=NAMES[1],
        listed=False,
        chosen=True,
        hours=unknown,
        price=unknown,
        trained=_state(State.SUPPRESSED, numbers),
        per_10000=unknown,
    )
    return [whole, part]


def prices(numbers: Numbers) -> tuple[Figure, Figure]:
    """A price that was handed in, and one that was not."""
    return Figure(roubles(24_500, numbers)), _state(State.NOT_COLLECTED, numbers)


def problems() -> list[Text]:
    """What of an address was not followed."""
    return [text("There is no page “{value}”: the first one is shown.", value="0")]


def places(numbers: Numbers) -> list[Place]:
    """A municipality with figures and one whose figures are not shown."""
    few = _state(State.SUPPRESSED, numbers)
    return [
        Place("Китеж", "sample-1", "Буян", "#", Figure(numbers.whole(85)), Figure("4")),
        Place("Лукоморск", "sample-2", "", "", few, few),
    ]


def _effect(middle: float, half: float, numbers: Numbers) -> Figure:
    return Figure(numbers.signed(middle, 1), numbers.interval(middle - half, middle + half, 1))


def _state(state: State, numbers: Numbers) -> Figure:
    return Figure(WORDS[state].said(numbers.language), state=state)


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
    language = numbers.language
    money = Quantity(
        text("Money").said(language), text("million rubles").said(language), 1, numbers, level=True
    )
    gain = Quantity(
        text("Expected improvement").said(language), text("cases a year").said(language), 0, numbers
    )
    budgets = [
        Budget(1.0),
        Budget(2.0, 150, 70, 240),
        Budget(4.0, 260, 140, 390, own=True),
        Budget(6.0, 310, 170, 450),
    ]
    ways = [
        Rival(Estimate(text("This plan").said(language), 260, 140, 390), own=True, truth=240),
        Rival(Estimate(text("Cheapest first").said(language), 110, -20, 250), truth=95),
        Rival(Estimate(text("As last year").said(language), 140, 10, 280), truth=150),
    ]
    paid = [
        YearOfMoney("2026", {"federal": 2.4, "regional": 1.0, "municipal": 0.6, "own": 0.2}),
        YearOfMoney("2027", {"federal": 1.8, "regional": 1.1, "municipal": 0.7}),
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
        (text("Frontier: what more or less money would bring, and where the plan stands."),
         frontier(budgets, money, gain, id="sample-frontier")),
        (text("Funding: whose money pays, year by year; readable without colours."),
         funding(paid, money, id="sample-funding")),
        (text("Rivals: a plan against other ways to give out the same money."),
         rivals(ways, gain, id="sample-rivals")),
        (text("Schematic map: municipalities where they lie, without tiles of somebody else."),
         schematic(towns, numbers, id="sample-map")),
        (text("Badge: for an organisation's own pages; never without its interval."),
         badge(rows[0], shown, "2026.1", id="sample-badge")),
    ]  # fmt: skip
