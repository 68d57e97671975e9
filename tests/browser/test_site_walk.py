"""A person walks through the site: finds, narrows, compares, downloads; by keyboard, without
scripts, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import openpyxl
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def unscripted(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def test_search_with_a_typo_filter_compare_download_find_the_same_figures(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}/ru/")
    search = page.get_by_role("search").first
    search.get_by_role("searchbox").fill("учбный центр")
    search.get_by_role("button", name="Найти").click()
    expect(page.locator(".notice").last).to_contain_text("учбный")

    page.get_by_label("Регион", exact=True).select_option(index=1)
    page.get_by_role("button", name="Показать").click()
    assert "region=" in page.url
    assert "q=" in page.url

    boxes = page.get_by_role("checkbox", name=re.compile("[Сс]равн"))
    assert boxes.count() >= 2
    chosen = page.locator("tbody tr")
    names = [chosen.nth(at).locator("th a").first.inner_text() for at in (0, 1)]
    figures = [chosen.nth(at).locator("td .main").first.inner_text() for at in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Сравнить").click()
    for name, figure in zip(names, figures, strict=True):
        expect(page.locator("main")).to_contain_text(name)
        expect(page.locator("main")).to_contain_text(figure)

    page.get_by_role("link", name=names[0]).first.click()
    expect(page.locator("h1")).to_contain_text(names[0])
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Excel|XLSX", re.IGNORECASE)).first.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    cells = {
        cell
        for sheet in openpyxl.load_workbook(file).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, float)
    }
    wanted = float(figures[0].replace("−", "-").replace(",", ".").replace("+", ""))
    assert any(abs(cell - wanted) < 0.006 for cell in cells)


def test_the_filtered_list_comes_as_a_file_with_the_same_rows(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}/ru/organisations/?sort=name&region=")
    shown = page.locator("tbody th a").all_inner_texts()
    address = page.get_by_role("link", name="CSV").first.get_attribute("href")
    assert address is not None
    with urlopen(site + address) as answer:
        (tmp_path / "list.csv").write_bytes(answer.read())
    table = pl.read_csv(tmp_path / "list.csv", separator=";", infer_schema=False)
    name = next(one for one in table.columns if one in ("name", "Организация"))
    assert table[name].to_list()[: len(shown)] == shown


def test_by_keyboard_alone_an_organisation_is_found_and_opened(page: Page, site: str) -> None:
    page.goto(f"{site}/ru/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("академия")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/?q=*")
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if re.search(r"/organisations/\d+/$", focused):
            break
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))


def test_without_scripts_everything_is_there(unscripted: Page, site: str) -> None:
    unscripted.goto(f"{site}/ru/organisations/")
    rows = unscripted.locator("tbody tr").count()
    assert rows > 5
    unscripted.locator("tbody th a").first.click()
    assert unscripted.locator("svg").count() > 0
    assert unscripted.locator("table").count() > 2


def test_on_paper_the_tables_are_there_and_the_menu_is_not(page: Page, site: str) -> None:
    page.goto(f"{site}/ru/organisations/")
    page.emulate_media(media="print")
    expect(page.locator(".menu")).to_be_hidden()
    expect(page.locator("main table").first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_in_the_dark_the_paper_is_dark(browser: Browser, site: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site}/ru/")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
