"""Charts of a release as files."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from otdacha.release import Release
from otdacha.site.bank.edition.charts import CHARTS


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_is_a_drawing_that_can_be_taken_away(
    client: Client, published: Release, chart: str
) -> None:
    answer = client.get(f"/ru/charts/{chart}.svg")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert f'"otdacha-services-2026.2-{chart}-ru.svg"' in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.content)
    assert root.tag.endswith("svg")
    assert b"<script" not in answer.content
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'sha"
    )


def test_a_chart_is_a_picture_too(client: Client, published: Release) -> None:
    answer = client.get("/en/charts/density.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_the_caterpillar_names_the_organisations_best_first(
    client: Client, published: Release
) -> None:
    content = client.get("/ru/charts/caterpillar.svg").content.decode()
    names = published.providers.filter(state="published")["name"][:5]
    at = [content.index(name.split("«")[1].rstrip("»")) for name in names]
    assert at == sorted(at)


@pytest.mark.parametrize("asked", ["pie.svg", "funnel.exe", "funnel.html"])
def test_another_chart_or_kind_is_not_found(client: Client, published: Release, asked: str) -> None:
    assert client.get(f"/en/charts/{asked}").status_code == 404
