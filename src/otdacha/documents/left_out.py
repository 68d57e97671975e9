"""What did not become evidence: rows rejected at the door, and rows left out later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.documents.numbers import Numbers
from otdacha.language import Text, text
from otdacha.release.export import indicator_name
from otdacha.release.reasons import sentence
from otdacha.release.release import Release
from otdacha.release.states import WORDS, State

TABLE_NAMES: Mapping[str, Text] = {
    "municipalities": text("Municipalities"),
    "units": text("Departments"),
    "staff": text("Staff"),
    "training": text("Training"),
    "cases": text("Cases"),
    "results": text("Reported results"),
    "providers": text("Training organisations"),
    "programmes": text("Programmes"),
}


@dataclass(frozen=True)
class Handed:
    """What came in of one table: files, rows, and why some rows were not taken."""

    table: str
    files: str
    accepted: str
    rejected: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Rows that were left out at one step for one reason, by indicator; `all_indicators` counts
    those that are not about one."""

    stage: str
    why: str
    all_indicators: str
    by_indicator: tuple[str, ...]


def handed_in(release: Release, numbers: Numbers) -> list[Handed]:
    """The tables as they came in, counted over all files."""
    found = []
    inputs = release.manifest["inputs"]
    for table in TABLE_NAMES:
        batches = [batch for batch in inputs if batch["table"] == table]
        if not batches:
            continue
        reasons: Counter[str] = Counter()
        for batch in batches:
            reasons.update(batch["reasons"])
        found.append(
            Handed(
                table=TABLE_NAMES[table].said(numbers.language),
                files=numbers.whole(len(batches)),
                accepted=numbers.whole(sum(batch["accepted"] for batch in batches)),
                rejected=numbers.whole(sum(batch["rejected"] for batch in batches)),
                why=tuple(
                    f"{numbers.whole(rows)}: {sentence(code, 'records').said(numbers.language)}"
                    for code, rows in reasons.most_common()
                ),
            )
        )
    return found


def indicators_left_out(release: Release, numbers: Numbers) -> tuple[list[str], list[LeftOut]]:
    """The indicators that miss rows, and for every reason how many: the most frequent first."""
    totals = release.left_out
    concerned = set(totals["indicator"].drop_nulls())
    indicators = [one.id for one in release.methodology.indicators if one.id in concerned]
    reasons = (
        totals.group_by("stage", "reason")
        .agg(pl.col("rows").sum().alias("all"))
        .sort("stage", "all", "reason", descending=[True, True, False])
    )
    cells = {(r["stage"], r["reason"], r["indicator"]): r for r in totals.iter_rows(named=True)}

    def said(stage: str, reason: str, indicator: str | None) -> str:
        return _said(cells.get((stage, reason, indicator)), numbers)

    return (
        [indicator_name(release, one, numbers.language) for one in indicators],
        [
            LeftOut(
                stage=stage,
                why=sentence(reason, stage).said(numbers.language),
                all_indicators=said(stage, reason, None),
                by_indicator=tuple(said(stage, reason, one) for one in indicators),
            )
            for stage, reason in reasons.select("stage", "reason").iter_rows()
        ],
    )


def _said(cell: Mapping[str, Any] | None, numbers: Numbers) -> str:
    if cell is None:
        return "\N{EN DASH}"
    if not cell["shown"]:
        return WORDS[State.SUPPRESSED].said(numbers.language)
    return numbers.whole(cell["rows"])
