"""The pages of the programme in a real browser, and a question that is asked and answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.site.small_plan import KITEZH

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
PAGES = ("", "needs/", "runs/", "plan/", f"municipalities/{KITEZH}/", "frontier/", "what-if/")


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("en", 1280)])
def test_every_page_is_sound(browser: Browser, programme: str, language: str, width: int) -> None:
    """No complaint of axe, no sideways scrolling."""
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        for path in PAGES:
            page.goto(f"{programme}/{language}/programme/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
            assert not [(path, one["id"], one["nodes"][0]["html"]) for one in found]


def test_a_question_is_answered_without_javascript(browser: Browser, programme: str) -> None:
    """The page looks again by itself until the process beside the site has answered."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{programme}/en/programme/what-if/")
        page.get_by_role("spinbutton", name="federal budget").fill("50")
        page.get_by_role("button", name="Plan anew").click()
        page.get_by_text("8 people fewer would be trained.").wait_for(timeout=90_000)
        page.get_by_role("link", name="Change the question").click()
        number = page.get_by_role("spinbutton", name="federal budget")
        assert number.input_value() == "50"
        page.get_by_role("button", name="Plan anew").click()
        page.get_by_text("8 people fewer would be trained.").wait_for(timeout=5_000)


def test_a_slider_and_its_number_say_the_same(browser: Browser, programme: str) -> None:
    with browser.new_page() as page:
        page.goto(f"{programme}/en/programme/what-if/")
        number = page.get_by_role("spinbutton", name="federal budget")
        slider = page.get_by_role("slider", name="federal budget")
        slider.press("ArrowRight")
        assert number.input_value() == "101"
        number.fill("40")
        assert slider.input_value() == "40"
