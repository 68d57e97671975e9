"""How the documents of a scenario name it."""

from __future__ import annotations

from otdacha.documents.numbers import Numbers
from otdacha.language import Language, Text, text
from otdacha.pay.scenario import Scenario

INVENTED = text(
    "The data of this scenario are invented: the towns and people do not exist, and no sum here is "
    "anybody's."
)


def source_of(scenario: Scenario, numbers: Numbers) -> Text:
    """Where a figure comes from: scenario, release and date. It stands by every table."""
    day = numbers.day(scenario.made.date())
    release = scenario.manifest["release"]
    if release is None:
        return text(
            "Scenario {scenario} of {day}, made without a release", scenario=scenario.id, day=day
        )
    return text(
        "Scenario {scenario} of {day}, with release {release}",
        scenario=scenario.id,
        day=day,
        release=release["id"],
    )


def verdict_of(scenario: Scenario, language: Language) -> str:
    """Whether the chosen levels are surely the best, as the scenario says it; empty where there was
    nothing to choose."""
    choice = scenario.manifest.get("choice")
    return choice["verdict"][language] if choice else ""
