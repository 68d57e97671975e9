"""The difference between two releases: who came and went, and whether data, method or noise did it.

It is made of what both have published, so it says nothing that they do not; counts are not in it.
docs/decisions/0025-what-moved-a-figure.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from otdacha.language import Text, text
from otdacha.release.columns import ROW
from otdacha.release.movement import Floats, nested_margin, other_margin
from otdacha.release.states import State
from otdacha.release.tables import TABLES, finished

if TYPE_CHECKING:
    from otdacha.release.release import Release


class Kind(StrEnum):
    """What a release changes, as semantic versions name it."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


class Change(StrEnum):
    """What became of a provider, in the order in which it is told."""

    ENTERED_LIST = "entered_list"
    LEFT_LIST = "left_list"
    STAYED_ON_LIST = "stayed_on_list"
    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    GAINED_FIGURE = "gained_figure"
    LOST_FIGURE = "lost_figure"
    MOVED = "moved"
    OTHER_STATE = "other_state"
    SAME = "same"


class Cause(StrEnum):
    """What moved it."""

    METHOD = "method"
    PROGRAM = "program"
    DATA = "data"
    NOISE = "noise"
    OTHERS = "others"
    UNCLEAR = "unclear"


KINDS: Mapping[Kind, Text] = {
    Kind.MAJOR: text("major: the methodology or the design changed"),
    Kind.MINOR: text("minor: the data changed, the methodology did not"),
    Kind.PATCH: text("patch: the same data and methodology, computed anew"),
}

CHANGES: Mapping[Change, Text] = {
    Change.ENTERED_LIST: text("came onto the list"),
    Change.LEFT_LIST: text("left the list"),
    Change.STAYED_ON_LIST: text("stayed on the list"),
    Change.APPEARED: text("is new in the release"),
    Change.DISAPPEARED: text("is no longer in the release"),
    Change.GAINED_FIGURE: text("has a published effect now"),
    Change.LOST_FIGURE: text("has no published effect any more"),
    Change.MOVED: text("has another effect or grade"),
    Change.OTHER_STATE: text("still has no published effect, for another reason"),
    Change.SAME: text("is as it was"),
}

CAUSES: Mapping[Cause, Text] = {
    Cause.METHOD: text("the method changed"),
    Cause.PROGRAM: text("the program changed, records and rules did not"),
    Cause.DATA: text("new data moved it by more than noise explains"),
    Cause.NOISE: text("no more than noise explains"),
    Cause.OTHERS: text("its own figures did not move, others did"),
    Cause.UNCLEAR: text("data or noise: that cannot be told apart"),
}

DATA_WITHOUT_FIGURES = text("other records")
"""What `data` means where there are no two estimates to be compared."""

_FIGURES = ("posterior_mean", "estimate", "grade", "listed")
_ESTIMATE = ("estimate", "se", "df")


@dataclass(frozen=True)
class Edition:
    """What of a release a difference is read from.

    providers: the published table. method: hashes and names of everything that decides what is
    estimated and how. data: names of the pieces of data that it rests on.
    """

    providers: pl.DataFrame
    method: tuple[str, ...]
    data: frozenset[str]

    @classmethod
    def of(cls, release: Release) -> Edition:
        """What a release on disk says."""
        return edition(release.providers, release.manifest)


def edition(providers: pl.DataFrame, manifest: Mapping[str, Any]) -> Edition:
    """The edition of a published table and its manifest (`methodology`, `evaluation`, `inputs`,
    `reported` of it)."""
    found, reported = manifest["evaluation"], manifest["reported"]
    return Edition(
        providers=providers,
        method=(
            manifest["methodology"]["hash"],
            found["design"],
            found["headline"],
            str(sorted(reported["asked"].items())) if reported else "",
        ),
        data=frozenset(
            [batch["batch"] for batch in manifest["inputs"]]
            + (reported["windows"] or [reported["file"]] if reported else [])
        ),
    )


def kind_of(now: Edition, before: Edition) -> Kind:
    """What kind of release `now` is after `before`."""
    if now.method != before.method:
        return Kind.MAJOR
    return Kind.PATCH if now.data == before.data else Kind.MINOR


def diff(release: Release, previous: Release) -> pl.DataFrame:
    """What became of every provider from `previous` to `release`.

    Returns the columns of the published table `changes` (`otdacha.release.change_columns`): rows in
    the order of `Change`, then by name. Effect, estimate, grade, list before and after only where
    both releases publish the effect.
    """
    return changes(Edition.of(release), Edition.of(previous))


def changes(now: Edition, before: Edition | None) -> pl.DataFrame:
    """The table `changes`; it has no rows where nothing came before."""
    if before is None:
        return pl.DataFrame(schema={column.name: column.type for column in TABLES["changes"]})
    both = _beside_each_other(now.providers, before.providers)
    told = both.with_columns(_change().alias("change"))
    margins, known = _margins(told, nested=before.data <= now.data)
    told = told.with_columns(
        difference=pl.col("estimate_after") - pl.col("estimate_before"),
        margin=pl.Series(margins, dtype=pl.Float64).fill_nan(None),
        known=pl.Series(known, dtype=pl.Boolean),
    )
    told = told.with_columns(
        _cause(method=now.method != before.method, program=now.data == before.data).alias("cause")
    ).with_columns(
        pl.when(pl.col("cause").is_in([Cause.DATA, Cause.NOISE, Cause.UNCLEAR])).then("margin")
    )
    order = {change.value: at for at, change in enumerate(Change)}
    told = told.sort(
        pl.col("change").replace_strict(order, return_dtype=pl.Int64),
        "name",
        "provider",
        nulls_last=True,
    )
    return finished("changes", told)


def _beside_each_other(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Everybody who is in either release, with the figures of both.

    Who is in one of them only has there the state "not collected": nobody handed in anything.
    """
    wanted = ("name", ROW, *dict.fromkeys((*_FIGURES, *_ESTIMATE)))

    def named(frame: pl.DataFrame, when: str) -> pl.DataFrame:
        return frame.select(
            "provider",
            pl.lit(True).alias(f"there_{when}"),
            *(pl.col(name).alias(f"{name}_{when}") for name in wanted),
        )

    absent = pl.lit(State.NOT_COLLECTED.value)
    states = [
        pl.col(f"{ROW}_{when}").cast(pl.String).fill_null(absent).alias(f"{ROW}_{when}")
        for when in ("before", "after")
    ]
    after_withholds = pl.col("state_after") != State.PUBLISHED
    return (
        named(now, "after")
        .join(named(before, "before"), on="provider", how="full", coalesce=True)
        .with_columns(*states, pl.col("there_before", "there_after").fill_null(False))
        .with_columns(
            pl.when(after_withholds).then("state_after").otherwise("state_before").alias(ROW),
            name=pl.coalesce("name_after", "name_before"),
            effect_before=pl.col("posterior_mean_before"),
            effect_after=pl.col("posterior_mean_after"),
        )
    )


def _change() -> pl.Expr:
    published_before, published_after = (
        pl.col(f"state_{when}") == State.PUBLISHED for when in ("before", "after")
    )
    # who is suppressed now could be recognised: that it was on a list is not said again
    listed_before = pl.col("listed_before").fill_null(False) & (
        pl.col("state_after") != State.SUPPRESSED
    )
    listed_after = pl.col("listed_after").fill_null(False)
    same_figures = pl.all_horizontal(
        pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in _FIGURES
    )
    return (
        pl.when(listed_after & ~listed_before)
        .then(pl.lit(Change.ENTERED_LIST))
        .when(listed_before & ~listed_after)
        .then(pl.lit(Change.LEFT_LIST))
        .when(listed_before & listed_after)
        .then(pl.lit(Change.STAYED_ON_LIST))
        .when(~pl.col("there_before"))
        .then(pl.lit(Change.APPEARED))
        .when(~pl.col("there_after"))
        .then(pl.lit(Change.DISAPPEARED))
        .when(published_after & ~published_before)
        .then(pl.lit(Change.GAINED_FIGURE))
        .when(published_before & ~published_after)
        .then(pl.lit(Change.LOST_FIGURE))
        .when(pl.col("state_before") != pl.col("state_after"))
        .then(pl.lit(Change.OTHER_STATE))
        .when(same_figures)
        .then(pl.lit(Change.SAME))
        .otherwise(pl.lit(Change.MOVED))
    )


def _margins(told: pl.DataFrame, *, nested: bool) -> tuple[Floats, Any]:
    """How far noise alone may move each; not a number where there are no two estimates."""
    se_before, se_after = (told[f"se_{when}"].to_numpy() for when in ("before", "after"))
    df_before, df_after = (
        told[f"df_{when}"].fill_null(np.inf).to_numpy() for when in ("before", "after")
    )
    margin = nested_margin if nested else other_margin
    found = margin(
        *(
            array.astype(np.float64)
            for array in (
                np.nan_to_num(se_before, nan=1.0),
                df_before,
                np.nan_to_num(se_after, nan=1.0),
                df_after,
            )
        )
    )
    missing = np.isnan(se_before.astype(np.float64)) | np.isnan(se_after.astype(np.float64))
    return np.where(missing, np.nan, found[0]), found[1]


def _cause(*, method: bool, program: bool) -> pl.Expr:
    """What moved a provider; null where nothing moved. program: the data are the same."""

    def unmoved(names: Iterable[str]) -> pl.Expr:
        return pl.all_horizontal(
            pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in names
        )

    moved = ~unmoved((ROW, "there", *_FIGURES))
    if method or program:
        return pl.when(moved).then(pl.lit(Cause.METHOD if method else Cause.PROGRAM))
    beyond = pl.col("difference").abs() > pl.col("margin")
    return pl.when(moved).then(
        pl.when(pl.col(ROW) != State.PUBLISHED)
        .then(pl.lit(Cause.DATA))
        .when(unmoved(_ESTIMATE))
        .then(pl.lit(Cause.OTHERS))
        .when(beyond)
        .then(pl.lit(Cause.DATA))
        .when("known")
        .then(pl.lit(Cause.NOISE))
        .otherwise(pl.lit(Cause.UNCLEAR))
    )


def in_words(change: str) -> Text:
    """What became of a provider; a code that this program does not know says itself."""
    known: Mapping[str, Text] = {one.value: said for one, said in CHANGES.items()}
    return known.get(change, text("{code}", code=change))


def cause_in_words(cause: str, state: str) -> Text:
    """What moved a provider whose figures have the state `state`, in a few words."""
    if cause == Cause.DATA and state != State.PUBLISHED:
        return DATA_WITHOUT_FIGURES
    known: Mapping[str, Text] = {one.value: said for one, said in CAUSES.items()}
    return known.get(cause, text("{code}", code=cause))


def kind_in_words(kind: str) -> Text:
    """What kind of release it is."""
    known: Mapping[str, Text] = {one.value: said for one, said in KINDS.items()}
    return known.get(kind, text("{code}", code=kind))
