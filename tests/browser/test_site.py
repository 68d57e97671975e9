"""Every kind of page of the site in a real browser: both languages, a telephone and a desk.

The site runs as a user starts it: two releases published and served by the program itself.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize
from tests.browser.soundness import found_by_axe, too_wide
from tests.docs.tools import tool

HEAVIEST = 200_000
"""Bytes over the wire of a page that is opened for the first time."""
DESK: ViewportSize = {"width": 1280, "height": 800}
TELEPHONE: ViewportSize = {"width": 360, "height": 800}
WORDS = {
    "en": re.compile(r"\b(?:the|of|and|is|are|with|for|not|from|this|that|by|organisations?)\b"),
    "ru": re.compile(r"\b(?:и|в|не|на|что|это|или|для|из|организаций|эффект)\b", re.IGNORECASE),
}
"""Words that a page in the other language cannot do without."""

shots = tool("screenshots")


@pytest.fixture(scope="module")
def pages(site: str) -> dict[str, list[str]]:
    """Language → one address of each kind of page."""
    return {one: list(shots.pages(site, f"/{one}/").values()) for one in ("ru", "en")}


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


def looked_at(found: list[str], language: str) -> list[str]:
    """Every kind of page once. Many a page is there twice, of the newest release and under the
    address of a release, from one template: the first is looked at in Russian, the second in
    English."""
    kinds = {shots.kind(path): path for path in found}
    of_release = f"/{language}/releases/N/"
    twins = {
        kind: f"/{language}/{kind.removeprefix(of_release)}"
        for kind in kinds
        if kind.startswith(of_release)
    }
    both = {kind: twin for kind, twin in twins.items() if twin in kinds}
    left_out = set(both) if language == "ru" else set(both.values())
    return [path for kind, path in kinds.items() if kind not in left_out]


def test_together_the_languages_leave_no_kind_of_page_out(pages: dict[str, list[str]]) -> None:
    kinds = {
        one: {shots.kind(path).removeprefix(f"/{one}/") for path in looked_at(found, one)}
        for one, found in pages.items()
    }
    every = {shots.kind(path).removeprefix("/ru/") for path in pages["ru"]}
    assert kinds["ru"] | kinds["en"] == every
    assert {kind.removeprefix("releases/N/") for kind in every} == {
        kind.removeprefix("releases/N/") for kind in kinds["en"]
    }


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_sound(
    browser: Browser, site: str, pages: dict[str, list[str]], language: str
) -> None:
    """No complaint of the browser or of axe, no other host, no sideways scrolling, light enough,
    and nothing is said in the other language.

    A page is opened once and then made as narrow as a telephone: it has no scripts that could tell,
    and asks for nothing once it and its letters are there.
    """
    wrong: dict[str, Any] = {}
    for path in looked_at(pages[language], language):
        with browser.new_context(viewport=DESK, bypass_csp=False) as context:
            page = context.new_page()
            complaints: list[str] = []
            asked: list[Request] = []
            page.on("console", lambda said, to=complaints: to.append(said.text))
            page.on("pageerror", lambda fault, to=complaints: to.append(str(fault)))
            page.on("requestfinished", lambda request, to=asked: to.append(request))
            page.goto(site + path)
            page.evaluate("document.fonts.ready")
            hosts = {urlsplit(request.url).netloc for request in asked} - {urlsplit(site).netloc}
            weight = sum(
                sizes["responseBodySize"] + sizes["responseHeadersSize"]
                for sizes in (request.sizes() for request in asked)
            )
            faults: dict[str, Any] = {
                "hosts": sorted(hosts),
                "weight": weight if weight > HEAVIEST else 0,
                "language": page.locator("html").get_attribute("lang") != language,
                "scripts": page.locator("script").count(),
            }
            for screen in (DESK, TELEPHONE):
                page.set_viewport_size(screen)
                faults[f"wider than {screen['width']}"] = too_wide(page)
                faults[f"axe at {screen['width']}"] = found_by_axe(page)
            page.set_viewport_size(DESK)
            other = "en" if language == "ru" else "ru"
            faults[f"said in {other}"] = words_of(other, page)
            faults["complaints"] = complaints
            if any(faults.values()):
                wrong[path] = {name: fault for name, fault in faults.items() if fault}
    assert not wrong, wrong


def words_of(other: str, page: Page) -> list[str]:
    """Words of the other language in what the page says without a mark that they are; codes and
    names may be in any letters, and the invented release is in Russian."""
    page.evaluate(
        f"document.querySelectorAll('[lang={other}], code, pre').forEach(e => e.remove())"
    )
    return WORDS[other].findall(page.locator("body").inner_text())


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
