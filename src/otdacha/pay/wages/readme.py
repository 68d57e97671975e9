"""The README inside a comparison: the answer, whose wage it is, what lies here, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from otdacha.language import LANGUAGES, Language, Text, text
from otdacha.pay.wages.states import (
    LEFT_REASONS,
    PROXY,
    QUARTER_SENTENCES,
    QUARTER_STATES,
    YEAR_SENTENCES,
    YEAR_STATES,
)

INVENTED = text("The wages and municipalities of this comparison are invented.")
_FILES: tuple[tuple[str, Text], ...] = (
    ("wages.csv", text("the comparison, year by year, with names: opens in any spreadsheet")),
    ("years.parquet", text("the same, typed")),
    ("quarters.parquet", text("mean month of each quarter")),
    ("municipalities.parquet", text("the municipalities that are there now")),
    ("unmatched.parquet", text("statistics that belong to no municipality, and why")),
    ("data_dictionary.csv", text("every column: type, unit, meaning")),
    ("manifest.json", text("what this was made from and by, and the hash of every file")),
)


def readme(manifest: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> bytes:
    """The README in every language, Russian first. manifest: without its files."""
    return "\n".join(_said(manifest, tables, one) for one in LANGUAGES).encode()


def answer(figures: Mapping[str, Any], year: int) -> Text:
    """The comparison in a sentence. figures: `compared.figures` of the year."""
    if not figures["known"]:
        return text(
            "Of no municipality both wages of {year} are told, so nothing can be compared.",
            year=year,
        )
    return text(
        "In {less} of {known} municipalities whose wages are told for {year}, public "
        "administration earns less than all activities together; in the middle municipality it "
        "earns {percent}% of their wage.",
        less=figures["less"],
        known=figures["known"],
        year=year,
        percent=round(100 * figures["median_ratio"]),
    )


def _said(manifest: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], spoken: Language) -> str:
    def say(sentence: Text) -> str:
        return sentence.said(spoken)

    left = tables["unmatched"].group_by("reason").agg(pl.len(), pl.col("rows").sum()).sort("reason")
    return "\n".join(
        [
            f"# {say(text('The wage next door'))}: {manifest['wages']}",
            "",
            *([say(INVENTED), ""] if manifest["invented"] else []),
            *(
                line
                for year in reversed(manifest["years"])
                for line in _of_year(manifest["figures"][str(year)], year, say)
            ),
            say(PROXY),
            "",
            *(say(text("Source: {source}.", source=one)) for one in manifest["sources"]),
            "",
            f"## {say(text('Files'))}",
            "",
            *(f"- `{name}`: {say(what)}" for name, what in _FILES),
            "",
            f"## {say(text('Quarters'))}",
            "",
            say(
                text(
                    "The source tells means since January. A quarter is worked out of them: k "
                    "times the mean of k quarters less k - 1 times that of one quarter fewer. That "
                    "holds exactly where as many people worked all the year."
                )
            ),
            "",
            *(
                f"- {say(words)}, {manifest['quarters'].get(state, 0)}: "
                f"{say(QUARTER_SENTENCES[state])}"
                for state, words in QUARTER_STATES.items()
            ),
            "",
            f"## {say(text('Belongs to no municipality'))}",
            "",
            *(
                say(
                    text(
                        "- {reason}: {count} (rows: {rows})",
                        reason=LEFT_REASONS[reason],
                        count=count,
                        rows=rows,
                    )
                )
                for reason, count, rows in left.iter_rows()
            ),
            "",
        ]
    )


def _of_year(figures: Mapping[str, Any], year: int, say: Callable[[Text], str]) -> list[str]:
    return [
        say(answer(figures, year)),
        "",
        *(
            f"- {say(words)}, {figures['states'][state]}: {say(YEAR_SENTENCES[state])}"
            for state, words in YEAR_STATES.items()
            if figures["states"][state]
        ),
        "",
    ]
