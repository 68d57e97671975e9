"""How far to trust it: checks, months, luck, prediction, weights, what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client

from otdacha.documents.numbers import Numbers
from otdacha.documents.trust import weighed
from otdacha.language import LANGUAGES, Language
from otdacha.release import Release
from otdacha.release.checks import name_of, summary
from otdacha.site.bank.loading import publish
from tests.invented_release import invented_release, invented_results
from tests.site.read_page import read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_stands_with_its_outcome_and_what_was_found(
    client: Client, published: Release, language: Language
) -> None:
    page = read(client, f"/{language}/trust/")
    assert summary(published).said(language) in page.words
    rows = page.table({"en": "Every check", "ru": "Каждая проверка"}[language])
    assert len(rows) == published.gates.height
    for gate in published.gates.iter_rows(named=True):
        found = next(row for row in rows if row[0] == name_of(gate["gate"]).said(language))
        assert found[2] == gate[f"sentence_{language}"]


def test_the_months_of_the_chart_stand_in_its_table(client: Client, published: Release) -> None:
    rows = read(client, "/en/trust/").table("Before and after training, month by month")
    months = published.tables["event_study"].filter(
        pl.col("provider").is_null(), pl.col("indicator") == published.headline
    )
    numbers = Numbers("en")
    for month in months.iter_rows(named=True):
        time = numbers.signed(month["time"], 0)
        row = next(row for row in rows if row[0] == time)
        assert row[1] == numbers.signed(month["estimate"], 2)
        assert row[3] == numbers.interval(month["lower_all"], month["upper_all"], 2)


def test_the_funnel_tells_every_estimate_before_it_is_drawn_to_the_others(
    client: Client, published: Release
) -> None:
    rows = {row[0]: row for row in read(client, "/en/trust/").table("Estimates and how exactly")}
    known = published.providers.drop_nulls(["posterior_mean", "se"])
    assert len(rows) == known.height
    numbers = Numbers("en")
    for one in known.iter_rows(named=True):
        assert rows[one["name"]][1] == numbers.signed(one["estimate"], 2)


def test_rivals_weights_and_grades_stand_beside_the_ranking(
    client: Client, published: Release
) -> None:
    page = read(client, "/en/trust/")
    predictors = published.tables["prediction"]["predictor"].n_unique()
    assert len(page.table("What an earlier ranking foretold")) == predictors
    rows = page.table("Organisations that are on the list under some weights")
    assert [row[0] for row in rows] == [row.name for row in weighed(published, Numbers("en"))]
    grades = page.table("Grades by the price")
    assert len(grades) == published.tables["grades"].height
    assert [row[0] for row in grades if "chosen" in row[0]] == ["0.25 chosen"]


def test_what_was_handed_in_and_left_out_is_counted(client: Client, published: Release) -> None:
    page = read(client, "/en/trust/")
    assert page.table("Rows that were handed in")[1][:4] == ["Cases", "1", "48,211", "37"]
    stages = {"panel": "Cases and training records", "effects": "Months of work of departments"}
    for stage, caption in stages.items():
        reasons = published.excluded.filter(stage=stage)["reason"].n_unique()
        assert len(page.table(caption)) == reasons


def test_a_failed_check_withholds_and_says_so(
    client: Client, unpublished: None, tmp_path: Path
) -> None:
    publish(invented_release(tmp_path, results=invented_results(sound=False)).path)
    page = read(client, "/en/trust/")
    assert "1 check of the method failed; the ranking is withheld." in page.words
    assert "A check of the method failed, so no estimates are shown." in page.words
    assert "failed" in page.table("Every check")[0][1]


def test_every_chart_leads_to_its_files(client: Client, published: Release) -> None:
    links = read(client, "/en/releases/2026.1/trust/").links
    for chart in ("event_study", "density", "funnel"):
        for kind in ("svg", "png"):
            assert f"/en/releases/2026.1/charts/{chart}.{kind}" in links


def test_the_page_asks_the_database_a_few_times_only(
    client: Client, published: Release, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        client.get("/en/trust/")
    cache.clear()
    with django_assert_max_num_queries(4):
        client.get("/en/trust/")
