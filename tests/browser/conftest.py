"""A real browser, and sites as a user starts them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.docs.tools import tool
from tests.invented_release import invented_release, invented_results
from tests.invented_scenario import small_scenario
from tests.invented_wages import wages_workspace
from tests.site.small_plan import small_plan

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


PUBLISH = (
    "import sys; from otdacha.cli.run import run; "
    "sys.exit(max(run(['publish', one]) for one in sys.argv[1:]))"
)


def published(*folders: Path) -> None:
    """Publish what lies in the folders, in one process, as a user does one after the other."""
    subprocess.run([sys.executable, "-c", PUBLISH, *folders], check=True, capture_output=True)


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with what stands beside a data bank and no data bank: a plan, a
    scenario of pay and a comparison of wages."""
    workspace = wages_workspace(tmp_path_factory.mktemp("beside")).path
    assert run(["wages", str(workspace)]) == 0
    plan = small_plan(workspace / "plans", evidence=False)
    scenario = small_scenario(workspace / "scenarios")
    published(plan.path, scenario.path, workspace / "wages" / "2024.1")
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
    published(first.path, second.path)
    with tool("screenshots").served(workspace) as address:
        yield address
