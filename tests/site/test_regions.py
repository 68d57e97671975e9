"""Regions, and the page of one."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.core.cache import cache
from django.test import Client

from otdacha.release import Release
from otdacha.release.states import WORDS, State
from otdacha.site.bank import models
from tests.site.read_page import read

REGION = "/en/regions/tridevyatyy-kray/"


def test_every_region_of_organisations_or_municipalities_is_told(
    client: Client, published: Release
) -> None:
    rows = {row[0]: row[1:] for row in read(client, "/en/regions/").table("2 regions")}
    towns = published.tables["municipalities"]
    for region in ("Вымышленная область", "Тридевятый край"):
        there = published.providers.filter(region=region)
        counts = there.height, int(there["listed"].sum()), towns.filter(region=region).height
        assert rows[region] == [str(count) for count in counts]


def test_organisations_without_a_region_are_counted(client: Client, published: Release) -> None:
    without = published.providers["region"].null_count()
    assert (
        f"Of {without} organisations no region was handed in" in read(client, "/en/regions/").words
    )


def test_a_municipality_says_how_many_were_trained_or_why_not(
    client: Client, published: Release
) -> None:
    rows = {row[0]: row[1:] for row in read(client, REGION).table("Municipalities with people")}
    for town in published.tables["municipalities"].iter_rows(named=True):
        for at, count in enumerate(("trained", "providers")):
            state = State(town[f"{count}_state"])
            shown = str(town[count]) if town[count] is not None else WORDS[state].said("en")
            assert rows[town["name"]][at] == shown
    assert {"suppressed", "not collected", "0"} <= {row[0] for row in rows.values()}


def test_organisations_of_a_region_stand_best_first(client: Client, published: Release) -> None:
    rows = read(client, REGION).table("Training organisations of this region")
    there = published.providers.filter(pl.col("region") == "Тридевятый край")
    assert len(rows) == there.height
    assert all(name in row[0] for name, row in zip(there["name"], rows, strict=True))


def test_a_region_leads_to_the_map_and_the_filtered_list(
    client: Client, published: Release
) -> None:
    links = read(client, REGION).links
    assert "/en/map/?region=tridevyatyy-kray" in links
    assert "/en/organisations/?region=tridevyatyy-kray" in links


def test_a_region_asks_the_database_as_often_however_many_towns_it_has(
    client: Client, published: Release, django_assert_num_queries: Any
) -> None:
    client.get(REGION)
    cache.clear()
    with django_assert_num_queries(10, exact=False) as asked:
        client.get(REGION)
    town = models.Municipality.objects.filter(release__name="2026.2").first()
    assert town is not None
    for at in range(40):
        town.pk, town.code = None, f"more-{at}"
        town.save(force_insert=True)
    cache.clear()
    with django_assert_num_queries(len(asked)):
        assert len(read(client, REGION).table("Municipalities with people")) == 52


def test_a_region_that_is_not_there_is_not_found(client: Client, published: Release) -> None:
    assert client.get("/en/regions/nowhere/").status_code == 404


def test_a_region_is_told_in_russian_and_hostile_names_do_nothing(
    client: Client, published: Release
) -> None:
    models.Municipality.objects.update(name="<img src=x onerror=alert(1)>")
    content = client.get("/ru/regions/tridevyatyy-kray/").content.decode()
    assert "Муниципалитеты региона" in content
    assert "<img src=x" not in content
