"""What every column that a person may fill in is, with an example; for templates and hints.

All examples are invented: the numbers only pass their check digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from otdacha.language import Text, text
from otdacha.records.explanation import (
    BADGE,
    BORN,
    GROUP,
    NAME,
    PROVIDER,
    SERVICE,
    SNILS,
    TOWN,
    UNIT,
    Explained,
)
from otdacha.records.pay_explained import PAY_COLUMNS, PAY_EXPLAINED
from otdacha.records.programme_explained import PROGRAMME_COLUMNS, PROGRAMME_EXPLAINED

GROUPS = ("высшая", "главная", "ведущая", "старшая", "младшая")
"""Position groups of municipal servants (25-ФЗ, article 8)."""


_FROM = Explained(text("The first day on which it existed."), "01.01.2019")
_TO = Explained(text("The last day on which it existed; empty while it exists."), "31.12.2024")

TABLES_EXPLAINED: Mapping[str, Text] = MappingProxyType(
    {
        "municipalities": text("Municipalities: one row for each, and one for each change of it."),
        "units": text("Departments of the municipalities."),
        "staff": text("Staff: one row for each spell of a person in a department."),
        "training": text("Training: one row for each course of a person."),
        "cases": text("Case log: one row for each case. No applicants, no texts."),
        "results": text("Results that are known only as figures of a department and a month."),
        "providers": text("Training organisations."),
        "programmes": text("Programmes of the training organisations."),
        "statistics": text("Public statistics of municipalities: population, wages."),
        **PROGRAMME_EXPLAINED,
        **PAY_EXPLAINED,
    }
)
"""What one row of a table is."""

COLUMNS: Mapping[str, Mapping[str, Explained]] = MappingProxyType(
    {
        "municipalities": {
            "municipality": TOWN,
            "name": Explained(text("Its name."), "Вымышленск"),
            "region": Explained(text("Its region."), "Тверская область"),
            "macroregion": Explained(
                text("A group of regions that share a calendar of shocks."), "Центр"
            ),
            "latitude": Explained(
                text("Latitude of its centre in degrees, for maps; north is positive."), "56,86"
            ),
            "longitude": Explained(
                text("Longitude of its centre in degrees, for maps; east is positive."), "35,91"
            ),
            "valid_from": _FROM,
            "valid_to": _TO,
            "training_known_from": Explained(
                text("From this day on the training records of the town are complete."),
                "01.01.2020",
            ),
            "successor": Explained(
                text("Code of ОКТМО of the municipality that it was merged into."), "28703000"
            ),
        },
        "units": {
            "municipality": TOWN,
            "unit": UNIT,
            "name": Explained(
                text("The full name of the department."), "Отдел архитектуры и земли"
            ),
            "valid_from": _FROM,
            "valid_to": _TO,
            "successor": Explained(
                text("Department of the same municipality that it was renamed to or went into."), ""
            ),
        },
        "staff": {
            "municipality": TOWN,
            "snils": SNILS,
            "full_name": NAME,
            "birth_date": BORN,
            "badge": BADGE,
            "unit": UNIT,
            "position_group": GROUP,
            "started": Explained(text("The first day in this department."), "10.01.2020"),
            "ended": Explained(
                text("The last day in this department; empty for those who work there now."),
                "31.05.2024",
            ),
        },
        "training": {
            "municipality": TOWN,
            "snils": SNILS,
            "full_name": NAME,
            "birth_date": BORN,
            "provider": PROVIDER,
            "programme": Explained(text("Name or code of the programme."), "Работа с обращениями"),
            "started": Explained(text("The first day of the course."), "15.01.2024"),
            "finished": Explained(text("The last day of the course."), "26.01.2024"),
            "hours": Explained(
                text("Length in academic hours; fewer than 16 are no professional development."),
                "72",
            ),
        },
        "cases": {
            "municipality": TOWN,
            "case": Explained(text("Number of the case; each stands once."), "2024-000123"),
            "unit": UNIT,
            "executor_snils": Explained(
                text("СНИЛС of who did the case. It becomes a pseudonym and is not stored."),
                "112-233-445 95",
            ),
            "executor_badge": Explained(
                text("Personnel number of who did the case. Becomes a pseudonym."), "0012"
            ),
            "service": SERVICE,
            "opened": Explained(text("The day on which the case was opened."), "09.01.2024"),
            "due": Explained(text("The day on which it was due."), "19.01.2024"),
            "limit_days": Explained(
                text("The time limit in days, where no due day is known."), "8"
            ),
            "day_kind": Explained(
                text("Whether the limit is in working or in calendar days."), "рабочие"
            ),
            "closed": Explained(
                text("The day on which it was closed; empty while it is open."), "17.01.2024"
            ),
            "cancelled": Explained(text("The day on which it was cancelled."), ""),
            "is_cancelled": Explained(
                text("Whether it was cancelled, also where the day is not known."), "нет"
            ),
            "refused": Explained(text("Whether the service was refused."), "нет"),
            "repeated": Explained(text("Whether it is a repeated complaint."), "нет"),
            "rating": Explained(text("The applicant's rating, 1 to 5."), "5"),
        },
        "results": {
            "municipality": TOWN,
            "unit": UNIT,
            "service": SERVICE,
            "month": Explained(text("The month, as yyyy-mm."), "2024-01"),
            "indicator": Explained(
                text("The indicator: its id in the methodology of the workspace."), "mkgu_queue"
            ),
            "n": Explained(text("How many cases or ratings the figure is of."), "12"),
            "mean": Explained(text("Their mean."), "4,25"),
            "sd": Explained(text("Their standard deviation."), "0,8"),
        },
        "providers": {
            "provider": PROVIDER,
            "name": Explained(text("Its name."), "Учебный центр (вымышлен)"),
            "ogrn": Explained(text("Its registration number (ОГРН)."), "1027700000019"),
            "type": Explained(text("Type of the organisation."), "вуз"),
            "region": Explained(text("Its region."), "Тверская область"),
            "licence": Explained(text("Number of the licence."), "Л035-00000-00/00000000"),
            "successor": Explained(text("ИНН of the organisation that it was merged into."), ""),
            "merged_on": Explained(text("The first day on which that one stood for it."), ""),
            "licence_until": Explained(
                text("The last day of the licence; empty where it has no end."), "31.12.2030"
            ),
        },
        "programmes": {
            "provider": PROVIDER,
            "programme": Explained(
                text("Name or code, as the training table writes it."), "Работа с обращениями"
            ),
            "name": Explained(
                text("The full name of the programme."), "Работа с обращениями граждан"
            ),
            "topic": Explained(text("What it is about."), "обращения"),
            "hours": Explained(text("Length in academic hours."), "72"),
            "form": Explained(text("Form of study."), "очная"),
            "price": Explained(text("Price for one person, roubles."), "15000"),
        },
        "statistics": {
            "municipality": TOWN,
            "indicator": Explained(text("What is measured."), "население"),
            "begins": Explained(text("The first day of the period."), "01.01.2024"),
            "ends": Explained(text("The last day of the period."), "31.12.2024"),
            "breakdown": Explained(
                text("Which part is meant: age, sex, activity; empty for the whole."), "0–17 лет"
            ),
            "value": Explained(text("The value."), "12 345"),
            "measured_in": Explained(text("What it is measured in."), "человек"),
            "source": Explained(text("Where it comes from."), "Росстат"),
            "proxy": Explained(
                text("Whether it stands for something near to what is wanted."), "нет"
            ),
        },
        **PROGRAMME_COLUMNS,
        **PAY_COLUMNS,
    }
)
"""Columns of the templates, in their order. Columns that only other people's files have (parts of a
name, counts by mark, territories) are left out."""

HEADERS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("staff", "full_name"): "ФИО",
        ("training", "provider"): "ИНН образовательной организации",
        ("training", "started"): "Дата начала обучения",
        ("training", "finished"): "Дата окончания обучения",
        ("cases", "case"): "№ дела",
        ("cases", "executor_badge"): "Табельный № исполнителя",
        ("cases", "opened"): "Дата регистрации",
        ("cases", "closed"): "Дата закрытия",
        ("programmes", "provider"): "ИНН организации",
        ("programmes", "programme"): "Код программы",
        ("programmes", "name"): "Наименование программы",
    }
)
"""Columns that a template calls by another of their names than the first, which says too little."""
