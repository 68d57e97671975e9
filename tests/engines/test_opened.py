"""A workspace whose settings name another engine: the same panel, or plain words why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.errors import WorkspaceProblem
from otdacha.panel import Panel, build_cells, write_panel
from otdacha.records import Workspace, add, create_workspace, frame, open_workspace, rotate_key
from otdacha.records.pseudonyms import badge, person_by_snils
from tests.engines.servers import PASSWORD

TOWN = "28701000"
SNILS = ("112-233-445 95", "087-654-303 00")
FILES = {
    "municipalities": "municipality,name,region,macroregion,training_known_from\n"
    f"{TOWN},Придуманск,Область,Центр,2015-01-01\n",
    "staff": "municipality,snils,badge,unit,started\n"
    + "".join(
        f"{TOWN},{snils},{number},Отдел,2015-01-01\n" for number, snils in enumerate(SNILS, 1)
    ),
    "training": f"snils,provider,started,finished,hours\n{SNILS[0]},7707083893,2024-01-10,"
    "2024-01-20,72\n",
    "cases": "municipality,case,unit,executor_badge,service,opened,closed,limit_days,day_kind,"
    "repeated\n"
    + "".join(
        f"{TOWN},{k},Отдел,{k % 2 + 1},Справка,2024-{1 + k % 6:02}-10,2024-{1 + k % 6:02}-"
        f"{11 + k % 15},5,working,{k % 3 == 0}\n"
        for k in range(60)
    ),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "union")
    for table, content in FILES.items():
        (tmp_path / f"{table}.csv").write_text(content, "utf-8")
        assert add(made, table, tmp_path / f"{table}.csv").rejected == 0
    return made


def reopened(workspace: Workspace, engine: str, sections: str) -> Workspace:
    file = workspace.path / "otdacha.toml"
    settings = file.read_text("utf-8").replace('engine = "duckdb"', f'engine = "{engine}"')
    file.write_text(settings + sections, "utf-8")
    return open_workspace(workspace.path)


def same(one: Panel, other: Panel) -> None:
    assert one.cells.height > 0
    assert one.exposure.height > 0
    for name in ("cells", "exposure", "reach", "excluded", "mergers"):
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def served(postgres: Any, log: pl.DataFrame, name: str = "mfc.cases") -> None:
    """The case log as a table of the server."""
    kinds = {pl.String: "text", pl.Int64: "int", pl.Date: "timestamp", pl.Boolean: "boolean"}
    kept = log.drop("_batch", "_row", "cancelled")  # a column that may be empty may be absent
    columns = ", ".join(f'"{column}" {kinds[kind]}' for column, kind in kept.schema.items())
    with postgres.con.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS mfc CASCADE; CREATE SCHEMA mfc")
        cursor.execute(f"CREATE TABLE {name} ({columns})")
        places = ", ".join(["%s"] * kept.width)
        cursor.executemany(f"INSERT INTO {name} VALUES ({places})", kept.rows())


def test_a_log_that_lies_in_postgres_makes_the_panel_of_the_workspace(
    workspace: Workspace, postgres: Any, postgres_url: str
) -> None:
    rules = workspace.methodology()
    served(postgres, frame(workspace, "cases"))
    section = f'[postgres]\nurl = "{postgres_url}"\ncases = "mfc.cases"\n'
    here = build_cells(workspace, rules)
    same(build_cells(reopened(workspace, "postgres", section), rules), here)


def test_spark_reads_the_files_of_the_workspace_or_a_log_that_lies_elsewhere(
    workspace: Workspace, spark: Any, tmp_path: Path
) -> None:
    rules = workspace.methodology()
    here = build_cells(workspace, rules)
    there = reopened(workspace, "spark", '[spark]\nmaster = "local[2]"\n')
    same(build_cells(there, rules), here)
    log = frame(workspace, "cases").drop("case", "_batch", "_row")
    log.write_parquet(tmp_path / "log.parquet")
    file = workspace.path / "otdacha.toml"
    elsewhere = f'cases = "file:{tmp_path}/log.parquet"\n'
    file.write_text(file.read_text("utf-8") + elsewhere, "utf-8")
    same(build_cells(open_workspace(workspace.path), rules), here)


def test_the_panel_goes_straight_to_parquet_with_its_schemas_and_its_order(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otdacha.panel.leaving.ROWS_AT_ONCE", 6)  # one unit at a time
    rules = workspace.methodology()
    here = build_cells(workspace, rules)
    write_panel(workspace, rules, tmp_path / "panel")
    for name in ("cells", "exposure", "reach", "excluded", "mergers"):
        written = pl.read_parquet(tmp_path / f"panel/{name}.parquet")
        assert_frame_equal(written, getattr(here, name), check_exact=True)
    order = ["indicator", "stratum", "unit", "month"]
    assert here.cells["unit"].n_unique() == 2
    assert_frame_equal(here.cells, here.cells.sort(order))
    assert sorted(file.name for file in (tmp_path / "panel").iterdir()) == [
        "cells.parquet",
        "excluded.parquet",
        "exposure.parquet",
        "mergers.parquet",
        "reach.parquet",
    ]


def test_a_folder_that_cannot_be_written_is_named(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceProblem, match="file: the panel cannot be written here"):
        write_panel(workspace, workspace.methodology(), tmp_path / "file")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE mfc.cases DROP COLUMN opened", "no column opened"),
        ("ALTER TABLE mfc.cases ALTER COLUMN repeated TYPE text", "repeated (string)"),
        ("UPDATE mfc.cases SET unit = NULL WHERE \"case\" < '2'", "rows with no unit: "),
        ("UPDATE mfc.cases SET closed = opened - interval '1 day'", "a day of closing before"),
        ("DROP TABLE mfc.cases", "mfc.cases cannot be read"),
    ],
)
def test_a_log_that_cells_cannot_be_made_of_is_refused_with_what_is_wrong(
    workspace: Workspace, postgres: Any, postgres_url: str, change: str, said: str
) -> None:
    served(postgres, frame(workspace, "cases"))
    postgres.con.execute(change)
    section = f'[postgres]\nurl = "{postgres_url}"\ncases = "mfc.cases"\n'
    there = reopened(workspace, "postgres", section)
    with pytest.raises(WorkspaceProblem) as refused:
        build_cells(there, there.methodology())
    assert said in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://otdacha:{PASSWORD}@localhost:1/nowhere",
        f"postgresql://otdacha:{PASSWORD}%zz@localhost:1/nowhere",
    ],
    ids=["nobody listens", "a bad address"],
)
def test_a_password_stands_in_no_message(workspace: Workspace, url: str) -> None:
    section = f'[postgres]\nurl = "{url}"\ncases = "mfc.cases"\n'
    there = reopened(workspace, "postgres", section)
    assert PASSWORD not in repr(there)
    with pytest.raises(WorkspaceProblem) as refused:
        build_cells(there, there.methodology())
    assert "PostgreSQL" in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_a_view_with_pseudonyms_made_inside_the_database_makes_the_same_panel(
    workspace: Workspace, postgres: Any, postgres_url: str
) -> None:
    """The SQL of docs/scale.md, word for word, against the pseudonyms of the door."""
    page = (Path(__file__).parents[2] / "docs/scale.md").read_text("utf-8")
    functions, view = (block.split("```")[0] for block in page.split("```sql\n")[1:])
    rotate_key(workspace)
    keys = workspace.pseudonym_keys()
    assert len(keys) == 2
    rows = frame(workspace, "cases").sort("_row")
    with postgres.con.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS mfc CASCADE; CREATE SCHEMA mfc")
        cursor.execute(functions)
        cursor.executemany("INSERT INTO otdacha.secret VALUES (%s, %s)", enumerate(keys, start=1))
        cursor.execute(
            "CREATE TABLE mfc.requests (oktmo text, department text, personnel_number text, "
            "service text, accepted_at timestamptz, days_allowed int, issued_at timestamptz, "
            "was_here_before boolean)"
        )
        cursor.executemany(
            "INSERT INTO mfc.requests VALUES (%s, 'Отдел', %s, 'Справка', %s, 5, %s, %s)",
            [
                (TOWN, f"00{k % 2 + 1}.0", row["opened"], row["closed"], row["repeated"])
                for k, row in enumerate(rows.to_dicts())
            ],
        )
        cursor.execute(view)
        for snils, number in zip(SNILS, ("0012 ", "А-7.0"), strict=True):
            made = cursor.execute(
                "SELECT otdacha.person(%s), otdacha.badge(%s, %s)", [snils, TOWN, number]
            ).fetchone()
            towns, numbers = pl.Series([TOWN]), pl.Series([number])
            assert made == (
                person_by_snils(pl.Series([snils]), keys).value[0],
                badge(towns, numbers, keys)[0],
            )
    rules = workspace.methodology()
    here = build_cells(workspace, rules)
    section = f'[postgres]\nurl = "{postgres_url}"\ncases = "mfc.cases"\n'
    same(build_cells(reopened(workspace, "postgres", section), rules), here)
