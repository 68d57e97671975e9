"""What `otdacha.toml` says of the engine is checked before anything runs."""

from __future__ import annotations

import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import open_workspace
from otdacha.records.engine_settings import DuckDBSettings, PostgresSettings, SparkSettings


def opened(workspace, settings):
    (workspace.path / "otdacha.toml").write_text(settings, "utf-8")
    return open_workspace(workspace.path)


def test_without_a_word_duckdb_counts_within_three_gigabytes(workspace):
    assert workspace.engine == DuckDBSettings(memory="3GB", threads=None, overflow=None)


def test_each_engine_has_a_section_and_only_the_one_in_use_counts(workspace):
    sections = """
[duckdb]
memory = "500MB"
threads = 2
overflow = "disk"
[spark]
master = "yarn"
cases = "hdfs:///mfc/cases"
[spark.conf]
"spark.executor.memory" = "8g"
"spark.sql.adaptive.enabled" = true
[postgres]
url = "postgresql://otdacha@db/mfc"
cases = "mfc.cases"
"""
    by_duckdb = opened(workspace, 'engine = "duckdb"' + sections).engine
    assert by_duckdb == DuckDBSettings("duckdb", "500MB", 2, workspace.path / "disk")
    by_spark = opened(workspace, 'engine = "spark"' + sections).engine
    assert isinstance(by_spark, SparkSettings)
    assert (by_spark.master, by_spark.cases) == ("yarn", "hdfs:///mfc/cases")
    assert dict(by_spark.conf) == {
        "spark.executor.memory": "8g",
        "spark.sql.adaptive.enabled": "true",
    }
    by_postgres = opened(workspace, 'engine = "postgres"' + sections).engine
    assert by_postgres == PostgresSettings(cases="mfc.cases", url="postgresql://otdacha@db/mfc")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('engine = "oracle"', "engine is 'oracle', but may only be: duckdb, spark, postgres"),
        ('duckdb = "fast"', "duckdb must be a section of its own"),
        ('[duckdb]\nmemory = "much"', r'section \[duckdb\]: memory must be a size, like "3GB"'),
        ("[duckdb]\nmemory = 3", r"section \[duckdb\]: memory must be a text in quotes"),
        ("[duckdb]\nthreads = 0", "threads must be a whole number, 1 or more"),
        ("[duckdb]\nthreads = -1", "threads must be a whole number, 1 or more"),
        ("[duckdb]\nthreads = true", "threads must be a whole number, 1 or more"),
        ("[duckdb]\nram = 3", "nothing is called ram. Known: memory, threads, overflow"),
        ('[spark]\nconf = "x"', "conf must be a section of names and values"),
        ('[spark]\nmaster = ""', "master must be a text in quotes"),
        ('engine = "postgres"', "cases must be a table or view with its schema"),
        ('engine = "postgres"\n[postgres]\ncases = "a.b.c.d"', "cases must be a table or view"),
        (
            'engine = "postgres"\n[postgres]\ncases = "a.b"\nurl = "mysql://me:geheim@host/x"',
            "url must be an address like",
        ),
    ],
)
def test_wrong_settings_of_an_engine_say_where_and_what_was_expected(workspace, settings, said):
    with pytest.raises(WorkspaceProblem, match=said) as refused:
        opened(workspace, settings)
    assert "otdacha.toml" in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(("engine", "package"), [("spark", "pyspark"), ("postgres", "psycopg")])
def test_an_engine_that_is_not_installed_says_what_to_install(
    workspace, monkeypatch, engine, package
):
    import sys

    from otdacha.panel import build_cells

    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not there
    there = opened(workspace, f'engine = "{engine}"\n[postgres]\ncases = "mfc.cases"')
    with pytest.raises(WorkspaceProblem, match=rf'pip install "otdacha\[{engine}\]"'):
        build_cells(there, workspace.methodology())
