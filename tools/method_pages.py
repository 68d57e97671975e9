"""Run the code of the pages in docs/method and bring their pictures and printed figures into step.

    python tools/method_pages.py          run every page, rewrite what it prints and draws
    python tools/method_pages.py --check  change nothing; end with 1 where a page is out of step
    python tools/method_pages.py NAME     only the pages whose names begin so

A page is Markdown. Its ```python blocks run one after the other in one namespace, in which
`draw(name, picture)` shows a picture as `images/NAME.svg`. A ```text block right after a python
block holds what that block prints.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from otdacha.documents.pictures import Picture, fingerprint_in

PAGES = Path(__file__).resolve().parent.parent / "docs" / "method"
IMAGES = PAGES / "images"
_CODE = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?P<printed>\n*```text\n.*?^```\n)?", re.M | re.S
)


@dataclass
class Page:
    """A page after its code has run: its text as it should be, and its pictures by name."""

    path: Path
    text: str
    pictures: dict[str, Picture] = field(default_factory=dict)

    @property
    def behind(self) -> list[str]:
        """What is out of step with the code, in words; empty where nothing is."""
        found = []
        if self.text != self.path.read_text("utf-8"):
            found.append(f"{self.path.name}: a printed figure is not what the code prints")
        for name, picture in self.pictures.items():
            file = IMAGES / f"{name}.svg"
            drawn = fingerprint_in(file.read_text("utf-8")) if file.exists() else None
            if drawn != picture.fingerprint:
                found.append(f"{self.path.name}: images/{name}.svg is not what the code draws")
            if f"images/{name}.svg" not in self.text:
                found.append(f"{self.path.name}: the picture {name} is drawn and not shown")
        return found

    def write(self) -> None:
        self.path.write_text(self.text, "utf-8")
        IMAGES.mkdir(exist_ok=True)
        for name, picture in self.pictures.items():
            picture.write(IMAGES / f"{name}.svg")


def run(path: Path) -> Page:
    """Run the code of one page."""
    page = Page(path, "")
    known: dict[str, Any] = {"draw": page.pictures.__setitem__}

    def executed(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block["code"], str(path), "exec"), known)
        said = printed.getvalue()
        shown = f"\n```text\n{said}```\n" if said else ""
        return f"```python\n{block['code']}```\n{shown}"

    page.text = _CODE.sub(executed, path.read_text("utf-8"))
    return page


def pages(beginning: str = "") -> list[Path]:
    """The pages that hold code, in the order of their names."""
    return [
        path
        for path in sorted(PAGES.glob(f"{beginning}*.md"))
        if "```python" in path.read_text("utf-8")
    ]


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    names = [argument for argument in arguments if not argument.startswith("--")]
    behind = []
    for path in pages(names[0] if names else ""):
        page = run(path)
        if check:
            behind += page.behind
        else:
            page.write()
    print("\n".join(behind), end="\n" if behind else "")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
