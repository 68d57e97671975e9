"""Charts: marks lie where the figures say, worked out by hand, and the table says the same."""

from __future__ import annotations

import gzip
import itertools
import math
import random
import re
from xml.etree import ElementTree

import pytest
from tests.invented_charts import (
    EN,
    HILL,
    MONTHS,
    POINTS,
    ROWS,
    RU,
    TOWNS,
    UNKNOWN,
    links,
    of,
    tree,
)

from otdacha.documents.charts import (
    Chart,
    Estimate,
    FunnelPoint,
    Indicator,
    Month,
    Quantity,
    Town,
    badge,
    caterpillar,
    comparison,
    density,
    event_study,
    funnel,
    history,
    indicators,
    schematic,
)
from otdacha.documents.charts.wording import without_shared_words
from otdacha.documents.numbers import Numbers
from otdacha.release.states import State

MINUS = "\N{MINUS SIGN}"


def _percent(element: ElementTree.Element, name: str) -> float:
    place = element.get(name)
    assert place is not None
    assert place.endswith("%")
    return float(place[:-1])


def _place(value: float, low: float, high: float) -> float:
    """Where a value lies in a chart of rows, worked out anew: 1.75 % are free on both sides."""
    return 1.75 + 96.5 * (value - low) / (high - low)


def test_a_row_s_interval_ends_where_the_scale_says() -> None:
    first, second, third = links(caterpillar(ROWS, EN))
    (interval,) = of(first, "chart-interval")
    (point,) = of(first, "chart-full")
    # the scale that holds -0.4 to 0.55 runs from -0.4 to 0.6 by 0.2
    assert _percent(interval, "x1") == pytest.approx(_place(0.38, -0.4, 0.6), abs=0.01)
    assert _percent(interval, "x2") == pytest.approx(_place(0.55, -0.4, 0.6), abs=0.01)
    assert _percent(point, "x") == pytest.approx(_place(0.46, -0.4, 0.6), abs=0.01)
    assert _percent(of(second, "chart-interval")[0], "x1") == 1.75
    assert of(third, "chart-interval") == []


def test_zero_and_the_threshold_are_lines_where_they_are() -> None:
    drawn = tree(caterpillar(ROWS, EN, threshold=0.1))
    (zero,) = of(drawn, "chart-zero")
    threshold = of(drawn, "chart-threshold")[0]
    assert _percent(zero, "x1") == pytest.approx(_place(0.0, -0.4, 0.6), abs=0.01)
    assert _percent(threshold, "x1") == pytest.approx(_place(0.1, -0.4, 0.6), abs=0.01)
    assert zero.get("x1") == zero.get("x2")
    assert of(tree(caterpillar(ROWS, EN)), "chart-threshold") == []


def test_the_list_is_told_by_shape_and_by_colour() -> None:
    first, second, _ = links(caterpillar(ROWS, EN))
    assert of(first, "chart-full")[0].get("href") == "#caterpillar-diamond"
    assert of(second, "chart-full")[0].get("href") == "#caterpillar-circle"
    assert of(first, "chart-good")
    assert of(second, "chart-point")


def test_a_row_leads_to_its_page_and_says_its_name_point_and_interval() -> None:
    found = links(caterpillar(ROWS, EN))
    assert [link.get("href") for link in found] == ["/o/1", "/o/2", "/o/3"]
    assert [link.findtext("title") for link in found] == [
        "Академия «Жар-птица»: +0.46 (+0.38 to +0.55)",
        f"Институт «Китеж»: {MINUS}0.10 ({MINUS}0.40 to +0.20)",
        "Курсы «Василиса»: too little evidence",
    ]


def test_russian_figures_have_commas() -> None:
    said = links(caterpillar(ROWS, RU))[0].findtext("title")
    assert said == "Академия «Жар-птица»: +0,46 (от +0,38 до +0,55)"


def test_rows_of_a_caterpillar_lie_below_each_other() -> None:
    long = Estimate("Северо-Западный межрегиональный центр повышения квалификации", 0.1, 0, 0.2)
    rows = [long] * 200
    boxes = of(tree(caterpillar(rows, EN)), "chart-touch")
    ends = [(float(box.get("y", "")), float(box.get("height", ""))) for box in boxes]
    assert len(ends) == 200
    assert all(a + high == b for (a, high), (b, _) in itertools.pairwise(ends))


def test_an_organisation_s_days_are_better_where_they_are_fewer() -> None:
    days = Quantity("Days", "working days", 1, Numbers("en"), "less")
    said = [each.text for each in tree(caterpillar(ROWS, days)).iter("text")]
    assert "← better" in said
    assert "worse →" in said
    assert "better →" in [each.text for each in tree(caterpillar(ROWS, EN)).iter("text")]


def test_a_comparison_is_of_six_at_most() -> None:
    with pytest.raises(ValueError, match="6 at most"):
        comparison([ROWS[0]] * 7, EN)


def test_the_funnel_narrows_to_the_threshold_where_the_error_is_zero() -> None:
    drawn = tree(funnel(POINTS, EN, threshold=0.1))
    limits = of(drawn, "chart-band-wide")[0].get("d", "")
    corners = [tuple(map(float, at)) for at in re.findall(r"([\d.]+) ([\d.]+)", limits)]
    top = min(y for _, y in corners)
    (tip,) = {x for x, y in corners if y == top}
    line = of(drawn, "chart-threshold")[0]
    assert tip == pytest.approx(7.2 * _percent(line, "x1"), abs=0.05)
    # the scale of errors ends at 0.2, where the funnel is 2 x 1.96 x 0.2 wide
    bottom = max(y for _, y in corners)
    left, right = sorted({x for x, y in corners if y == bottom})
    grid = [_percent(each, "x1") for each in of(drawn, "chart-zero")]
    per_unit = (7.2 * _percent(line, "x1") - 7.2 * grid[0]) / 0.1
    assert right - left == pytest.approx(2 * 1.96 * 0.2 * per_unit, rel=0.02)


def test_with_people_for_errors_the_limits_are_those_of_the_spread() -> None:
    chart = funnel([FunnelPoint("a", 0.0, 0.2, 100), FunnelPoint("b", 1.0, 0.1, 400)], EN, spread=2)
    said = [each.text for each in tree(chart).iter("text")]
    assert "↑ people trained" in said
    assert {"100", "300"} <= set(said)
    points = of(tree(chart), "chart-touch")
    assert float(points[0].get("cy", "")) > float(points[1].get("cy", ""))


def test_of_many_points_only_those_that_stand_out_are_marks() -> None:
    chance = random.Random(1)
    points = [
        FunnelPoint(f"Школа {i}", chance.gauss(0, 0.3), chance.uniform(0.02, 0.4),
                    listed=i % 40 == 0, highlighted=i == 1, href=f"/o/{i}")
        for i in range(10_000)
    ]  # fmt: skip
    chart = funnel(points, RU)
    assert len(links(chart)) == 251
    assert len(chart.table.rows) == 10_000
    assert len(gzip.compress(chart.svg().encode())) < 60_000
    steps = of(tree(chart), "chart-cloud")[0].get("d", "")
    assert 0.7 * 9749 < steps.count("h0") <= 9749  # where two meet there is one dot


def test_a_month_without_a_figure_is_a_gap_a_cross_and_a_state_in_the_table() -> None:
    chart = event_study(MONTHS, EN)
    drawn = tree(chart)
    lines = [each.get("d", "") for each in of(drawn, "chart-line")]
    assert [line.count("L") for line in lines] == [1, 1]
    (cross,) = [each for each in of(drawn, "chart-gap") if _percent(each, "x")]
    assert _percent(cross, "x") == pytest.approx(53.75)  # the middle of 12 % to 95.5 %
    assert chart.table.rows[2] == ("0", "suppressed", "–", "–")


def test_training_lies_between_the_last_month_before_and_the_first_after() -> None:
    drawn = tree(event_study(MONTHS, EN))
    (line,) = of(drawn, "chart-threshold")
    # -2..2 lie 83.5 / 4 % apart from 12 %; halfway between -1 and 0
    assert _percent(line, "x1") == pytest.approx(12 + 83.5 / 4 * 1.5, abs=0.01)
    after = tree(event_study([MONTHS[3], MONTHS[4]], EN))
    assert of(after, "chart-threshold") == []


def test_bands_hold_the_line_and_the_wide_one_the_narrow_one() -> None:
    drawn = tree(event_study([MONTHS[3], MONTHS[4]], EN))

    def ends(kind: str) -> list[float]:
        at = of(drawn, kind)[0].get("d", "")
        return [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", at)]

    wide, narrow, line = map(ends, ("chart-band-wide", "chart-band", "chart-line"))
    assert wide[0] < narrow[0] < line[0] < narrow[3] < wide[3]


def test_a_month_between_two_gaps_is_still_seen_with_its_band() -> None:
    gap = {"state": State.SUPPRESSED}
    alone = [Month(0, **gap), Month(1, 0.3, 0.2, 0.4, 0.1, 0.5), Month(2, **gap)]  # type: ignore[arg-type]
    drawn = tree(event_study(alone, EN))
    assert len(of(drawn, "chart-band")) == 2  # the band and its key
    assert of(drawn, "chart-line") == []


def test_releases_stand_side_by_side_whatever_lies_between_them() -> None:
    rows = [Estimate(name, 0.1, 0.0, 0.2) for name in ("2020.1", "2024.1", "2025.1")]
    points = [_percent(each, "x") for each in of(tree(history(rows, EN)), "chart-full")[:3]]
    assert points == pytest.approx([12 + 83.5 * (i + 0.5) / 3 for i in range(3)], abs=0.01)


def test_the_hill_is_highest_where_the_density_is() -> None:
    drawn = tree(density(HILL, ROWS, EN))
    line = of(drawn, "chart-line")[0].get("d", "")
    corners = [tuple(map(float, at)) for at in re.findall(r"([\d.]+) ([\d.]+)", line)]
    peak = min(corners, key=lambda corner: corner[1])
    zero = of(drawn, "chart-zero")[0]
    assert peak[0] == pytest.approx(7.2 * _percent(zero, "x1"), abs=0.05)
    rugs = [each.get("d", "") for each in of(drawn, "chart-rug") if each.tag == "path"]
    assert [rug.count("M") for rug in rugs] == [1, 1]  # one listed, one not; one has no figure


def test_the_table_of_a_density_holds_the_estimates_and_the_curve() -> None:
    rows = density(HILL, ROWS, EN).table.rows
    assert rows[0] == ("Академия «Жар-птица»", "+0.46", "+0.38 to +0.55", "on the list", "–")
    assert rows[2][1] == "too little evidence"
    assert [row[1::3] for row in rows[3:]] == [
        (f"{MINUS}0.500", "0.000"),
        ("0.000", "1.000"),
        ("+0.500", "0.000"),
    ]


def test_better_is_right_for_every_indicator_with_no_change_in_the_middle() -> None:
    days = Quantity("Days", "working days", 1, Numbers("en"), "less")
    fewer = Estimate("a", -2.0, -3.0, -1.0)
    chart = indicators([Indicator(days, fewer, (Estimate("b", 4.0, 2.0, 6.0),))], "en")
    (interval,) = [each for each in of(tree(chart), "chart-interval") if each.get("y1") != "0"][:1]
    # the scale reaches to 6 on both sides: -3 is half of 48.25 % right of the middle
    assert _percent(interval, "x1") == pytest.approx(50 + 48.25 * 3 / 6, abs=0.01)
    assert _percent(interval, "x2") == pytest.approx(50 + 48.25 * 1 / 6, abs=0.01)
    assert chart.table.rows[1][0] == "b"


def test_a_degree_of_longitude_is_as_much_shorter_as_the_globe_is_round() -> None:
    circles = dict(zip(TOWNS, _dots(schematic(TOWNS, EN.numbers)), strict=True))
    kitezh, buyan, lukomorye = (circles[town] for town in TOWNS)
    assert kitezh[0] == buyan[0]
    down = (kitezh[1] - buyan[1]) / 2
    across = (lukomorye[0] - kitezh[0]) / 4
    assert across / down == pytest.approx(math.cos(math.radians(57)), rel=1e-3)


def _dots(chart: Chart) -> list[tuple[float, float]]:
    """The places of TOWNS, in their order, by what each is called."""
    found = {}
    for group in [*tree(chart).iter("a"), *tree(chart).iter("g")]:
        said = group.findtext("title")
        if said:
            circle = group.findall("circle")[1]
            found[said.split(":")[0]] = (float(circle.get("cx", "")), float(circle.get("cy", "")))
    return [found[town.name] for town in TOWNS]


def test_towns_on_both_sides_of_the_180th_meridian_are_neighbours() -> None:
    towns = [Town("a", "r", 66.0, 179.0, 5), Town("b", "r", 66.0, -179.0, 5),
             Town("c", "r", 65.0, 178.0, 5)]  # fmt: skip
    chart = schematic(towns, EN.numbers)
    xs = [float(each.get("cx", "")) for each in of(tree(chart), "chart-dot")]
    assert xs == sorted(xs)[1:2] + sorted(xs)[2:] + sorted(xs)[:1]


def test_a_number_that_is_zero_or_not_shown_is_a_hollow_point_and_a_state() -> None:
    chart = schematic(TOWNS, EN.numbers)
    assert len(of(tree(chart), "chart-hollow")) == 3  # two points and their key
    assert "0, suppressed" in "".join(tree(chart).itertext())
    assert [row[2] for row in chart.table.rows] == ["120", "suppressed", "0"]


def test_one_town_lies_on_a_sheet_too() -> None:
    chart = schematic(TOWNS[:1], EN.numbers)
    circle = of(tree(chart), "chart-dot")[0]
    assert 0 < float(circle.get("cx", "")) < 360
    assert 0 < float(circle.get("cy", "")) < chart.height


def test_a_badge_says_its_interval_or_its_state_and_never_a_place() -> None:
    said = "".join(tree(badge(ROWS[0], RU, "2026.1")).itertext())
    assert "Отдача 2026.1" in said
    assert "в числе лучших: +0,46 (+0,38…+0,55)" in said
    unknown = "".join(tree(badge(UNKNOWN, EN, "2026.1")).itertext())
    assert "too little evidence" in unknown
    assert "(" not in unknown


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["городской округ город Псков", "городской округ Тверь"], ["город Псков", "Тверь"]),
        (["городской округ Тверь", "район Тверь"], ["городской округ Тверь", "район Тверь"]),
        (["город", "город Псков"], ["город", "город Псков"]),
        (["городской округ Тверь"], ["городской округ Тверь"]),
        ([], []),
    ],
)
def test_words_that_all_names_begin_with_are_left_out(names: list[str], told: list[str]) -> None:
    assert without_shared_words(names) == told
