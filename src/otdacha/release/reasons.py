"""Why a figure is withheld at publication, and the sentence of any reason in a release."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.effects.reasons import REASONS as EFFECTS
from otdacha.language import Text, text
from otdacha.panel.reasons import REASONS as PANEL
from otdacha.ranking.reasons import REASONS as RANKING
from otdacha.records.reasons import REASONS as RECORDS

REASONS: Mapping[str, Text] = {
    "few_people_to_publish": text("Fewer people stand behind it than may be published."),
    "few_municipalities_to_publish": text(
        "Fewer municipalities stand behind it than may be published."
    ),
}

STAGES: Mapping[str, Text] = {
    "panel": text("Cases and courses"),
    "effects": text("Months of work"),
}
"""What the rows are that a step counts."""

_BY_STAGE: Mapping[str, Mapping[str, Text]] = {
    "release": REASONS,
    "ranking": RANKING,
    "effects": EFFECTS,
    "panel": PANEL,
    "records": RECORDS,
}


def sentence(reason: str, stage: str | None = None) -> Text:
    """The sentence of a reason code; `stage` decides where two stages use one code.

    A release may be older or newer than this program: a code that is unknown here says itself.
    """
    for known in (_BY_STAGE.get(stage or "", {}), *_BY_STAGE.values()):
        if reason in known:
            return known[reason]
    return text("{code}", code=reason)
