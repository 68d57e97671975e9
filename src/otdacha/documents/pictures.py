"""Pictures of results as SVG files: for pages of the method, for documents and for slides.

Every function takes a frame as the estimators give it and returns a `Picture`. Numbers are rounded
to four significant digits, far below anything that can be seen, so that the same results give the
same picture on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

INK, MUTED, LINE, GOOD, POINT, WARN = (
    "#14191f", "#4c5763", "#cfd6dd", "#0b6e4f", "#5b6774", "#a33b1f",
)  # fmt: skip
FONT = "DejaVu Sans, Noto Sans, sans-serif"
WIDTH = 560

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Picture:
    """A Vega-Lite specification with its data in it."""

    spec: Spec

    @property
    def fingerprint(self) -> str:
        """Names what the picture shows: 16 hexadecimal digits over specification and data."""
        content = json.dumps(self.spec, sort_keys=True, ensure_ascii=False)
        return sha256(content.encode()).hexdigest()[:16]

    def svg(self) -> str:
        """The picture as SVG, drawn without a network; its fingerprint stands in a comment."""
        import vl_convert

        drawn = str(vl_convert.vegalite_to_svg(dict(self.spec)))
        return f"{drawn}\n<!-- fingerprint {self.fingerprint} -->\n"

    def write(self, path: Path) -> None:
        path.write_text(self.svg(), "utf-8")


def fingerprint_in(svg: str) -> str | None:
    """The fingerprint that a written picture carries; None where it carries none."""
    _, found, rest = svg.partition("<!-- fingerprint ")
    return rest.split(" ", 1)[0] if found else None


def intervals(
    frame: pl.DataFrame, *, name: str, point: str, lower: str, upper: str, x: str,
    marked: str | None = None, zero: float = 0.0,
) -> Picture:  # fmt: skip
    """A caterpillar: one row per `name` in the frame's order, a point on its interval.

    marked: a boolean column; its rows are drawn in the colour of the list. zero: a vertical line.
    """
    marks = pl.col(marked) if marked else pl.lit(False)
    rows = frame.select(name=pl.col(name), point=point, lower=lower, upper=upper, marked=marks)
    colour = {
        "condition": {"test": "datum.marked", "value": GOOD},
        "value": POINT,
    }
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    across = {"type": "quantitative", "title": x}
    return _picture(
        rows,
        height={"step": 20},
        layer=[
            _rule_at(zero, "x"),
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "y": y, "color": colour,
                    "x": {"field": "lower", **across}, "x2": {"field": "upper"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
                "encoding": {"y": y, "x": {"field": "point", **across}, "color": colour},
            },
        ],
    )  # fmt: skip


def path(
    frame: pl.DataFrame, *, x: str, y: str, x_title: str, y_title: str,
    lower: str | None = None, upper: str | None = None,
    wide_lower: str | None = None, wide_upper: str | None = None,
    series: str | None = None, points: bool = True, zero: bool = True, split: float | None = None,
    whole: bool = False,
) -> Picture:  # fmt: skip
    """A figure along an axis, with a band, and within a wider, paler band where there are two.

    series: one line for each value of that column. split: a vertical line, e.g. where training
    begins. whole: the axis is marked at whole numbers only.
    """
    kept = {"x": x, "y": y, "lower": lower, "upper": upper}
    kept |= {"wide_lower": wide_lower, "wide_upper": wide_upper, "series": series}
    rows = frame.select(**{new: pl.col(old) for new, old in kept.items() if old is not None})
    across: dict[str, Any] = {"field": "x", "type": "quantitative", "title": x_title}
    if whole:
        across["axis"] = {"tickMinStep": 1, "format": "d"}
    up = {"type": "quantitative", "title": y_title, "scale": {"zero": False}}
    colour: dict[str, Any] = (
        {"color": {"field": "series", "type": "nominal", "title": None,
                   "scale": {"range": [GOOD, WARN, POINT, "#0b5394", "#8a6d00"]}}}
        if series else {}
    )  # fmt: skip
    layer: list[dict[str, Any]] = [_rule_at(0.0, "y")] if zero else []
    if split is not None:
        layer.append(_rule_at(split, "x"))
    for low, high, opacity in (("wide_lower", "wide_upper", 0.14), ("lower", "upper", 0.28)):
        if kept[low] is not None:
            layer.append(
                {
                    "mark": {"type": "area", "opacity": opacity, "color": GOOD},
                    "encoding": {
                        "x": across, "y": {"field": low, **up}, "y2": {"field": high}, **colour
                    },
                }
            )  # fmt: skip
    own = {} if series else {"color": GOOD}
    dot = {"size": 30, "filled": True, **own}
    layer.append(
        {
            "mark": {"type": "line", "strokeWidth": 2, "point": points and dot, **own},
            "encoding": {"x": across, "y": {"field": "y", **up}, **colour},
        }
    )
    return _picture(rows, height=260, layer=layer)


def scatter(
    frame: pl.DataFrame, *, x: str, y: str, x_title: str, y_title: str, diagonal: bool = False,
    marked: str | None = None,
) -> Picture:  # fmt: skip
    """Points; with `diagonal` the line on which the two are equal."""
    marks = pl.col(marked) if marked else pl.lit(False)
    rows = frame.select(x=pl.col(x), y=pl.col(y), marked=marks)
    across = {"field": "x", "type": "quantitative", "title": x_title, "scale": {"zero": False}}
    up = {"field": "y", "type": "quantitative", "title": y_title, "scale": {"zero": False}}
    layer: list[dict[str, Any]] = [
        {
            "mark": {"type": "point", "filled": True, "size": 45, "opacity": 0.8},
            "encoding": {
                "x": across, "y": up,
                "color": {"condition": {"test": "datum.marked", "value": GOOD}, "value": POINT},
            },
        }
    ]  # fmt: skip
    if diagonal and len(rows):
        low = rows.select(pl.min_horizontal(pl.col("x").min(), pl.col("y").min())).item()
        high = rows.select(pl.max_horizontal(pl.col("x").max(), pl.col("y").max())).item()
        layer.insert(
            0,
            {
                "data": {"values": [{"x": _short(v), "y": _short(v)} for v in (low, high)]},
                "mark": {"type": "line", "color": MUTED, "strokeDash": [4, 4]},
                "encoding": {"x": across, "y": up},
            },
        )
    return _picture(rows, height=320, layer=layer)


def bars(
    frame: pl.DataFrame, *, name: str, value: str, x: str, line: float | None = None
) -> Picture:
    """One bar per name in the frame's order; `line` is a vertical line to compare with."""
    rows = frame.select(name=pl.col(name), value=pl.col(value))
    layer: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": POINT},
            "encoding": {
                "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
                "x": {"field": "value", "type": "quantitative", "title": x},
            },
        }
    ]
    if line is not None:
        layer.append(_rule_at(line, "x"))
    return _picture(rows, height={"step": 20}, layer=layer)


def triangle(
    frame: pl.DataFrame, *, weights: tuple[str, str, str], corners: tuple[str, str, str],
    value: str, title: str,
) -> Picture:  # fmt: skip
    """Weight vectors of three indicators as points of a triangle, coloured by `value`.

    weights: the columns with the three weights (they sum to one); corners: what the corners are
    called: bottom left, bottom right, top.
    """
    height = 3**0.5 / 2
    _, right, top = weights
    rows = frame.select(
        x=pl.col(right) + pl.col(top) / 2, y=pl.col(top) * height, value=pl.col(value)
    )
    axis = {"axis": None}
    names = [
        {"x": 0.0, "y": -0.07, "text": corners[0]},
        {"x": 1.0, "y": -0.07, "text": corners[1]},
        {"x": 0.5, "y": round(height + 0.07, 4), "text": corners[2]},
    ]
    at = {
        "x": {"field": "x", "type": "quantitative", "scale": {"domain": [-0.15, 1.15]}, **axis},
        "y": {"field": "y", "type": "quantitative", "scale": {"domain": [-0.12, 1.0]}, **axis},
    }
    return _picture(
        rows,
        height=340,
        width=400,
        layer=[
            {
                "mark": {"type": "point", "filled": True, "size": 220, "opacity": 1},
                "encoding": {
                    **at,
                    "color": {
                        "field": "value", "type": "quantitative", "title": title,
                        "scale": {"range": ["#dfe9e4", GOOD]},
                    },
                },
            },
            {
                "data": {"values": names},
                "mark": {"type": "text", "fontSize": 12, "color": INK},
                "encoding": {**at, "text": {"field": "text"}},
            },
        ],
    )  # fmt: skip


def _rule_at(value: float, axis: str) -> dict[str, Any]:
    return {
        "data": {"values": [{"at": _short(value)}]},
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]},
        "encoding": {axis: {"field": "at", "type": "quantitative"}},
    }


def _picture(
    rows: pl.DataFrame, *, height: int | Mapping[str, int], layer: list[dict[str, Any]],
    width: int = WIDTH,
) -> Picture:  # fmt: skip
    return Picture(
        {
            "data": {"values": [{k: _short(v) for k, v in row.items()} for row in rows.to_dicts()]},
            "width": width,
            "height": height,
            "background": "#ffffff",
            "layer": layer,
            "config": {
                "font": FONT,
                "view": {"stroke": None},
                "axis": {
                    "labelColor": INK, "titleColor": INK, "gridColor": LINE, "domainColor": LINE,
                    "tickColor": LINE, "labelFontSize": 12, "titleFontSize": 12,
                    "titleFontWeight": "normal", "labelLimit": 280,
                },
                "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK},
            },
        }
    )  # fmt: skip


def _short(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
