"""A real PostgreSQL and a real Spark for the tests, started here and stopped afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PASSWORD = "geheim-7531"


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest PostgreSQL that is installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3])
    )
    return folders[-1].parent if folders else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """The address of a new server that listens on a socket in a temporary folder only.

    Its own order of texts is the Russian one: the panel must not depend on it.
    """
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        data = Path(folder) / "data"
        as_owner: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to be root
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

        def run(program: str, *words: str) -> None:
            subprocess.run(
                [programs / program, *words],
                check=True,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                **as_owner,
            )

        collation = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ru")
        run("initdb", "-D", str(data), "-U", "otdacha", "-A", "trust", "-E", "UTF8", *collation)
        settings = f"-k {folder} -c listen_addresses= -c fsync=off -c jit=off"
        run("pg_ctl", "-D", str(data), "-o", settings, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://otdacha:{PASSWORD}@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


def spark() -> Any:
    """A Spark session in this process, small enough for two processors."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "localhost",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.codegen.wholeStage": "false",
    }
    builder = SparkSession.builder.appName("otdacha tests").master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
