"""Posts and money for pay: every rule by a row that breaks it alone, clashes by small rosters."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from otdacha.records import add, check, frame, load_profile, rejected_rows
from otdacha.records.held_at_once import READ, held_at_once
from otdacha.records.shares import as_birth_years, as_percents, as_post_shares
from tests.unit.records.conftest import OTHER_SNILS, SNILS, TOWN

POSTS = (
    "ОКТМО;СНИЛС;Дата рождения;Подразделение;Должность;Группа должностей;Ставка;Оклад;"
    "Надбавка за особые условия, %;Стаж МС с;Северный стаж с;Пол;Дата приёма;Дата увольнения;"
    "Вид занятости"
)
GOOD = {
    "ОКТМО": TOWN,
    "СНИЛС": SNILS,
    "Дата рождения": "01.02.1980",
    "Подразделение": "Архив",
    "Должность": "Консультант",
    "Группа должностей": "ведущая",
    "Ставка": "1",
    "Оклад": "12 500,50",
    "Надбавка за особые условия, %": "60 %",
    "Стаж МС с": "01.09.2012",
    "Пол": "жен.",
    "Дата приёма": "09.01.2020",
    "Вид занятости": "Основное место работы",
}
FINANCES = "ОКТМО;Год;Доля дотаций, %;Норматив на оплату труда, руб.;Можно добавить, руб."


def post(**changed: str) -> str:
    """The good row, with cells changed by header."""
    row = {**GOOD, **changed}
    return ";".join(row.get(header, "") for header in POSTS.split(";"))


def reasons(workspace, batch):
    return rejected_rows(workspace, batch.id).select("column", "reason").rows()


def test_a_post_is_stored_with_the_year_of_birth_only(workspace, write):
    assert add(workspace, "posts", write(POSTS, post())).reasons == {}
    (row,) = frame(workspace, "posts").drop("person", "_batch", "_row").iter_rows(named=True)
    assert {name: value for name, value in row.items() if value is not None} == {
        "municipality": TOWN,
        "unit": "Архив",
        "position": "Консультант",
        "position_group": "ведущая",
        "share": 1.0,
        "salary": 12_500.5,
        "special_rate": 0.6,
        "service_from": dt.date(2012, 9, 1),
        "born": 1980,
        "sex": "female",
        "started": dt.date(2020, 1, 9),
        "employment": "main",
    }


def test_the_day_of_birth_lies_nowhere_in_the_workspace(workspace, write):
    """Neither of the row that is stored nor of the one that is rejected."""
    header = POSTS + ";Год рождения"
    other = post(СНИЛС=OTHER_SNILS, **{"Дата рождения": "", "Стаж МС с": ""})
    rows = (post() + ";", other + ";17.03.2019", other + ";17.13.2019")
    batch = add(workspace, "posts", write(header, *rows))
    assert reasons(workspace, batch) == [
        ("started", "hired_before_birth"),
        ("born", "impossible_date"),
    ]
    told = "".join(
        str(pl.read_parquet(file).rows()) if file.suffix == ".parquet" else file.read_text("utf-8")
        for file in workspace.path.rglob("*")
        if file.is_file() and file.suffix in (".parquet", ".json", ".toml", ".csv")
    )
    assert "1980" in told
    assert not any(day in told for day in ("01.02.1980", "1980-02-01", "17.03.2019", "17.13.2019"))


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"Оклад": "-5000"}, "salary", "negative_salary"),
        ({"Оклад": "0"}, "salary", "negative_salary"),
        ({"Оклад": "10 000 000"}, "salary", "number_too_large"),
        ({"Стаж МС с": "01.09.2092"}, "service_from", "date_in_the_future"),
        ({"Северный стаж с": "01.09.2092"}, "north_from", "date_in_the_future"),
        ({"Оклад": "12.500"}, "salary", "not_kopecks"),
        ({"Надбавка за особые условия, %": "201"}, "special_rate", "rate_out_of_range"),
        ({"Надбавка за особые условия, %": "-10"}, "special_rate", "rate_out_of_range"),
        ({"Надбавка за особые условия, %": "0,6"}, "special_rate", "perhaps_a_part"),
        ({"Надбавка за особые условия, %": "много"}, "special_rate", "not_a_percent"),
        ({"Ставка": "0"}, "share", "share_out_of_range"),
        ({"Ставка": "1,6"}, "share", "share_out_of_range"),
        ({"Ставка": "целая"}, "share", "not_a_share"),
        ({"Дата увольнения": "08.01.2020"}, "ended", "ended_before_started"),
        ({"Дата приёма": "09.01.1979", "Стаж МС с": ""}, "started", "hired_before_birth"),
        ({"Дата приёма": "09.01.1993", "Стаж МС с": ""}, "started", "hired_before_birth"),
        ({"Стаж МС с": "01.09.1979"}, "service_from", "served_before_birth"),
        ({"Северный стаж с": "01.09.1979"}, "north_from", "north_before_birth"),
        ({"Дата рождения": "31.02.1980"}, "birth_date", "impossible_date"),
        ({"Пол": "да"}, "sex", "not_a_sex"),
        ({"Вид занятости": "временно"}, "employment", "not_a_employment"),
        ({"СНИЛС": "", "Дата рождения": ""}, "snils", "no_identity"),
        ({"Дата приёма": ""}, "started", "missing"),
        ({"Должность": "Петрова Анна Ивановна"}, "position", "personal_data"),
    ],
)
def test_a_post_that_cannot_be_right_is_rejected(workspace, write, changed, column, reason):
    batch = add(workspace, "posts", write(POSTS, post(**changed)))
    assert reasons(workspace, batch) == [(column, reason)]


def test_what_a_person_leaves_out_has_its_usual_meaning(workspace, write):
    """A whole post, the main one; at 14 somebody may be hired; 200 % is the highest allowance."""
    rows = (
        post(**{"Ставка": "", "Вид занятости": "", "Оклад": "", "Пол": ""}),
        post(СНИЛС=OTHER_SNILS, **{"Дата приёма": "09.01.1994", "Стаж МС с": ""}),
        post(**{"Дата приёма": "10.01.2019", "Надбавка за особые условия, %": "200"}),
    )
    assert add(workspace, "posts", write(POSTS, *rows)).reasons == {}
    held = frame(workspace, "posts")
    assert held["share"].to_list() == [1.0, 1.0, 1.0]
    assert held["employment"].to_list() == ["main", "main", "main"]
    assert held["special_rate"].to_list() == [0.6, 0.6, 2.0]


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ("2025;18,4;45 000 000,00;0", []),
        ("2025;;;", []),
        ("2025;101;;", [("grants_share", "grants_out_of_range")]),
        ("2025;0,18;;", [("grants_share", "perhaps_a_part")]),
        ("2025;;-1;", [("norm", "negative_norm")]),
        ("2025;;;-1", [("available", "negative_available")]),
        ("25;;;", [("year", "not_a_year")]),
        ("2025;;89001234567;", [("norm", "bare_number")]),
    ],
)
def test_what_a_town_can_pay_is_read_or_rejected(workspace, write, cells, faults):
    batch = add(workspace, "finances", write(FINANCES, f"{TOWN};{cells}"))
    assert reasons(workspace, batch) == faults


def test_the_figures_of_a_year_are_stored_as_parts_and_roubles(workspace, write):
    row = f"{TOWN};2025 г.;18,4 %;45 000 000,50;2 500 000"
    add(workspace, "finances", write(FINANCES, row))
    held = frame(workspace, "finances").drop("_batch", "_row")
    assert held.rows() == [(TOWN, 2025, 0.184, 45_000_000.5, 2_500_000.0)]


def test_shares_of_a_post_are_understood_as_people_write_them():
    read = as_post_shares(pl.Series(["1", "0,5", "1/2", "50 %", "0,25 ставки", "полставки"]))
    assert read.value.to_list() == [1.0, 0.5, 0.5, 0.5, 0.25, None]
    assert read.fault.drop_nulls().to_list() == ["not_a_share"]


def test_a_small_number_without_the_sign_may_be_a_part_and_is_not_guessed():
    read = as_percents(pl.Series(["60", "60 %", "0", "0,6 %", "0,6", "2", "2,5"]))
    assert read.value.to_list() == [0.6, 0.6, 0.0, pytest.approx(0.006), None, None, 0.025]
    assert read.fault.drop_nulls().to_list() == ["perhaps_a_part", "perhaps_a_part"]


def test_of_a_birth_date_the_year_is_read():
    read = as_birth_years(pl.Series(["01.02.1980", "1980", "1980 г.", "1850", "давно"]))
    assert read.value.to_list() == [1980, 1980, 1980, None, None]
    assert read.fault.drop_nulls().to_list() == ["not_a_birth_year", "not_a_birth_year"]


MAIN, SECOND = "main", "second"


def held(*spells: tuple[str, float, str, str, str | None]) -> list[str | None]:
    """Clashes among the posts of one person: position, share, employment, first and last day."""
    rows = pl.DataFrame(
        [
            (TOWN, "s1", "Архив", position, "ведущая", share, started, ended, employment)
            for position, share, employment, started, ended in spells
        ],
        schema=dict.fromkeys(READ, pl.String) | {"share": pl.Float64},
        orient="row",
    ).with_columns(pl.col("started", "ended").str.to_date())
    return held_at_once(rows).to_list()


def test_a_second_post_beside_the_main_one_is_right_up_to_one_and_a_half():
    main = ("А", 1.0, MAIN, "2020-01-01", None)
    assert held(main, ("Б", 0.5, SECOND, "2021-01-01", None)) == [None, None]
    much = "more_than_one_and_a_half"
    assert held(main, ("Б", 0.6, SECOND, "2021-01-01", None)) == [much, much]


def test_only_posts_that_are_held_on_one_day_are_added_up():
    """The third begins when the second has ended; the sum is 1.5 throughout."""
    spells = (
        ("А", 1.0, MAIN, "2020-01-01", None),
        ("Б", 0.5, SECOND, "2021-01-01", "2021-12-31"),
        ("В", 0.5, SECOND, "2022-01-01", None),
    )
    assert held(*spells) == [None, None, None]
    later = (*spells[:2], ("В", 0.5, SECOND, "2021-12-31", None))
    assert held(*later) == ["more_than_one_and_a_half"] * 3


def test_two_main_posts_on_one_day_clash_and_one_after_the_other_does_not():
    first = ("А", 0.5, MAIN, "2020-01-01", "2020-06-30")
    assert held(first, ("Б", 0.5, MAIN, "2020-06-30", None)) == ["two_main_posts"] * 2
    assert held(first, ("Б", 0.5, MAIN, "2020-07-01", None)) == [None, None]


def test_a_short_post_inside_a_long_one_clashes_and_what_follows_it_does_too():
    """The third does not touch the second, but lies in the first as well."""
    spells = (
        ("А", 0.3, MAIN, "2020-01-01", None),
        ("Б", 0.3, MAIN, "2020-02-01", "2020-02-29"),
        ("В", 0.3, MAIN, "2021-01-01", None),
    )
    assert held(*spells) == ["two_main_posts"] * 3


def test_one_post_in_two_rows_is_told_as_such():
    spells = (("А", 1.0, MAIN, "2020-01-01", None), ("А", 1.0, MAIN, "2020-03-01", None))
    assert held(*spells) == ["same_post_twice"] * 2


def test_check_counts_what_only_several_rows_show(workspace, write):
    files = {
        "municipalities": ("ОКТМО;Город;Регион", f"{TOWN};Вымышленск;Тверская область"),
        "units": ("ОКТМО;Подразделение", f"{TOWN};Архив"),
        "posts": (
            POSTS,
            post(),
            post(**{"Должность": "Советник", "Дата приёма": "01.02.2020"}),
            post(СНИЛС=OTHER_SNILS, **{"Группа должностей": "", "Подразделение": "Загс"}),
        ),
        "finances": (FINANCES, f"{TOWN};2025;;;", "28703000;2025;;;"),
    }
    for table, rows in files.items():
        assert add(workspace, table, write(*rows, name=f"{table}.csv")).rejected == 0, table
    found = {(one.table, one.code): one.rows for one in check(workspace)}
    assert {key: rows for key, rows in found.items() if key[1] != "no_rows"} == {
        ("posts", "two_main_posts"): 2,
        ("posts", "no_position_group"): 1,
        ("posts", "unknown_unit"): 1,
        ("finances", "unknown_municipality"): 1,
    }


def test_the_profile_of_1c_reads_pay_out_of_a_list_of_staff(workspace, write_excel):
    path = write_excel(
        ["Список сотрудников (вымышлено)"],
        [
            *("Табельный №", "Сотрудник", "Подразделение", "Должность", "Группа", "Дата приёма"),
            *("Ставка", "Оклад", "Классный чин", "Образование", "Дата рождения", "СНИЛС"),
            *("Вид занятости", "Пол"),
        ],
        [
            *("00012", "Вымышленный Иван Петрович", "Архив", "Консультант"),
            *("Ведущая группа должностей", "09.01.2020", 1, 12500, "Референт 1 класса", "высшее"),
            *("01.02.1980", SNILS, "Основное место работы", "Муж"),
        ],
        [
            *("00012", "Вымышленный Иван Петрович", "Загс", "Архивист", "Младшие должности"),
            *("01.02.2021", 0.5, None, None, "высшее", "01.02.1980", SNILS),
            *("Внутреннее совместительство", "Муж"),
        ],
    )
    profile = load_profile("zkgu-pay")
    batch = add(workspace, "posts", path, profile=profile, constants={"municipality": TOWN})
    assert (batch.accepted, batch.reasons, batch.reading.ignored) == (2, {}, ("Образование",))
    columns = "position_group", "share", "salary", "class_rank", "born", "sex", "employment"
    assert frame(workspace, "posts").select(columns).rows() == [
        ("ведущая", 1.0, 12_500.0, "Референт 1 класса", 1980, "male", "main"),
        ("младшая", 0.5, None, None, 1980, "male", "second"),
    ]
