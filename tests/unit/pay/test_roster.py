"""The roster that pay is worked out for: every row of posts is in it or counted with its reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from otdacha.pay.people import FINANCES, ROSTER, finances, finances_of, roster, roster_of
from otdacha.records import FINDINGS, TABLES, add, create_workspace

TVER, OLD_TVER, PSKOV = "28701000", "28702000", "58701000"
DAY = dt.date(2020, 1, 1)


def table(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a table of records; what is not told is null."""
    schema = TABLES[name].columns
    return pl.DataFrame([dict.fromkeys(schema.names()) | row for row in rows], schema=schema)


def town(code: str, region: str = "Тверская область", **more: object) -> dict[str, object]:
    return {"municipality": code, "name": "Вымышленск", "region": region, **more}


def post(person: str, **more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "municipality": TVER,
        "person": person,
        "unit": "Архив",
        "position": "Консультант",
        "position_group": "ведущая",
        "share": 1.0,
        "started": DAY,
        "employment": "main",
    }
    return usual | more


def tables(*posts: dict[str, object], towns: tuple[dict[str, object], ...] = (town(TVER),)):
    return {
        "posts": table("posts", *posts),
        "municipalities": table("municipalities", *towns),
        "units": table("units"),
        "providers": table("providers"),
    }


def excluded(found) -> dict[str, int]:
    assert found.excluded["table"].unique().to_list() in ([], ["posts"])
    return dict(found.excluded.select("reason", "rows").iter_rows())


def test_a_post_is_told_in_whole_numbers():
    """0.333 of a post, 60.5 % and 12,500.55 roubles lose nothing."""
    row = post(
        "s1",
        share=0.333,
        special_rate=0.605,
        salary=12_500.55,
        position_group="Ведущая  группа должностей",
        employment="second",
        born=1980,
        sex="female",
        class_rank="Референт 1 класса",
    )
    found = roster_of(tables(row))
    assert found.posts.schema == ROSTER
    (only,) = found.posts.iter_rows(named=True)
    assert {name: value for name, value in only.items() if value is not None} == {
        "post": 0,
        "person": "s1",
        "municipality": TVER,
        "region": "Тверская область",
        "unit": "Архив",
        "position": "Консультант",
        "position_group": "ведущая",
        "share": 333,
        "class_rank": "Референт 1 класса",
        "special_rate": 6_050,
        "salary": 1_250_055,
        "born": 1980,
        "sex": "female",
        "started": DAY,
        "main": False,
    }
    assert found.excluded.is_empty()


def test_every_row_is_in_the_roster_or_counted_with_a_reason_that_has_words():
    rows = (
        post("s1"),
        post("s1", position="Архивист", share=0.5, employment="second"),
        post("s2", position="А"),
        post("s2", position="Б", share=0.2),
        post("s3", started=dt.date(2020, 5, 1)),
        post("s3"),
        post("s4"),
        post("s4", position="Архивист", share=0.6, employment="second"),
        post("s5", position_group=None),
        post("s6", municipality=PSKOV),
        post("?7"),
        post("s8", ended=dt.date(2020, 12, 31)),
        post("s8", position="Архивист", started=dt.date(2021, 1, 1)),
    )
    found = roster_of(tables(*rows))
    assert excluded(found) == {
        "two_main_posts": 2,
        "same_post_twice": 2,
        "more_than_one_and_a_half": 2,
        "no_position_group": 1,
        "unknown_municipality": 1,
        "person_in_doubt": 1,
    }
    assert set(excluded(found)) <= set(FINDINGS)
    assert found.posts["person"].to_list() == ["s1", "s1", "s8", "s8"]
    assert found.posts["post"].to_list() == [0, 1, 2, 3]
    assert found.posts.height + found.excluded["rows"].sum() == len(rows)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ВЫСШАЯ", "высшая"),
        ("Главные должности муниципальной службы", "главная"),
        ("старшая группа", "старшая"),
        ("младшая", "младшая"),
        ("Технический персонал", "технический персонал"),
    ],
)
def test_position_groups_are_folded_to_the_words_of_the_law(written, folded):
    found = roster_of(tables(post("s1", position_group=written)))
    assert found.posts["position_group"].to_list() == [folded]


def test_a_town_that_has_merged_stands_under_its_successor_in_whose_region_it_lies_now():
    towns = (
        town(OLD_TVER, region="Калининская область", successor=TVER),
        town(TVER),
    )
    found = roster_of(tables(post("s1", municipality=OLD_TVER), post("s2"), towns=towns))
    told = found.posts.select("municipality", "region", "unit", "person").rows()
    assert told == [
        (TVER, "Тверская область", f"{OLD_TVER}/Архив", "s1"),
        (TVER, "Тверская область", "Архив", "s2"),
    ]


def test_no_posts_make_an_empty_roster():
    found = roster_of(tables())
    assert found.posts.schema == ROSTER
    assert found.posts.height == found.excluded.height == 0


def test_the_roster_does_not_depend_on_the_order_of_rows():
    rows = [post("s2"), post("s1"), post("s3", unit="Загс")]
    assert roster_of(tables(*rows)).posts.equals(roster_of(tables(*reversed(rows))).posts)


def test_money_is_in_kopecks_and_what_is_not_known_stays_unknown():
    known = table(
        "finances",
        {"municipality": TVER, "year": 2025, "grants_share": 0.184, "norm": 45_000_000.55},
        {"municipality": TVER, "year": 2024, "available": 0.0},
    )
    found = finances_of({"finances": known, "municipalities": table("municipalities", town(TVER))})
    assert found.schema == FINANCES
    assert found.rows() == [
        (TVER, 2024, None, None, 0),
        (TVER, 2025, 0.184, 4_500_000_055, None),
    ]


def test_merged_towns_add_up_their_money_and_the_larger_share_of_grants_counts():
    towns = table("municipalities", town(OLD_TVER, successor=TVER), town(TVER))
    known = table(
        "finances",
        {"municipality": TVER, "year": 2025, "grants_share": 0.1, "norm": 10.0, "available": 1.0},
        {"municipality": OLD_TVER, "year": 2025, "grants_share": 0.3, "norm": 5.5},
    )
    found = finances_of({"finances": known, "municipalities": towns})
    assert found.rows() == [(TVER, 2025, 0.3, 1_550, None)]


def test_files_become_a_roster_and_the_money_of_its_town(tmp_path: Path):
    workspace = create_workspace(tmp_path / "union")
    files = {
        "municipalities": f"ОКТМО;Город;Регион\n{TVER};Вымышленск;Тверская область\n",
        "posts": "ОКТМО;СНИЛС;Отдел;Должность;Группа должностей;Ставка;Особые условия, %;"
        "Дата приёма\n"
        f"{TVER};112-233-445 95;Архив;Консультант;Ведущая группа;0,5;90;09.01.2020\n"
        f"{TVER};087-654-303 00;Архив;Консультант;;1;90;09.01.2020\n",
        "finances": f"ОКТМО;Год;Доля дотаций, %\n{TVER};2025;18,4\n",
    }
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, "utf-8")
        assert add(workspace, name, tmp_path / f"{name}.csv").rejected == 0
    found = roster(workspace)
    told = found.posts.select("region", "position_group", "share", "special_rate", "main").rows()
    assert told == [("Тверская область", "ведущая", 500, 9_000, True)]
    assert excluded(found) == {"no_position_group": 1}
    assert finances(workspace).rows() == [(TVER, 2025, 0.184, None, None)]
