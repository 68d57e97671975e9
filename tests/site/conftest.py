"""A site with a data bank on it: two releases of invented organisations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from otdacha.release import Release
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


@pytest.fixture
def published(db: None, invented: tuple[Release, Release]) -> Release:
    """The newest of two published releases."""
    for release in invented:
        publish(Path(release.path))
    return invented[-1]
