"""Through the door: each row is accepted or rejected with its reasons."""

from __future__ import annotations

import datetime as dt

import pytest

from otdacha.errors import FileProblem
from otdacha.records import REASONS, TABLES, add, columns_of, frame, rejected_rows
from tests.unit.records.conftest import CASES, INN, OTHER_SNILS, SNILS, TOWN

CASE = f"{TOWN};1;Архив;Справка;09.01.2024;19.01.2024"
TRAINING = "СНИЛС;ИНН;Программа;Начало;Окончание;Часы"


def reasons_by_row(workspace, batch):
    found = rejected_rows(workspace, batch.id)
    return {
        row: found.filter(row=row).select("column", "reason").rows()
        for row in found["row"].unique(maintain_order=True)
    }


def reasons_of(workspace, table, header, row, write):
    """The reasons of one row, by column."""
    batch = add(workspace, table, write(header, row))
    return reasons_by_row(workspace, batch).get(2, [])


def test_good_rows_are_typed(workspace, cases):
    batch = add(workspace, "cases", cases)
    assert (batch.accepted, batch.rejected, batch.reasons) == (2, 0, {})
    rows = frame(workspace, "cases")
    assert rows.schema == columns_of("cases")
    first = rows.row(0, named=True)
    assert first["opened"] == dt.date(2024, 1, 9)
    assert first["closed"] == dt.date(2024, 1, 19)
    assert (first["_batch"], first["_row"]) == (batch.id, 2)


def test_a_whole_case_is_read(workspace, write):
    path = write(
        CASES + ";Срок;Срок, дней;Вид дней;Дата отмены;Отказ;Повторное;Оценка",
        CASE + ";20.01.2024;8;рабочие;;нет;да;5",
    )
    add(workspace, "cases", path)
    case = frame(workspace, "cases").row(0, named=True)
    assert case["due"] == dt.date(2024, 1, 20)
    assert (case["limit_days"], case["day_kind"], case["cancelled"]) == (8, "working", None)
    assert (case["refused"], case["repeated"], case["rating"]) == (False, True, 5)


def test_each_table_takes_its_smallest_file(workspace, write):
    files = {
        "municipalities": ("ОКТМО;Город;Регион", f"{TOWN};Тверь;Тверская область"),
        "units": ("ОКТМО;Подразделение", f"{TOWN};Архив"),
        "staff": ("ОКТМО;СНИЛС;Подразделение;Дата приёма", f"{TOWN};{SNILS};Архив;09.01.2020"),
        "training": (TRAINING, f"{SNILS};{INN};;05.01.2024;06.02.2024;72"),
        "cases": (CASES, CASE),
        "results": (
            "ОКТМО;Отдел;Услуга;Месяц;Показатель;Количество;Среднее",
            f"{TOWN};Архив;Справка;01.2024;rating;12;4,5",
        ),
        "providers": ("ИНН;Наименование", f"{INN};Учебный центр (вымышлен)"),
        "programmes": ("ИНН;Программа", f"{INN};П-1"),
        "statistics": ("ОКТМО;Показатель;Год;Значение", f"{TOWN};население;2023;100"),
        "needs": ("ОКТМО;№ заявки;Вид потребности", f"{TOWN};1;аттестация"),
        "offers": (
            "ИНН;Код предложения;Стоимость на 1 слушателя;Дата начала;Дата окончания;Мест",
            f"{INN};A;15 000,00;01.03.2027;12.03.2027;25",
        ),
        "budgets": ("Источник финансирования;Год;Сумма, руб.", "местный бюджет;2027;0"),
        "contracts": (
            "ОКТМО;№ контракта;ИНН исполнителя;Код предложения;Мест;Источник;Сумма;Дата заключения",
            f"{TOWN};1;{INN};A;2;внебюджетные средства;30000;10.01.2024",
        ),
        "attendance": (
            "ОКТМО;СНИЛС;ИНН;Код предложения;Статус",
            f"{TOWN};{SNILS};{INN};A;обучается",
        ),
        "payments": (
            "ОКТМО;№ платежа;№ договора;Источник;Дата оплаты;Сумма",
            f"{TOWN};1;1;областной бюджет;10.02.2024;5,50",
        ),
        "posts": ("ОКТМО;СНИЛС;Отдел;Дата приёма", f"{TOWN};{SNILS};Архив;09.01.2020"),
        "finances": ("ОКТМО;Год;Доля дотаций, %", f"{TOWN};2025;18,4"),
    }
    assert list(files) == list(TABLES)
    for table, rows in files.items():
        batch = add(workspace, table, write(*rows))
        assert (batch.accepted, batch.rejected) == (1, 0), table
        assert frame(workspace, table).schema == columns_of(table)


def test_a_staff_roster_by_name_and_birth_date_and_badge(workspace, write_excel):
    path = write_excel(
        ["Администрация города (вымышлено): список работников"],
        [
            "Табельный №",
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "Подразделение",
            "Дата приёма",
        ],
        ["0012", "Нов", "Ян", "Ли", dt.date(1980, 1, 5), "Архив", dt.date(2020, 1, 9)],
        ["0013", "Нов", "Ян", None, None, "Архив", dt.date(2020, 1, 9)],
    )
    batch = add(workspace, "staff", path, constants={"municipality": TOWN})
    assert reasons_by_row(workspace, batch) == {4: [("snils", "no_identity")]}
    person = frame(workspace, "staff").row(0, named=True)
    assert person["person"].startswith("n")
    assert person["badge"].startswith("b")


def test_a_constant_comes_before_the_column(workspace, cases):
    add(workspace, "cases", cases, constants={"municipality": "17701000"})
    assert set(frame(workspace, "cases")["municipality"]) == {"17701000"}


def test_an_unknown_table_or_constant_is_refused(workspace, cases):
    with pytest.raises(FileProblem, match="There is no table people"):
        add(workspace, "people", cases)
    with pytest.raises(FileProblem, match="cases has no column colour"):
        add(workspace, "cases", cases, constants={"colour": "red"})


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (f"{TOWN};1;Архив;Справка;31.02.2024;", "opened", "impossible_date"),
        (f"{TOWN};1;Архив;Справка;вчера;", "opened", "not_a_date"),
        (f"{TOWN};1;Архив;Справка;;", "opened", "missing"),
        (f"{TOWN};;Архив;Справка;09.01.2024;", "case", "missing"),
        (f"{TOWN};1;Архив;Справка;09.01.2024;08.01.2024", "closed", "closed_before_opened"),
        (f"{TOWN};1;Архив;Справка;09.01.2024;01.01.2199", "closed", "date_in_the_future"),
        (f"{TOWN};1;Архив;Справка;01.01.1900;02.01.1900", "opened", "date_out_of_range"),
        ("99;1;Архив;Справка;09.01.2024;", "municipality", "bad_municipality"),
        (f"{TOWN};1;Иванова Анна Петровна;Справка;09.01.2024;", "unit", "personal_data"),
        (f"{TOWN};1;Архив;Звонок +7 (912) 345-67-89;09.01.2024;", "service", "personal_data"),
    ],
)
def test_a_faulty_case_is_rejected_with_its_reason(workspace, write, row, column, reason):
    assert reasons_of(workspace, "cases", CASES, row, write) == [(column, reason)]


@pytest.mark.parametrize(
    ("header", "cell", "column", "reason"),
    [
        ("Срок", "08.01.2024", "due", "due_before_opened"),
        ("Дата отмены", "08.01.2024", "cancelled", "cancelled_before_opened"),
        ("Срок, дней", "-3", "limit_days", "negative_duration"),
        ("Срок, дней", "8,5", "limit_days", "not_a_whole_number"),
        ("Вид дней", "лунные", "day_kind", "not_a_day_kind"),
        ("Отказ", "может быть", "refused", "not_yes_or_no"),
        ("Оценка", "6", "rating", "rating_out_of_range"),
        ("СНИЛС исполнителя", "112-233-445 96", "executor_snils", "bad_snils"),
    ],
)
def test_a_faulty_optional_value_of_a_case_is_rejected(
    workspace, write, header, cell, column, reason
):
    found = reasons_of(workspace, "cases", f"{CASES};{header}", f"{CASE};{cell}", write)
    assert found == [(column, reason)]


@pytest.mark.parametrize(
    ("place", "faults"),
    [
        ("56,86;35,91", []),
        ("64.73;-177.51", []),
        (";", []),
        ("35,91;56,86", [("latitude", "latitude_out_of_range")]),
        ("56,86;-35,91", [("longitude", "longitude_out_of_range")]),
        ("56°51′;35,91", [("latitude", "not_a_number")]),
    ],
)
def test_coordinates_of_a_town_are_degrees_within_russia(workspace, write, place, faults):
    header = "ОКТМО;Наименование;Регион;Широта;Долгота"
    row = f"28701000;Вымышленск;Тверская область;{place}"
    assert reasons_of(workspace, "municipalities", header, row, write) == faults


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (f"{SNILS};;П;05.01.2024;06.01.2024;16", "provider", "no_inn"),
        (f"{SNILS};7707083894;П;05.01.2024;06.01.2024;16", "provider", "bad_inn"),
        (f"{SNILS};{INN};П;05.01.2024;04.01.2024;16", "finished", "finished_before_started"),
        (f"{SNILS};{INN};П;05.01.2024;06.01.2024;15", "hours", "too_few_hours"),
        (f"{SNILS};{INN};П;05.01.2024;06.01.2024;45300", "hours", "too_many_hours"),
        (f"{SNILS};{INN};П;05.01.2024;06.01.2024;сто", "hours", "not_a_number"),
        (f"{SNILS};{INN};П;2023;06.01.2024;16", "started", "not_a_date"),
        (f"{SNILS};{INN};П;05.01.2024;01.01.2199;16", "finished", "date_in_the_future"),
        (f"112-233-445 96;{INN};П;05.01.2024;06.01.2024;16", "snils", "bad_snils"),
        (f";{INN};П;05.01.2024;06.01.2024;16", "snils", "no_identity"),
    ],
)
def test_a_faulty_training_is_rejected_with_its_reason(workspace, write, row, column, reason):
    assert reasons_of(workspace, "training", TRAINING, row, write) == [(column, reason)]


def test_the_least_hours_are_the_methodologys(workspace, write):
    file = workspace.methodology_path
    file.write_text(file.read_text("utf-8").replace("training_hours = 16", "training_hours = 40"))
    row = f"{SNILS};{INN};П;05.01.2024;06.01.2024;36"
    assert reasons_of(workspace, "training", TRAINING, row, write) == [("hours", "too_few_hours")]


@pytest.mark.parametrize(
    ("table", "header", "row", "column", "reason"),
    [
        ("providers", "ИНН;Наименование;ОГРН", f"{INN};Центр;1027700132196", "ogrn", "bad_ogrn"),
        ("providers", "ИНН;Наименование", ";Центр", "provider", "no_inn"),
        ("programmes", "ИНН;Программа;Часы", f"{INN};П;-1", "hours", "negative_hours"),
        ("programmes", "ИНН;Программа;Цена", f"{INN};П;-1", "price", "negative_price"),
        (
            "units",
            "ОКТМО;Отдел;Действует с;Действует по",
            f"{TOWN};Архив;09.01.2024;08.01.2024",
            "valid_to",
            "ended_before_started",
        ),
        (
            "staff",
            "ОКТМО;СНИЛС;Отдел;Дата приёма;Дата увольнения",
            f"{TOWN};{SNILS};Архив;09.01.2024;08.01.2024",
            "ended",
            "ended_before_started",
        ),
        (
            "results",
            "ОКТМО;Отдел;Услуга;Месяц;Показатель;Количество;Среднее",
            f"{TOWN};Архив;Справка;январь;rating;-1;4,5",
            "month",
            "not_a_month",
        ),
    ],
)
def test_faulty_rows_of_the_other_tables_are_rejected(
    workspace, write, table, header, row, column, reason
):
    assert (column, reason) in reasons_of(workspace, table, header, row, write)


def test_a_row_with_several_faults_is_one_rejected_row_with_several_reasons(workspace, write):
    path = write(TRAINING, f"{OTHER_SNILS};7707083894;П;05.01.2024;31.02.2024;8")
    batch = add(workspace, "training", path)
    assert (batch.accepted, batch.rejected) == (0, 1)
    assert batch.reasons == {"bad_inn": 1, "impossible_date": 1, "too_few_hours": 1}


def test_rows_of_one_key_the_first_counts(workspace, write):
    other = CASE.replace("19.01.2024", "20.01.2024")
    batch = add(workspace, "cases", write(CASES, CASE, CASE, other, CASE.replace(";1;", ";2;")))
    assert reasons_by_row(workspace, batch) == {
        3: [("case", "repeated_row")],
        4: [("case", "repeated_key")],
    }
    assert (batch.accepted, batch.rejected) == (2, 2)


def test_a_good_row_is_not_rejected_for_a_faulty_one_of_its_key(workspace, write):
    batch = add(workspace, "cases", write(CASES, CASE.replace("09.01.2024", "99.99.2024"), CASE))
    assert reasons_by_row(workspace, batch) == {2: [("opened", "impossible_date")]}


def test_rows_are_numbered_as_the_spreadsheet_shows_them(workspace, write):
    faulty = CASE.replace("09.01.2024", "вчера").replace(";1;", ";2;")
    batch = add(workspace, "cases", write("Журнал;;;;;", ";;;;;", CASES, CASE, ";;;;;", faulty))
    assert list(reasons_by_row(workspace, batch)) == [6]
    assert batch.accepted + batch.rejected == 2


def test_broken_rows_are_rejected_as_such(workspace, write):
    torn = CASE.replace(";1;", ";3;").split("Архив")
    path = write(
        CASES,
        CASE,
        CASE.replace(";1;Архив", ";2;Архив; справки"),
        torn[0] + "Ар",
        "хив" + torn[1],
    )
    batch = add(workspace, "cases", path)
    assert reasons_by_row(workspace, batch) == {
        3: [(None, "too_many_cells")],
        4: [(None, "broken_row")],
        5: [(None, "broken_row")],
    }
    assert (batch.accepted, batch.rejected) == (1, 3)


def test_executors_are_people_by_snils_or_badges_by_number(workspace, write):
    path = write(
        CASES + ";СНИЛС исполнителя;Таб. № исполнителя",
        CASE + f";{SNILS};0012",
        CASE.replace(";1;", ";2;") + ";;12",
        CASE.replace(";1;", ";3;") + ";;",
    )
    roster = write(
        "ОКТМО;СНИЛС;Табельный №;Отдел;Дата приёма",
        f"{TOWN};{SNILS};12;Архив;09.01.2020",
        name="staff.csv",
    )
    add(workspace, "cases", path)
    add(workspace, "staff", roster)
    staff = frame(workspace, "staff").row(0, named=True)
    assert frame(workspace, "cases")["executor"].to_list() == [
        staff["person"],
        staff["badge"],
        None,
    ]


def test_every_reason_that_can_be_given_has_its_sentence(workspace, write):
    path = write(CASES, *(CASE.replace(";1;", f";{i};").replace("09", "99") for i in range(3)))
    batch = add(workspace, "cases", path)
    assert set(batch.reasons) <= set(REASONS)


def test_the_door_tells_how_far_it_is(workspace, cases):
    told = []
    add(
        workspace,
        "cases",
        cases,
        progress=lambda step, done, total: told.append((step.said("en"), done, total)),
    )
    assert told[0] == ("Reading cases.csv", 0, 3)
    assert told[-1] == ("Writing cases.csv", 3, 3)
