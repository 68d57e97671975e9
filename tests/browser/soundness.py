"""What every page has to be: within the screen, and without a complaint of axe."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
_WCAG = "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']"


def found_by_axe(page: Page) -> list[tuple[str, list[str]]]:
    """What breaks WCAG 2.1 AA, with the first elements that do."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {{{_WCAG}}})")
    return [(one["id"], [n["html"][:120] for n in one["nodes"][:3]]) for one in found["violations"]]


def too_wide(page: Page) -> int:
    """How wide the page is, in pixels, where that is wider than the screen; otherwise 0."""
    assert page.viewport_size is not None
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    return wide if wide > page.viewport_size["width"] else 0
