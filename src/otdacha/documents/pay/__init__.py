"""What leaves the system of a scenario of pay: a workbook, the letter with proposals, open data."""

from otdacha.documents.pay.export import export_scenario
from otdacha.documents.pay.fields import Fields, load_fields, write_fields_template
from otdacha.documents.pay.letter import write_letter
from otdacha.documents.pay.letter_template import write_letter_template
from otdacha.documents.pay.workbook import write_scenario_workbook

__all__ = [
    "Fields",
    "export_scenario",
    "load_fields",
    "write_fields_template",
    "write_letter",
    "write_letter_template",
    "write_scenario_workbook",
]
