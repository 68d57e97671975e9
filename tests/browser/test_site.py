"""Every kind of page of the site in a real browser: both languages, a telephone and a desk.

The site runs as a user starts it: two releases published and served by the program itself.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright
from tests.docs.tools import tool
from tests.invented_release import invented_release, invented_results
from tests.unit.cli.processes import PROGRAM

from otdacha.cli.run import run

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
HEAVIEST = 200_000
"""Bytes over the wire of a page that is opened for the first time."""

shots = tool("screenshots")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with two releases."""
    workspace = tmp_path_factory.mktemp("site") / "union"
    assert run(["init", str(workspace), "--invented"]) == 0
    first = invented_release(workspace / "releases")
    second = invented_release(
        workspace / "releases", release="2026.2", results=invented_results(seed=2), previous=first
    )
    for release in (first, second):
        subprocess.run([*PROGRAM, "publish", release.path], check=True, capture_output=True)
    with shots.served(workspace) as address:
        yield address


@pytest.fixture(scope="module")
def pages(site: str) -> dict[str, list[str]]:
    """Language → one address of each kind of page."""
    return {one: list(shots.pages(site, f"/{one}/").values()) for one in ("ru", "en")}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1280, "height": 800}) as opened:
        yield opened


def test_links_lead_to_every_kind_of_page(pages: dict[str, list[str]]) -> None:
    for language, found in pages.items():
        kinds = {shots.kind(one).removeprefix(f"/{language}/") for one in found}
        assert {
            "",
            "organisations/",
            "organisations/N/",
            "organisations/N/programmes/N/",
            "compare/",
            "topics/",
            "topics/N/",
            "regions/",
            "regions/N/",
            "map/",
            "trust/",
            "method/",
            "method/N/",
            "releases/",
            "releases/N/",
            "data/",
        } <= kinds


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_sound(
    browser: Browser, site: str, pages: dict[str, list[str]], language: str, width: int
) -> None:
    """No complaint of the browser or of axe, no other host, no sideways scrolling, light enough."""
    wrong: dict[str, Any] = {}
    for path in pages[language]:
        with browser.new_context(
            viewport={"width": width, "height": 800}, bypass_csp=False
        ) as context:
            page = context.new_page()
            complaints: list[str] = []
            asked: list[Request] = []
            page.on("console", lambda said, to=complaints: to.append(said.text))
            page.on("pageerror", lambda fault, to=complaints: to.append(str(fault)))
            page.on("requestfinished", lambda request, to=asked: to.append(request))
            page.goto(site + path, wait_until="networkidle")
            hosts = {urlsplit(request.url).netloc for request in asked} - {urlsplit(site).netloc}
            weight = sum(
                sizes["responseBodySize"] + sizes["responseHeadersSize"]
                for sizes in (request.sizes() for request in asked)
            )
            wide = page.evaluate("document.documentElement.scrollWidth")
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
            )["violations"]
            faults = {
                "complaints": complaints,
                "hosts": sorted(hosts),
                "weight": weight if weight > HEAVIEST else 0,
                "width": wide if wide > width else 0,
                "axe": [(one["id"], [n["html"][:120] for n in one["nodes"][:3]]) for one in found],
                "language": page.locator("html").get_attribute("lang") != language,
            }
            if any(faults.values()):
                wrong[path] = {name: fault for name, fault in faults.items() if fault}
    assert not wrong, wrong


def test_no_english_is_left_on_russian_pages(
    page: Page, site: str, pages: dict[str, list[str]]
) -> None:
    """Text that is not marked as English holds no English words; codes and names may be Latin."""
    words = re.compile(r"\b(?:the|of|and|is|are|with|for|not|from|this|that|by|organisations?)\b")
    left = {}
    for path in pages["ru"]:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('[lang=en], code, pre').forEach(e => e.remove())")
        found = words.findall(page.locator("body").inner_text())
        if found:
            left[path] = found
    assert not left


def test_no_russian_is_left_on_english_pages(
    page: Page, site: str, pages: dict[str, list[str]]
) -> None:
    """The invented release is in Russian; what the site itself says is not."""
    words = re.compile(r"\b(?:и|в|не|на|что|это|или|для|из|организаций|эффект)\b", re.IGNORECASE)
    left = {}
    for path in pages["en"]:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('[lang=ru], code, pre').forEach(e => e.remove())")
        found = words.findall(page.locator("body").inner_text())
        if found:
            left[path] = found
    assert not left


def test_the_language_switch_keeps_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/ru/releases/2026.1/organisations/?sort=name")
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site}/en/releases/2026.1/organisations/?sort=name"


def test_what_is_asked_of_the_browser_forbids_inline_code(page: Page, site: str) -> None:
    answer = page.goto(f"{site}/ru/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
