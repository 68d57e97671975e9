"""Charts in a real browser: nothing overlaps, all can be read, a keyboard and axe walk them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from tests.invented_charts import EN, RU, every

from otdacha.documents.charts import stylesheet
from otdacha.language import Language

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
LONG = "Северо-Западный межрегиональный центр повышения квалификации муниципальных служащих"

OVERLAPS = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const texts = [...chart.querySelectorAll('text')].map(
    t => [t.textContent, t.getBoundingClientRect()])
  const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1
                       || a.bottom <= b.top + 4 || b.bottom <= a.top + 4
  return texts.flatMap(([said, a], i) =>
    texts.slice(i + 1).filter(([_, b]) => !apart(a, b)).map(([other]) => `${said} / ${other}`))
})"""

OUTSIDE = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const box = chart.getBoundingClientRect()
  return [...chart.querySelectorAll('text')].filter(t => {
    const b = t.getBoundingClientRect()
    return b.left < box.left - 1 || b.right > box.right + 1
  }).map(t => t.textContent)
})"""

SMALLEST = """() => Math.min(...[...document.querySelectorAll('svg.chart text')].map(t =>
  parseFloat(getComputedStyle(t).fontSize) * Math.abs(t.getScreenCTM().a)))"""


def _page(language: Language) -> str:
    drawn = every(RU if language == "ru" else EN, LONG)
    charts = "".join(f"<section>{chart.svg()}</section>" for chart in drawn.values())
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>Charts</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'nonce-here'\">"
        '<meta name="viewport" content="width=device-width"></head><body><main><h1>Charts</h1>'
        f'<style nonce="here">{stylesheet()} body {{ margin: 16px; background: '
        f"var(--chart-paper); color: var(--chart-ink) }}</style>{charts}</main></body></html>"
    )


@dataclass(frozen=True)
class Screen:
    width: int
    scheme: Literal["light", "dark"]
    language: Language


SCREENS = (Screen(360, "light", "ru"), Screen(360, "dark", "en"), Screen(1100, "dark", "ru"))


@pytest.fixture(
    scope="module", params=SCREENS, ids=lambda screen: f"{screen.width}-{screen.scheme}"
)
def screen(request: pytest.FixtureRequest) -> Screen:
    assert isinstance(request.param, Screen)
    return request.param


@pytest.fixture(scope="module")
def page(
    browser: Browser, screen: Screen, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("charts") / "charts.html"
    file.write_text(_page(screen.language), "utf-8")
    context = browser.new_context(
        viewport={"width": screen.width, "height": 800},
        color_scheme=screen.scheme,
        bypass_csp=True,  # for axe, which the test brings along
    )
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield opened
    context.close()


def test_no_words_lie_over_others(page: Page) -> None:
    assert page.evaluate(OVERLAPS) == []


def test_no_words_leave_their_chart_and_the_page_is_no_wider_than_the_screen(
    page: Page, screen: Screen
) -> None:
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == screen.width


def test_the_smallest_words_can_be_read(page: Page) -> None:
    assert page.evaluate(SMALLEST) >= 11


def test_axe_finds_nothing(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [json.dumps(each, ensure_ascii=False)[:600] for each in found["violations"]] == []


def test_a_keyboard_goes_from_row_to_row_and_sees_where_it_is(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    ring = page.evaluate(
        "getComputedStyle(document.activeElement.querySelector('.chart-touch')).strokeWidth"
    )
    page.keyboard.press("Tab")
    second = page.evaluate("document.activeElement.getAttribute('href')")
    assert (first, second, ring) == ("/o/9", "/o/1", "2.5px")


def test_a_chart_needs_no_style_that_the_policy_forbids(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "charts.html"
    file.write_text(_page("ru"), "utf-8")
    complaints: list[str] = []
    with browser.new_page() as opened:
        opened.on("console", lambda message: complaints.append(message.text))
        opened.goto(file.as_uri())
        assert opened.evaluate("document.querySelectorAll('svg.chart').length") == len(every(RU))
    assert complaints == []
