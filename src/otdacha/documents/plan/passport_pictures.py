"""The drawings of the passport: who pays, what other budgets bring, and other ways to choose."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.documents.drawings import numbered
from otdacha.documents.plan.charts import frontier_of, funding_of, rivals_of
from otdacha.documents.word_file import Drawing
from otdacha.language import Language, Text, text
from otdacha.programme.plan import Plan

CAPTIONS: Mapping[str, Text] = {
    "funding_picture": text("Who pays in each year"),
    "frontier_picture": text("What other budgets would bring"),
    "rivals_picture": text("The plan and other ways to give out the same money"),
}


def drawings_of(plan: Plan, language: Language) -> dict[str, Drawing]:
    """Those that the plan can give, by their place in the template, numbered as they come."""
    charts = {
        "funding_picture": funding_of(plan, language),
        "frontier_picture": frontier_of(plan, language),
        "rivals_picture": rivals_of(plan, language),
    }
    return numbered(charts, CAPTIONS, language)
