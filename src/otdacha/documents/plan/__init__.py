"""What leaves the system of a plan: a workbook, the passport of the programme, open data."""

from otdacha.documents.plan.export import export_plan
from otdacha.documents.plan.fields import Fields, load_fields
from otdacha.documents.plan.passport import write_passport
from otdacha.documents.plan.passport_template import write_passport_template
from otdacha.documents.plan.workbook import write_plan_workbook

__all__ = [
    "Fields",
    "export_plan",
    "load_fields",
    "write_passport",
    "write_passport_template",
    "write_plan_workbook",
]
