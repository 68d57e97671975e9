"""Each server is started once for all tests that need it."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines import servers


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    programs = servers.postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server here (tools/engines.sh installs it where root)")
    with servers.postgres(programs) as url:
        yield url


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("no Java here (tools/engines.sh installs it where root)")
    assert importlib.util.find_spec("pyspark"), "pyspark is in the lock"
    session = servers.spark()
    yield session
    session.stop()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Any]:
    """A connection of its own to the server."""
    import ibis
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as server:
        yield ibis.postgres.from_connection(server)


@pytest.fixture(scope="session")
def spark(spark_session: Any) -> Any:
    import ibis

    return ibis.pyspark.connect(spark_session)
