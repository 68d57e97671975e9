"""A badge for an organisation's own pages: what the release says of it, with the interval."""

from __future__ import annotations

from otdacha.documents.charts.chart import Chart, Table
from otdacha.documents.charts.drawing import escaped, short
from otdacha.documents.charts.rows import Estimate, Quantity, listed_in_words
from otdacha.documents.charts.wording import clean, cut, ems
from otdacha.language import text

_HEIGHT = 24
_TEXT = 12
_PAD = 8


def badge(estimate: Estimate, quantity: Quantity, release: str, *, id: str = "badge") -> Chart:
    """Release, verdict, and figure with its interval; a state's words where there is no figure.

    `Chart.file` is the badge to embed. It never shows a place in an order.
    """
    language = quantity.language
    point, interval = estimate.said(quantity)
    left = text("Otdacha {release}", release=cut(clean(release), 8)).said(language)
    verdict = (text("among the best") if estimate.listed else text("does not stand out")).said(
        language
    )
    figures = estimate.figures
    if figures is None:
        right = point
    else:
        ends = f"{quantity.point(figures[0])}…{quantity.point(figures[2])}"
        right = f"{verdict}: {point} ({ends})"
    name = cut(clean(estimate.name), 40)
    title = f"{left}. {name}: {right}"
    after = ems(left) * _TEXT + 2 * _PAD
    width = after + ems(right) * _TEXT + 2 * _PAD
    marks = (
        f'<g aria-hidden="true"><rect class="chart-badge-right" x="0.5" y="0.5" '
        f'width="{short(width - 1)}" height="{_HEIGHT - 1}" rx="3"/>'
        f'<path class="chart-badge-left" d="M3 0H{short(after)}V{_HEIGHT}H3A3 3 0 0 1 0 '
        f'{_HEIGHT - 3}V3A3 3 0 0 1 3 0Z"/>'
        f"{_words(left, _PAD, 'chart-badge-name')}"
        f"{_words(right, after + _PAD, 'chart-strong' if estimate.listed else '')}</g>"
    )
    said = text("{quantity}. The interval is part of the figure.", quantity=quantity.heading).said(
        language
    )
    table = Table(
        caption=f"{left}. {quantity.heading}",
        header=(
            text("Organisation").said(language),
            text("Effect").said(language),
            text("Interval").said(language),
            text("The list").said(language),
        ),
        rows=((clean(estimate.name), point, interval, listed_in_words(estimate.listed, language)),),
    )
    return Chart(
        id=id, title=title, description=said, table=table, marks=marks, height=_HEIGHT,
        kind="chart-badge", width=round(width), sizing="fixed",
    )  # fmt: skip


def _words(said: str, x: float, kind: str) -> str:
    """A text of a stated length, whatever font the page that embeds it has."""
    return (
        f'<text class="{kind}" x="{short(x)}" y="16" textLength="{short(ems(said) * _TEXT)}" '
        f'lengthAdjust="spacingAndGlyphs">{escaped(said)}</text>'
    )
