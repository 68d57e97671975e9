"""Invented files whose truth is known: how towns might call the columns of each table.

`KNOWN` was at hand while the thresholds of `otdacha.records.suggest` were chosen; `UNSEEN` was
written before they were tried on it and changed nothing. Strangers are columns of such files that
no table stores, among them the likeliest traps: the applicant's СНИЛС, the date of a contract.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

Variants = dict[str, dict[str, tuple[str, ...]]]

KNOWN: Variants = {
    "municipalities": {
        "municipality": ("Код по ОКТМО", "ОКТМО", "Код ОКТМО МО"),
        "name": (
            "Наименование МО",
            "Наименование муниципального образования",
            "Муницип. образование",
        ),
        "region": ("Субъект РФ", "Субъект Федерации", "Наименование региона"),
        "valid_from": ("Дата создания МО", "Действует с", "Начало действия"),
        "valid_to": ("Дата упразднения МО", "Действует по", "Окончание действия"),
        "successor": ("ОКТМО правопреемника", "Преемник (ОКТМО)", "Правопреемник"),
    },
    "units": {
        "municipality": ("ОКТМО", "Код ОКТМО города", "Код по ОКТМО"),
        "unit": ("Подразделение", "Код отдела", "Структ. подразделение"),
        "name": ("Наименование подразд.", "Полное наим.", "Название отдела"),
        "valid_from": ("Дата создания", "Создано", "Действует с"),
        "valid_to": ("Дата упразднения", "Ликвидировано", "Действует по"),
    },
    "staff": {
        "municipality": ("ОКТМО", "Код ОКТМО", "ОКТМО муниципалитета"),
        "snils": ("СНИЛС", "Страх. номер", "№ СНИЛС", "Номер страхового свидетельства"),
        "full_name": ("ФИО", "Ф. И. О. сотрудника", "Работник (ФИО)", "Фамилия имя отчество"),
        "birth_date": ("Дата рожд.", "Дата рождения", "Родился"),
        "badge": ("Таб. ном.", "Табельный номер сотрудника", "Табельный №", "Таб.№"),
        "unit": ("Отдел", "Структурное подразд.", "Место работы (подразделение)"),
        "position_group": ("Группа должн.", "Группа должностей", "Группа муниципальной должности"),
        "started": ("Дата приема на работу", "Принят на работу", "Дата назначения на должность"),
        "ended": ("Дата увольн.", "Дата увольнения", "Уволен с должности"),
    },
    "training": {
        "snils": ("СНИЛС слушателя", "СНИЛС", "Страховой номер слушателя"),
        "full_name": ("ФИО обучающегося", "Слушатель", "Ф.И.О. слушателя"),
        "birth_date": ("Дата рождения слушателя", "Д.р.", "Дата рождения"),
        "provider": ("ИНН образоват. организации", "ИНН исполнителя", "ИНН учебного центра"),
        "programme": (
            "Наименование курса",
            "Название программы",
            "Программа повышения квалификации",
        ),
        "started": ("Дата нач. обучения", "Начало курса", "Дата начала"),
        "finished": ("Дата оконч. обучения", "Окончание курса", "Дата завершения обучения"),
        "hours": ("Кол-во ак. часов", "Объем (часов)", "Часы"),
    },
    "cases": {
        "case": ("Номер заявления", "Рег. № обращения", "№ дела в системе", "Номер обращ."),
        "unit": ("Ответств. подразделение", "Исполнитель (отдел)", "Отдел"),
        "executor_badge": ("Таб. номер исполнителя", "Табельный номер исп.", "Таб. № исполнителя"),
        "service": ("Наим. услуги", "Вид услуги", "Услуга", "Тема обращения"),
        "opened": ("Дата рег-ции", "Дата регистрации", "Зарегистрировано", "Дата поступл."),
        "due": ("План. дата исполнения", "Контрольный срок", "Срок исполнения", "Исполнить до"),
        "closed": (
            "Факт. дата исполнения",
            "Дата фактического исполнения",
            "Исполнено",
            "Дата закр.",
        ),
        "limit_days": ("Срок (дней)", "Регламентный срок, дн.", "Дней по регламенту"),
        "day_kind": ("Вид дней", "Тип срока", "Рабочие/календарные дни"),
        "refused": ("Признак отказа", "Отказано (да/нет)", "Отказ"),
        "repeated": ("Повторное обр.", "Признак повтор.", "Повторное обращение"),
        "rating": ("Оценка заявителя", "Балл заявителя", "Оценка"),
    },
    "results": {
        "municipality": ("ОКТМО", "Код ОКТМО", "ОКТМО МО"),
        "unit": ("Офис", "Отдел (подразделение)", "Подразделение"),
        "service": ("Услуга", "Наим. услуги", "Код услуги ФРГУ"),
        "month": ("Отчетный месяц", "Отчётный период", "Месяц отчёта"),
        "indicator": ("Код показателя", "Показатель качества", "Показатель"),
        "n": ("Кол-во оценок", "Число дел", "Количество оценок, ед."),
        "mean": ("Средний балл", "Ср. значение", "Средняя оценка"),
        "sd": ("Ст. отклонение", "СКО", "Стандартное откл."),
    },
    "providers": {
        "provider": ("ИНН", "ИНН орг.", "ИНН организации"),
        "name": ("Наименование организации", "Полное наим. организации", "Образоват. организация"),
        "ogrn": ("ОГРН", "ОГРН организации", "Код ОГРН"),
        "type": ("Тип организации", "Вид орг.", "Тип"),
        "region": ("Субъект РФ", "Регион", "Регион нахождения"),
        "licence": ("№ лицензии", "Номер лиценз.", "Лицензия (номер)"),
    },
    "programmes": {
        "provider": ("ИНН", "ИНН организации", "ИНН провайдера"),
        "programme": ("Код программы", "Шифр прогр.", "Шифр программы"),
        "name": ("Наименование программы", "Название прогр.", "Программа ДПО (название)"),
        "topic": ("Тематика", "Направление подготовки", "Область проф. деятельности"),
        "hours": ("Часов", "Количество часов", "Объём, час."),
        "form": ("Форма обучения", "Форма обуч.", "Форма проведения"),
        "price": ("Стоимость, руб", "Цена за чел.", "Стоимость обучения, руб."),
    },
    "statistics": {
        "municipality": ("ОКТМО", "Код ОКТМО", "Код по ОКТМО"),
        "indicator": ("Показатель", "Наим. показателя", "Код показателя"),
        "year": ("Год", "Отчетный год", "Год наблюдения"),
        "breakdown": ("Разрез", "Вид деятельности", "Вид деят-ти (ОКВЭД)"),
        "value": ("Значение", "Значение показ.", "Значение показателя"),
        "measured_in": ("Ед. измерения", "Единица измерения", "Ед. изм."),
        "source": ("Источник", "Источник данных", "Источник информации"),
    },
}

UNSEEN: Variants = {
    "municipalities": {
        "municipality": ("ОКТМО муниципалитета", "Код территории по ОКТМО"),
        "name": ("Город (район)", "Муниципальное образование, наименование"),
        "region": ("Область / край", "Регион РФ"),
        "valid_from": ("Дата образования", "Существует с"),
        "valid_to": ("Дата прекращения действия", "Существует по"),
        "successor": ("Вошло в состав (ОКТМО)", "Преемник"),
    },
    "units": {
        "municipality": ("Код муниципалитета (ОКТМО)", "ОКТМО"),
        "unit": ("Отдел/управление", "Подразделение администрации"),
        "name": ("Наименование отдела полное", "Полное название подразделения"),
        "valid_from": ("Действует с (дата)", "Дата начала"),
        "valid_to": ("Дата окончания", "Действует до"),
    },
    "staff": {
        "municipality": ("ОКТМО работодателя", "Код МО по ОКТМО"),
        "snils": ("СНИЛС работника", "Пенсионное страховое", "СНИЛС (11 цифр)"),
        "full_name": ("Фамилия, имя, отчество работника", "Муниципальный служащий (ФИО)"),
        "birth_date": ("Дата рождения работника", "Рождён"),
        "badge": ("Личный номер", "Номер табельный", "ТабНомер"),
        "unit": (
            "Управление/отдел",
            "Подразделение (отдел)",
            "Наименование структурного подразделения",
        ),
        "position_group": ("Категория/группа", "Должностная группа"),
        "started": ("Приём", "Дата поступления на службу", "Дата приёма в отдел"),
        "ended": ("Увольнение", "Дата расторжения", "Дата увольнения (перевода)"),
    },
    "training": {
        "snils": ("СНИЛС обучающегося", "Снилс служащего"),
        "full_name": ("Фамилия И.О.", "ФИО служащего", "Обученный сотрудник"),
        "birth_date": ("Дата рождения обучающегося", "Дата рожд. слушателя"),
        "provider": ("ИНН вуза", "ИНН провайдера обучения", "ИНН обр. организации"),
        "programme": ("Тема курса", "Название курса", "Наименование ДПП"),
        "started": ("Старт обучения", "Обучение: начало", "Начало периода обучения"),
        "finished": ("Финиш обучения", "Обучение: окончание", "Окончание периода обучения"),
        "hours": ("Трудоёмкость, ч", "Кол. часов", "Объем программы (часов)"),
    },
    "cases": {
        "case": ("Регистрационный № заявления", "Идентификатор дела", "№ карточки"),
        "unit": ("Исполняющее подр-е", "Структурное подразделение исполнителя", "Кому расписано"),
        "executor_badge": ("Исполнитель, таб. №", "Табельный номер сотрудника-исполнителя"),
        "service": ("Муниципальная услуга (наименование)", "Тип услуги", "Предмет обращения"),
        "opened": ("Дата регистрации заявления", "Принято", "Дата и время регистрации"),
        "due": ("Плановый срок исполнения", "Срок до", "Дата исполнения (план)"),
        "closed": ("Дата исполнения (факт)", "Закрыто", "Дата выдачи результата"),
        "limit_days": ("Дней на оказание услуги", "Норматив, дней", "Срок оказания, дней"),
        "day_kind": ("Дни (раб./кал.)", "Единица измерения срока"),
        "refused": ("Отказ в услуге", "Есть отказ"),
        "repeated": ("Обращение повторное", "Повторность"),
        "rating": ("Оценка качества услуги", "Оценка гражданина"),
    },
    "results": {
        "municipality": ("Код ОКТМО города", "ОКТМО муниципалитета"),
        "unit": ("Филиал", "Структурное подразделение (офис)"),
        "service": ("Муниципальная услуга", "Наименование муниципальной услуги"),
        "month": ("Период (месяц)", "Месяц и год"),
        "indicator": ("Наименование показателя", "Индикатор"),
        "n": ("Всего оценок", "Количество обращений", "Число наблюдений"),
        "mean": ("Среднее по оценкам", "Средняя", "Среднее арифметическое"),
        "sd": ("Стандартное отклонение оценок", "Среднеквадратическое отклонение"),
    },
    "providers": {
        "provider": ("ИНН учреждения", "ИНН юр. лица"),
        "name": ("Название организации", "Учреждение", "Наименование юр. лица"),
        "ogrn": ("ОГРН юр. лица", "Рег. номер ОГРН"),
        "type": ("Тип учреждения", "Организационная форма"),
        "region": ("Регион регистрации", "Субъект федерации"),
        "licence": ("Лицензия на обр. деятельность", "Реквизиты лицензии"),
    },
    "programmes": {
        "provider": ("ИНН учебной организации", "ИНН орг-ции"),
        "programme": ("Код ДПП", "Идентификатор программы"),
        "name": ("Полное наименование программы", "Программа, название"),
        "topic": ("Тема", "Направление программы"),
        "hours": ("Объём в часах", "Трудоемкость (час)"),
        "form": ("Формат обучения", "Форма (очная/заочная)"),
        "price": ("Стоимость за 1 слушателя", "Цена, рублей"),
    },
    "statistics": {
        "municipality": ("ОКТМО муниципального образования", "Код ОКТМО (8 знаков)"),
        "indicator": ("Название показателя", "Индикатор"),
        "year": ("Год отчета", "За год"),
        "breakdown": ("Группировка по полу", "Отрасль"),
        "value": ("Величина", "Значение за год"),
        "measured_in": ("Единицы", "Размерность"),
        "source": ("Откуда взято", "Источник сведений"),
    },
}

STRANGERS: dict[str, tuple[tuple[str, str], ...]] = {
    "municipalities": (("Глава", "name"), ("Население", "count"), ("Площадь, кв. км", "number")),
    "units": (("Руководитель", "name"), ("Телефон отдела", "phone"), ("Штат, ед.", "count")),
    "staff": (
        ("Оклад, руб.", "money"),
        ("Образование", "word"),
        ("Дата аттестации", "date"),
        ("Телефон", "phone"),
        ("Дата присвоения чина", "date"),
        ("ИНН сотрудника", "inn"),
    ),
    "training": (
        ("Номер договора", "count"),
        ("Дата договора", "date"),
        ("Дата выдачи удостоверения", "date"),
        ("Стоимость, руб.", "money"),
        ("ИНН работодателя", "inn"),
        ("Должность", "word"),
    ),
    "cases": (
        ("СНИЛС заявителя", "snils"),
        ("ФИО заявителя", "name"),
        ("Дата рождения заявителя", "birth"),
        ("Телефон", "phone"),
        ("Дата уведомления", "date"),
        ("Канал подачи", "word"),
        ("Оплачено", "yes_no"),
        ("Номер талона", "count"),
    ),
    "results": (("Минимум", "mark"), ("Максимум", "mark"), ("Дата выгрузки", "date")),
    "providers": (("Директор", "name"), ("КПП", "count"), ("Телефон", "phone")),
    "programmes": (("Дата утверждения", "date"), ("Автор", "name"), ("Слушателей, чел.", "count")),
    "statistics": (("Примечание", "word"), ("Дата публикации", "date"), ("Ранг", "count")),
}


@dataclass(frozen=True)
class Invented:
    """A file and what each of its headers is; strangers are None."""

    path: Path
    table: str
    truth: dict[str, str | None]


def invented(folder: Path, table: str, variants: Variants, seed: int) -> Invented:
    """A file of a table: some of its columns under some of their names, strangers between them."""
    chance = random.Random(f"{table}-{seed}")
    names = {name: chance.choice(said) for name, said in variants[table].items()}
    kept = [name for name in names if chance.random() < 0.85]
    if len(kept) < 3:
        kept = list(names)
    strangers = [one for one in STRANGERS[table] if chance.random() < 0.5]
    columns: list[tuple[str, str, str | None]] = [(names[name], name, name) for name in kept]
    columns += [(header, f"-{content}", None) for header, content in strangers]
    chance.shuffle(columns)
    rows = [";".join(header for header, _, _ in columns)]
    for _ in range(30):
        rows.append(";".join(_cell(table, content, chance) for _, content, _ in columns))
    path = folder / f"{table}-{seed}.csv"
    path.write_bytes("\n".join(rows).encode("cp1251"))
    return Invented(path, table, {header: column for header, _, column in columns})


def _cell(table: str, content: str, chance: random.Random) -> str:
    """An invented cell; now and then an empty one, or one that cannot be read."""
    odd = chance.random()
    if odd < 0.04:
        return ""
    if odd < 0.05:
        return "см. прим."
    return _value(table, content, chance)


def _value(table: str, content: str, chance: random.Random) -> str:
    day = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(2019, 2024)}"
    born = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(1960, 2000)}"
    whole = str(chance.randint(1, 400))
    number = f"{chance.randint(10, 490) / 100:.2f}".replace(".", ",")
    surname = chance.choice(("Вымышленный", "Придуманов", "Примерный", "Выдумкин"))
    name = f"{surname} {chance.choice(('Иван', 'Пётр'))} {chance.choice(('Ильич', 'Петрович'))}"
    match content.removeprefix("-"):
        case "municipality" | "successor":
            return chance.choice(("28701000", "28602000", "01701000", "46738000"))
        case "snils" | "executor_snils":
            return _snils(chance)
        case "provider" | "inn":
            return _inn(chance)
        case "ogrn":
            return _ogrn(chance)
        case "full_name":
            return name
        case "name":
            words = ("Отдел земли", "Архив", "Учебный центр", "Город Вымышленск", "Основы дела")
            return name if content.startswith("-") else f"{chance.choice(words)} {whole}"
        case "birth_date" | "birth":
            return born
        case "valid_from" | "valid_to" | "started" | "ended" | "finished" | "date":
            return day
        case "opened" | "due" | "closed":
            return day
        case "month":
            return f"{chance.randint(1, 12):02d}.{chance.randint(2020, 2024)}"
        case "year":
            return str(chance.randint(2019, 2024))
        case "hours" | "limit_days" | "n" | "count":
            return whole
        case "mean" | "sd" | "value" | "number" | "price" | "money":
            return number
        case "rating" | "mark":
            return str(chance.randint(1, 5))
        case "day_kind":
            return chance.choice(("рабочие", "календарные", "р.д.", "к.д."))
        case "refused" | "repeated" | "yes_no":
            return chance.choice(("да", "нет"))
        case "badge" | "executor_badge":
            return f"{chance.randint(1, 999):04d}"
        case "case":
            return f"З-{chance.randint(1, 9999):05d}"
        case "phone":
            return f"+7 900 000-{chance.randint(10, 99)}-{chance.randint(10, 99)}"
        case _:
            return chance.choice(("Архив", "Отдел земли", "Справка", "Разрешение на строительство"))


def _snils(chance: random.Random) -> str:
    digits = f"{chance.randint(2_000_000, 199_999_999):09d}"
    check = sum(int(digit) * (9 - i) for i, digit in enumerate(digits)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check:02d}"


def _inn(chance: random.Random) -> str:
    digits = f"77{chance.randint(0, 9_999_999):07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)


def _ogrn(chance: random.Random) -> str:
    digits = f"102770{chance.randint(0, 999_999):06d}"
    return digits + str(int(digits) % 11 % 10)
