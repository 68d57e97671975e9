"""The pages of the programme in a real browser, and a question that is asked and answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.soundness import found_by_axe, too_wide
from tests.site.small_plan import KITEZH

PAGES = (
    "",
    "needs/",
    "needs/new/",
    "runs/",
    "plan/",
    f"municipalities/{KITEZH}/",
    "frontier/",
    "what-if/",
)


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("en", 1280)])
def test_every_page_is_sound(browser: Browser, beside: str, language: str, width: int) -> None:
    """No complaint of axe, no sideways scrolling."""
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        for path in PAGES:
            page.goto(f"{beside}/{language}/programme/{path}")
            assert not too_wide(page), path
            assert not found_by_axe(page), path


def test_a_question_is_answered_without_javascript(browser: Browser, beside: str) -> None:
    """The page looks again by itself until the process beside the site has answered."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{beside}/en/programme/what-if/")
        page.get_by_role("spinbutton", name="federal budget").fill("50")
        page.get_by_role("button", name="Plan anew").click()
        page.get_by_text("8 people fewer would be trained.").wait_for(timeout=90_000)
        page.get_by_role("link", name="Change the question").click()
        number = page.get_by_role("spinbutton", name="federal budget")
        assert number.input_value() == "50"
        page.get_by_role("button", name="Plan anew").click()
        page.get_by_text("8 people fewer would be trained.").wait_for(timeout=5_000)


def test_a_need_is_asked_for_without_javascript(browser: Browser, beside: str) -> None:
    """A mistake is led to from the list above; what is right goes home as a file."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{beside}/en/programme/needs/new/")
        page.get_by_label("Your municipality").select_option(KITEZH)
        page.get_by_role("button", name="Add another need").click()
        page.get_by_label("Reason", exact=False).last.select_option("request")
        page.get_by_label("How many people").last.fill("3")
        page.get_by_label("How many people").last.press("Enter")
        page.get_by_role("link", name="Need 1, Reason").click()
        assert page.url.endswith("#reason-1")
        page.get_by_role("button", name="Take need 1 away").click()
        page.get_by_role("button", name="Check what is written").click()
        assert "1 need is right" in page.get_by_role("status").inner_text()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as Excel").click()
        assert saved.value.suggested_filename == f"otdacha-needs-{KITEZH}.xlsx"


def test_mistakes_of_a_form_are_sound_to_hear_and_fit_a_narrow_screen(
    browser: Browser, beside: str
) -> None:
    with browser.new_page(viewport={"width": 360, "height": 800}) as page:
        page.goto(f"{beside}/ru/programme/needs/new/")
        page.get_by_role("button", name="Проверить").click()
        assert page.get_by_role("alert").is_visible()
        assert not too_wide(page)
        assert not found_by_axe(page)


def test_a_slider_and_its_number_say_the_same(browser: Browser, beside: str) -> None:
    with browser.new_page() as page:
        page.goto(f"{beside}/en/programme/what-if/")
        number = page.get_by_role("spinbutton", name="federal budget")
        slider = page.get_by_role("slider", name="federal budget")
        slider.press("ArrowRight")
        assert number.input_value() == "101"
        number.fill("40")
        assert slider.input_value() == "40"
