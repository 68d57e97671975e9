"""Who stands where, on a terminal: a ranking as a table with its uncertainty on every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from otdacha.cli.tables import UNKNOWN, figure, only_the_first, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.ranking import Ranking

LISTED = "●"
ROWS = 30
"""Rows of a ranking that are printed; all of them are saved with --out."""

_STATES = {
    "insufficient evidence": text("too little evidence"),
    "not comparable": text("not comparable"),
    "suppressed": text("suppressed"),
    "not collected": text("not collected"),
}


def standing(voice: Voice, frame: pl.DataFrame) -> Any:
    """The table of those that are ranked, in the order of `frame`.

    frame: columns of `otdacha.ranking.RANKING`, and `name` where names are known.
    """
    headings: dict[str, Text | str] = {
        "listed": "",
        "place": text("Place"),
        "provider": text("Organisation"),
        "effect": text("Effect"),
        "interval": text("Interval"),
        "better": text("Better"),
        "grade": text("Grade"),
    }
    return table(
        voice,
        headings,
        [
            (
                LISTED if row["listed"] else "",
                places(row["rank_low"], row["rank_high"]),
                row.get("name") or row["provider"],
                figure(row["posterior_mean"], voice.language, 3, plus=True),
                interval(voice, row["lower"], row["upper"]),
                percent(voice, row["probability_better"]),
                row["grade"],
            )
            for row in frame.iter_rows(named=True)
            if row["posterior_mean"] is not None
        ],
        numbers=["place", "effect", "interval", "better", "grade"],
    )


def legend(voice: Voice, frame: pl.DataFrame, threshold: float) -> list[Shown]:
    """What the table of a ranking means by "better", and by its mark."""
    said: list[Shown] = [
        text(
            "Better: the probability that the effect is above {threshold}.",
            threshold=figure(threshold, voice.language, 3 if threshold else 0),
        )
    ]
    if frame["listed"].any():
        said.append(text("{mark} on the list of the most effective.", mark=LISTED))
    return said


def expected_shown(
    voice: Voice, expected: pl.DataFrame, reference: Mapping[str, str]
) -> list[Shown]:
    """What was expected beforehand, where it is not the same of all.

    expected: columns of `otdacha.ranking.result.EXPECTED`. reference: covariate → largest level.
    """
    from otdacha.ranking.expected import EXPECTED_DIFFERS, term_in_words

    if expected.is_empty():
        return []
    return [
        EXPECTED_DIFFERS,
        table(
            voice,
            {"term": text("What is known"), "effect": text("Expected effect"), "se": "±"},
            [
                (
                    term_in_words(row["term"], reference),
                    figure(row["coefficient"], voice.language, 3, plus=True),
                    figure(row["se"], voice.language, 3),
                )
                for row in expected.iter_rows(named=True)
            ],
            numbers=["effect", "se"],
        ),
    ]


def ranking_shown(voice: Voice, ranking: Ranking) -> list[Shown]:
    """A ranking for people: the first rows, the verdict, and how many are not ranked, and why."""
    ranked = ranking.frame.filter(~ranking.frame["posterior_mean"].is_null())
    shown: list[Shown] = []
    if ranked.height:
        shown.append(standing(voice, ranked.head(ROWS)))
    shown += only_the_first(ROWS, ranked.height, "ranking.xlsx")
    if ranked.height:
        shown += legend(voice, ranked, ranking.threshold)
    shown += expected_shown(voice, ranking.prior.expected, ranking.prior.reference)
    shown.append(ranking.verdict)
    unranked = ranking.frame.filter(ranking.frame["posterior_mean"].is_null())
    for state, count in unranked.group_by("state").len().sort("state").iter_rows():
        shown.append(not_ranked(count, _STATES.get(state, state)))
    return shown


def not_ranked(count: int, state: Text | str) -> Text:
    """How many are not ranked because of their state."""
    return ntext(
        "Not ranked: {count} organisation ({state}).",
        "Not ranked: {count} organisations ({state}).",
        count=count,
        state=state,
    )


def ranking_document(ranking: Ranking) -> dict[str, Any]:
    """A ranking for a machine."""
    return {
        "indicator": ranking.indicator,
        "threshold": ranking.threshold,
        "null_share": ranking.null_share,
        "prior": {
            "kind": ranking.prior.kind,
            "mean": ranking.prior.mean,
            "sd": ranking.prior.sd,
            "expected": ranking.prior.expected.to_dicts(),
        },
        "listed": list(ranking.listed),
        "providers": ranking.frame.to_dicts(),
    }


def places(low: int | None, high: int | None) -> str:
    """A range of places: 3, or 1–7."""
    if low is None or high is None:
        return UNKNOWN
    return str(low) if low == high else f"{low}–{high}"


def interval(voice: Voice, lower: float | None, upper: float | None) -> str:
    """An interval with its signs."""
    if lower is None or upper is None:
        return UNKNOWN
    low, high = (figure(end, voice.language, 3, plus=True) for end in (lower, upper))
    return f"{low} … {high}"


def percent(voice: Voice, share: float | None) -> str:
    """A probability, never rounded to certainty."""
    if share is None:
        return UNKNOWN
    if share > 0.99:
        return "> 99 %"
    if share < 0.01:
        return "< 1 %"
    return f"{figure(100 * share, voice.language)} %"
