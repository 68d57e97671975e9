"""Each profile that comes along reads a file of the shape that it is for, faults and all.

All people, numbers and organisations are invented; what is accepted was counted by hand.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from otdacha.errors import FileProblem
from otdacha.records import add, frame, load_profile, rejected_rows
from tests.unit.records.conftest import INN, OTHER_SNILS, SNILS, TOWN

THIRD_SNILS = "001-001-999 17"
TOWN_IS = {"municipality": TOWN}

FRDO = (
    "Вид документа",
    "Статус документа",
    "Подтверждение утраты",
    "Подтверждение обмена",
    "Подтверждение уничтожения",
    "Серия документа",
    "Номер документа",
    "Дата выдачи документа",
    "Регистрационный номер",
    "Дополнительная профессиональная программа (повышение квалификации/ "
    "профессиональная переподготовка)",
    "Наименование дополнительной профессиональной программы",
    "Наименование области профессиональной деятельности",
    "Укрупненные группы специальностей",
    "Наименование квалификации, профессии, специальности",
    "Уровень образования ВО/СПО",
    "Фамилия указанная в дипломе о ВО или СПО",
    "Серия документа о ВО/СПО",
    "Номер документа о ВО/СПО",
    "Год начала обучения (для документа о квалификации)",
    "Год окончания обучения (для документа о квалификации)",
    "Срок обучения, часов (для документа о квалификации)",
    "Фамилия получателя",
    "Имя получателя",
    "Отчество получателя",
    "Дата рождения получателя",
    "Пол получателя",
    "СНИЛС",
    "Форма обучения",
    "Источник финансирования обучения",
    "Форма получения образования на момент прекращения образовательных отношений",
    "Гражданство получателя (код страны по ОКСМ)",
    "Наименование документа об образовании (оригинала)",
    "Серия (оригинала)",
    "Номер (оригинала)",
    "Регистрационный N (оригинала)",
    "Дата выдачи (оригинала)",
    "Фамилия получателя (оригинала)",
    "Имя получателя (оригинала)",
    "Отчество получателя (оригинала)",
    "Номер документа для изменения",
)


def document(**said: object) -> list[object]:
    """A row of the template: a certificate of Ivan Vymyshlenny, changed where it is told."""
    usual: dict[str, object] = {
        "Вид документа": "Удостоверение о повышении квалификации",
        "Статус документа": "Оригинал",
        "Подтверждение утраты": "Нет",
        "Подтверждение обмена": "Нет",
        "Подтверждение уничтожения": "Нет",
        "Номер документа": "770000001",
        "Дата выдачи документа": "15.05.2023",
        "Наименование дополнительной профессиональной программы": "Работа с обращениями",
        "Год начала обучения (для документа о квалификации)": 2023,
        "Год окончания обучения (для документа о квалификации)": 2023,
        "Срок обучения, часов (для документа о квалификации)": 72,
        "Фамилия получателя": "Вымышленный",
        "Имя получателя": "Иван",
        "Отчество получателя": "Петрович",
        "Дата рождения получателя": "01.02.1980",
        "Пол получателя": "Муж",
        "СНИЛС": SNILS,
        "Гражданство получателя (код страны по ОКСМ)": 643,
    }
    short = {
        "kind": FRDO[0],
        "status": FRDO[1],
        "lost": FRDO[2],
        "exchanged": FRDO[3],
        "destroyed": FRDO[4],
        "issued": FRDO[7],
        "programme": FRDO[10],
        "begun": FRDO[18],
        "ended": FRDO[19],
        "hours": FRDO[20],
        "snils": FRDO[26],
    }
    usual |= {short[name]: value for name, value in said.items()}
    return [usual.get(header) for header in FRDO]


@pytest.fixture
def frdo(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    lists = book.active
    assert lists is not None
    lists.title = "Справочники"
    for header in ("Вид документа", "Статус документа", "СНИЛС", "Фамилия получателя"):
        lists.append([header, "Оригинал", "Дубликат"])
    sheet = book.create_sheet("Шаблон")
    for row in (
        list(FRDO),
        [i + 1 for i in range(40)],  # row 2: numbers of the columns
        document(),  # row 3
        document(status="Дубликат", issued="01.03.2024"),  # row 4: of row 3
        document(lost="Да", begun=2021, ended=2021, issued="20.12.2021"),  # row 5
        document(exchanged="Да", issued="30.06.2023", programme="Закупки"),  # row 6
        document(issued="01.09.2023", programme="Закупки"),  # row 7: the new one of row 6
        document(destroyed="да", programme="Архив"),  # row 8
        document(kind="Справка об обучении или о периоде обучения", programme="Архив"),  # row 9
        document(snils=None, begun=2022, ended=2022, issued="20.01.2023"),  # row 10: by name
        document(snils=OTHER_SNILS, begun=2022, ended=2023, issued="31.12.2022"),  # row 11
        document(snils=OTHER_SNILS, begun="весна", issued="10.10.2023"),  # row 12
        document(snils=OTHER_SNILS, hours=8),  # row 13
        document(snils=OTHER_SNILS, begun=2024, ended=2023, issued="10.10.2023"),  # row 14
    ):
        sheet.append(row)
    book.save(tmp_path / "frdo.xlsx")
    return tmp_path / "frdo.xlsx"


def reasons_by_row(workspace, batch) -> dict[int, list[str]]:
    rows = rejected_rows(workspace, batch.id).group_by("row", maintain_order=True).agg("reason")
    return dict(rows.iter_rows())


def test_frdo_counts_each_training_once_and_takes_the_longest_time_it_can_have_lasted(
    workspace, frdo
):
    batch = add(
        workspace,
        "training",
        frdo,
        profile=load_profile("frdo-dpo"),
        constants={"provider": INN},
    )
    assert batch.accepted == 4
    assert reasons_by_row(workspace, batch) == {
        4: ["duplicate_document"],
        7: ["same_event"],
        8: ["destroyed_document"],
        9: ["another_document"],
        11: ["before_its_year"],
        12: ["not_a_date"],
        13: ["too_few_hours"],
        14: ["finished_before_started"],
    }
    training = frame(workspace, "training")
    assert training.select("_row", "started", "finished").rows() == [
        (3, dt.date(2023, 1, 1), dt.date(2023, 5, 15)),
        (5, dt.date(2021, 1, 1), dt.date(2021, 12, 20)),
        (6, dt.date(2023, 1, 1), dt.date(2023, 6, 30)),
        (10, dt.date(2022, 1, 1), dt.date(2022, 12, 31)),  # issued in January: it ended in 2022
    ]
    assert set(training["provider"]) == {INN}
    # the row without СНИЛС is the same person's: name and birth date came with one СНИЛС only
    assert training["person"].n_unique() == 1
    assert training["person"][0].startswith("s")
    assert batch.reading.years_only == ("started", "finished")


def test_a_file_without_the_status_of_documents_is_no_frdo_file(workspace, write_excel):
    kept = [i for i, header in enumerate(FRDO) if header != "Статус документа"]
    rows = ([row[i] for i in kept] for row in (list(FRDO), document()))
    path = write_excel(*rows, sheet="Шаблон")
    with pytest.raises(FileProblem, match='needs a column "Статус документа"'):
        add(
            workspace,
            "training",
            path,
            profile=load_profile("frdo-dpo"),
            constants={"provider": INN},
        )


def test_the_roster_may_have_any_columns_in_any_order(workspace, write_excel):
    path = write_excel(
        ["Список сотрудников МКУ «Вымысел» на 01.03.2024"],
        [],
        ["Оклад", "СНИЛС", "Подразделение", "Дата приёма", "Группа", "Образование", "Табельный №"],
        ["45 000,00", SNILS, "Архив", 43840, "Ведущая группа должностей", "высшее", "0012"],
        ["51 000,00", 8765430300, "Архив", "10.01.2020", "старшая", None, "13"],  # zero lost
        ["51 000,00", "112-233-445 96", "Архив", "10.01.2020", "старшая", None, "14"],
    )
    batch = add(workspace, "staff", path, profile=load_profile("zkgu-roster"), constants=TOWN_IS)
    assert (batch.accepted, batch.reasons) == (2, {"bad_snils": 1})
    assert batch.reading.ignored == ("Оклад", "Образование")
    staff = frame(workspace, "staff")
    assert staff["position_group"].to_list() == ["ведущая", "старшая"]
    assert staff["started"].to_list() == [dt.date(2020, 1, 10)] * 2

    shorter = write_excel(
        ["Сотрудник", "Дата рождения", "Отдел", "Принят"],
        ["Вымышленная Анна Ивановна", "05.06.1990", "Архив", "01.02.2021"],
        name="short.xlsx",
    )
    batch = add(workspace, "staff", shorter, profile=load_profile("zkgu-roster"), constants=TOWN_IS)
    assert (batch.accepted, batch.rejected) == (1, 0)


def test_the_case_list_of_a_centre_is_read_without_its_applicants(workspace, write):
    header = (
        "№ дела;Услуга;Дата добавления;Плановая дата;Фактическая дата;Дней на обработку;"
        "Дней на возврат;Дней на исполнение;Тип дня;Статус;Офис;Заявитель;Телефон;Адрес"
    )
    applicant = "Тестов Тест Тестович;+7 900 000-00-00;г. Тверь, ул. Вымышленная, 1"
    path = write(
        "Реестр дел за январь 2024;;;;;;;;;;;;;",
        header,
        f"1;Справка;09.01.2024 10:15;19.01.2024;17.01.2024;1;1;8;рабочие;Выдано;Офис 1;{applicant}",
        "2;Справка;09.01.2024 11:00;;;1;1;30;календарные;Отказ в предоставлении услуги;Офис 1;"
        + applicant,
        f"3;Справка;10.01.2024 09:30;24.01.2024;;1;1;8;р.д.;Отозвано заявителем;Офис 1;{applicant}",
        f"4;Справка;10.01.2024 09:30;24.01.2024;;1;1;8;сутки;В работе;Офис 1;{applicant}",
        name="mfc.csv",
        encoding="cp1251",
    )
    batch = add(workspace, "cases", path, profile=load_profile("mfc-cases"), constants=TOWN_IS)
    assert (batch.accepted, batch.reasons) == (3, {"not_a_day_kind": 1})
    assert {"Заявитель", "Телефон", "Адрес"} <= set(batch.reading.ignored)
    cases = frame(workspace, "cases")
    assert cases.select("case", "day_kind", "limit_days", "refused", "is_cancelled").rows() == [
        ("1", "working", 8, False, False),
        ("2", "calendar", 30, True, False),
        ("3", "working", 8, False, True),
    ]
    written = b"".join(file.read_bytes() for file in workspace.path.rglob("*") if file.is_file())
    for secret in ("Тестов", "900 000", "Вымышленная, 1"):
        assert secret.encode() not in written


def test_appeals_with_repeated_headers_are_read_across_their_copies(workspace, write_excel):
    header = [
        *("Вид", "№ РК", "Дата рег.", "Содержание", "Корр./Подписал", "Рубрика"),
        *("Вид", "№ РК", "Дата рег.", "Содержание", "План (РК)", "Факт (РК)", "Кому", "Рубрика"),
    ]

    def row(number, rubric, again, other=None):
        text = "Прошу, Тестов Тест Тестович"
        card = ["Гр", number, "12.01.2026", text]
        rest = ["10.02.2026", None, "Архив", again]
        return [*card, "Тестов Т. Т.", rubric, "Гр", other or number, *card[2:], *rest]

    path = write_excel(
        ["Реестр регистрационных карточек"],
        header,
        row("ОГ-1", None, "(0001) Справки"),
        row("ОГ-2", "(0001) Справки", None),
        header,  # a new printed page
        row("ОГ-3", "(0001) Справки", "(0001) Справки"),
        row("ОГ-4", "(0001) Справки", "(0002) Дороги"),
        row("ОГ-5", None, "(0001) Справки", other="ОГ-6"),
    )
    batch = add(workspace, "cases", path, profile=load_profile("sed-pos-cases"), constants=TOWN_IS)
    assert batch.accepted == 3
    assert reasons_by_row(workspace, batch) == {
        5: ["repeated_header"],
        7: ["contradicting_columns"],
        8: ["contradicting_columns"],
    }
    assert batch.reading.ignored == ("Вид", "Содержание", "Корр./Подписал", "Вид", "Содержание")
    cases = frame(workspace, "cases")
    assert cases["case"].to_list() == ["ОГ-1", "ОГ-2", "ОГ-3"]
    assert set(cases["service"]) == {"(0001) Справки"}


def test_single_ratings_are_gathered_by_month_and_every_row_is_accounted_for(workspace, write):
    path = write(
        "ID оценки;Код поставщика;Код услуги;Критерий;Канал;Дата оценки;Оценка",
        "1;100;200;Время ожидания в очереди;СМС;09.01.2024 10:00;5",
        "2;100;200;Время ожидания в очереди;СМС;31.01.2024 23:59;4",
        "3;100;200;Время ожидания в очереди;терминал;15.01.2024 12:00;2",
        "4;100;200;Время ожидания в очереди;СМС;01.02.2024 00:00;5",
        "4;100;200;Время ожидания в очереди;СМС;01.02.2024 00:00;5",
        "5;100;200;Комфортность условий;СМС;09.01.2024 10:00;6",
        "6;100;200;Комфортность условий;СМС;09.01.2024 10:00;",
        "7;100;200;Комфортность условий;СМС;31.02.2024 10:00;3",
        encoding="cp1251",
    )
    batch = add(workspace, "results", path, profile=load_profile("mkgu-detail"), constants=TOWN_IS)
    assert (batch.accepted, batch.rejected, batch.stored) == (4, 4, 2)
    assert batch.reasons == {
        "impossible_date": 1,
        "missing": 1,
        "out_of_limits": 1,
        "repeated_key": 1,
    }
    results = frame(workspace, "results")
    january, february = results.sort("month").iter_rows(named=True)
    assert (january["indicator"], january["month"]) == ("mkgu_queue", dt.date(2024, 1, 1))
    # 5, 4, 2: mean 11/3; variance ((4/3)² + (1/3)² + (5/3)²) / 2 = 7/3
    assert (january["n"], january["mean"], january["sd"]) == (3, 11 / 3, (7 / 3) ** 0.5)
    assert (february["n"], february["mean"], february["sd"]) == (1, 5.0, None)


def test_counts_by_mark_give_mean_and_sd_and_a_mean_that_does_not_fit_is_a_reason(
    workspace, write_excel
):
    path = write_excel(
        ["Сводный отчёт по оценкам"],
        ["Офис", "Месяц", "Количество оценок", None, None, None, None, "Всего оценок", "Средняя"],
        [None, None, "1", "2", "3", "4", "5", None, "оценка"],
        ["Офис 1", "январь 2024", "1", None, "1", "2", "6", "10", "4,2"],
        ["Офис 2", "январь 2024", "0", "0", "0", "0", "3", "3", "5"],
        ["Офис 3", "январь 2024", "1", "0", "0", "0", "2", "3", "3,66"],  # 3,666… cut off
        ["Офис 4", "январь 2024", "1", "0", "0", "0", "2", "3", "3,9"],
        ["Офис 5", "январь 2024", "1", "0", "0", "0", "2", "4", "3,67"],
        ["Офис 6", "январь 2024", "0", "0", "0", "0", "0", "0", None],
        ["Офис 7", "январь 2024", "0", "-1", "0", "0", "2", "1", None],
        merged=("C2:G2", "A2:A3", "B2:B3", "H2:H3"),
    )
    batch = add(
        workspace,
        "results",
        path,
        profile=load_profile("mkgu-aggregate"),
        constants={**TOWN_IS, "service": "все", "indicator": "mkgu_all"},
    )
    assert reasons_by_row(workspace, batch) == {
        7: ["mean_does_not_fit"],
        8: ["count_does_not_fit"],
        9: ["nothing_counted"],
        10: ["negative_count"],
    }
    results = frame(workspace, "results")
    assert results["unit"].to_list() == ["Офис 1", "Офис 2", "Офис 3"]
    assert results["n"].to_list() == [10, 3, 3]
    # Office 1: 1, 3, 4, 4, 5 × 6: sum 42, squares 1 + 9 + 32 + 150 = 192
    variance = (10 * 192 - 42**2) / 90
    assert results["mean"].to_list() == [4.2, 5.0, 11 / 3]
    assert results["sd"].to_list() == [variance**0.5, 0.0, pytest.approx((48 / 9) ** 0.5, abs=0)]


def test_single_observations_and_figures_of_them_in_one_file_are_refused(workspace, write):
    path = write(
        "ОКТМО;Отдел;Услуга;Месяц;Показатель;Количество;Среднее;Балл",
        f"{TOWN};Архив;Справка;01.2024;rating;12;4,5;5",
    )
    with pytest.raises(FileProblem, match="single observations"):
        add(workspace, "results", path)


def test_observations_with_decimals_are_summed_exactly(workspace, write):
    """0.1 + 0.2 + 0.3 is 0.6 here, and equal values have no spread."""
    head = "ОКТМО;Отдел;Услуга;Дата;Показатель;Оценка"
    rows = [f"{TOWN};Архив;Справка;0{i}.01.2024;wait;0,{i}" for i in (1, 2, 3)]
    rows += [f"{TOWN};Архив;Справка;0{i}.02.2024;wait;0,1" for i in (1, 2, 3)]
    assert add(workspace, "results", write(head, *rows)).stored == 2
    january, february = frame(workspace, "results").sort("month").iter_rows(named=True)
    assert (january["n"], january["mean"], january["sd"]) == (3, 0.2, 0.1)
    assert (february["n"], february["mean"], february["sd"]) == (3, 0.1, 0.0)


def test_statistics_are_of_the_municipality_that_the_territory_was_at_the_time(workspace, write):
    """Territory 1 is a district till 2023 and the town it went into has territory 3."""
    register = write(
        "oktmo,municipal_district_name,region_name,year_from,year_to,territory_id,"
        "change_id_from,change_id_to",
        "28-701-000-000,Город,Область,2018,2024,2,,union_1",
        "28-601-000-000,Район,Область,2018,2024,1,,union_1",
        "28-701-000-000,Округ,Область,2024,9999,3,union_1,",
        "28-602-000-000,Сельский район,Область,2018,2022,4,,",
        "28-502-000-000,Сельский округ,Область,2022,9999,4,,",
        name="register.csv",
    )
    add(
        workspace,
        "municipalities",
        register,
        profile=load_profile("sberindex-municipalities"),
    )
    known = frame(workspace, "municipalities")
    assert known["successor"].to_list() == [None, "28701000", None, "28502000", None]
    assert known["valid_to"].to_list()[:3] == [dt.date(2023, 12, 31)] * 2 + [None]

    population = write(
        "territory_id,year,period,age,gender,value",
        "1,2023,год,0,Женщины,10",
        "2,2023,год,0,Женщины,20",
        "3,2024,год,0,Женщины,30",
        "1,2024,год,0,Женщины,10",
        "4,2021,год,0,Женщины,5",
        "4,2024,год,0,Женщины,6",
        "9,2024,год,0,Женщины,6",
        "4,2024,год,1,Женщины,",
        name="population.csv",
    )
    batch = add(workspace, "statistics", population, profile=load_profile("sberindex-population"))
    assert reasons_by_row(workspace, batch) == {
        5: ["territory_not_in_force"],
        8: ["unknown_territory"],
        9: ["missing"],
    }
    statistics = frame(workspace, "statistics")
    assert statistics.select("municipality", "value").rows() == [
        ("28601000", 10.0),
        ("28701000", 20.0),
        ("28701000", 30.0),
        ("28602000", 5.0),
        ("28502000", 6.0),
    ]
    assert set(statistics["breakdown"]) == {"age=0; gender=Женщины"}

    wage = write(
        "territory_id,year,period,okved_name,okved_letter,value",
        "3,2024,январь-март,Все отрасли,0,50000.5",
        "3,2024,январь-июнь,Гос. управление и военн. безопасность,O,60000",
        "3,2024,февраль-июнь,Торговля,G,60000",
        name="wage.csv",
    )
    batch = add(workspace, "statistics", wage, profile=load_profile("sberindex-wage"))
    assert batch.reasons == {"not_a_period": 1}
    wages = frame(workspace, "statistics").filter(indicator="средняя зарплата")
    assert wages["ends"].to_list() == [dt.date(2024, 3, 31), dt.date(2024, 6, 30)]
    assert wages["proxy"].to_list() == [False, True]
    assert "приближение" in wages["breakdown"][1]


def test_a_new_number_is_not_believed_where_the_former_number_of_its_town_says_otherwise(
    workspace, write
):
    """Two towns took in land and got new numbers; the file counts those numbers the other way."""
    register = write(
        "oktmo,municipal_district_name,region_name,year_from,year_to,territory_id,"
        "change_id_from,change_id_to",
        "28-701-000-000,Город,Область,2018,2024,1,,union_1",
        "28-701-000-000,Город,Область,2024,9999,11,union_1,",
        "28-702-000-000,Посад,Область,2018,2024,2,,union_2",
        "28-702-000-000,Посад,Область,2024,9999,12,union_2,",
        "28-703-000-000,Слобода,Область,2018,2024,3,,union_3",
        "28-703-000-000,Слобода,Область,2024,9999,13,union_3,",
        name="register.csv",
    )
    add(workspace, "municipalities", register, profile=load_profile("sberindex-municipalities"))
    wage = write(
        "territory_id,year,period,okved_name,okved_letter,value",
        "1,2024,январь-декабрь,Все отрасли,0,50000",
        "2,2024,январь-декабрь,Все отрасли,0,90000",
        "3,2024,январь-декабрь,Все отрасли,0,70000",
        "11,2024,январь-декабрь,Все отрасли,0,90000",
        "12,2024,январь-декабрь,Все отрасли,0,50000",
        "13,2024,январь-декабрь,Все отрасли,0,70000",
        "12,2024,январь-март,Все отрасли,0,48000",
        name="wage.csv",
    )
    batch = add(workspace, "statistics", wage, profile=load_profile("sberindex-wage"))
    assert reasons_by_row(workspace, batch) == {
        **{row: ["territory_not_in_force"] for row in (2, 3, 4)},
        **{row: ["contradicted_territory"] for row in (5, 6, 8)},
    }
    kept = frame(workspace, "statistics").filter(indicator="средняя зарплата")
    assert kept.select("municipality", "value").rows() == [("28703000", 70000.0)]
