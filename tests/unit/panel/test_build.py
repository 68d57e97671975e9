"""From a workspace to a panel."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.language import Text
from otdacha.methodology import default_methodology
from otdacha.panel import CELLS, EXPOSURE, REACH, REASONS, Panel, Tables, build_cells, panel_of
from otdacha.panel.calendar import calendar
from otdacha.panel.cells import case_counts
from otdacha.records import TABLES, Workspace, add, create_workspace
from tests.unit.panel.making import case, frame, methodology, tables

TOWNS = (
    "municipality,name,region,macroregion,training_known_from\n"
    "28701000,Придуманск,Область,Центр,2020-01-01\n"
)
HEADER = "municipality,case,unit,service,opened,closed,limit_days,day_kind,repeated\n"
LOG = [
    f"28701000,{number},Отдел,Справка,2024-{1 + number % 6:02}-10,2024-0{1 + number % 6}-"
    f"{11 + number % 15},10,working,{number % 3 == 0}\n"
    for number in range(60)
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "union")
    add(made, "municipalities", written(tmp_path, "towns.csv", TOWNS))
    return made


def written(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, "utf-8")
    return file


def same(one: Panel, other: Panel) -> None:
    assert_frame_equal(one.cells, other.cells)
    assert_frame_equal(one.excluded, other.excluded)


def test_a_log_that_comes_in_two_batches_makes_the_same_cells(
    workspace: Workspace, tmp_path: Path
) -> None:
    whole = create_workspace(tmp_path / "whole")
    add(whole, "municipalities", tmp_path / "towns.csv")
    add(whole, "cases", written(tmp_path, "all.csv", HEADER + "".join(LOG)))
    add(workspace, "cases", written(tmp_path, "first.csv", HEADER + "".join(LOG[:23])))
    add(workspace, "cases", written(tmp_path, "second.csv", HEADER + "".join(LOG[23:])))
    rules = default_methodology()
    assert build_cells(whole, rules).cells["n"].sum() == 180
    same(build_cells(workspace, rules), build_cells(whole, rules))


def test_a_corrected_row_counts_instead_of_the_first(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace, "cases", written(tmp_path, "first.csv", HEADER + LOG[0]))
    corrected = LOG[0].replace("True", "False")
    add(workspace, "cases", written(tmp_path, "second.csv", HEADER + corrected))
    cells = build_cells(workspace, default_methodology()).cells
    assert cells.filter(indicator="repeat").select("n", "total").rows() == [(1, 0)]


def test_an_empty_workspace_makes_an_empty_panel(tmp_path: Path) -> None:
    panel = build_cells(create_workspace(tmp_path / "union"), default_methodology())
    assert dict(panel.cells.schema) == dict(CELLS)
    assert dict(panel.exposure.schema) == dict(EXPOSURE)
    assert dict(panel.reach.schema) == dict(REACH)
    assert panel.cells.is_empty()
    assert panel.excluded.is_empty()


def test_a_panel_has_the_promised_columns_in_the_promised_order() -> None:
    log = [
        case(f"2024-{month:02}-10", repeated=True, service=service, unit=unit)
        for month in (3, 1, 2)
        for service in ("Б", "А")
        for unit in ("Отдел", "Архив")
    ]
    panel = panel_of(tables(log), methodology())
    assert dict(panel.cells.schema) == dict(CELLS)
    key = ["stratum", "unit", "indicator", "month"]
    assert_frame_equal(panel.cells, panel.cells.sort(key))


def test_names_as_enumerations_are_the_same_names_in_the_same_order() -> None:
    log = [
        case(f"2024-{1 + k % 12:02}-{1 + k % 28:02}", unit=f"Отдел {k % 3}", service=f"У{k % 2}")
        for k in range(60)
    ]
    plain, coded = (panel_of(tables(log), methodology(), coded=kind) for kind in (False, True))
    names = ("unit", "municipality", "stratum", "cluster", "indicator")
    for name in names:
        kind = coded.cells.schema[name]
        assert isinstance(kind, pl.Enum)
        assert kind.categories.is_sorted()
    assert coded.cells.schema["unit"] == coded.exposure.schema["unit"]
    assert set(plain.cells["indicator"]) < set(coded.cells.schema["indicator"].categories)
    assert_frame_equal(coded.cells.cast(CELLS), plain.cells)
    assert_frame_equal(coded.exposure.cast(EXPOSURE), plain.exposure)


def test_it_says_how_far_it_is() -> None:
    said: list[tuple[str, int, int]] = []

    def listen(step: Text, done: int, total: int) -> None:
        said.append((step.said("en"), done, total))

    panel_of(tables([case("2024-03-04")]), methodology(), progress=listen)
    assert [done for _, done, _ in said] == [0, 1, 2, 3, 4]
    assert {total for _, _, total in said} == {4}


def test_every_reason_has_a_sentence() -> None:
    assert all(sentence.said("en").endswith(".") for sentence in REASONS.values())


def test_the_number_of_threads_changes_nothing(tmp_path: Path) -> None:
    log = [
        case(f"2024-{1 + k % 12:02}-{1 + k % 28:02}", repeated=k % 3 == 0, unit=f"Отдел {k % 7}")
        for k in range(300_000 // 100)
    ]
    file = tmp_path / "cases.parquet"
    pl.concat([frame("cases", log)] * 100).write_parquet(file, row_group_size=20_000)
    panels = []
    for threads in (1, 4):
        connection = ibis.duckdb.connect(threads=threads)
        known = tables()
        panels.append(
            panel_of(
                Tables(
                    connection.read_parquet(file),
                    known.results,
                    known.municipalities,
                    known.staff,
                    known.training,
                ),
                methodology(),
            )
        )
    assert panels[0].cells["n"].sum() == 300_000
    same(*panels)


@pytest.mark.parametrize("engine", ["pyspark", "postgres"])
def test_the_scan_of_the_case_log_can_be_said_to_other_engines(engine: str) -> None:
    """They are not installed here; that the expression has words in their SQL is what is tested."""
    days = calendar(dt.date(2024, 1, 1), dt.date(2024, 1, 31), default_methodology().working_days)
    counts = case_counts(
        ibis.table(TABLES["cases"].columns.to_frame().to_arrow().schema, name="cases"),
        ibis.table(
            {"municipality": "string", "town": "int", "placed": "bool", "last_day": "date"},
            name="towns",
        ),
        ibis.table(
            {
                "town": "int",
                "executor": "string",
                "from_day": "int",
                "to_day": "int",
                "person": "int",
                "fault": "int",
            },
            name="executors",
        ),
        ibis.table(days.to_arrow().schema, name="calendar"),
        default_methodology().indicators,
    )
    said = str(ibis.to_sql(counts, dialect=engine)).lower()
    assert "group by" in said
    assert not any(word in said for word in ("hash(", "approx", "median", "months_between"))
