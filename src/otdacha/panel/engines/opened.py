"""A workspace's records in the engine that its settings name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ibis

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.panel.engines.case_log import as_case_log, collated
from otdacha.panel.engines.postgres import Postgres
from otdacha.panel.tables import Tables
from otdacha.records import Workspace, current, frame
from otdacha.records.engine_settings import DuckDBSettings, PostgresSettings, SparkSettings

_READ = ("cases", "results", "municipalities", "staff", "training", "providers", "units")


@contextmanager
def opened(workspace: Workspace) -> Iterator[Tables]:
    """The tables of the workspace, open for as long as the context lasts.

    Raises WorkspaceProblem where the engine is not installed, cannot be reached, or its case log
    is not what it must be.
    """
    engine = workspace.engine
    if isinstance(engine, DuckDBSettings):
        with _in_duckdb(workspace, engine) as tables:
            yield tables
    elif isinstance(engine, SparkSettings):
        with _in_spark(workspace, engine) as tables:
            yield tables
    else:
        with _in_postgres(workspace, engine) as tables:
            yield tables


@contextmanager
def _in_duckdb(workspace: Workspace, settings: DuckDBSettings) -> Iterator[Tables]:
    with tempfile.TemporaryDirectory(dir=settings.overflow) as overflow:
        connection = ibis.duckdb.connect(
            temp_directory=overflow,
            memory_limit=settings.memory,
            preserve_insertion_order=False,
            **({} if settings.threads is None else {"threads": settings.threads}),
        )
        try:
            yield Tables(**{name: current(workspace, name, connection) for name in _READ})
        finally:
            connection.disconnect()


@contextmanager
def _in_spark(workspace: Workspace, settings: SparkSettings) -> Iterator[Tables]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise _not_installed("spark") from fault
    before = SparkSession.getActiveSession()
    builder = SparkSession.builder.appName("otdacha").master(settings.master)
    for key, value in {**spark_defaults(settings.master), **settings.conf}.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError) as fault:
        raise WorkspaceProblem(
            text(
                "Spark at {master} does not start ({fault}). It needs Java 17 (Debian: "
                "openjdk-17-jre-headless), and a master that can be reached.",
                master=settings.master,
                fault=str(fault).splitlines()[0],
            )
        ) from fault
    session.sparkContext.setLogLevel("ERROR")
    connection = ibis.pyspark.connect(session)
    try:
        yield _tables_in_spark(workspace, settings, connection, session)
    finally:
        if before is None:
            connection.disconnect()


def spark_defaults(master: str) -> dict[str, str]:
    """What a session is asked for where the settings do not say otherwise."""
    known = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        known |= {
            "spark.driver.host": "localhost",
            "spark.ui.enabled": "false",
            # Spark's 200 are for a cluster: here a small table spends most of its time on them
            "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 2)),
        }
    return known


def _tables_in_spark(
    workspace: Workspace, settings: SparkSettings, connection: Any, session: Any
) -> Tables:
    from pyspark.errors import AnalysisException

    tables = {name: current(workspace, name, connection) for name in _READ if name != "cases"}
    where = settings.cases
    if where is None:
        return Tables(cases=current(workspace, "cases", connection), **tables)
    try:
        rows = session.read.parquet(where) if "/" in where else session.table(where)
    except AnalysisException as fault:
        raise _no_case_log(where, str(fault).splitlines()[0]) from fault
    rows.createOrReplaceTempView("otdacha_case_log")
    return Tables(cases=as_case_log(connection.table("otdacha_case_log"), where), **tables)


@contextmanager
def _in_postgres(workspace: Workspace, settings: PostgresSettings) -> Iterator[Tables]:
    try:
        import psycopg
    except ImportError as fault:
        raise _not_installed("postgres") from fault
    try:
        server = psycopg.connect(settings.url or "", autocommit=True, application_name="otdacha")
    except psycopg.OperationalError as fault:
        raise WorkspaceProblem(
            text("The PostgreSQL server cannot be used: {fault}.", fault=_first_line(fault))
        ) from None
    except psycopg.ProgrammingError:  # quotes parts of the address, and a password is one
        raise WorkspaceProblem(
            text(
                "The address of the PostgreSQL server cannot be read. Special characters in a "
                "password are written as % and two digits; better, leave it to PGPASSWORD or a "
                ".pgpass file."
            )
        ) from None
    with server:
        connection = ibis.postgres.from_connection(server)
        engine = Postgres(connection)
        try:
            *schema, name = settings.cases.split(".")
            rows = connection.table(name, database=".".join(schema) or None)
        except (ibis.common.exceptions.TableNotFound, psycopg.Error) as fault:
            raise _no_case_log(settings.cases, _first_line(fault)) from None
        log = as_case_log(collated(rows, connection), settings.cases)
        others = {name: frame(workspace, name) for name in _READ if name != "cases"}
        try:
            yield Tables(cases=log, **{name: engine.lend(rows) for name, rows in others.items()})
        finally:
            engine.forget()


def _first_line(fault: Exception) -> str:
    return (str(fault).strip() or type(fault).__name__).splitlines()[0].rstrip(".")


def _not_installed(engine: str) -> WorkspaceProblem:
    return WorkspaceProblem(
        text(
            "The engine {engine} needs packages that are not installed. Install them: "
            'pip install "otdacha[{engine}]"',
            engine=engine,
        )
    )


def _no_case_log(where: str, fault: str) -> WorkspaceProblem:
    return WorkspaceProblem(
        text("The case log {where} cannot be read: {fault}.", where=where, fault=fault)
    )
