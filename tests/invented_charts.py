"""Invented figures for charts, one chart of each kind, and ways to look into one."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from otdacha.documents.charts import (
    Budget,
    Chart,
    Estimate,
    FunnelPoint,
    Indicator,
    Month,
    Package,
    Pay,
    Quantity,
    Rival,
    Town,
    YearOfMoney,
    badge,
    caterpillar,
    comparison,
    density,
    dumbbell,
    event_study,
    frontier,
    funding,
    funnel,
    history,
    indicators,
    packages,
    rivals,
    schematic,
)
from otdacha.documents.numbers import Numbers
from otdacha.release.states import State

EN, RU = (
    Quantity(name, unit, 2, Numbers(language))
    for name, unit, language in (
        ("Composite", "standard deviations", "en"),
        ("Сводный показатель", "стандартные отклонения", "ru"),
    )
)
UNKNOWN = Estimate("Курсы «Василиса»", state=State.INSUFFICIENT_EVIDENCE, href="/o/3")
ROWS = [
    Estimate("Академия «Жар-птица»", 0.46, 0.38, 0.55, listed=True, href="/o/1"),
    Estimate("Институт «Китеж»", -0.1, -0.4, 0.2, href="/o/2"),
    UNKNOWN,
]
MONTHS = [
    Month(-2, 0.0, -0.1, 0.1, -0.2, 0.2),
    Month(-1, 0.1, 0.0, 0.2, -0.1, 0.3),
    Month(0, state=State.SUPPRESSED),
    Month(1, 0.3, 0.2, 0.4, 0.1, 0.5),
    Month(2, 0.4, 0.3, 0.5, 0.2, 0.6),
]
POINTS = [
    FunnelPoint("Академия «Жар-птица»", 0.46, 0.05, 400, listed=True, href="/o/1"),
    FunnelPoint("Институт «Китеж»", -0.1, 0.2, 40, highlighted=True, href="/o/2"),
]
TOWNS = [
    Town("Китеж", "Китежский край", 56.0, 40.0, 120, href="#kitezh"),
    Town("Буян", "Китежский край", 58.0, 40.0, state=State.SUPPRESSED),
    Town("Лукоморье", "Лукоморская область", 57.0, 44.0, 0, State.TRUE_ZERO),
]
BUDGETS = [Budget(0.5), Budget(1.0, 0.2, 0.1, 0.3), Budget(2.0, 0.5, 0.3, 0.7, own=True),
           Budget(4.0, 0.6, 0.4, 0.9)]  # fmt: skip
HILL = [(-0.5, 0.0), (0.0, 1.0), (0.5, 0.0)]


def every(quantity: Quantity, name: str = "Школа", prefix: str = "") -> dict[str, Chart]:
    """One chart of each kind, with a name that stands everywhere where a user's may."""
    rows = [Estimate(name, 0.3, 0.1, 0.5, listed=True, href="/o/9"), *ROWS]
    days = Quantity(name, name, 1, quantity.numbers, "less")
    points = [FunnelPoint(name, 0.1, 0.1, 10, highlighted=True, href="/o/9"), *POINTS]
    money = Quantity(name, name, 1, quantity.numbers, level=True)
    ways = [Rival(rows[0], own=True, truth=0.35), Rival(ROWS[1]), Rival(UNKNOWN)]
    years = [YearOfMoney(name, {"federal": 2.0, "regional": 1.5, "municipal": 0.5, "own": 0.25})]
    towns = [Town(name, name, 55.0, 39.0, 3, href="/m/9"), *TOWNS]
    pays = [
        Pay(name, 60.0, 67.0, 75.0, href="/m/9"),
        Pay("Буян", 50.0, 55.0),
        Pay("Лукоморье", None, None, 48.0, State.SUPPRESSED),
    ]
    weighed = [
        Package(1.0, Estimate("№ 1", 2.0, 0.5, 3.5), best=True),
        Package(1.5, Estimate("№ 2", 1.5, 0.2, 3.0)),
        Package(2.5, Estimate(name, 5.5, 1.0, 9.0), best=True, chosen=True),
        Package(3.0, UNKNOWN),
    ]
    return {
        chart.id: chart
        for chart in (
            caterpillar(rows, quantity, threshold=0.1, id=f"{prefix}caterpillar"),
            comparison(rows, quantity, id=f"{prefix}comparison"),
            funnel(points, quantity, threshold=0.1, id=f"{prefix}funnel"),
            event_study(MONTHS, days, id=f"{prefix}event-study"),
            history(rows, quantity, id=f"{prefix}history"),
            density(HILL, rows, quantity, threshold=0.1, id=f"{prefix}density"),
            indicators(
                [Indicator(days, rows[0], tuple(rows[1:])), Indicator(quantity, UNKNOWN)],
                quantity.language,
                id=f"{prefix}indicators",
            ),
            frontier(BUDGETS, money, quantity, id=f"{prefix}frontier"),
            funding(years, money, id=f"{prefix}funding"),
            rivals(ways, quantity, id=f"{prefix}rivals"),
            dumbbell(pays, money, id=f"{prefix}dumbbell"),
            packages(weighed, money, days, id=f"{prefix}packages"),
            schematic(towns, quantity.numbers, id=f"{prefix}schematic"),
            badge(rows[0], quantity, "2026.1", id=f"{prefix}badge"),
        )
    }


NOTHING: dict[str, Callable[[Quantity], Chart]] = {
    "caterpillar": lambda quantity: caterpillar([], quantity),
    "comparison": lambda quantity: comparison([], quantity),
    "funnel": lambda quantity: funnel([], quantity),
    "event-study": lambda quantity: event_study([], quantity),
    "history": lambda quantity: history([], quantity),
    "density": lambda quantity: density([], [], quantity),
    "indicators": lambda quantity: indicators([], quantity.language),
    "frontier": lambda quantity: frontier([], quantity, quantity),
    "funding": lambda quantity: funding([], quantity),
    "rivals": lambda quantity: rivals([], quantity),
    "dumbbell": lambda quantity: dumbbell([], quantity),
    "packages": lambda quantity: packages([], quantity, quantity),
    "schematic": lambda quantity: schematic([], quantity.numbers),
}


def tree(chart: Chart) -> ElementTree.Element:
    """The chart as a page has it, parsed."""
    return ElementTree.fromstring(chart.svg())


def links(chart: Chart) -> list[ElementTree.Element]:
    return tree(chart).findall("a")


def of(element: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    """What carries a class."""
    return [each for each in element.iter() if kind in (each.get("class") or "").split()]
