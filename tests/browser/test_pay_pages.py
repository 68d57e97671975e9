"""The pages of a scenario of pay in a real browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.docs.tools import tool
from tests.invented_scenario import BUYAN, KITEZH, small_scenario
from tests.unit.cli.processes import PROGRAM

from otdacha.cli.run import run

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
PAGES = (
    "",
    "measures/",
    "municipalities/",
    f"municipalities/{KITEZH}/",
    f"municipalities/{BUYAN}/",
    "money/",
    "packages/",
    "distribution/",
    "data/",
)
SOUND_TO_HEAR = ("municipalities/", f"municipalities/{KITEZH}/", "packages/")


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages of pay of a site with a scenario and no release."""
    workspace = tmp_path_factory.mktemp("pay") / "union"
    assert run(["init", str(workspace), "--invented"]) == 0
    scenario = small_scenario(workspace / "scenarios")
    subprocess.run([*PROGRAM, "publish", scenario.path], check=True, capture_output=True)
    with tool("screenshots").served(workspace) as address:
        yield address


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("en", 1280)])
def test_no_page_is_wider_than_the_screen_and_axe_has_no_complaint(
    browser: Browser, pay: str, language: str, width: int
) -> None:
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        for path in PAGES:
            page.goto(f"{pay}/{language}/pay/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if path in SOUND_TO_HEAR:
                page.evaluate(AXE.read_text("utf-8"))
                found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
                assert not [(path, one["id"], one["nodes"][0]["html"]) for one in found]


def test_the_list_is_ordered_and_narrowed_by_keyboard_without_javascript(
    browser: Browser, pay: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{pay}/en/pay/municipalities/")
        rows = page.locator("#towns").locator("xpath=..").locator("tbody th a")
        assert rows.all_inner_texts() == ["Китеж", "Буян"]
        page.get_by_role("link", name="Pay ÷ wage next door").press("Enter")
        assert rows.all_inner_texts() == ["Буян", "Китеж"]
        page.get_by_label("Municipality", exact=True).fill("кит")
        page.get_by_label("Municipality", exact=True).press("Enter")
        assert rows.all_inner_texts() == ["Китеж"]
        rows.first.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "Китеж"
