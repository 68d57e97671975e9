"""Whatever is asked of the site, it answers: never with a fault of its own, never from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from otdacha.release import Release
from otdacha.site.bank import models

FEW, MANY = 2, 8
"""Requests of each kind to a route: to those of single tables, which are all made alike, few."""


def bounded(requests: int) -> settings:
    return settings(
        max_examples=requests,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def connected(db: None) -> Iterator[None]:
    """A server closes a connection that is in the midst of a transaction; a test is in one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_interface_keeps_what_its_description_promises(
    published: Release, mode: GenerationMode
) -> None:
    """Requests that follow the description, and requests that break it, made by schemathesis.

    Of every answer: no fault of the server, a status, a type and a content that are described;
    what follows is accepted, what breaks it is refused.
    """
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    real = real_names(published)
    statuses: Counter[int] = Counter()

    for result in schema.get_all_operations():
        operation = result.ok()
        strategy = operation.as_strategy(generation_mode=mode)

        @bounded(FEW if "/tables/" in operation.path else MANY)
        @seed(20261126)
        @given(case=strategy)
        def keeps(case: Case) -> None:
            if mode is GenerationMode.POSITIVE and statuses.total() % 4:
                for given_names in (case.query, case.path_parameters):
                    given_names |= {name: real[name] for name in real if name in given_names}
            answer = case.call_and_validate(headers={"Accept-Encoding": "identity"})
            statuses[answer.status_code] += 1

        keeps()
    assert statuses.total() > 100
    answered = statuses[200] / statuses.total()
    assert answered > 0.6 if mode is GenerationMode.POSITIVE else answered < 0.5, statuses


def real_names(published: Release) -> dict[str, str]:
    """Names that are there: what is invented of them is answered with 404."""
    release = models.Release.objects.get(name=published.id)
    topic = release.facets["topic"][0][1]
    return {
        "bank": release.bank.slug,
        "release": release.name,
        "name": release.name,
        "provider": published.tables["programmes"]["provider"][0],
        "topic": topic,
        "region": release.facets["region"][0][1],
        "form": release.facets["form"][0][1],
        "type": release.facets["type"][0][1],
    }


SEARCHES = [
    "x" * 10_000,
    "ы" * 10_000,
    "%00",
    "%00%00a",
    "%ff%fe%fd",
    "%c0%ae%c0%ae%2f",
    "..%2f..%2f..%2fetc%2fpasswd",
    "'%20OR%201=1;%20DROP%20TABLE%20bank_release;--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "%F0%9F%92%A9",
    "%ED%A0%80",
    "[[{{7*7}}]]",
    "%25s%25n%25d",
    "%E2%80%AE%CC%81" * 50,
    "",
]
PARAMETERS = ("q", "topic", "region", "price", "page", "limit", "offset", "sort", "bank", "o")
PLACES = (
    "/api/v1/organisations",
    "/api/v1/comparisons",
    "/ru/data/",
    "/ru/data/organisations.csv",
    "/en/data/organisations.parquet",
    "/ru/feed.atom",
    "/ru/organisations/",
    "/ru/compare/",
    "/ru/",
)
FREE = ("/api/v1/organisations", "/api/v1/comparisons", "/ru/data/organisations.csv")
"""Where parameters mean something, and an answer is made quickly: all of them are tried."""
NAMES = [
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2fsite.sqlite3",
    "....//....//etc/passwd",
    "..\\..\\windows\\win.ini",
    "%00",
    "manifest.json%00.csv",
    "%ff",
    "%c0%af..%c0%af",
    "'%20OR%20'1'='1",
    "%3Cscript%3E",
    "9" * 300,
    "x" * 10_000,
    "file:%2f%2f%2fetc%2fpasswd",
    "%F0%9F%92%A9",
]
INSIDE = [
    "/api/v1/{}",
    "/api/v1/organisations/{}",
    "/api/v1/releases/{}",
    "/api/v1/tables/{}",
    "/ru/data/{}",
    "/ru/data/{}.csv",
    "/ru/data/providers.{}",
    "/ru/releases/{}/data/providers.csv",
    "/ru/banks/{}/data/",
    "/static/{}",
]


def hostile() -> Iterator[str]:
    for place in PLACES:
        for parameter in PARAMETERS:
            # a page that takes no parameters is made anew for each all the same: one is enough
            if place in FREE or parameter == "q":
                yield from (f"{place}?{parameter}={value}" for value in SEARCHES)
        yield f"{place}?" + "&".join(f"a{n}=1" for n in range(1500))
        yield f"{place}?q=1&q=2&q=3&%5B%5D=&=&&&"
    for place in INSIDE:
        yield from (place.format(name) for name in NAMES)


def test_hostile_addresses_are_answered_without_a_fault(client: Client, published: Release) -> None:
    """A fault would be raised here: the client passes on what a view does not catch."""
    asked = 0
    for address in hostile():
        path, _, query = address.partition("?")
        answer = client.generic("GET", path, QUERY_STRING=query.encode().decode("latin-1"))
        assert answer.status_code in (200, 304, 400, 404, 422), (answer.status_code, address[:100])
        content = b"".join(answer) if answer.streaming else answer.content
        assert b"root:" not in content, address
        assert b"SQLite format" not in content, address
        if answer.headers["Content-Type"].startswith("text/html"):
            assert b"<script>alert" not in content, address
        if address.startswith("/api/") and answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
        asked += 1
    assert asked > 700


EVERY_PAGE = (
    *("", "organisations/", "compare/", "topics/", "regions/", "map/", "trust/", "method/"),
    *("releases/", "data/", "data/organisations.csv", "feed.atom", "styleguide/"),
)


@pytest.mark.parametrize("value", ["%00", "a%00b", "%00&{}=a", "\0"])
def test_a_nul_in_what_is_asked_never_reaches_the_database(
    client: Client, published: Release, value: str
) -> None:
    """PostgreSQL would fail on it. Pages say what they cannot follow; the rest is a 404."""
    asked = "&".join(f"{name}={value.format(name)}" for name in (*PARAMETERS, "listed", "state"))
    for page in EVERY_PAGE:
        answer = client.generic("GET", f"/ru/{page}", QUERY_STRING=asked)
        known = {"map/": 404, "data/organisations.csv": 400}
        assert answer.status_code in (200, known.get(page)), page
    for page in ("organisations", "programmes?provider=", "municipalities?region="):
        path, _, name = page.partition("?")
        named = name + value.format("provider") if name else asked
        answer = client.generic("GET", f"/api/v1/{path}", QUERY_STRING=named)
        assert answer.status_code == 404, page
    for page in ("organisations/%00/", "topics/a%00/", "organisations/%00/badge.svg"):
        assert client.get(f"/ru/{page}").status_code == 404


def test_all_checks_of_schemathesis_are_made() -> None:
    """A check that a newer schemathesis leaves out would be missed here."""
    made = {check.__name__ for check in CHECKS.get_all()}
    assert made >= {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "positive_data_acceptance",
    }
