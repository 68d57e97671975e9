"""Charts of every kind: what they are made of, as files, empty, and with names that mean harm."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.invented_charts import EN, NOTHING, RU, UNKNOWN, every, links, tree

from otdacha.documents.charts import (
    Chart,
    Estimate,
    FunnelPoint,
    Month,
    badge,
    caterpillar,
    event_study,
    funnel,
    history,
    stylesheet,
)
from otdacha.language import LANGUAGES, Language
from otdacha.release.states import State


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", every(EN))
def test_a_chart_has_a_role_a_name_and_a_description_and_no_style(
    kind: str, language: Language
) -> None:
    chart = every(RU if language == "ru" else EN)[kind]
    drawn = tree(chart)
    assert drawn.get("role") == ("group" if list(drawn.iter("a")) else "img")
    assert drawn.findtext("title") == chart.title
    assert drawn.findtext("desc") == chart.description
    for element in drawn.iter():
        assert element.tag not in {"style", "script", "foreignObject", "image"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_two_charts_on_a_page_share_no_id_and_refer_to_their_own() -> None:
    drawn = [*every(EN).values(), *every(EN, prefix="second-").values()]
    ids = [each.get("id") for chart in drawn for each in tree(chart).iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    for chart in drawn:
        own = {each.get("id") for each in tree(chart).iter()}
        used = re.findall(r'<use[^>]* href="#([^"]*)"', chart.svg())
        labels = re.findall(r'aria-(?:labelledby|describedby)="([^"]*)"', chart.svg())
        assert {*used, *labels} <= own


@pytest.mark.parametrize("kind", every(EN))
def test_every_figure_that_is_under_the_pointer_is_in_the_table(kind: str) -> None:
    chart = every(EN)[kind]
    cells = {cell for row in chart.table.rows for cell in row}
    for group in tree(chart).iter():
        said = group.findtext("title") if group.tag in {"a", "g"} else None
        if said:
            figure = re.split(r"[(,]", said.rsplit(": ", 1)[1])[0].strip()
            assert figure in cells, said
    assert all(len(row) == len(chart.table.header) for row in chart.table.rows)
    assert all(cell for cell in cells)


def test_the_same_figures_give_the_same_bytes() -> None:
    first, second = every(RU), every(RU)
    assert {kind: chart.file() for kind, chart in first.items()} == {
        kind: chart.file() for kind, chart in second.items()
    }


def test_places_have_two_decimals_at_most() -> None:
    for chart in every(EN).values():
        for element in tree(chart).iter():
            for name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "d", "width", "height"):
                assert not re.search(r"\.\d{3}", element.get(name) or ""), (chart.id, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NOTHING)
def test_where_there_is_nothing_a_sentence_stands(kind: str, language: Language) -> None:
    chart = NOTHING[kind](RU if language == "ru" else EN)
    said = " ".join(each.text or "" for each in tree(chart).iter("text"))
    assert said == chart.description
    assert said.endswith(".")
    assert chart.table.rows == ()
    assert chart.png().startswith(b"\x89PNG")


def test_states_alone_are_a_valid_input() -> None:
    assert "too little evidence" in caterpillar([UNKNOWN], EN).svg()
    assert history([UNKNOWN], EN).table.rows[0][1] == "too little evidence"
    gap = event_study([Month(0, state=State.TOO_NEW)], EN)
    assert gap.table.rows == (("0", "too new", "–", "–"),)


@pytest.mark.parametrize(
    "figures",
    [
        {"point": 0.1},
        {"point": math.nan, "lower": 0.0, "upper": 1.0},
        {"point": 2.0, "lower": 0.0, "upper": 1.0},
        {"point": 0.5, "lower": 0.0, "upper": 1.0, "state": State.SUPPRESSED},
    ],
)
def test_a_figure_that_contradicts_its_state_or_its_interval_is_refused(
    figures: dict[str, float],
) -> None:
    with pytest.raises(ValueError, match="figure"):
        Estimate("Школа", **figures)  # type: ignore[arg-type]


# Files


def test_a_file_stands_by_itself() -> None:
    for chart in every(RU).values():
        drawn = ElementTree.fromstring(chart.file())
        (style,) = drawn.iter("{http://www.w3.org/2000/svg}style")
        assert style.text
        assert "var(" not in style.text
        assert "@media" not in style.text
        assert "#0b6e4f" in style.text
        assert not re.search(r"(?:href|src)=\"(?!#|/o/|/m/)|url\(", chart.file())


def test_a_picture_holds_cyrillic_letters_and_not_boxes() -> None:
    def drawn(name: str) -> bytes:
        return caterpillar([Estimate(name, 0.3, 0.1, 0.5)], EN).png(scale=1)

    assert drawn("Жар") != drawn("Щук")
    assert drawn("Жар").startswith(b"\x89PNG")


def test_every_class_that_is_drawn_is_in_the_stylesheet() -> None:
    known = set(re.findall(r"\.(chart[a-z-]*)", stylesheet()))
    many = funnel([FunnelPoint("a", i / 500, 0.1) for i in range(500)], EN)
    for chart in [*every(EN).values(), many]:
        for element in tree(chart).iter():
            assert set((element.get("class") or "").split()) <= known | {"chart-name"}


# Names


HOSTILE = ("<script>alert(1)</script>", "]]>", "\"'><svg onload=x>", "a\x00b\x1b\ud800\uffff c",
           "&amp;&#x3c;", "\N{RIGHT-TO-LEFT OVERRIDE}abc", "{name}%s", "", " ")  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str) -> None:
    _stays_text(name)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_name_stays_text(name: str) -> None:
    _stays_text(name)


def _stays_text(name: str) -> None:
    plain = {kind: _tags(chart) for kind, chart in every(EN).items()}
    for kind, chart in every(EN, name).items():
        assert _tags(chart) <= plain[kind] | {"text", "rect"}, kind
        ElementTree.fromstring(chart.file().encode())
    ElementTree.fromstring(badge(UNKNOWN, EN, name).file().encode())


def _tags(chart: Chart) -> set[str]:
    return {each.tag for each in tree(chart).iter()}


def test_a_name_of_ten_kilobytes_is_cut_and_whole_under_the_pointer() -> None:
    name = "Я" * 10_000
    row = links(caterpillar([Estimate(name, 0.3, 0.1, 0.5, href="/o/1")], EN))[0]
    shown = [each.text or "" for each in row.iter("text")]
    assert shown[0].endswith("…")
    assert len(shown[0]) < 60
    assert (row.findtext("title") or "").startswith(name)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "/a b", "\\\\host"])
def test_a_link_that_is_no_page_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="address"):
        caterpillar([Estimate("Школа", 0.3, 0.1, 0.5, href=href)], EN)
