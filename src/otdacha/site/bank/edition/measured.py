"""What a release measured, when and where: what every list of its effects says above itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from otdacha.site.bank.edition.edition import Edition


def measured(edition: Edition) -> dict[str, Any]:
    """For templates. months: the first and the last, none where the figures came from somebody
    else; towns: how many, None there; measured: the indicators without their sum; level: that of
    the intervals, in percent."""
    release = edition.published
    found = release.manifest["evaluation"]
    measures = edition.measures
    return {
        "months": [dt.date.fromisoformat(month) for month in found["months"] or ()],
        "towns": found["municipalities"],
        "measured": measures[1:] if len(measures) > 1 else measures,
        "level": edition.numbers.percent(release.methodology.design.level),
    }
