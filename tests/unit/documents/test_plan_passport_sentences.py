"""What a passport says of plans as they are made, and not only of the tidy one in the examples."""

import polars as pl
import pytest
from tests.invented_plan import invented_plan, with_table

from otdacha.documents.numbers import Numbers
from otdacha.documents.plan import passport_sentences as sentences
from otdacha.methodology import default_methodology

ENGLISH = Numbers("en")


def said(texts: list) -> list[str]:
    return [one.said("en") for one in texts]


def test_all_years_together_are_no_year_and_the_headline_has_a_name() -> None:
    plan = invented_plan()
    results = pl.DataFrame(
        {
            "indicator": ["headline", "headline"],
            "year": [None, 2026],
            "expected": [300.0, 100.0],
            "lower": [200.0, 50.0],
            "upper": [400.0, 150.0],
            "cases": [900.0, 300.0],
        }
    )
    told = said(
        sentences.expected(with_table(plan, "results", results), default_methodology(), ENGLISH)
    )
    assert told[1] == (
        "Improvement by all indicators together, standard deviations times cases: 2026: "
        "+100\N{NO-BREAK SPACE}(+50 to +150)."
    )
    assert not any("None" in one or "headline" in one for one in told)


@pytest.mark.parametrize(("why", "rest"), [("no_run", ", for 9 of whom"), ("no_money", ".")])
def test_that_nobody_offers_something_is_said_where_it_is_so(why: str, rest: str) -> None:
    plan = invented_plan()
    unmet = plan.tables["unmet"].with_columns(
        why=pl.when(pl.col("people") == 9).then(pl.lit(why)).otherwise("why")
    )
    (told,) = [
        one
        for one in said(sentences.problem(with_table(plan, "unmet", unmet), None, ENGLISH))
        if one.startswith("Inside the budgets")
    ]
    assert told.startswith("Inside the budgets 66 people can be trained; 36 stay without training")
    assert told.removeprefix(
        "Inside the budgets 66 people can be trained; 36 stay without training"
    ).startswith(rest)


def test_a_way_that_no_plan_goes_or_that_has_no_range_is_told_as_that() -> None:
    plan = invented_plan()
    nothing = pl.lit(None, pl.Float64)
    rivals = plan.tables["rivals"].with_columns(state=pl.lit("planned"))
    impossible = pl.col("rule") == "cheapest"
    changed = rivals.with_columns(
        pl.when(~impossible).then(name).otherwise(nothing).alias(name)
        for name in ("people", "cost", "benefit", "lower", "upper")
    ).with_columns(
        state=pl.when(impossible).then(pl.lit("infeasible")).otherwise("state"),
        lower=pl.when(pl.col("rule") != "last_year").then("lower"),
        upper=pl.when(pl.col("rule") != "last_year").then("upper"),
    )
    told = said(sentences.method(with_table(plan, "rivals", changed), ENGLISH))
    assert (
        "As many people as possible, the cheapest first: Impossible: what must be done costs more."
        in told
    )
    (as_last_year,) = [one for one in told if one.startswith("As last year")]
    assert as_last_year.endswith("240.0 by priority.")
