"""How the documents of a plan name it."""

from __future__ import annotations

import datetime as dt

from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text
from otdacha.programme.plan import Plan


def made(plan: Plan) -> dt.datetime:
    """When the plan was made."""
    return dt.datetime.fromisoformat(plan.manifest["made"])


def source_of(plan: Plan, numbers: Numbers) -> Text:
    """Where a figure of the plan comes from: plan, release and date. It stands by every table."""
    day = numbers.day(made(plan).date())
    if plan.manifest["release"] is None:
        return text("Plan {plan} of {day}, made without a release", plan=plan.id, day=day)
    return text(
        "Plan {plan} of {day}, from release {release}",
        plan=plan.id,
        day=day,
        release=plan.manifest["release"]["id"],
    )


INVENTED = text(
    "The data of this plan are invented: the towns, organisations and people do not exist."
)
