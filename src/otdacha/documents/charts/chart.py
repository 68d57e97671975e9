"""A chart: an SVG for a page, a file to take away, and the table that says the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from otdacha.documents.charts.drawing import SHEET, escaped, words
from otdacha.documents.charts.wording import LETTERS, broken

LINE = 18
"""From one base line to the next, in pixels."""

MARGIN = 20
"""Around a chart that is a file, in pixels."""


@dataclass(frozen=True)
class Table:
    """The figures of a chart as cells in the reader's words; the first column names the row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing of a width that the page decides, with what it says in words.

    id: begins every id in it, so that a page can hold several. marks: the SVG inside. linked: some
    marks lead somewhere. kind: a class beside `chart`. height, width: in pixels; the width is that
    of the file. sizing: on a page it is as wide as it is let and its text as large as the page's
    ("wide"), or it grows and shrinks as a whole ("scaled"), or neither ("fixed").
    """

    id: str
    title: str
    description: str
    table: Table
    marks: str
    height: float
    linked: bool = False
    kind: str = ""
    width: int = SHEET
    sizing: Literal["wide", "scaled", "fixed"] = "wide"

    def svg(self) -> str:
        """For a page that includes chart.css; no style, no script, no other file."""
        box = f'viewBox="0 0 {self.width} {self.height:g}"'
        sizes = {
            "wide": f'width="100%" height="{self.height:g}"',
            "scaled": f'width="100%" {box}',
            "fixed": f'width="{self.width}" height="{self.height:g}" {box}',
        }
        return self._svg(sizes[self.sizing], self.marks)

    def file(self) -> str:
        """By itself, on white, with its title and its colours: to be kept, sent, put elsewhere."""
        if self.sizing == "fixed":
            return self._alone(self.width, self.height, self.marks)
        lines = broken(self.title, (self.width - MARGIN) / LETTERS)
        above = LINE * len(lines) + 8
        heading = "".join(
            f'<text class="chart-strong" x="{MARGIN}" y="{MARGIN + 10 + LINE * i}" '
            f'aria-hidden="true">{escaped(line)}</text>'
            for i, line in enumerate(lines)
        )
        drawing = (
            f'<svg x="{MARGIN}" y="{MARGIN + above}" width="{self.width}" '
            f'height="{self.height:g}" overflow="visible">{self.marks}</svg>'
        )
        return self._alone(
            self.width + 2 * MARGIN, self.height + above + 2 * MARGIN, heading + drawing
        )

    def png(self, scale: float = 2) -> bytes:
        """The file as a picture of `scale` times its size."""
        import vl_convert

        return bytes(vl_convert.svg_to_png(self.file(), scale=scale))

    def _alone(self, width: float, height: float, inside: str) -> str:
        size = (
            f'xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}"'
        )
        paper = '<rect class="chart-paper" width="100%" height="100%" aria-hidden="true"/>'
        return self._svg(size, f"<style>{alone()}</style>{paper}{inside}") + "\n"

    def _svg(self, size: str, inside: str) -> str:
        role = "group" if self.linked else "img"
        kind = f"chart {self.kind}" if self.kind else "chart"
        return (
            f'<svg class="{kind}" role="{role}" {size} '
            f'aria-labelledby="{self.id}-title" aria-describedby="{self.id}-desc">'
            f'<title id="{self.id}-title">{escaped(self.title)}</title>'
            f'<desc id="{self.id}-desc">{escaped(self.description)}</desc>{inside}</svg>'
        )


def nothing(id: str, title: str, sentence: str, table: Table) -> Chart:
    """A sentence in the place of a chart that has nothing to show."""
    lines = broken(sentence)
    said = "".join(words(line, 0, 14 + LINE * i, "chart-muted") for i, line in enumerate(lines))
    return Chart(id, title, sentence, table, f'<g aria-hidden="true">{said}</g>',
                 height=LINE * len(lines) + 4)  # fmt: skip


@cache
def stylesheet() -> str:
    """chart.css, which a page with charts includes."""
    return (files("otdacha.documents.charts") / "chart.css").read_text("utf-8")


@cache
def alone() -> str:
    """The stylesheet for a file: light, its colours written out, for programs that know no more.

    Word, Inkscape and the maker of pictures know neither custom properties nor media queries.
    """
    css = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S)
    css = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
    colours = dict(re.findall(r"(--chart-[a-z-]+):\s*([^;]+);", css))
    css = re.sub(r":root\s*\{[^}]*\}", "", css)
    css = re.sub(r"var\((--chart-[a-z-]+)\)", lambda found: colours[found[1]], css)
    return re.sub(r"\s+", " ", css).strip()
