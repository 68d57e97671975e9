"""Whose completed training showed effect: by providers on the list of a release.

The allowance is paid from the month after the training ended, for so many months. Months of several
trainings that overlap are paid once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from otdacha.errors import OtdachaError
from otdacha.language import Text, text
from otdacha.panel.mergers import mergers
from otdacha.pay.measures.entries import TrainingAllowance
from otdacha.pay.measures.file import MeasuresFile
from otdacha.pay.measures.granted import month_number, number_of
from otdacha.records import Workspace, frame, steady
from otdacha.release.release import Release, load, releases

_READ = ("training", "municipalities", "units", "providers")

LATEST = "latest"
"""What a file names instead of a release to have the newest."""
COURSES = pl.Schema(
    {
        "person": pl.String(),
        "finished": pl.Date(),
        "why_not": pl.String(),  # null: it showed effect; otherwise a key of `WHY_NOT`
    }
)
WHY_NOT: Mapping[str, Text] = {
    "too_long_ago": text("their training showed effect, but ended too long ago"),
    "too_short": text("their training was shorter than training that counts"),
    "not_listed": text("of their provider the release shows no effect"),
    "not_in_release": text("their provider is not in the release"),
}
"""Why somebody who was trained receives nothing; of several reasons the first counts."""


@dataclass(frozen=True)
class Trained:
    """Training as a release sees it. courses: schema `COURSES`. release: its id. hash: of its
    manifest."""

    release: str
    hash: str
    courses: pl.DataFrame

    @property
    def shown(self) -> pl.DataFrame:
        """person, finished: the training that showed effect."""
        return self.courses.filter(pl.col("why_not").is_null()).select("person", "finished")

    def granted(self, months: int) -> pl.DataFrame:
        """person, first, last: the months (as `number_of`) of each allowance; they may overlap."""
        ended = month_number("finished")
        return self.shown.select("person", first=ended + 1, last=ended + months)

    def receiving_nothing(
        self, people: pl.Series, months: int, begins: dt.date, ends: dt.date
    ) -> pl.DataFrame:
        """why_not, people: those of `people` who were trained and receive nothing from `begins` to
        `ends`, each counted once, by the first of `WHY_NOT` that is true of any training."""
        from_, to = number_of(begins), number_of(ends)
        courses = self.courses.filter(
            pl.col("person").is_in(people.unique().implode()), pl.col("finished") <= ends
        )
        ended = month_number("finished")
        paid = pl.col("why_not").is_null() & (ended + months >= from_) & (ended + 1 <= to)
        receiving = courses.filter(paid)["person"].unique()
        nothing = courses.filter(
            ~pl.col("person").is_in(receiving.implode()),
            pl.col("why_not").is_not_null() | (ended + months < from_),
        ).with_columns(pl.col("why_not").fill_null("too_long_ago").cast(pl.Enum(list(WHY_NOT))))
        return (
            nothing.group_by("person")
            .agg(pl.col("why_not").min())
            .group_by("why_not")
            .agg(people=pl.len().cast(pl.Int64))
            .sort("why_not")
            .cast({"why_not": pl.String()})
        )


def with_releases(file: MeasuresFile, workspace: Workspace) -> MeasuresFile:
    """The same measures with the name of the newest release where they say "latest"."""
    there = [path.name for path in releases(workspace.releases)]
    named = tuple(
        one.model_copy(update={"release": there[-1]})
        if isinstance(one, TrainingAllowance) and one.release == LATEST and there
        else one
        for one in file.measures.measures
    )
    return MeasuresFile(file.measures.model_copy(update={"measures": named}), file.file)


def trained_by_release(file: MeasuresFile, workspace: Workspace) -> dict[str, Trained]:
    """Measure's key → training of the workspace as that measure's release sees it.

    Raises PayProblem where a measure names a release that the workspace does not hold, that cannot
    be read, or that lists nobody; the message names the file, the line and the releases there are.
    """
    wanted = [one for one in file.measures.measures if isinstance(one, TrainingAllowance)]
    if not wanted:
        return {}
    with steady(workspace):
        tables = {name: frame(workspace, name) for name in _READ}
    into = mergers(tables["municipalities"], tables["units"], tables["providers"]).providers
    least = workspace.methodology().minimum.training_hours
    found = {
        name: courses_by(
            _release(file, one, workspace.releases),
            tables["training"],
            least_hours=least,
            into=into,
        )
        for name, one in {one.release: one for one in wanted}.items()
    }
    return {one.key: found[one.release] for one in wanted}


def courses_by(
    release: Release,
    training: pl.DataFrame,
    *,
    least_hours: float = 0,
    into: Mapping[str, str] | None = None,
) -> Trained:
    """Training as a release sees it.

    training: person, provider, finished, hours. least_hours: shorter training is none (unknown
    hours are none). into: provider → who stands for it now.
    """
    providers = release.providers.select("provider", pl.col("listed").fill_null(False))
    courses = (
        training.select("person", "finished", "hours", "provider")
        .with_columns(pl.col("provider").replace(dict(into or {})))
        .join(providers, on="provider", how="left")
        .with_columns(
            why_not=pl.when(pl.col("hours").fill_null(0) < least_hours)
            .then(pl.lit("too_short"))
            .when(pl.col("listed").is_null())
            .then(pl.lit("not_in_release"))
            .when(~pl.col("listed"))
            .then(pl.lit("not_listed"))
        )
        .select(COURSES.names())
        .match_to_schema(COURSES)
    )
    return Trained(release=release.id, hash=release.hash, courses=courses)


def _release(file: MeasuresFile, one: TrainingAllowance, folder: Path) -> Release:
    at = file.at(one.key, "release")
    there = [path.name for path in releases(folder)]
    if one.release not in there:
        known = text("there are {names}", names=", ".join(there)) if there else _NONE
        raise file.fault(
            at,
            text("there is no release {release}; {known}", release=one.release, known=known),
        )
    try:
        release = load(folder / one.release)
    except OtdachaError as fault:
        raise file.fault(at, fault.message) from fault
    if release.listed.is_empty():
        raise file.fault(
            at,
            text(
                "the release {release} has nobody on its list, so nobody's training showed effect",
                release=one.release,
            ),
        )
    return release


_NONE = text("the workspace holds none yet: otdacha evaluate makes one")
