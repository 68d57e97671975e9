"""A column in plain words, and those that stand in many tables.

All examples are invented: the numbers only pass their check digits.
"""

from __future__ import annotations

from dataclasses import dataclass

from otdacha.language import Text, text


@dataclass(frozen=True)
class Explained:
    """A column in plain words. example: what a cell may hold; invented."""

    what: Text
    example: str


TOWN = Explained(text("The municipality: its code of ОКТМО."), "28701000")
UNIT = Explained(text("The department, written the same way in every file."), "Отдел архитектуры")
SERVICE = Explained(
    text("The service, written the same way in every file."), "Разрешение на строительство"
)
PROVIDER = Explained(text("The training organisation: its taxpayer number (ИНН)."), "7700000016")
SNILS = Explained(
    text("СНИЛС of the person. It becomes a pseudonym and is not stored."), "112-233-445 95"
)
NAME = Explained(
    text(
        "Surname, name and patronymic; needed only where there is no СНИЛС. Becomes a pseudonym "
        "and is not stored."
    ),
    "Вымышленный Иван Петрович",
)
BORN = Explained(
    text("Date of birth; needed only where there is no СНИЛС. Is not stored."), "01.02.1980"
)
BADGE = Explained(
    text("Personnel number, by which the case log names who did a case. Becomes a pseudonym."),
    "0012",
)
GROUP = Explained(text("Group of the position by law 25-ФЗ, article 8."), "ведущая")
