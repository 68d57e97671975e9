"""What every column of the programme's tables is, with an example; for templates and hints."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text
from otdacha.records.explanation import (
    BADGE,
    BORN,
    GROUP,
    NAME,
    PROVIDER,
    SNILS,
    TOWN,
    UNIT,
    Explained,
)

_OFFER = Explained(text("Code of the offer, written the same way in every file."), "2027-03")
_CONTRACT = Explained(text("Number of the contract."), "15/2027")
_SOURCE = Explained(text("Whose budget pays."), "municipal")
_CODE = Explained(
    text("Budget code (КБК) of 20 signs; spaces and points do not matter."),
    "901 0705 0110199990 244",
)

PROGRAMME_EXPLAINED: Mapping[str, Text] = {
    "needs": text("Needs: one row for each person, or group of alike people, to be trained."),
    "offers": text("Offers: one row for each course that is held on given days at a given price."),
    "budgets": text("Budgets: one row for each source, year and budget code."),
    "contracts": text("Contracts: one row for each source of money of a contract."),
    "attendance": text("Attendance: one row for each person and offer."),
    "payments": text("Payments: one row for each payment under a contract."),
}
"""What one row of a table is."""

PROGRAMME_COLUMNS: Mapping[str, Mapping[str, Explained]] = {
    "needs": {
        "municipality": TOWN,
        "need": Explained(text("Number of the need; each stands once."), "З-17"),
        "snils": SNILS,
        "full_name": NAME,
        "birth_date": BORN,
        "badge": BADGE,
        "unit": UNIT,
        "position_group": GROUP,
        "people": Explained(
            text("How many people; one where the row names somebody, or the cell is empty."), "1"
        ),
        "topic": Explained(text("What is to be learnt."), "обращения"),
        "reason": Explained(text("Why the training is needed."), "request"),
        "by": Explained(text("The day by which it must be finished."), "31.12.2027"),
        "indicator": Explained(text("The indicator that the training should move."), "mkgu_queue"),
        "change": Explained(
            text("How much it should move, in its own unit; plus is better."), "0,3"
        ),
        "expected_by": Explained(text("The day by which the result is expected."), "30.06.2028"),
        "priority": Explained(text("From 1, the most urgent, to 5."), "2"),
    },
    "offers": {
        "provider": PROVIDER,
        "offer": _OFFER,
        "programme": Explained(text("Name or code of the programme."), "Работа с обращениями"),
        "name": Explained(text("The full name of the programme."), "Работа с обращениями граждан"),
        "topic": Explained(text("What it is about."), "обращения"),
        "hours": Explained(text("Length in academic hours."), "72"),
        "form": Explained(text("Form of study."), "очная"),
        "price": Explained(text("Price for one person, roubles."), "15000"),
        "started": Explained(text("The first day of the course."), "15.03.2027"),
        "finished": Explained(text("The last day of the course."), "26.03.2027"),
        "town": Explained(
            text("Where it is held: the municipality's code of ОКТМО; empty at a distance."),
            "28701000",
        ),
        "minimum_group": Explained(
            text("With fewer people a group is not held; empty means one."), "10"
        ),
        "places": Explained(text("How many places one group has."), "25"),
        "groups": Explained(text("How many such groups can be held; empty means one."), "2"),
        "travel": Explained(
            text(
                "Travel and lodging of one person from another municipality, roubles; empty means "
                "none."
            ),
            "8000",
        ),
        "yearly": Explained(text("Whether it is held again in each later year."), "да"),
    },
    "budgets": {
        "source": _SOURCE,
        "holder": Explained(
            text(
                "Whose money it is: code of ОКТМО of a municipality or name of a region; empty for "
                "all."
            ),
            "28701000",
        ),
        "year": Explained(text("The year in which it may be spent."), "2027"),
        "code": _CODE,
        "amount": Explained(text("The sum, roubles and kopecks."), "500000,00"),
        "pays_for": Explained(text("What it may pay for: fees or travel; empty for both."), "fee"),
    },
    "contracts": {
        "municipality": TOWN,
        "contract": _CONTRACT,
        "provider": PROVIDER,
        "offer": _OFFER,
        "seats": Explained(
            text("How many places the whole contract buys; the same in each row of it."), "12"
        ),
        "source": _SOURCE,
        "code": _CODE,
        "amount": Explained(text("What this source pays, roubles and kopecks."), "180000,00"),
        "signed": Explained(text("The day on which it was signed."), "15.01.2024"),
    },
    "attendance": {
        "municipality": TOWN,
        "snils": SNILS,
        "full_name": NAME,
        "birth_date": BORN,
        "badge": BADGE,
        "provider": PROVIDER,
        "offer": _OFFER,
        "status": Explained(text("How far the training has come."), "finished"),
        "finished": Explained(
            text("The day on which the person finished; empty before that."), "26.01.2024"
        ),
        "hours": Explained(text("Academic hours; empty where they are as in the offer."), "72"),
    },
    "payments": {
        "municipality": TOWN,
        "payment": Explained(text("Number of the payment order."), "214"),
        "contract": _CONTRACT,
        "source": _SOURCE,
        "code": _CODE,
        "paid": Explained(text("The day on which it was paid."), "30.01.2024"),
        "amount": Explained(text("The sum, roubles and kopecks."), "180000,00"),
    },
}
"""Columns of the templates, in their order. Answers of closed lists are written as their codes."""
