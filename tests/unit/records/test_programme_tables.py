"""Needs, offers, money and what became of them: every rule by a row that breaks it alone."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.errors import FileProblem
from otdacha.language import LANGUAGES
from otdacha.records import TABLES, add, check, frame, rejected_rows, write_corrections
from otdacha.records.choices import CHOICES, as_choice
from otdacha.records.money import as_holders, as_money, budget_code
from otdacha.records.values import as_expiry, as_years
from tests.unit.records.conftest import INN, OTHER_INN, OTHER_SNILS, SNILS, TOWN

CODE = "90107050110199990244"
NEEDS = "ОКТМО;№ заявки;СНИЛС;Ф.И.О.;Дата рождения;Таб. №;Кол-во человек;Вид потребности;Приоритет"
OFFERS = (
    "ИНН;Код предложения;Стоимость на 1 слушателя;Дата начала;Дата окончания;Мин. группа;Мест;"
    "Групп;Проезд, руб."
)
ATTENDANCE = "ОКТМО;СНИЛС;ИНН;Код предложения;Статус;Дата завершения"
BUDGETS = "Источник финансирования;Получатель;Год;КБК;Сумма, руб.;На что"
CONTRACTS = (
    "ОКТМО;№ контракта;ИНН исполнителя;Код предложения;Мест;Источник финансирования;КБК;"
    "Сумма, руб.;Дата заключения"
)
PAYMENTS = "ОКТМО;№ платежа;№ контракта;Источник;КБК;Дата оплаты;Сумма, руб."


def reasons(workspace, batch):
    """Column and reason of the rejected rows, by row of the file."""
    return rejected_rows(workspace, batch.id).select("row", "column", "reason").rows()


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (f"{SNILS};;;;3;аттестация;1", "people", "one_person_is_one"),
        (";;;7;3;аттестация;1", "people", "one_person_is_one"),
        (";;;;0;аттестация;1", "people", "nobody_needed"),
        (";;;;5;на всякий случай;1", "reason", "not_a_reason"),
        (";;;;5;;1", "reason", "missing"),
        (";;;;5;заявка;6", "priority", "priority_out_of_range"),
        (";Вымышленный И.П.;01.02.1980;;;заявка;1", "snils", "no_identity"),
        ("112-233-445 96;;;;;заявка;1", "snils", "bad_snils"),
    ],
)
def test_a_need_that_cannot_be_right_is_rejected(workspace, write, cells, column, reason):
    batch = add(workspace, "needs", write(NEEDS, f"{TOWN};1;{cells}"))
    assert reasons(workspace, batch) == [(2, column, reason)]


def test_a_need_may_name_a_person_a_badge_or_nobody(workspace, write):
    rows = (
        f"{TOWN};1;{SNILS};;;;;аттестация;1",
        f"{TOWN};2;;Вымышленный Иван Петрович;01.02.1980;;1;заявка руководителя;",
        f"{TOWN};3;;Вымышленный И.П.;;0012;;оценка компетенций;",
        f"{TOWN};4;;;;;5;слабый показатель;",
        f"{TOWN};5;;;;;;request;",
    )
    assert add(workspace, "needs", write(NEEDS, *rows)).rejected == 0
    needs = frame(workspace, "needs")
    assert needs["people"].to_list() == [1, 1, 1, 5, 1]
    assert needs["person"].str.head(1).to_list() == ["s", "n", None, None, None]
    assert needs["badge"].is_not_null().to_list() == [False, False, True, False, False]
    told = ["legal_duty", "request", "gap", "weak_indicator", "request"]
    assert needs["reason"].to_list() == told


def test_needs_without_any_column_about_people_are_read(workspace, write):
    batch = add(workspace, "needs", write("ОКТМО;№ заявки;Причина", f"{TOWN};1;аттестация"))
    assert (batch.accepted, frame(workspace, "needs")["people"].to_list()) == (1, [1])


def test_an_expected_change_needs_its_indicator(workspace, write):
    header = "ОКТМО;№ заявки;Причина;Показатель;Ожидаемое изменение"
    rows = (f"{TOWN};1;заявка;mkgu_queue;0,3", f"{TOWN};2;заявка;;0,3")
    batch = add(workspace, "needs", write(header, *rows))
    assert reasons(workspace, batch) == [(3, "indicator", "change_of_nothing")]


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ("15 000,00;01.03.2027;12.03.2027;10;25;2;8000", []),
        (
            "100;;;10;25;;",
            [("started", "no_date_of_offer"), ("finished", "no_date_of_offer")],
        ),
        ("-1;01.03.2027;12.03.2027;10;25;;", [("price", "negative_price")]),
        ("100;01.03.2027;12.03.2027;26;25;;", [("minimum_group", "minimum_above_places")]),
        ("100;01.03.2027;28.02.2027;10;25;;", [("finished", "finished_before_started")]),
        ("100;01.03.2027;12.03.2027;10;0;;", [("places", "no_places")]),
        ("100;01.03.2027;12.03.2027;0;25;;", [("minimum_group", "no_minimum_group")]),
        ("100;01.03.2027;12.03.2027;;25;0;", [("groups", "no_groups")]),
        ("100;01.03.2027;12.03.2027;;25;;-5", [("travel", "negative_travel")]),
        ("100,555;01.03.2027;12.03.2027;;25;;", [("price", "not_kopecks")]),
    ],
)
def test_an_offer_says_when_for_how_much_and_for_how_many(workspace, write, cells, faults):
    batch = add(workspace, "offers", write(OFFERS, f"{INN};A;{cells}"))
    assert reasons(workspace, batch) == [(2, *fault) for fault in faults]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("завершил обучение;", "finished", "finished_without_date"),
        ("завершил обучение;01.02.2099", "finished", "date_in_the_future"),
        ("зачислен;01.02.2024", "finished", "date_without_finish"),
        ("отчислен;01.02.2024", "finished", "date_without_finish"),
        ("неизвестно;", "status", "not_a_status"),
    ],
)
def test_attendance_has_a_last_day_when_it_is_finished_and_only_then(
    workspace, write, cells, column, reason
):
    batch = add(workspace, "attendance", write(ATTENDANCE, f"{TOWN};{SNILS};{INN};A;{cells}"))
    assert reasons(workspace, batch) == [(2, column, reason)]


def test_a_person_who_is_enrolled_again_has_one_row_the_newer(workspace, write):
    row = f"{TOWN};{SNILS};{INN};A"
    add(workspace, "attendance", write(ATTENDANCE, f"{row};зачислен;", name="a.csv"))
    later = write(ATTENDANCE, f"{row};завершил обучение;26.01.2024", name="b.csv")
    assert add(workspace, "attendance", later).superseding == 1
    assert frame(workspace, "attendance")["status"].to_list() == ["finished"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (f"местный бюджет;28700;2027;{CODE};5;", "holder", "bad_holder"),
        ("местный бюджет;;2027;9010705;5;", "code", "bad_budget_code"),
        (f"местный бюджет;;27;{CODE};5;", "year", "not_a_year"),
        (f"местный бюджет;;2027;{CODE};-5;", "amount", "negative_amount"),
        (f"местный бюджет;;2027;{CODE};15.000;", "amount", "not_kopecks"),
        (f"местный бюджет;;2027;{CODE};89001234567;", "amount", "bare_number"),
        (f"местный бюджет;;2027;{CODE};8765430300,0;", "amount", "bare_number"),
        (f"местный бюджет;;2027;{CODE};5 000 000 000 000;", "amount", "number_too_large"),
        (f"спонсор;;2027;{CODE};5;", "source", "not_a_source"),
        (f"местный бюджет;;2027;{CODE};5;питание", "pays_for", "not_a_pays_for"),
        (f"местный бюджет;Иванов Иван Иванович;2027;{CODE};5;", "holder", "personal_data"),
    ],
)
def test_a_budget_line_that_cannot_be_right_is_rejected(workspace, write, cells, column, reason):
    batch = add(workspace, "budgets", write(BUDGETS, cells))
    assert reasons(workspace, batch) == [(2, column, reason)]


def test_a_budget_line_stands_once_whatever_of_its_key_is_empty(workspace, write):
    rows = (
        f"местный бюджет;{TOWN};2027;901 0705 01.1.01.99990 244;500 000,10;",
        "бюджет субъекта РФ;Тверская область;2027 год;;1000000;обучение",
        "бюджет субъекта РФ;Тверская область;2027;;2000000;обучение",
        "ФБ;все;2027;;6 000 000 000;Всё",
    )
    batch = add(workspace, "budgets", write(BUDGETS, *rows))
    assert [reason for *_, reason in reasons(workspace, batch)] == ["repeated_key"]
    held = frame(workspace, "budgets").select(
        "source", "holder", "year", "code", "amount", "pays_for"
    )
    assert held.rows() == [
        ("municipal", TOWN, 2027, CODE, 500_000.10, None),
        ("regional", "Тверская область", 2027, None, 1_000_000.0, "fee"),
        ("federal", None, 2027, None, 6e9, None),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("901 0705 01.1.01.99990 244", CODE),
        ("000-0705-12Э01L5760-244", "000070512Э01L5760244"),
        ("00007051200А5760П244", "00007051200A5760П244"),  # A is Latin afterwards
        ("9010705011019999024", None),
        ("9010705011019999024A", None),
        ("9,0107050110199990e19", None),
    ],
)
def test_a_budget_code_has_twenty_signs(cell, code):
    assert budget_code(cell) == code


def test_sums_have_kopecks_and_nothing_smaller():
    cells = ["15 000,50", "15000.5 руб.", "1,234,567.89", "0,1", "15.000", "5,555", "1e3", "много"]
    read = as_money(pl.Series(cells))
    assert read.value.to_list() == [15_000.5, 15_000.5, 1_234_567.89, 0.1, None, None, 1e3, None]
    assert read.fault.drop_nulls().to_list() == ["not_kopecks", "not_kopecks", "not_a_number"]


def test_a_holder_is_a_code_or_a_name_or_everybody():
    read = as_holders(pl.Series([TOWN, "28701000001", "Тверская область", "Все", "2870", None]))
    assert read.value.to_list() == [TOWN, TOWN, "Тверская область", None, None, None]
    assert read.fault.to_list() == [None, None, None, None, "bad_holder", None]


def test_a_licence_without_end_has_no_last_day():
    read = as_expiry(pl.Series(["31.12.2030", "бессрочно", "Бессрочная", "потом"]))
    assert read.value.cast(pl.String).to_list() == ["2030-12-31", None, None, None]
    assert read.fault.to_list() == [None, None, None, "not_a_date"]


def test_a_year_is_a_year():
    assert as_years(pl.Series(["2027", "2027 г.", "27", "3027"])).value.to_list() == [
        2027,
        2027,
        None,
        None,
    ]


@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_answer_is_called_is_understood(kind, language):
    """Templates offer these names: a file filled in must come back whole."""
    names = pl.Series([name.said(language) for name in CHOICES[kind].values()])
    assert as_choice(kind, names).value.to_list() == list(CHOICES[kind])


def test_no_personal_data_gets_in_by_a_text_of_the_new_tables(workspace, write):
    header = "ОКТМО;№ заявки;Причина;Тема;Показатель"
    rows = (
        f"{TOWN};1;заявка;Иванова Анна Сергеевна;",
        f"{TOWN};2;заявка;закупки;+7 900 123-45-67",
    )
    batch = add(workspace, "needs", write(header, *rows))
    assert [reason for *_, reason in reasons(workspace, batch)] == ["personal_data"] * 2
    assert batch.accepted == 0


def test_sums_in_thousands_are_not_taken_for_roubles(workspace, write):
    header = BUDGETS.replace("Сумма, руб.", "Сумма, тыс. руб.")
    with pytest.raises(FileProblem, match="needs a column amount"):
        add(workspace, "budgets", write(header, "ФБ;;2027;;5;"))


def test_a_rejected_offer_comes_back_corrected(workspace, write, tmp_path):
    import openpyxl

    source = write(OFFERS, f"{INN};A;100;01.03.2027;12.03.2027;26;25;;")
    batch = add(workspace, "offers", source)
    path = tmp_path / "correct.xlsx"
    write_corrections(workspace, batch.id, source, path)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    (header,) = (row for row in page.iter_rows() if any(c.value == "Мин. группа" for c in row))
    at = next(cell.column for cell in header if cell.value == "Мин. группа")
    page.cell(header[0].row + 1, at).value = "10"
    book.save(path)
    again = add(workspace, "offers", path)
    assert (again.accepted, again.corrects) == (1, batch.id)
    assert frame(workspace, "offers")["minimum_group"].to_list() == [10]


def test_check_follows_the_links_between_the_tables(workspace, write):
    """One row of each kind leads somewhere, one leads nowhere."""
    files = {
        "municipalities": ("ОКТМО;Город;Регион", f"{TOWN};Вымышленск;Тверская область"),
        "units": ("ОКТМО;Подразделение", f"{TOWN};Архив"),
        "staff": (
            "ОКТМО;СНИЛС;Таб. №;Подразделение;Дата приёма",
            f"{TOWN};{SNILS};12;Архив;09.01.2020",
        ),
        "providers": (
            "ИНН;Наименование;Лицензия до",
            f"{INN};Центр (вымышлен);01.02.2027",
        ),
        "programmes": ("ИНН;Программа", f"{INN};П-1"),
        "needs": (
            "ОКТМО;№ заявки;СНИЛС;Таб. №;Отдел;Причина",
            f"{TOWN};1;{SNILS};;Архив;заявка",
            f"{TOWN};2;{OTHER_SNILS};;Архив;заявка",
            f"{TOWN};3;;0012;Архив;заявка",
            f"{TOWN};4;;13;Архив;заявка",
            f"{TOWN};5;;;Загс;заявка",
            "28703000;6;;;;заявка",
        ),
        "offers": (
            "ИНН;Код предложения;Программа;Цена;Дата начала;Дата окончания;Мест;"
            "ОКТМО места обучения",
            f"{INN};A;П-1;100;01.02.2027;01.02.2027;25;{TOWN}",
            f"{INN};B;П-2;100;01.02.2027;02.02.2027;25;28703000",
            f"{OTHER_INN};C;;100;01.02.2027;02.02.2027;25;",
        ),
        "budgets": (
            BUDGETS,
            f"МБ;{TOWN};2027;{CODE};5;",
            "ОБ;Тверская область;2027;;5;",
            "ОБ;Тверская обл.;2027;;5;",
        ),
        "contracts": (
            CONTRACTS,
            f"{TOWN};1;{INN};A;2;МБ;{CODE};5;10.01.2024",
            f"{TOWN};1;{INN};A;2;ОБ;;5;10.01.2024",
            f"{TOWN};2;{INN};A;2;МБ;{CODE};5;10.01.2024",
            f"{TOWN};2;{INN};A;3;ОБ;{CODE};5;10.01.2024",
            f"{TOWN};3;{INN};Z;3;ОБ;;5;10.01.2024",
        ),
        "attendance": (
            ATTENDANCE,
            f"{TOWN};{SNILS};{INN};A;обучается;",
            f"{TOWN};{OTHER_SNILS};{INN};Z;обучается;",
        ),
        "payments": (
            PAYMENTS,
            f"{TOWN};1;1;МБ;{CODE};10.02.2024;5",
            f"{TOWN};2;1;ФБ;{CODE};10.02.2024;5",
            f"{TOWN};3;9;МБ;{CODE};10.02.2024;5",
        ),
    }
    for table, rows in files.items():
        assert add(workspace, table, write(*rows, name=f"{table}.csv")).rejected == 0, table
    found = {(one.table, one.code): one.rows for one in check(workspace)}
    assert {key: rows for key, rows in found.items() if key[1] != "no_rows"} == {
        ("needs", "unknown_municipality"): 1,
        ("needs", "unknown_unit"): 1,
        ("needs", "not_on_staff"): 2,
        ("offers", "unknown_provider"): 1,
        ("offers", "unknown_programme"): 1,
        ("offers", "unknown_town"): 1,
        ("offers", "licence_ended"): 1,
        ("budgets", "unknown_holder"): 1,
        ("contracts", "unknown_offer"): 1,
        ("contracts", "contradicting_contract"): 2,
        ("contracts", "unknown_budget_code"): 1,
        ("attendance", "not_on_staff"): 1,
        ("attendance", "unknown_offer"): 1,
        ("payments", "unknown_contract"): 1,
        ("payments", "unknown_budget_code"): 1,
    }


def test_a_person_of_whom_nobody_knows_who_it_is_is_told(workspace, write):
    """Two СНИЛС with one name and birth date: a need by that name is nobody's."""
    name = "Вымышленный Иван Петрович;01.02.1980"
    staff = "ОКТМО;СНИЛС;ФИО;Дата рождения;Подразделение;Дата приёма"
    rows = (
        f"{TOWN};{SNILS};{name};Архив;09.01.2020",
        f"{TOWN};{OTHER_SNILS};{name};Архив;09.01.2020",
    )
    add(workspace, "staff", write(staff, *rows))
    need = write("ОКТМО;№ заявки;ФИО;Дата рождения;Причина", f"{TOWN};1;{name};заявка")
    add(workspace, "needs", need)
    assert frame(workspace, "needs")["person"].str.head(1).to_list() == ["?"]
    codes = [one.code for one in check(workspace) if one.table == "needs"]
    assert codes == ["person_in_doubt"]


def test_only_needs_may_leave_the_person_out():
    named = {name for name, table in TABLES.items() if table.identifies_people}
    assert named == {"staff", "training", "needs", "attendance", "posts"}
    assert {name for name in named if not TABLES[name].requires_people} == {"needs"}
