"""What every column of the tables of pay is, with an example; for templates and hints."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text
from otdacha.records.explanation import BADGE, GROUP, NAME, SNILS, TOWN, UNIT, Explained

PAY_EXPLAINED: Mapping[str, Text] = {
    "posts": text("Posts and pay: one row for each spell of a person in a post."),
    "finances": text("Money of the municipalities for pay: one row for each year."),
}
"""What one row of a table is."""

PAY_COLUMNS: Mapping[str, Mapping[str, Explained]] = {
    "posts": {
        "municipality": TOWN,
        "snils": SNILS,
        "full_name": NAME,
        "birth_date": Explained(
            text("Date of birth. Only its year is stored, for measures that depend on age."),
            "01.02.1980",
        ),
        "badge": BADGE,
        "unit": UNIT,
        "position": Explained(text("The post as the staffing table calls it."), "Консультант"),
        "position_group": GROUP,
        "pay_class": Explained(
            text("Class or category of pay within the group; empty where the law knows none."), "1"
        ),
        "share": Explained(text("Which part of a full-time post is held; empty: 1."), "0,5"),
        "salary": Explained(
            text("Monthly salary (оклад) of a full post; empty: as the law's table says."),
            "12500,00",
        ),
        "special_rate": Explained(
            text(
                "Allowance for special conditions in percent of the salary; empty: as the law says."
            ),
            "60 %",
        ),
        "class_rank": Explained(
            text("Class rank of the person, written as in the law of the region."),
            "референт муниципальной службы 1 класса",
        ),
        "secrecy": Explained(
            text("Degree of secrecy that an allowance is paid for, as in the law; empty: none."),
            "секретно",
        ),
        "service_from": Explained(
            text("The day from which the years of service count; empty: the first day in post."),
            "01.09.2012",
        ),
        "north_from": Explained(
            text("The day from which work in the North counts; empty: the first day in post."),
            "01.09.2012",
        ),
        "born": Explained(text("Year of birth, where there is no date of birth."), "1980"),
        "sex": Explained(text("Sex, for the distribution of what measures bring."), "female"),
        "started": Explained(text("The first day in the post."), "09.01.2020"),
        "ended": Explained(text("The last day in the post; empty while it is held."), "31.12.2024"),
        "employment": Explained(
            text("Whether it is the main place of work or a second post; empty: the main one."),
            "main",
        ),
    },
    "finances": {
        "municipality": TOWN,
        "year": Explained(text("The year that it is said of."), "2025"),
        "grants_share": Explained(
            text("Share of grants (дотации) in own revenue, as the Budget Code, 136, counts it."),
            "18,4 %",
        ),
        "norm": Explained(
            text("The region's norm of spending on pay of local self-government, roubles a year."),
            "45 000 000,00",
        ),
        "available": Explained(
            text("What the local budget could add for measures in this year, roubles."),
            "2 500 000,00",
        ),
    },
}
"""Columns of the templates, in their order. Answers of closed lists are written as their codes."""
