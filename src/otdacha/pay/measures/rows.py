"""The table `measures` of a scenario: every measure in words, in the order of effect."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from otdacha.pay.measures.entries import AnyMeasure, Measures, TrainingAllowance
from otdacha.pay.measures.steps import stage_of
from otdacha.pay.measures.words import amount_in_words, who_in_words
from otdacha.pay.payroll.steps import Stage
from otdacha.pay.tables import MEASURES
from otdacha.programme.parameters.entries import SOURCES


def in_effect(measures: Measures) -> list[AnyMeasure]:
    """The measures in the order in which they take effect, which is that of the steps."""
    return [one for stage in Stage for one in measures.measures if stage_of(one) is stage]


def measure_rows(
    measures: Measures,
    people: Mapping[str, int],
    costs: Mapping[str, int],
    names: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """The table `measures` (schema `MEASURES`).

    people, costs: by key, who receive something, and kopecks that a measure adds to those before
    it. names: code of a municipality → what it is called.
    """
    return pl.DataFrame(
        [
            {
                "number": number,
                "measure": one.key,
                "kind": one.kind,
                "name_ru": one.name.ru,
                "name_en": one.name.en,
                "who_ru": who_in_words(one, names).said("ru"),
                "who_en": who_in_words(one, names).said("en"),
                "amount_ru": amount_in_words(one).said("ru"),
                "amount_en": amount_in_words(one).said("en"),
                "valid_from": one.begins,
                "valid_to": one.ends,
                **{source: one.sources.get(source, 0.0) for source in SOURCES},
                "release": one.release if isinstance(one, TrainingAllowance) else None,
                "people": people[one.key],
                "cost": Decimal(costs[one.key]) / 100,
            }
            for number, one in enumerate(in_effect(measures), 1)
        ],
        schema=MEASURES,
    )
