"""The pages about wages in a real browser: sound, and of use without JavaScript."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize
from tests.docs.tools import tool
from tests.invented_wages import KITEZH, LUKA, wages_workspace
from tests.unit.cli.processes import PROGRAM

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
PAGES = ("", "?region=morskaya-oblast", f"municipalities/{KITEZH}/", f"municipalities/{LUKA}/")


@pytest.fixture(scope="module")
def wages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a comparison, made, published and served by the program itself."""
    workspace = wages_workspace(tmp_path_factory.mktemp("wages"))
    for line in (["wages", workspace.path], ["publish", workspace.path / "wages" / "2024.1"]):
        subprocess.run([*PROGRAM, *map(str, line)], check=True, capture_output=True)
    with tool("screenshots").served(workspace.path) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ru", 360, "light"), ("en", 1280, "dark")]
)
def test_every_page_is_sound(
    browser: Browser, wages: str, language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No complaint of axe, no sideways scrolling, by day and by night."""
    viewport: ViewportSize = {"width": width, "height": 800}
    with browser.new_page(viewport=viewport, color_scheme=scheme) as page:
        for path in PAGES:
            page.goto(f"{wages}/{language}/wages/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
            assert not [(path, one["id"], one["nodes"][0]["html"]) for one in found]


def test_a_list_is_narrowed_ordered_and_read_without_javascript(
    browser: Browser, wages: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{wages}/en/wages/")
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
