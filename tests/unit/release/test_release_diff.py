"""What became of everybody between two releases, and that nothing withheld comes back by it."""

from __future__ import annotations

import polars as pl
import pytest

from otdacha.release.diff import Cause, Change, Edition, Kind, changes, kind_of
from otdacha.release.states import State

FIGURES = ("effect", "estimate", "grade", "listed")
PUBLISHED = State.PUBLISHED


def provider(
    name: str,
    state: State = PUBLISHED,
    *,
    effect: float = 1.0,
    estimate: float = 1.0,
    listed: bool = False,
) -> dict[str, object]:
    known = state is PUBLISHED
    return {
        "provider": name,
        "name": f"Вымышленная {name}",
        "state": state.value,
        "listed": listed if known else None,
        "grade": 2 if known else None,
        "posterior_mean": effect if known else None,
        "estimate": estimate if known else None,
        "se": 0.5 if known else None,
        "df": None,
        "people": 40,
    }


def edition(
    *rows: dict[str, object], method: str = "rules", data: tuple[str, ...] = ("old",)
) -> Edition:
    types = {
        "listed": pl.Boolean,
        "grade": pl.Int64,
        **dict.fromkeys(("posterior_mean", "estimate", "se", "df"), pl.Float64),
    }
    frame = pl.DataFrame(rows, schema_overrides=types)
    return Edition(frame, (method,), frozenset(data))


MORE = ("old", "new")
BEFORE = edition(
    provider("enters"),
    provider("leaves", listed=True),
    provider("stays", listed=True),
    provider("goes"),
    provider("gains", State.TOO_NEW),
    provider("loses"),
    provider("moves"),
    provider("waits", State.TOO_NEW),
    provider("rests"),
    provider("hidden", listed=True, effect=7.25, estimate=8.25),
)
AFTER = (
    provider("enters", listed=True, effect=1.2, estimate=1.3),
    provider("leaves", effect=0.9),
    provider("stays", listed=True),
    provider("comes"),
    provider("gains"),
    provider("loses", State.INSUFFICIENT_EVIDENCE),
    provider("moves", effect=3.0, estimate=9.0),
    provider("waits", State.INSUFFICIENT_EVIDENCE),
    provider("rests"),
    provider("hidden", State.SUPPRESSED),
)


def by_provider(table: pl.DataFrame, column: str) -> dict[str, object]:
    return dict(table.select("provider", column).iter_rows())


def test_every_kind_of_change_is_told_by_its_code() -> None:
    told = changes(edition(*AFTER, data=MORE), BEFORE)
    assert by_provider(told, "change") == {
        "enters": Change.ENTERED_LIST,
        "leaves": Change.LEFT_LIST,
        "stays": Change.STAYED_ON_LIST,
        "comes": Change.APPEARED,
        "goes": Change.DISAPPEARED,
        "gains": Change.GAINED_FIGURE,
        "loses": Change.LOST_FIGURE,
        "hidden": Change.LOST_FIGURE,
        "moves": Change.MOVED,
        "waits": Change.OTHER_STATE,
        "rests": Change.SAME,
    }
    order = [change.value for change in Change]
    assert told["change"].to_list() == sorted(told["change"], key=order.index)


def test_the_cause_is_told_of_whatever_moved_and_of_nothing_else() -> None:
    told = by_provider(changes(edition(*AFTER, data=MORE), BEFORE), "cause")
    assert told["leaves"] == Cause.OTHERS
    assert told["moves"] == Cause.DATA
    # the errors are equal, so that noise of the difference is not known; 0.3 is within 1.96 x 0.5
    assert told["enters"] == Cause.UNCLEAR
    assert told["loses"] == told["gains"] == told["comes"] == Cause.DATA
    assert told["rests"] is None
    assert told["stays"] is None


def test_another_method_is_the_cause_of_everything_that_moved() -> None:
    told = changes(edition(*AFTER, data=MORE, method="other rules"), BEFORE)
    moved = told.filter(~pl.col("provider").is_in(["rests", "stays"]))
    assert set(moved["cause"]) == {Cause.METHOD}
    assert told["margin"].null_count() == told.height


def test_where_data_and_method_are_the_same_it_was_the_program() -> None:
    assert by_provider(changes(edition(*AFTER), BEFORE), "cause")["moves"] == Cause.PROGRAM


def test_what_is_withheld_in_either_release_does_not_come_back() -> None:
    told = changes(edition(*AFTER, data=MORE), BEFORE)
    hidden = told.row(by_predicate=pl.col("provider") == "hidden", named=True)
    assert hidden["state"] == State.SUPPRESSED
    for figure in FIGURES:
        assert hidden[f"{figure}_before"] is None
        assert hidden[f"{figure}_after"] is None
    assert hidden["difference"] is None
    assert hidden["margin"] is None
    # nor by its change: it would say that it was on the list
    assert hidden["change"] == Change.LOST_FIGURE
    assert not any(value in (7.25, 8.25) for row in told.rows() for value in row)
    unpublished = told.filter(pl.col("state") != PUBLISHED)
    assert set(unpublished["provider"]) >= {"gains", "loses", "goes", "comes", "waits"}
    for name in ("effect_before", "effect_after", "estimate_before", "grade_after"):
        assert unpublished[name].null_count() == unpublished.height


def test_counts_are_not_in_it() -> None:
    told = changes(edition(*AFTER, data=MORE), BEFORE)
    assert not {"people", "trained", "municipalities"} & set(told.columns)


def test_the_difference_back_names_the_same_providers() -> None:
    there = by_provider(changes(edition(*AFTER, data=MORE), BEFORE), "change")
    back = by_provider(changes(BEFORE, edition(*AFTER, data=MORE)), "change")
    assert set(there) == set(back)
    assert back["comes"] == Change.DISAPPEARED
    assert back["enters"] == Change.LEFT_LIST


def test_a_first_release_has_no_changes() -> None:
    assert changes(BEFORE, None).is_empty()


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (edition(provider("a"), method="other", data=MORE), Kind.MAJOR),
        (edition(provider("a"), method="other"), Kind.MAJOR),
        (edition(provider("a"), data=MORE), Kind.MINOR),
        (edition(provider("a"), data=()), Kind.MINOR),
        (edition(provider("a")), Kind.PATCH),
    ],
)
def test_the_version_says_what_changed(now: Edition, kind: Kind) -> None:
    assert kind_of(now, edition(provider("a"))) == kind
