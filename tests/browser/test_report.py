"""The report in a real browser, opened from disk, on a telephone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.invented_release import invented_release

from otdacha.documents import write_report
from otdacha.language import LANGUAGES, Language


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("report")
    release = invented_release(folder)
    return {one: write_report(release, folder / f"{one}.html", one) for one in LANGUAGES}


@dataclass
class Opened:
    """A page and everything it complained of or asked the network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=[360, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(
    request: pytest.FixtureRequest, browser: Browser, reports: dict[Language, Path], width: int
) -> Iterator[Opened]:
    """Opened once in each language and width: tests only look, and the last one moves the focus."""
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        seen = Opened(page)
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda fault: seen.complaints.append(str(fault)))
        page.on("request", lambda asked: seen.requests.append(asked.url))
        page.goto(reports[request.param].as_uri())
        yield seen


def test_the_page_is_no_wider_than_the_screen(opened: Opened, width: int) -> None:
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width


def test_it_asks_the_network_for_nothing_and_complains_of_nothing(opened: Opened) -> None:
    asked = [url for url in opened.requests if not url.startswith("data:")]
    assert len(asked) == 1
    assert asked[0].startswith("file:")
    assert opened.complaints == []


def test_its_headings_make_an_outline(opened: Opened) -> None:
    levels = opened.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert levels.count(2) == 11 + 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_contents_lead_to_sections_that_are_there(opened: Opened) -> None:
    links = opened.page.locator("nav a")
    assert links.count() == 11
    for link in links.all():
        target = link.get_attribute("href")
        assert opened.page.locator(str(target)).count() == 1


def test_the_chart_has_as_many_intervals_as_the_table_has_rows(opened: Opened) -> None:
    page = opened.page
    rows = page.locator("section:has(> #all) table tbody tr").count()
    bars = page.locator(".rows .bar")
    assert bars.count() == page.locator(".names li").count() == rows == 13


def test_every_interval_lies_beside_its_name_and_inside_the_chart(
    opened: Opened, width: int
) -> None:
    places = opened.page.evaluate(
        """() => {
            const box = element => element.getBoundingClientRect().toJSON();
            const chart = box(document.querySelector('.rows svg[role=img]'));
            const names = [...document.querySelectorAll('.names li')].map(box);
            const bars = [...document.querySelectorAll('.rows .bar')].map(box);
            return {chart, names, bars};
        }"""
    )
    for name, bar in zip(places["names"], places["bars"], strict=True):
        middle = (bar["top"] + bar["bottom"]) / 2
        assert name["top"] < middle < name["bottom"]
        assert bar["left"] >= places["chart"]["left"] - 5
        assert bar["right"] <= min(places["chart"]["right"] + 5, width)


def test_the_chart_and_the_tables_can_be_read_by_ear(opened: Opened) -> None:
    page = opened.page
    chart = page.locator("svg[role=img]")
    assert chart.count() == 1
    named = str(chart.get_attribute("aria-labelledby")).split()
    assert all(str(page.locator(f"#{one}").text_content()).strip() for one in named)
    tables = page.locator("table")
    assert tables.count() == page.locator("table > caption").count() >= 6
    assert page.locator("th:not([scope])").count() == 0


def test_wide_tables_scroll_inside_their_own_box_and_only_on_a_telephone(
    opened: Opened, width: int
) -> None:
    boxes = opened.page.locator(".scroll")
    for box in boxes.all():
        assert box.get_attribute("tabindex") == "0"
        assert box.evaluate("box => box.getBoundingClientRect().right") <= width
    scrolls = "boxes => boxes.some(box => box.scrollWidth > box.clientWidth)"
    assert boxes.evaluate_all(scrolls) is (width == 360)


def test_the_first_key_leads_past_the_head_to_the_content(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    browser: Browser, reports: dict[Language, Path], scheme: str
) -> None:
    """WCAG 2.1 AA: 4.5 to 1 for every text, measured on the colours that the browser computed."""
    with browser.new_page(color_scheme=scheme) as page:  # type: ignore[arg-type]
        page.goto(reports["ru"].as_uri())
        found = page.evaluate(CONTRASTS)
    assert len(found) > 200
    assert [one for one in found if one["ratio"] < 4.5] == []


CONTRASTS = """() => {
    const parse = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].reduce((sum, part, at) => {
        const c = part / 255;
        const linear = c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        return sum + linear * [0.2126, 0.7152, 0.0722][at];
    }, 0);
    const ground = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = parse(getComputedStyle(one).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest('title, desc')) continue;
        const style = getComputedStyle(element);
        const ink = element.closest('svg') ? style.fill : style.color;
        const [one, other] = [light(parse(ink)), light(ground(element))].sort((a, b) => b - a);
        found.push({text: node.data.trim(), ratio: (one + 0.05) / (other + 0.05)});
    }
    return found;
}"""
