"""Draw every chart with invented figures, in both languages, and photograph them to be looked at.

    python tools/chart_gallery.py FOLDER

Writes FOLDER/<language>.html and, through Chromium, one PNG for each of two widths, light and dark.
"""

from __future__ import annotations

import math
import random
import sys
from dataclasses import replace
from pathlib import Path

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
    stylesheet,
)
from otdacha.documents.numbers import Numbers
from otdacha.language import LANGUAGES, Language
from otdacha.release.states import State

NAMES = (
    "Академия «Жар-птица»", "Институт дополнительного образования «Китеж»", "Школа управления",
    "Северо-Западный межрегиональный центр повышения квалификации муниципальных служащих",
    "ЛУКОМОРСКИЙ ГОСУДАРСТВЕННЫЙ УНИВЕРСИТЕТ", "Центр «Полынь»", "Учебный комбинат № 4",
)  # fmt: skip
REGIONS = {"Лукоморская область": (57.6, 39.9), "Китежский край": (59.2, 37.5),
           "Беловодье": (56.1, 42.6), "Буянская область": (58.3, 44.2)}  # fmt: skip


def charts(language: Language) -> list[Chart]:
    """One of each, and of some a second one that is harder to draw."""
    chance = random.Random(20210415)
    russian = language == "ru"
    numbers = Numbers(language)
    composite = Quantity(
        "Сводный показатель" if russian else "Composite of indicators",
        "стандартные отклонения" if russian else "standard deviations", 2, numbers,
    )  # fmt: skip
    days = Quantity(
        "Срок ответа на обращение" if russian else "Days to answer a letter",
        "рабочие дни" if russian else "working days", 1, numbers, "less",
    )  # fmt: skip
    share = Quantity(
        "Ответы в срок" if russian else "Answers in time",
        "процентные пункты" if russian else "percentage points", 1, numbers,
    )  # fmt: skip

    def some(name: str, middle: float, half: float, listed: bool = False) -> Estimate:
        return Estimate(name, middle, middle - half, middle + half, listed=listed, href="#")

    rows = [
        some(name, 0.46 - 0.12 * i, 0.08 + 0.04 * (i % 3), i < 2) for i, name in enumerate(NAMES)
    ]
    withheld = Estimate("Курсы «Василиса»", state=State.INSUFFICIENT_EVIDENCE, href="#")
    points = [_point(i, chance, i == 7) for i in range(90)]
    many = [_point(i, chance, i == 7) for i in range(4000)]
    hill = [(x / 50, math.exp(-((x / 50 - 0.05) ** 2) / 0.08)) for x in range(-45, 60)]
    estimates = [some(f"{i}", x := chance.gauss(0.05, 0.25), 0.1, x > 0.45) for i in range(120)]
    months = [
        Month(t, state=State.SUPPRESSED) if t in (-9, 4)
        else Month(t, y := (0.04 * max(t + 1, 0) ** 0.6 + chance.gauss(0, 0.015)),
                   y - 0.05, y + 0.05, y - 0.09, y + 0.09)
        for t in range(-12, 13)
    ]  # fmt: skip
    years = [some(f"20{i}.1", 0.2 + 0.05 * (i - 20), 0.14, i > 24) for i in range(20, 27)]
    years[2] = Estimate("2022.1", state=State.WITHHELD)
    own = [
        Indicator(share, some(NAMES[0], 3.4, 1.6, True), _peers(chance, 2.0, 1.0)),
        Indicator(days, some(NAMES[0], -1.2, 0.9), _peers(chance, 0.8, -0.3)),
        Indicator(composite, withheld, _peers(chance, 0.2, 0.0)),
    ]
    towns = [
        Town(f"Городок {i}", region, latitude + chance.gauss(0, 0.5),
             longitude + chance.gauss(0, 0.9),
             *((None, State.SUPPRESSED) if i % 9 == 0 else (int(10 ** chance.uniform(0, 2.7)),)),
             href=f"#town-{i}")
        for region, (latitude, longitude) in REGIONS.items() for i in range(14)
    ]  # fmt: skip
    money = Quantity(
        "Деньги" if russian else "Money", "млн рублей" if russian else "million rubles", 1, numbers,
        level=True,
    )  # fmt: skip
    budgets = [
        Budget(
            40 * i, *((None,) * 3 if i < 2 else (y := 90 * i**0.5, 0.6 * y, 1.4 * y)), own=i == 5
        )
        for i in range(1, 9)
    ]
    ways = [
        Rival(some(name, 0.5 - 0.1 * i, 0.2 + 0.02 * i), own=i == 0, truth=0.46 - 0.08 * i)
        for i, name in enumerate(NAMES[:4])
    ]
    paid = [
        YearOfMoney(f"{year}", {"federal": 90.4 - i, "regional": 40 + 7 * i, "municipal": 21.0,
                                "own": 3.0 * i})
        for i, year in enumerate((2026, 2027, 2028))
    ]  # fmt: skip
    return [
        frontier(budgets, money, replace(composite, digits=0)),
        funding(paid, money),
        rivals(ways, composite),
        caterpillar([*rows, withheld], composite, threshold=0.1),
        comparison([some(NAMES[0], -1.2, 0.9), some(NAMES[3], 0.4, 1.1)], days),
        funnel(points, composite, threshold=0.1),
        funnel(many, composite, spread=2.0, id="funnel-many"),
        event_study(months, composite),
        history(years, composite),
        density(hill, estimates, composite, threshold=0.1),
        indicators(own, language),
        schematic(towns, numbers),
        badge(rows[0], composite, "2026.1"),
        badge(rows[4], composite, "2026.1", id="badge-other"),
        badge(withheld, composite, "2026.1", id="badge-none"),
        caterpillar([], composite, id="empty"),
    ]


def _point(i: int, chance: random.Random, highlighted: bool) -> FunnelPoint:
    people = int(10 ** chance.uniform(0.9, 3.2))
    error = 2.0 / math.sqrt(people)
    estimate = chance.gauss(0.1, 0.1) + chance.gauss(0, error)
    listed = estimate - 2.2 * error > 0.1
    return FunnelPoint(NAMES[i % 7], estimate, error, people, listed, highlighted, "#")


def _peers(chance: random.Random, wide: float, middle: float) -> tuple[Estimate, ...]:
    values = [chance.gauss(middle, wide) for _ in range(40)]
    return tuple(Estimate(NAMES[2], x, x - wide, x + wide) for x in values)


def page(language: Language) -> str:
    drawn = "".join(f"<section>{chart.svg()}</section>" for chart in charts(language))
    return (
        f'<!DOCTYPE html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Charts</title>'
        '<meta name="color-scheme" content="light dark">'
        f"<style>{stylesheet()} body{{margin:16px;background:var(--chart-paper)}}"
        f"section{{margin:0 0 48px}}</style>{drawn}</html>"
    )


def photograph(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for language in LANGUAGES:
            for width in (360, 1100):
                for scheme in ("light", "dark"):
                    view = browser.new_page(
                        viewport={"width": width, "height": 900}, color_scheme=scheme
                    )
                    view.set_content(page(language))
                    name = f"{language}-{width}-{scheme}.png"
                    view.screenshot(path=str(folder / name), full_page=True)
                    view.close()
        browser.close()


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (out / f"{language}.html").write_text(page(language), "utf-8")
    photograph(out)
