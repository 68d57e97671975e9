"""The pages about wages in a real browser: sound, and of use without JavaScript."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize
from tests.browser.soundness import found_by_axe, too_wide
from tests.invented_wages import KITEZH, LUKA

PAGES = ("", "?region=morskaya-oblast", f"municipalities/{KITEZH}/", f"municipalities/{LUKA}/")


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ru", 360, "light"), ("en", 1280, "dark")]
)
def test_every_page_is_sound(
    browser: Browser, beside: str, language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No complaint of axe, no sideways scrolling, by day and by night."""
    viewport: ViewportSize = {"width": width, "height": 800}
    with browser.new_page(viewport=viewport, color_scheme=scheme) as page:
        for path in PAGES:
            page.goto(f"{beside}/{language}/wages/{path}")
            assert not too_wide(page), path
            assert not found_by_axe(page), path


def test_a_list_is_narrowed_ordered_and_read_without_javascript(
    browser: Browser, beside: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{beside}/en/wages/")
        page.get_by_label("Administration earns", exact=True).select_option("much-less")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("columnheader").get_by_role("link", name="All activities").click()
        assert "sort=all" in page.url
        assert "gap=much-less" in page.url
        page.get_by_role("link", name="городской округ Китеж").click()
        page.get_by_role("heading", name="Quarter by quarter").wait_for()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Excel").click()
        assert saved.value.suggested_filename == "otdacha-wages-2024.1-years.xlsx"
