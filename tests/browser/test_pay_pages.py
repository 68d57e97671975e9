"""The pages of a scenario of pay in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.soundness import found_by_axe, too_wide
from tests.invented_scenario import BUYAN, KITEZH

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


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("en", 1280)])
def test_no_page_is_wider_than_the_screen_and_axe_has_no_complaint(
    browser: Browser, beside: str, language: str, width: int
) -> None:
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        for path in PAGES:
            page.goto(f"{beside}/{language}/pay/{path}")
            assert not too_wide(page), path
            if path in SOUND_TO_HEAR:
                assert not found_by_axe(page), path


def test_the_list_is_ordered_and_narrowed_by_keyboard_without_javascript(
    browser: Browser, beside: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{beside}/en/pay/municipalities/")
        rows = page.locator("#towns").locator("xpath=..").locator("tbody th a")
        assert rows.all_inner_texts() == ["Китеж", "Буян"]
        page.get_by_role("link", name="Pay ÷ wage next door").press("Enter")
        assert rows.all_inner_texts() == ["Буян", "Китеж"]
        page.get_by_label("Municipality", exact=True).fill("кит")
        page.get_by_label("Municipality", exact=True).press("Enter")
        assert rows.all_inner_texts() == ["Китеж"]
        rows.first.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "Китеж"
