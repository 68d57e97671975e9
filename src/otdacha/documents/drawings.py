"""Charts as the numbered drawings of a Word document."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.documents.charts import Chart
from otdacha.documents.word_file import Drawing
from otdacha.language import Language, Text, text


def numbered(
    charts: Mapping[str, Chart | None], captions: Mapping[str, Text], language: Language
) -> dict[str, Drawing]:
    """Those of the charts that there are, by their place in the template, numbered as they come."""
    there = [(place, chart) for place, chart in charts.items() if chart is not None]
    return {
        place: Drawing(
            png=chart.png(),
            caption=text("Figure {number}. {what}", number=number, what=captions[place]).said(
                language
            ),
            alternative=f"{chart.title}. {chart.description}",
        )
        for number, (place, chart) in enumerate(there, start=1)
    }
