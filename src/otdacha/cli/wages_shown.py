"""A comparison of wages on a terminal, and as a document for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from otdacha.cli.tables import figure, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.pay.wages import Comparison

SHOWN = 10
"""Municipalities with the largest gaps, each way."""


def wages_document(made: Comparison) -> dict[str, Any]:
    """A comparison as a document for machines, with the municipalities of its newest year."""
    from otdacha.pay.wages.states import PROXY

    rows = _newest(made)
    kept = ("wages", "years", "invented", "sources", "figures", "quarters")
    return {
        "path": str(made.path),
        **{name: made.manifest[name] for name in kept},
        "proxy": PROXY.said("en"),
        "municipalities": rows.to_dicts(),
        "unmatched": made.tables["unmatched"].to_dicts(),
    }


def wages_shown(voice: Voice, made: Comparison) -> list[Shown]:
    """The answer in sentences, and the ten largest gaps either way."""
    from otdacha.pay.wages.readme import INVENTED, answer
    from otdacha.pay.wages.states import KNOWN, PROXY, YEAR_STATES

    figures, year = made.figures, made.years[-1]
    rows = _newest(made)
    known = rows.filter(state=KNOWN).sort("place", "municipality")
    less = known.filter(known["ratio"] < 1)
    more = known.filter(known["ratio"] > 1).reverse()
    return [
        *([INVENTED] if made.manifest["invented"] else []),
        answer(figures, year),
        PROXY,
        *_largest(
            voice, less, text("Administration earns least beside its neighbours, {year}", year=year)
        ),
        *_largest(
            voice, more, text("Administration earns most beside its neighbours, {year}", year=year)
        ),
        *(
            text("{state}: {count}", state=words, count=figures["states"][state])
            for state, words in YEAR_STATES.items()
            if state != KNOWN and figures["states"][state]
        ),
        *_left(made),
    ]


def papers_of_wages(made: Comparison) -> list[Text]:
    """How to have a comparison as files, and on the site."""
    return [
        text("All municipalities, in Excel: otdacha export {path}", path=made.path),
        text("Show it on the site: otdacha publish {path}", path=made.path),
    ]


def _newest(made: Comparison) -> pl.DataFrame:
    names = made.tables["municipalities"].select("municipality", "name", "region")
    rows = made.tables["years"].filter(year=made.years[-1])
    return rows.join(names, on="municipality", how="left", maintain_order="left")


def _largest(voice: Voice, rows: pl.DataFrame, title: Text) -> list[Any]:
    if rows.is_empty():
        return []
    shown = rows.head(SHOWN).select("name", "region", "wage_o", "wage_all", "difference", "ratio")
    return [
        table(
            voice,
            {
                "name": text("Municipality"),
                "region": text("Region"),
                "wage_o": text("Administration, ₽"),
                "wage_all": text("All, ₽"),
                "difference": text("Difference, ₽"),
                "ratio": text("Ratio"),
            },
            [
                (
                    name,
                    region,
                    figure(float(wage_o), voice.language),
                    figure(float(wage_all), voice.language),
                    figure(float(difference), voice.language, plus=True),
                    figure(ratio, voice.language, 2),
                )
                for name, region, wage_o, wage_all, difference, ratio in shown.iter_rows()
            ],
            title=title,
            numbers=("wage_o", "wage_all", "difference", "ratio"),
        )
    ]


def _left(made: Comparison) -> list[Text]:
    """How much of the statistics belongs to no municipality."""
    left = made.tables["unmatched"]
    if left.is_empty():
        return []
    return [
        ntext(
            "{rows} row of the statistics belongs to no municipality of now; which and why is in "
            "the table unmatched.",
            "{rows} rows of the statistics belong to no municipality of now; which and why is in "
            "the table unmatched.",
            count=int(left["rows"].sum()),
            rows=int(left["rows"].sum()),
        )
    ]
