"""The charts of an organisation's page as files."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from otdacha.release import Release
from otdacha.site.bank.profile.charts import CHARTS
from tests.invented_release import TOO_NEW, provider


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_of_the_page_can_be_saved_as_svg(
    client: Client, published: Release, chart: str
) -> None:
    address = f"/en/organisations/{provider(0)}/charts/{chart}.svg"
    assert address in client.get(f"/en/organisations/{provider(0)}/").content.decode()
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"
    named = f'filename="otdacha-services-{published.id}-akademiya-lukomore-{chart}-en.svg"'
    assert named in answer.headers["Content-Disposition"]


def test_a_picture_is_a_png(client: Client, published: Release) -> None:
    answer = client.get(f"/ru/organisations/{provider(0)}/charts/indicators.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n")
    assert len(answer.content) > 5_000


@pytest.mark.parametrize("file", ["nothing.svg", "indicators.gif", "indicators.svgz"])
def test_what_is_no_chart_or_no_kind_is_not_found(
    client: Client, published: Release, file: str
) -> None:
    assert client.get(f"/en/organisations/{provider(0)}/charts/{file}").status_code == 404


def test_who_has_no_figure_has_no_place_among_peers(client: Client, published: Release) -> None:
    charts = f"/en/organisations/{provider(TOO_NEW)}/charts"
    assert client.get(f"{charts}/peers.svg").status_code == 404
    assert client.get(f"{charts}/indicators.svg").status_code == 200
