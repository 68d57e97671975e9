"""How true effects are spread: the density that the release holds, and the estimates under it."""

from __future__ import annotations

from collections.abc import Sequence

from otdacha.documents.charts.axes import Key, across, below, heading, keys, threshold_line
from otdacha.documents.charts.chart import Chart, Table, nothing
from otdacha.documents.charts.drawing import SHEET, Point, band, path, short, silent, stretched
from otdacha.documents.charts.rows import Estimate, Quantity, listed_in_words
from otdacha.documents.charts.scale import scale_of
from otdacha.documents.charts.wording import clean
from otdacha.language import ntext, text

_HEIGHT = 170
_RUG = 22


def density(
    curve: Sequence[Point], rows: Sequence[Estimate], quantity: Quantity, *,
    threshold: float = 0.0, id: str = "density", title: str = "",
) -> Chart:  # fmt: skip
    """The prior density as a hill, and below it a stroke for each estimate, longer where listed.

    curve: effect in the quantity's unit and density, as a release has them. Its height has no unit
    that a reader needs, so it has no axis.
    """
    language = quantity.language
    title = title or text("How the true effects are spread").said(language)
    curve = sorted(curve)
    table = _table(curve, rows, quantity, title)
    highest = max((height for _, height in curve), default=0.0)
    if highest <= 0:
        sentence = text("No distribution of effects can be shown yet.").said(language)
        return nothing(id, title, sentence, table)
    points = [(row.figures[1], row.listed) for row in rows if row.figures]
    scale = scale_of([*(x for x, _ in curve), *(x for x, _ in points), 0.0, threshold])
    above, top = heading(quantity.heading)
    foot = top + _HEIGHT
    bottom = foot + (_RUG + 6 if points else 0)
    hill = [(across(scale, x), foot - (_HEIGHT - 8) * height / highest) for x, height in curve]
    flat = [(x, foot) for x, _ in hill]
    axis, end = below(scale, quantity, top, bottom)
    rugs = [
        _rug([across(scale, x) for x, is_listed in points if is_listed == listed], foot + 6, listed)
        for listed in (False, True)
    ]
    drawn = [
        above,
        stretched(foot, [band(flat, hill, "chart-band-wide")]),
        axis,
        stretched(bottom, [path(hill, "chart-line chart-good"), *rugs]),
        silent([threshold_line(across(scale, threshold), top, bottom)] if threshold else []),
    ]
    meanings, end = keys(_meanings(points, threshold, quantity), end, id)
    return Chart(
        id=id,
        title=title,
        description=ntext(
            "A hill: the higher, the more organisations have an effect of that size. Below it "
            "a stroke for {count} estimate. The table says the same.",
            "A hill: the higher, the more organisations have an effect of that size. Below it "
            "a stroke for each of {count} estimates. The table says the same.",
            count=len(points),
        ).said(language),
        table=table,
        marks="".join([*drawn, meanings]),
        height=end,
    )


def _rug(places: Sequence[float], top: float, listed: bool) -> str:
    if not places:
        return ""
    height = _RUG if listed else _RUG * 0.55
    strokes = "".join(f"M{short(x * SHEET / 100)} {short(top)}v{short(height)}" for x in places)
    kind = "chart-rug chart-good" if listed else "chart-rug chart-point"
    return f'<path class="{kind}" vector-effect="non-scaling-stroke" d="{strokes}"/>'


def _meanings(
    points: Sequence[tuple[float, bool]], threshold: float, quantity: Quantity
) -> list[Key]:
    language = quantity.language
    entries: list[Key] = [("bar", "chart-band-wide", text("true effects").said(language))]
    if any(not listed for _, listed in points):
        entries.append(("stroke", "chart-rug chart-point", text("an estimate").said(language)))
    if any(listed for _, listed in points):
        entries.append(("long", "chart-rug chart-good", listed_in_words(True, language)))
    if threshold:
        said = text("compared with {threshold}", threshold=quantity.point(threshold))
        entries.append(("dashed", "", said.said(language)))
    return entries


def _table(
    curve: Sequence[Point], rows: Sequence[Estimate], quantity: Quantity, caption: str
) -> Table:
    language, numbers = quantity.language, quantity.numbers
    hill = text("distribution of true effects").said(language)
    estimates = [
        (clean(row.name), *row.said(quantity), listed_in_words(row.listed, language), "–")
        for row in rows
    ]
    heights = [
        (hill, quantity.point(x, quantity.digits + 1), "–", "–", numbers.decimal(height, 3))
        for x, height in curve
    ]
    return Table(
        caption=f"{caption}. {quantity.heading}",
        header=(
            text("Organisation").said(language),
            text("Effect").said(language),
            text("Interval").said(language),
            text("The list").said(language),
            text("Density").said(language),
        ),
        rows=tuple(estimates + heights),
    )
