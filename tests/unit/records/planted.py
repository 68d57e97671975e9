"""Files of every table with one invented person planted in every column, header, title and name.

Nobody of this name exists; the numbers are the examples of the order that defines check numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

SECRETS = (
    "Нововымышленн",  # the stem: in every case and ending
    "Гермогеновна",
    "Гермогеновны",
    "112-233-445 95",
    "08765430300",
    "8765430300",
    "9123456789",
    "planted@example.org",
    "ул. Вымышленная",
    "тайный текст",
    "05.03.1971",
    "1971-03-05",
    "Т-00717",
)

SURNAME, GIVEN, PATRONYMIC = "Нововымышлённая", "Аполлинария", "Гермогеновна"
FULL = f"{SURNAME} {GIVEN} {PATRONYMIC}"
SNILS, OTHER_SNILS, PHONE = "112-233-445 95", "087-654-303 00", "+7 (912) 345-67-89"
MAIL, HOME = "planted@example.org", "ул. Вымышленная, д. 5, кв. 17"
LETTER, BORN, BADGE = "тайный текст обращения", "05.03.1971", "Т-00717"
TOWN, INN = "28701000", "7707083893"

RECOGNISED = (
    FULL,
    FULL.upper(),
    FULL.lower(),
    FULL.replace("ё", "е"),
    FULL.replace("о", "o").replace("а", "a"),  # Latin look-alikes
    f"жалоба: {FULL}",
    f"{SURNAME} А.Г.",
    f"{SURNAME.upper()} А. Г.",
    f"А.Г. {SURNAME}",
    SNILS,
    SNILS.replace("-", " "),
    OTHER_SNILS,
    PHONE,
    "8 912 345-67-89",
    "8-912-345-67-89",
    "+79123456789",
    MAIL,
    HOME,
)
"""Forms that are seen to be personal wherever they stand."""

BARE = ("11223344595", "11223344595.0", "1.1223344595E+10", "08765430300", "89123456789")
"""Numbers without any mark, which a number of a case or of a licence may look like."""

OF_THE_ROW = (
    SURNAME,
    SURNAME.upper(),
    SURNAME.replace("ё", "е"),
    f"{GIVEN} {PATRONYMIC}",
    f"{SURNAME} {GIVEN}",
    f"{SURNAME} А",
    "9123456789",
    "11223344595",
    "1.1223344595E+10",
)
"""Forms that are known to be personal because another column of the row says so."""

_PEOPLE = {"Телефон": PHONE, "E-mail": MAIL, "Адрес": HOME, "Содержание": LETTER}
_BOSS = {"Руководитель": FULL, "Примечание": LETTER, **_PEOPLE}

GOOD: Mapping[str, Mapping[str, str]] = {
    "municipalities": {
        "ОКТМО": "287{:05d}",
        "Наименование": "Вымышленск",
        "Регион": "Край",
        "Макрорегион": "Запад",
        "Действует с": "",
        "Преемник": "",
        **_BOSS,
    },
    "units": {
        "ОКТМО": TOWN,
        "Подразделение": "Отдел {}",
        "Наименование": "Отдел",
        "Действует с": "01.01.2010",
        **_BOSS,
    },
    "staff": {
        "ОКТМО": TOWN,
        "Табельный №": BADGE,
        "СНИЛС": SNILS,
        "Фамилия": SURNAME,
        "Имя": GIVEN,
        "Отчество": PATRONYMIC,
        "Дата рождения": BORN,
        "Подразделение": "Отдел {}",
        "Группа": "ведущая",
        "Дата приёма": "09.01.2020",
        "Дата увольнения": "",
        **_PEOPLE,
    },
    "training": {
        "ОКТМО": TOWN,
        "СНИЛС": SNILS,
        "ФИО": FULL,
        "Дата рождения": BORN,
        "ИНН": INN,
        "Программа": "Курс {}",
        "Дата начала": "09.01.2024",
        "Дата окончания": "20.01.2024",
        "Часы": "16",
        **_PEOPLE,
    },
    "cases": {
        "ОКТМО": TOWN,
        "Номер дела": "д-{}",
        "Отдел": "Отдел 1",
        "СНИЛС исполнителя": SNILS,
        "Таб. № исполнителя": BADGE,
        "Услуга": "Справка",
        "Дата регистрации": "09.01.2024",
        "Срок, дней": "20",
        "Вид дней": "календарные",
        "Дата закрытия": "19.01.2024",
        "Повторное": "нет",
        "Оценка": "5",
        "Заявитель": FULL,
        **_PEOPLE,
    },
    "results": {
        "ОКТМО": TOWN,
        "Отдел": "Отдел {}",
        "Услуга": "Справка",
        "Месяц": "01.2024",
        "Показатель": "отказы",
        "Число дел": "20",
        "Среднее": "0,5",
        "СКО": "0,1",
        **_BOSS,
    },
    "providers": {
        "ИНН": INN,
        "Наименование": "Академия (вымышлена)",
        "ОГРН": "1027700132195",
        "Тип": "институт",
        "Регион": "Край",
        "Лицензия": "Л035-{}",
        **_BOSS,
    },
    "programmes": {
        "ИНН": INN,
        "Программа": "К-{}",
        "Наименование": "Курс",
        "Тематика": "Сроки",
        "Часы": "16",
        "Форма": "очно",
        "Цена": "9000",
        **_BOSS,
    },
    "needs": {
        "ОКТМО": TOWN,
        "№ заявки": "з-{}",
        "СНИЛС": SNILS,
        "ФИО": FULL,
        "Дата рождения": BORN,
        "Таб. №": BADGE,
        "Отдел": "Отдел 1",
        "Кол-во человек": "1",
        "Тема": "Сроки",
        "Вид потребности": "аттестация",
        "Не позднее": "31.12.2027",
        "Показатель": "отказы",
        "Ожидаемое изменение": "0,1",
        "Приоритет": "2",
        **_PEOPLE,
    },
    "offers": {
        "ИНН": INN,
        "Код предложения": "п-{}",
        "Программа": "К-1",
        "Наименование программы": "Курс",
        "Тема": "Сроки",
        "Часы": "16",
        "Форма": "очно",
        "Стоимость на 1 слушателя": "9000",
        "Дата начала": "09.01.2027",
        "Дата окончания": "20.01.2027",
        "ОКТМО места обучения": TOWN,
        "Мин. группа": "5",
        "Мест": "25",
        "Проезд, руб.": "500,50",
        **_BOSS,
    },
    "budgets": {
        "Источник финансирования": "местный бюджет",
        "Получатель": "Край {}",
        "Год": "2027",
        "КБК": "90107050110199990244",
        "Сумма, руб.": "500 000,00",
        "На что": "обучение",
        **_BOSS,
    },
    "contracts": {
        "ОКТМО": TOWN,
        "№ контракта": "к-{}",
        "ИНН исполнителя": INN,
        "Код предложения": "п-1",
        "Мест": "5",
        "Источник": "МБ",
        "КБК": "90107050110199990244",
        "Сумма, руб.": "9000",
        "Дата заключения": "09.01.2024",
        **_BOSS,
    },
    "attendance": {
        "ОКТМО": TOWN,
        "СНИЛС": SNILS,
        "ФИО": FULL,
        "Дата рождения": BORN,
        "Таб. №": BADGE,
        "ИНН": INN,
        "Код предложения": "п-{}",
        "Статус": "завершил обучение",
        "Дата завершения": "20.01.2024",
        "Часы": "16",
        **_PEOPLE,
    },
    "payments": {
        "ОКТМО": TOWN,
        "№ платежа": "п-{}",
        "№ контракта": "к-1",
        "Источник": "МБ",
        "КБК": "90107050110199990244",
        "Дата оплаты": "09.02.2024",
        "Сумма, руб.": "9000",
        **_BOSS,
    },
}
"""One good row of each table; {} is the number of the row."""

_PUBLIC = {("providers", "Наименование"), ("providers", "Лицензия")}
"""A sole trader's name is a public fact, and a licence has a number: only marked numbers there."""


def forms_for(table: str, column: str) -> Sequence[str]:
    """What is planted in this column."""
    if (table, column) in _PUBLIC:
        return RECOGNISED[-9:]
    if column == "Номер дела":
        return (*RECOGNISED, *OF_THE_ROW)
    return (*RECOGNISED, *BARE, *OF_THE_ROW)


def rows_of(table: str) -> list[dict[str, str]]:
    """A good row, then one for each column and each form that is planted there."""
    good = GOOD[table]
    rows = [good, *({**good, at: form} for at in good for form in forms_for(table, at))]
    return [
        {name: cell.format(number) for name, cell in row.items()} for number, row in enumerate(rows)
    ]


def as_text(table: str, file: Path, encoding: str = "utf-8") -> Path:
    """A file of separated text under a title that names the person, as systems export it."""
    rows = rows_of(table)
    named = f"{SURNAME} (замещает)"  # a column that nobody knows
    header = [*rows[0], named]
    lines = [f"Выгрузка: {FULL}, {PHONE}", ";".join(header)]
    lines += [";".join([*(f'"{cell}"' for cell in row.values()), FULL]) for row in rows]
    file.write_bytes("\n".join(lines).encode(encoding, "replace"))
    return file


def as_workbook(table: str, file: Path) -> Path:
    """A workbook whose sheet is called after the person."""
    rows = rows_of(table)
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = f"{SURNAME} А.Г."
    page.append([f"Выгрузка: {FULL}"])
    page.append([*rows[0], f"Вместо {SURNAME.removesuffix('ая')}ой"])
    for row in rows:
        page.append([*(int(cell) if cell in BARE[:1] else cell for cell in row.values()), FULL])
    book.save(file)
    return file
