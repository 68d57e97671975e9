"""Every table of the workspace: those that training is evaluated by, the programme's, and those
of pay."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from otdacha.errors import FileProblem
from otdacha.language import text
from otdacha.records.pay_tables import PAY_TABLES
from otdacha.records.programme_tables import PROGRAMME_TABLES
from otdacha.records.schemas import (
    Cases,
    Municipalities,
    Programmes,
    Providers,
    Results,
    Staff,
    Statistics,
    Training,
    Units,
)
from otdacha.records.table import IDENTITY, PERSONAL, Kind, Table, table

__all__ = ["PERSONAL", "TABLES", "Kind", "Table", "table_of"]

_COUNTS = tuple(f"count_{mark}" for mark in range(1, 6))

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        one.name: one
        for one in (
            table(
                Municipalities,
                "municipality valid_from",
                {
                    "municipality": "municipality",
                    "name": "text",
                    "region": "text",
                    "macroregion": "text",
                    "latitude": "number",
                    "longitude": "number",
                    "valid_from": "date",
                    "valid_to": "date",
                    "training_known_from": "date",
                    "successor": "municipality",
                    "territory": "text",
                    "formed_by": "text",
                    "ended_by": "text",
                },
            ),
            table(
                Units,
                "municipality unit",
                {
                    "municipality": "municipality",
                    "unit": "text",
                    "name": "text",
                    "valid_from": "date",
                    "valid_to": "date",
                    "successor": "text",
                },
            ),
            table(
                Staff,
                "municipality person unit started",
                {
                    "municipality": "municipality",
                    **IDENTITY,
                    "badge": "badge",
                    "unit": "text",
                    "position_group": "text",
                    "started": "date",
                    "ended": "date",
                },
                begins=("started",),
                ends="ended",
            ),
            table(
                Training,
                "person provider programme started finished",
                {
                    "municipality": "municipality",
                    **IDENTITY,
                    "provider": "inn",
                    "programme": "text",
                    "started": "date",
                    "finished": "date",
                    "hours": "number",
                },
                begins=("started",),
                past=("started", "finished"),
            ),
            table(
                Cases,
                "municipality case",
                {
                    "municipality": "municipality",
                    "case": "text",
                    "unit": "text",
                    "executor_snils": "snils",
                    "executor_badge": "badge",
                    "service": "text",
                    "opened": "date",
                    "due": "date",
                    "limit_days": "whole",
                    "day_kind": "day_kind",
                    "closed": "date",
                    "cancelled": "date",
                    "is_cancelled": "yes_no",
                    "refused": "yes_no",
                    "repeated": "yes_no",
                    "rating": "whole",
                },
                begins=("opened",),
                past=("opened", "closed", "cancelled"),
            ),
            table(
                Results,
                "municipality unit service month indicator",
                {
                    "municipality": "municipality",
                    "unit": "text",
                    "service": "text",
                    "month": "month",
                    "date": "date",
                    "indicator": "text",
                    "n": "whole",
                    "mean": "number",
                    "sd": "number",
                    "value": "number",
                    "observation": "text",
                    **dict.fromkeys(_COUNTS, "whole"),
                },
                begins=("month",),
                past=("month",),
                instead={
                    "month": (("date",),),
                    "n": (("value",), _COUNTS),
                    "mean": (("value",), _COUNTS),
                },
            ),
            table(
                Providers,
                "provider",
                {
                    "provider": "inn",
                    "name": "text",
                    "ogrn": "ogrn",
                    "type": "text",
                    "region": "text",
                    "licence": "text",
                    "successor": "inn",
                    "merged_on": "date",
                    "licence_until": "expiry",
                },
            ),
            table(
                Programmes,
                "provider programme",
                {
                    "provider": "inn",
                    "programme": "text",
                    "name": "text",
                    "topic": "text",
                    "hours": "number",
                    "form": "text",
                    "price": "number",
                },
            ),
            table(
                Statistics,
                "municipality indicator begins ends breakdown",
                {
                    "municipality": "municipality",
                    "territory": "text",
                    "indicator": "text",
                    "begins": "date",
                    "ends": "date",
                    "year": "year",
                    "period": "period",
                    "breakdown": "text",
                    "value": "number",
                    "measured_in": "text",
                    "source": "text",
                    "proxy": "yes_no",
                },
                ends="ends",
                instead={
                    "municipality": (("territory",),),
                    "begins": (("year",),),
                    "ends": (("year",),),
                },
            ),
            *PROGRAMME_TABLES,
            *PAY_TABLES,
        )
    }
)
"""Every table by its name, in the order in which they are best added."""


def table_of(name: str) -> Table:
    """The table of this name; FileProblem where there is none."""
    if name not in TABLES:
        raise FileProblem(
            text(
                "There is no table {table}. Tables: {tables}.",
                table=name,
                tables=", ".join(TABLES),
            )
        )
    return TABLES[name]
