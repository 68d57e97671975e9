"""Documents for people, made from a release."""

from otdacha.documents.report import write_report

__all__ = ["write_report"]
