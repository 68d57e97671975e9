"""A site with a data bank on it, two releases of invented organisations, and with a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from otdacha.programme.plan import Plan
from otdacha.release import Release
from otdacha.site.bank import models
from otdacha.site.bank.loading import publish
from otdacha.site.programme.loading import publish_plan
from tests.invented_release import invented_release, invented_results
from tests.site.small_plan import small_plan

FEWEST = 5
"""Numbers of people below it are not shown."""


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Databases of tests repeat their keys: what was kept of pages before is not theirs."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """Two releases on disk, the second made with another draw of the noise."""
    folder = tmp_path_factory.mktemp("releases")
    first = invented_release(folder)
    second = invented_release(
        folder, release="2026.2", results=invented_results(seed=2), previous=first
    )
    return first, second


@pytest.fixture(scope="session")
def _kept(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, invented: tuple[Release, Release]
) -> None:
    """Both are published once, before the transactions of the tests: each undoes only its own."""
    with django_db_blocker.unblock():
        _publish(invented)


@pytest.fixture
def published(_kept: None, db: None, invented: tuple[Release, Release]) -> Release:
    """The newest of two published releases."""
    if not models.Release.objects.exists():  # a test with a server of its own empties the database
        _publish(invented)
    return invented[-1]


@pytest.fixture(scope="session")
def small(invented: tuple[Release, Release], tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A plan on disk that rests on the second release; its first provider is one of that."""
    release = invented[-1]
    return small_plan(
        tmp_path_factory.mktemp("plans"),
        release={"id": release.id, "hash": release.hash},
        provider=release.providers["provider"][0],
    )


@pytest.fixture
def planned(published: Release, small: Plan) -> Plan:
    """The same plan, published beside the releases."""
    publish_plan(small.path, FEWEST)
    return small


def _publish(releases: Iterable[Release]) -> None:
    for release in releases:
        publish(Path(release.path))


@pytest.fixture
def unpublished(db: None) -> None:
    """A site on which nothing is published, whatever was published for other tests."""
    models.Bank.objects.all().delete()
