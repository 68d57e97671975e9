"""A real browser, and sites as a user starts them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.docs.tools import tool
from tests.invented_release import invented_release, invented_results
from tests.site.small_plan import small_plan
from tests.unit.cli.processes import PROGRAM

from otdacha.cli.run import run

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while Playwright runs, Django takes this thread for an asynchronous one."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1280, "height": 800}) as opened:
        yield opened


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a plan and no release."""
    workspace = tmp_path_factory.mktemp("programme") / "union"
    assert run(["init", str(workspace), "--invented"]) == 0
    plan = small_plan(workspace / "plans", evidence=False)
    subprocess.run([*PROGRAM, "publish", plan.path], check=True, capture_output=True)
    with tool("screenshots").served(workspace) as address:
        yield address


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with two releases, published and served by the program itself."""
    workspace = tmp_path_factory.mktemp("site") / "union"
    assert run(["init", str(workspace), "--invented"]) == 0
    first = invented_release(workspace / "releases")
    second = invented_release(
        workspace / "releases", release="2026.2", results=invented_results(seed=2), previous=first
    )
    for release in (first, second):
        subprocess.run([*PROGRAM, "publish", release.path], check=True, capture_output=True)
    with tool("screenshots").served(workspace) as address:
        yield address
