"""Who holds which post under which terms, and what the towns can pay."""

from otdacha.pay.people.badges import person_of_badge
from otdacha.pay.people.finances import FINANCES, finances, finances_of
from otdacha.pay.people.roster import ROSTER, Roster, roster, roster_of

__all__ = [
    "FINANCES",
    "ROSTER",
    "Roster",
    "finances",
    "finances_of",
    "person_of_badge",
    "roster",
    "roster_of",
]
