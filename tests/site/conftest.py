"""A site with a data bank on it: two releases of invented organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from otdacha.release import Release
from otdacha.site.bank import models
from otdacha.site.bank.loading import publish
from tests.invented_release import invented_release, invented_results


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


def _publish(releases: Iterable[Release]) -> None:
    for release in releases:
        publish(Path(release.path))


@pytest.fixture
def unpublished(db: None) -> None:
    """A site on which nothing is published, whatever was published for other tests."""
    models.Bank.objects.all().delete()
