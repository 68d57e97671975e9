"""The first page."""

from __future__ import annotations

import pytest
from django.test import Client

from otdacha.release import Release


@pytest.mark.django_db
def test_before_anything_is_published_the_site_says_so(client: Client) -> None:
    answer = client.get("/ru/")
    assert answer.status_code == 200
    assert "otdacha publish" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "led"),
    [("ru-RU,ru;q=0.9", "/ru/"), ("en-GB,en", "/en/"), ("de", "/ru/"), ("", "/ru/")],
)
def test_the_start_leads_to_the_language_of_the_browser(
    client: Client, asked: str, led: str
) -> None:
    answer = client.get("/", headers={"accept-language": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, led)


def test_the_list_of_the_newest_release_is_shown(client: Client, published: Release) -> None:
    page = client.get("/ru/").content.decode()
    listed = published.listed["name"].to_list()
    assert listed
    assert all(name in page for name in listed)
