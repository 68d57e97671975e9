"""The map, and the table that says the same."""

from __future__ import annotations

import re

import polars as pl
import pytest
from django.test import Client

from otdacha.release import Release
from otdacha.site.bank import models
from tests.site.read_page import read


def test_the_map_and_the_table_tell_of_the_same_municipalities(
    client: Client, published: Release
) -> None:
    content = client.get("/en/map/").content.decode()
    page = read(client, "/en/map/")
    placed = published.tables["municipalities"].drop_nulls(["latitude", "longitude"])
    rows = page.table(f"{placed.height} municipalities on the map")
    assert {row[0] for row in rows} == set(placed["name"])
    points = re.findall(r'href="#(town-\w+)"', content)
    assert len(points) == placed.height
    assert set(points) <= set(page.ids)


def test_municipalities_without_coordinates_are_listed_and_counted(
    client: Client, published: Release
) -> None:
    lost = published.tables["municipalities"].filter(pl.col("longitude").is_null())
    page = read(client, "/en/map/")
    assert lost.height == 1
    assert [row[0] for row in page.table("1 municipality without coordinates")] == [*lost["name"]]
    assert "1 municipality is not on the map" in page.words


def test_coordinates_that_are_no_place_keep_a_municipality_off_the_map_and_in_the_table(
    client: Client, published: Release
) -> None:
    for town in models.Municipality.objects.all():
        town.row["latitude"] = 912.0
        town.save()
    page = read(client, "/en/map/")
    assert len(page.table("12 municipalities without coordinates")) == 12
    assert "so there is no map" in page.words


def test_a_region_narrows_the_map(client: Client, published: Release) -> None:
    town = models.Municipality.objects.filter(release__name="2026.2").first()
    assert town is not None
    models.Municipality.objects.filter(pk=town.pk).update(region="Буян", region_slug="buyan")
    page = read(client, "/en/map/?region=buyan")
    assert [row[0] for row in page.table("1 municipality on the map")] == [town.name]


@pytest.mark.parametrize("asked", ["nowhere", "<script>", "' OR 1=1 --", "x" * 5000])
def test_a_region_that_is_not_there_is_not_found(
    client: Client, published: Release, asked: str
) -> None:
    assert client.get("/en/map/", {"region": asked}).status_code == 404


def test_hostile_codes_and_names_do_no_harm(client: Client, published: Release) -> None:
    town = models.Municipality.objects.filter(release__name="2026.2").first()
    assert town is not None
    models.Municipality.objects.filter(pk=town.pk).update(
        code='" onload="x', name="<script>alert(1)</script>"
    )
    content = client.get("/en/map/").content.decode()
    assert "<script>alert" not in content
    assert 'onload="x' not in content


def test_the_map_is_told_in_russian(client: Client, published: Release) -> None:
    assert "11 муниципалитетов на карте" in read(client, "/ru/map/").words


def test_a_country_of_municipalities_comes_page_by_page_and_all_of_it_on_the_map(
    client: Client, published: Release
) -> None:
    town = models.Municipality.objects.filter(release__name="2026.2").first()
    assert town is not None
    for at in range(300):
        town.pk, town.code = None, f"more-{at}"
        town.save(force_insert=True)
    content = client.get("/en/map/").content.decode()
    assert content.count('class="chart-link" href="/en/map/?region=tridevyatyy-kray#town-') == 311
    assert len(read(client, "/en/map/").table("311 municipalities on the map")) == 25
    last = read(client, "/en/map/?page=13")
    assert len(last.table("1 municipality without coordinates")) == 1
    whole = read(client, "/en/map/?region=tridevyatyy-kray")
    assert len(whole.table("311 municipalities on the map")) == 311
