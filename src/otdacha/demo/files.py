"""The files as towns would send them: Excel out of 1C, semicolons, cp1251, titles, merged cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import xlsxwriter

_MADE = dt.datetime(2025, 8, 29, 9, 0)
_DATE = "%d.%m.%Y"

ROSTER = {
    "badge": "Табельный №",
    "full_name": "Сотрудник",
    "unit": "Подразделение",
    "post": "Должность",
    "group": "Группа",
    "started": "Дата приёма",
    "ended": "Дата увольнения",
    "birth": "Дата рождения",
    "snils": "СНИЛС",
    "phone": "Телефон",
}
_PERSONAL = ("birth", "snils", "phone")

REGISTER = {
    "number": "№ п/п",
    "full_name": "ФИО",
    "snils": "СНИЛС",
    "provider": "ИНН организации",
    "programme": "Код программы",
    "started": "Дата начала",
    "finished": "Дата окончания",
    "hours": "Объём, часов",
    "price": "Стоимость, руб.",
}

CASE_LOG = {
    "case": "Номер дела",
    "service": "Услуга",
    "opened": "Дата приёма",
    "limit": "Срок (дней)",
    "days": "Тип дней",
    "closed": "Дата исполнения",
    "cancelled": "Дата отмены",
    "status": "Статус",
    "refused": "Отказ",
    "unit": "Отдел",
    "executor": "Таб. № исполнителя",
    "applicant": "Заявитель",
    "phone": "Телефон",
    "repeated": "Повторное обращение",
}

PROVIDERS = {
    "provider": "ИНН",
    "name": "Наименование организации",
    "ogrn": "ОГРН",
    "kind": "Тип организации",
    "region": "Регион",
    "licence": "Лицензия",
    "note": "Примечание",
}

PROGRAMMES = {
    "provider": "ИНН организации",
    "programme": "Код программы",
    "name": "Наименование программы",
    "topic": "Тематика",
    "hours": "Объём, часов",
    "form": "Форма обучения",
    "price": "Стоимость, руб.",
}

LICENCES = {**PROVIDERS, "licence_until": "Лицензия действует до"}

NEEDS = {
    "number": "№ заявки",
    "full_name": "Сотрудник",
    "birth": "Дата рождения",
    "snils": "СНИЛС",
    "badge": "Табельный №",
    "unit": "Подразделение",
    "group": "Группа должностей",
    "people": "Количество человек",
    "topic": "Тема обучения",
    "reason": "Основание",
    "by": "Обучить не позднее",
    "indicator": "Показатель",
    "change": "Ожидаемое изменение",
    "expected_by": "Срок достижения результата",
    "priority": "Приоритет",
}

OFFERS = {
    "provider": "ИНН организации",
    "offer": "Код предложения",
    "programme": "Код программы",
    "name": "Наименование программы",
    "topic": "Тематика",
    "hours": "Объём, часов",
    "form": "Форма обучения",
    "price": "Стоимость на 1 слушателя, руб.",
    "started": "Дата начала",
    "finished": "Дата окончания",
    "town": "ОКТМО места проведения",
    "minimum_group": "Минимальная группа",
    "places": "Мест в группе",
    "groups": "Количество групп",
    "travel": "Проезд и проживание, руб.",
    "yearly": "Проводится ежегодно",
}

BUDGETS = {
    "source": "Источник финансирования",
    "holder": "Получатель средств",
    "year": "Год",
    "code": "КБК",
    "pays_for": "Направление расходов",
    "amount": "Сумма, руб.",
}

POSTS = {
    "badge": "Табельный №",
    "full_name": "Сотрудник",
    "unit": "Подразделение",
    "position": "Должность",
    "group": "Группа должностей",
    "pay_class": "Категория оплаты",
    "share": "Ставка",
    "salary": "Оклад, руб.",
    "special": "Надбавка за особые условия, %",
    "class_rank": "Классный чин",
    "secrecy": "Допуск",
    "service_from": "Стаж МС с",
    "north_from": "Северный стаж с",
    "started": "В должности с",
    "ended": "В должности по",
    "employment": "Вид занятости",
    "sex": "Пол",
    "birth": "Дата рождения",
    "snils": "СНИЛС",
}

FINANCES = {
    "municipality": "ОКТМО",
    "year": "Год",
    "grants_share": "Доля дотаций в собственных доходах, %",
    "norm": "Норматив на оплату труда, руб.",
    "available": "Можно добавить, руб.",
}

WAGES = {
    "municipality": "ОКТМО",
    "indicator": "Показатель",
    "year": "Год",
    "period": "Период",
    "letter": "Вид деятельности",
    "value": "Значение",
    "measured_in": "Единица измерения",
    "proxy": "Приближённый показатель",
    "source": "Источник",
}

MUNICIPALITIES = {
    "municipality": "ОКТМО",
    "name": "Муниципальное образование",
    "region": "Регион",
    "macroregion": "Макрорегион",
    "latitude": "Широта",
    "longitude": "Долгота",
    "known_from": "Обучение учтено с",
}


def day(column: str) -> pl.Expr:
    """A date as the text dd.mm.yyyy; nothing stays empty."""
    return pl.col(column).dt.strftime(_DATE)


def decimal_comma(column: str, places: int) -> pl.Expr:
    """A number as Russian Excel writes it: 36,0."""
    whole = pl.col(column).cast(pl.Float64).round(places)
    return whole.map_elements(
        lambda number: f"{number:.{places}f}".replace(".", ","), return_dtype=pl.String
    )


def snils_text(column: str) -> pl.Expr:
    """Eleven digits as `123-456-789 01`."""
    digits = pl.col(column).cast(pl.String).str.zfill(11)
    return pl.format(
        "{}-{}-{} {}",
        digits.str.slice(0, 3),
        digits.str.slice(3, 3),
        digits.str.slice(6, 3),
        digits.str.slice(9, 2),
    )


def write_text(frame: pl.DataFrame, headers: dict[str, str], file: Path, encoding: str) -> None:
    """A `;`-separated file; columns that `headers` does not name are left out.

    encoding: "cp1251" or "utf-8-sig" (with a byte order mark).
    """
    chosen = {column: header for column, header in headers.items() if column in frame.columns}
    content = frame.select(pl.col(column).alias(header) for column, header in chosen.items())
    text = content.write_csv(separator=";", line_terminator="\r\n")
    file.write_bytes(text.encode(encoding))


def write_sheet(frame: pl.DataFrame, headers: dict[str, str], file: Path, title: str) -> None:
    """An Excel sheet with a title merged over the table and the header two rows below it.

    Columns that the frame does not have are left out.
    """
    headers = {column: header for column, header in headers.items() if column in frame.columns}
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("Лист1")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.merge_range(0, 0, 0, len(headers) - 1, title, book.add_format({"bold": True}))
        for place, (column, header) in enumerate(headers.items()):
            sheet.write_string(2, place, header, bold)
            sheet.write_column(3, place, frame[column].to_list())
            sheet.set_column(place, place, 18)


def write_roster(frame: pl.DataFrame, file: Path, town: str) -> None:
    """A roster as 1C prints it: title, day, two merged groups of columns, then the header."""
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("TDSheet")
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "align": "center", "border": 1})
        last = len(ROSTER) - 1
        personal = last - len(_PERSONAL) + 1
        sheet.merge_range(0, 0, 0, last, f"Список сотрудников администрации: {town}", bold)
        sheet.merge_range(1, 0, 1, last, "по состоянию на 29.08.2025 (демонстрационные данные)")
        sheet.merge_range(3, 0, 3, personal - 1, "Сведения о службе", head)
        sheet.merge_range(3, personal, 3, last, "Личные сведения", head)
        for place, (column, header) in enumerate(ROSTER.items()):
            sheet.write_string(4, place, header, head)
            sheet.write_column(5, place, frame[column].to_list())
            sheet.set_column(place, place, 18)
