"""Every test of the site once more, on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.servers import postgres, postgres_programs

PROGRAMS = postgres_programs()
FOLDER = str(Path(__file__).parent)
QUIETLY = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
INSIDE = "OTDACHA_TESTED_ON_POSTGRESQL"


@pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL here: apt-get install postgresql")
@pytest.mark.skipif(INSIDE in os.environ, reason="this is the run on PostgreSQL")
def test_the_site_does_the_same_on_postgresql() -> None:
    assert PROGRAMS is not None
    with postgres(PROGRAMS) as address:
        ended = subprocess.run(
            [
                sys.executable,
                *["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
                FOLDER,
            ],
            env={**os.environ, "OTDACHA_DATABASE": address, INSIDE: "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    assert passed is not None
    assert int(passed[1]) > 0
