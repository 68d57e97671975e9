"""The report: one HTML file that opens from disk, with no network, no script and no other file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from otdacha.documents.charts.scale import Scale, Tick, scale_of
from otdacha.documents.figures import (
    Measure,
    Organisation,
    measures,
    organisations,
    withheld,
)
from otdacha.documents.left_out import handed_in, indicators_left_out
from otdacha.documents.numbers import Numbers
from otdacha.documents.trust import (
    checks,
    event_months,
    event_picture,
    expected,
    foretold,
    prediction,
    weighed,
    whatever_the_weights,
)
from otdacha.errors import WorkspaceProblem
from otdacha.language import Language, Text, ntext, spoken, text
from otdacha.ranking.expected import EXPECTED_DIFFERS
from otdacha.records.landing import land
from otdacha.release import Release
from otdacha.release.checks import WITHHELD, summary
from otdacha.release.states import INVENTED, SENTENCES, WORDS, State


@dataclass(frozen=True)
class Bar:
    """One provider: its name, its name with the figures, and its place on the scale."""

    name: str
    title: str
    listed: bool
    low: float
    middle: float
    high: float


def write_report(release: Release, out: Path, language: Language = "ru") -> Path:
    """Write the report of a release in `language` to the file `out`, and give back its path.

    The same release gives the same bytes. Raises WorkspaceProblem where the file cannot be written.
    """
    page = _environment(language).get_template("report.html.j2").render(_content(release, language))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        land(out, page.encode())
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{file}: the report cannot be written ({fault}). Make room or name another file.",
                file=out,
                fault=fault.strerror or fault,
            )
        ) from fault
    return out


def _environment(language: Language) -> Environment:
    """Templates whose texts are the catalogue's: `_("... {x}", x=...)`, `ngettext` with `count`."""
    known = Environment(
        loader=PackageLoader("otdacha.documents"),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known.globals |= spoken(language)
    return known


def _content(release: Release, language: Language) -> dict[str, Any]:
    numbers = Numbers(language)
    shown = measures(release, numbers)
    rows = organisations(release, shown, numbers)
    found = release.manifest["evaluation"]
    concerned, left_out = indicators_left_out(release, numbers)
    headline = shown[0]
    threshold = found["threshold"] * headline.factor
    scale = _scale(rows, headline, threshold)
    months = [dt.date.fromisoformat(month) for month in found["months"] or ()]
    by_weights = weighed(release, numbers)
    return {
        "language": language,
        "numbers": numbers,
        "release": release,
        "manifest": release.manifest,
        "methodology": release.methodology,
        "title": release.about.title.said(language),
        "about": release.about,
        "reported": release.reported,
        "created": numbers.day(dt.datetime.fromisoformat(release.manifest["created"]).date()),
        "months": [numbers.month(month) for month in months],
        "invented": INVENTED.said(language) if release.manifest["invented"] else "",
        "verdict": verdict(release, len(rows)).said(language),
        "measures": shown,
        "headline": headline,
        "organisations": rows,
        "listed": [row for row in rows if row.listed],
        "listed_below": any(row.listed and row.low < found["threshold"] for row in rows),
        "withheld": withheld(release, numbers),
        "scale": scale,
        "bars": [_bar(row, scale, headline, numbers) for row in rows],
        "ticks": [Tick(scale.at(v), numbers.signed(v, scale.digits)) for v in scale.values],
        "zero_at": scale.at(0.0),
        "threshold_at": scale.at(threshold),
        "threshold": numbers.signed(threshold, headline.digits),
        "checks": checks(release, numbers),
        "checks_summary": summary(release).said(language),
        "failed": not release.failed.is_empty(),
        "event_months": event_months(release, numbers),
        "event_picture": event_picture(release, numbers),
        "prediction": prediction(release, numbers),
        "foretold": foretold(release, numbers),
        "weighed": by_weights,
        "other_weights": not release.tables["weights"].is_empty(),
        "whatever_the_weights": whatever_the_weights(by_weights).said(language),
        "expected": expected(release, headline, numbers),
        "expected_differs": EXPECTED_DIFFERS.said(language),
        "handed_in": handed_in(release, numbers),
        "indicators": concerned,
        "left_out": left_out,
        "states": [
            (WORDS[state].said(language), SENTENCES[state].said(language))
            for state in State
            if state is not State.PUBLISHED
        ],
        "error_rate": numbers.percent(release.methodology.list.error_rate),
        "level": numbers.percent(release.methodology.design.level),
        "level_of_100": numbers.whole(round(100 * release.methodology.design.level)),
        "rank_level": numbers.percent(release.methodology.ranks.level),
    }


def verdict(release: Release, published: int) -> Text:
    """What the release says, in one plain sentence. published: organisations with an effect."""
    listed = release.listed.height
    if not release.failed.is_empty():
        return WITHHELD
    if not published:
        return text("No training organisation can be judged yet: there is too little evidence.")
    if not listed:
        return text("No training organisation stands out from the others yet.")
    return ntext(
        "{count} training organisation is among the most effective.",
        "{count} training organisations are among the most effective.",
        count=listed,
    )


def _scale(rows: list[Organisation], headline: Measure, threshold: float) -> Scale:
    ends = [end * headline.factor for row in rows for end in (row.low, row.high)]
    return scale_of([*ends, threshold, 0.0])


def _bar(row: Organisation, scale: Scale, headline: Measure, numbers: Numbers) -> Bar:
    # on the chart right is better whatever the indicator's own sign
    low, middle, high = (end * headline.factor for end in (row.low, row.middle, row.high))
    return Bar(
        name=row.name,
        title=f"{row.name}: {numbers.signed(middle, headline.digits)} "
        f"({numbers.interval(low, high, headline.digits)})",
        listed=row.listed,
        low=scale.at(low),
        middle=scale.at(middle),
        high=scale.at(high),
    )
