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
