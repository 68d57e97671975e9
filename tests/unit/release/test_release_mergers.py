"""Mergers from the files to the release: training inherited, two towns as one, verified."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
from tests.unit.release.small_union import ALPHA, BETA, IDLE, TOWNS, add_lines, small_union

from otdacha.panel import build_cells
from otdacha.records import check
from otdacha.release import State, build, verify

CREATED = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


def test_a_release_after_mergers_names_the_successors_and_keeps_every_case(tmp_path: Path) -> None:
    workspace = small_union(tmp_path)
    rules = workspace.methodology_path.read_text("utf-8")  # three towns are few: one is heavier now
    rules = rules.replace("degrees_of_freedom = 2.0", "degrees_of_freedom = 1.0")
    rules = rules.replace("degrees_of_freedom = 4.0", "degrees_of_freedom = 3.0")
    workspace.methodology_path.write_text(rules, "utf-8")
    before = build_cells(workspace, workspace.methodology())
    add_lines(
        workspace,
        "providers",
        [
            "ИНН;Наименование;Тип;Регион;Правопреемник;Дата реорганизации",
            f"{ALPHA};Вымышленная академия «Альфа»;университет;Край;{IDLE};01.09.2024",
        ],
        tmp_path / "merged.csv",
    )
    add_lines(
        workspace,
        "municipalities",
        [
            "ОКТМО;Наименование;Регион;Макрорегион;Обучение учтено с;Действует по;ОКТМО преемника",
            f"{TOWNS[4]};Вымышленный 4;Край;Запад;2010-01-01;2024-08-31;{TOWNS[5]}",
        ],
        tmp_path / "towns.csv",
    )
    assert {(one.table, one.code, one.rows, one.serious) for one in check(workspace)} >= {
        ("providers", "merged_provider", 1, False),
        ("municipalities", "merged_municipality", 1, False),
    }
    after = build_cells(workspace, workspace.methodology())
    assert after.cells["n"].sum() == before.cells["n"].sum()
    assert after.cells["unit"].n_unique() == before.cells["unit"].n_unique()
    assert (before.cells["cluster"].n_unique(), after.cells["cluster"].n_unique()) == (8, 7)

    release = build(workspace, created=CREATED)
    providers = release.providers.select("provider", "state").rows()
    assert dict(providers).keys() == {BETA, IDLE}
    assert dict(providers)[IDLE] == State.PUBLISHED
    heir = release.providers.row(by_predicate=pl.col("provider") == IDLE, named=True)
    assert (heir["name"], heir["trained"]) == ("Вымышленная школа «Гамма»", 10)
    assert heir["municipalities"] == 4
    assert release.manifest["evaluation"]["municipalities"] == 7
    assert release.manifest["evaluation"]["mergers"] == [
        {"of": "municipalities", "predecessor": TOWNS[4], "successor": TOWNS[5]},
        {"of": "providers", "predecessor": ALPHA, "successor": IDLE},
    ]
    assert ALPHA not in release.effects["provider"].to_list()
    checked = verify(release.path)
    assert checked.recomputed
    assert checked.good
