"""Pictures: the same figures give the same picture, and every figure of the frame is in it."""

import json
import re

import polars as pl
import pytest

from otdacha.documents.pictures import (
    Picture,
    bars,
    fingerprint_in,
    intervals,
    path,
    scatter,
    triangle,
)

ROWS = pl.DataFrame(
    {
        "name": ["Академия «Жар-птица»", "Институт «Китеж»"],
        "middle": [0.5, 0.123456],
        "low": [0.3, -0.1],
        "high": [0.7, 0.4],
        "listed": [True, False],
    }
)
CORNERS = pl.DataFrame({"a": [1.0, 0.0, 0.0], "b": [0.0, 1.0, 0.0], "c": [0.0, 0.0, 1.0]})


def _drawn() -> dict[str, Picture]:
    return {
        "intervals": intervals(
            ROWS, name="name", point="middle", lower="low", upper="high", x="Эффект",
            marked="listed",
        ),
        "path": path(
            ROWS, x="middle", y="high", lower="low", upper="high", x_title="x", y_title="y",
            split=0.2,
        ),
        "scatter": scatter(ROWS, x="low", y="high", x_title="x", y_title="y", diagonal=True),
        "bars": bars(ROWS, name="name", value="middle", x="x", line=0.3),
        "triangle": triangle(
            CORNERS, weights=("a", "b", "c"), corners=("срок", "дни", "повторы"), value="a",
            title="мест",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", _drawn())
def test_a_picture_is_drawn_and_carries_its_fingerprint(kind: str) -> None:
    picture = _drawn()[kind]
    svg = picture.svg()
    assert svg.startswith("<svg")
    assert fingerprint_in(svg) == picture.fingerprint


def test_names_are_drawn_as_they_are() -> None:
    assert "Академия «Жар-птица»" in _drawn()["intervals"].svg()


def test_what_cannot_be_seen_does_not_change_a_picture_and_what_can_does() -> None:
    def drawn(rows: pl.DataFrame) -> str:
        return scatter(rows, x="low", y="middle", x_title="x", y_title="y").fingerprint

    nudged = ROWS.with_columns(pl.col("middle") * (1 + 1e-12))
    moved = ROWS.with_columns(pl.col("middle") + 0.01)
    assert drawn(nudged) == drawn(ROWS) != drawn(moved)


def test_years_are_marked_at_whole_numbers() -> None:
    years = pl.DataFrame({"year": [1, 2, 3], "lost": [3.0, 2.0, 1.0]})

    def marked(whole: bool) -> set[str]:
        drawn = path(years, x="year", y="lost", x_title="", y_title="", whole=whole).svg()
        return set(re.findall(r">(\d\.?\d?)</text>", drawn))

    assert {"1", "2", "3"} <= marked(True)
    assert "2.2" in marked(False) - marked(True)


def test_corners_of_the_triangle_lie_apart_at_equal_distances() -> None:
    values = _drawn()["triangle"].spec["data"]["values"]
    at = [complex(row["x"], row["y"]) for row in values]
    distances = [abs(at[i] - at[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert distances == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)
    assert json.dumps(values)


def test_a_file_without_a_fingerprint_has_none() -> None:
    assert fingerprint_in("<svg></svg>") is None
