"""How far a ranking may be trusted, in the reader's words: checks, months, prediction, weights."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from otdacha.documents.figures import Measure
from otdacha.documents.numbers import Numbers
from otdacha.documents.pictures import path
from otdacha.language import Text, text
from otdacha.ranking.expected import term_in_words
from otdacha.release import Release
from otdacha.release.checks import OUTCOMES, name_of
from otdacha.release.states import State

PREDICTORS = {
    "posterior_mean": text("The ranking"),
    "raw_mean": text("A table of raw results"),
    "everyone_average": text("Everybody is average"),
}


@dataclass(frozen=True)
class Check:
    """One check as a row of a table; code: its outcome as the release has it."""

    name: str
    code: str
    outcome: str
    sentence: str
    failed: bool


@dataclass(frozen=True)
class Month:
    """One month before or after training as a row of a table."""

    time: str
    effect: str
    alone: str
    together: str


@dataclass(frozen=True)
class Foretold:
    """One way of foretelling as a row of a table; a dash where a figure does not exist."""

    name: str
    slope: str
    order: str
    error: str


@dataclass(frozen=True)
class Expected:
    """One thing that is known beforehand as a row of a table."""

    name: str
    effect: str
    error: str


@dataclass(frozen=True)
class Weighed:
    """One organisation under other weights of the indicators as a row of a table."""

    name: str
    share: str
    places: str
    always: bool


@dataclass(frozen=True)
class GradesAt:
    """How many grades a price of a right order buys; chosen: the methodology's own price."""

    price: str
    grades: str
    wrong: str
    chosen: bool


def checks(release: Release, numbers: Numbers) -> list[Check]:
    """Every check with its result, failed ones first."""
    rows = release.gates.with_columns(first=pl.col("outcome") != "failed").sort(
        "first", maintain_order=True
    )
    return [
        Check(
            name=name_of(row["gate"]).said(numbers.language),
            code=row["outcome"],
            outcome=OUTCOMES.get(row["outcome"], text("{code}", code=row["outcome"])).said(
                numbers.language
            ),
            sentence=row[f"sentence_{numbers.language}"],
            failed=row["outcome"] == "failed",
        )
        for row in rows.iter_rows(named=True)
    ]


def event_months(release: Release, numbers: Numbers) -> list[Month]:
    """The headline of all organisations together, month by month from training."""
    return [
        Month(
            time=numbers.signed(row["time"], 0) if row["time"] else numbers.whole(0),
            effect=numbers.signed(row["estimate"], 3),
            alone=numbers.interval(row["lower"], row["upper"], 3),
            together=numbers.interval(row["lower_all"], row["upper_all"], 3),
        )
        for row in _of_all(release).iter_rows(named=True)
    ]


def event_picture(release: Release, numbers: Numbers) -> str:
    """The same as a chart (SVG); empty where there is nothing to draw."""
    rows = _of_all(release)
    if rows.is_empty():
        return ""
    return path(
        rows,
        x="time",
        y="estimate",
        lower="lower",
        upper="upper",
        wide_lower="lower_all",
        wide_upper="upper_all",
        split=-0.5,
        x_title=text("Months from training").said(numbers.language),
        y_title=text("Standard deviations").said(numbers.language),
    ).svg()


def _of_all(release: Release) -> pl.DataFrame:
    return release.tables["event_study"].filter(
        pl.col("provider").is_null(),
        pl.col("indicator") == release.headline,
        pl.col("state") == State.PUBLISHED,
    )


def prediction(release: Release, numbers: Numbers) -> str:
    """Whether the ranking predicts, in one sentence."""
    return str(release.manifest["evaluation"]["prediction"]["sentence"][numbers.language])


def foretold(release: Release, numbers: Numbers) -> list[Foretold]:
    """The ranking and its rivals, side by side."""
    table = release.tables["prediction"]
    figures = {
        (p, m): value for p, m, value in table.select("predictor", "measure", "value").rows()
    }

    def shown(predictor: str, measure: str) -> str:
        value = figures.get((predictor, measure))
        return "–" if value is None else numbers.signed(value, 2)

    known = table["predictor"].unique(maintain_order=True)
    return [
        Foretold(
            name=PREDICTORS.get(one, text("{code}", code=one)).said(numbers.language),
            slope=shown(one, "slope"),
            order=shown(one, "rank_correlation"),
            error=_root(figures.get((one, "mean_squared_error")), numbers),
        )
        for one in known
    ]


def _root(squared: float | None, numbers: Numbers) -> str:
    """The usual error; a mean square that is nothing but the noise it is net of has none."""
    return "–" if squared is None else numbers.decimal(max(squared, 0.0) ** 0.5, 2)


def expected(release: Release, headline: Measure, numbers: Numbers) -> list[Expected]:
    """What was expected beforehand, where it is not the same of all organisations."""
    return [
        Expected(
            name=term_in_words(row["term"], release.reference).said(numbers.language),
            effect=numbers.signed(headline.shown(row["coefficient"]), 3),
            error=numbers.decimal(headline.factor * row["se"], 3),
        )
        for row in release.expected.iter_rows(named=True)
    ]


def weighed(release: Release, numbers: Numbers) -> list[Weighed]:
    """Organisations that are on the list under some weights, by how often."""
    names = dict(release.providers.select("provider", "name").rows())
    rows = release.tables["weights"].filter("listed_ever")
    rows = rows.sort("listed_share", "place", descending=[True, False])
    return [
        Weighed(
            name=names.get(row["provider"]) or row["provider"],
            share=numbers.percent(row["listed_share"]),
            places=numbers.places(row["best"], row["worst"]),
            always=row["listed_always"],
        )
        for row in rows.iter_rows(named=True)
    ]


def whatever_the_weights(rows: list[Weighed]) -> Text:
    """Who is on the list whatever the indicators weigh, in one sentence."""
    always = [row.name for row in rows if row.always]
    if not rows:
        return text("Under no weights is anybody on the list.")
    if not always:
        return text(
            "Nobody is on the list whatever the weights: who is called one of the most effective "
            "depends in part on what is held to be important."
        )
    return text("On the list whatever the weights: {names}.", names=", ".join(always))


def grades_by_price(release: Release, numbers: Numbers) -> list[GradesAt]:
    """The path of grades: the more a right order is worth, the more grades, and the more wrong."""
    chosen = release.methodology.list.grade_price
    return [
        GradesAt(
            price=numbers.decimal(row["price"], 2),
            grades=numbers.whole(row["grades"]),
            wrong=numbers.percent(row["discordance_rate"]),
            chosen=row["price"] == chosen,
        )
        for row in release.tables["grades"].iter_rows(named=True)
    ]
