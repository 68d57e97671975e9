"""The tables of pay: who holds which post under which terms, and what towns can pay."""

from __future__ import annotations

from otdacha.records.pay_schemas import Finances, Posts
from otdacha.records.table import IDENTITY, Table, table

PAY_TABLES: tuple[Table, ...] = (
    table(
        Posts,
        "municipality person unit position started",
        {
            "municipality": "municipality",
            **IDENTITY,
            "badge": "badge",
            "unit": "text",
            "position": "text",
            "position_group": "text",
            "pay_class": "whole",
            "share": "share",
            "salary": "money",
            "special_rate": "percent",
            "class_rank": "text",
            "secrecy": "text",
            "service_from": "date",
            "north_from": "date",
            "born": "birth_year",
            "sex": "sex",
            "started": "date",
            "ended": "date",
            "employment": "employment",
        },
        begins=("started", "service_from", "north_from"),
        past=("service_from", "north_from"),
        ends="ended",
        defaults={"share": 1, "employment": "main"},
    ),
    table(
        Finances,
        "municipality year",
        {
            "municipality": "municipality",
            "year": "year",
            "grants_share": "percent",
            "norm": "money",
            "available": "money",
        },
    ),
)
"""What a stored row of the tables of pay is."""
