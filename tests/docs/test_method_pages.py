"""The pages of the method run, and show what their code prints and draws."""

import re
from pathlib import Path

import pytest

from tests.docs.tools import tool

TOOL = tool("method_pages")


@pytest.mark.parametrize("path", TOOL.pages(), ids=lambda path: path.stem)
def test_a_page_shows_what_its_code_prints_and_draws(path: Path) -> None:
    assert TOOL.run(path).behind == [], "run `make pages` and look at what changed"


def test_every_picture_is_shown_and_every_page_is_in_the_contents() -> None:
    texts = {path.name: path.read_text("utf-8") for path in TOOL.PAGES.glob("*.md")}
    shown = set(re.findall(r"images/([\w-]+)\.svg", " ".join(texts.values())))
    assert {path.stem for path in TOOL.IMAGES.glob("*.svg")} == shown
    contents = texts["README.md"]
    assert [name for name in texts if name != "README.md" and f"({name})" not in contents] == []
