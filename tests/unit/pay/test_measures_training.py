"""Training that showed effect is that by providers on the list of a release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from otdacha.errors import PayProblem
from otdacha.pay.measures import MeasuresFile, courses_by, trained_by_release, with_releases
from otdacha.records import Workspace, add, create_workspace
from otdacha.release.release import load
from tests.invented_release import (
    UNTRAINED,
    invented_release,
    invented_results,
    provider,
    withheld,
)
from tests.unit.pay.measures_at_hand import file_of, measure

SNILS = ("112-233-445 95", "087-654-303 00")
BEST = 0


def allowance(release: str) -> MeasuresFile:
    return file_of(
        measure("training_allowance", "level = 3_000", "months = 6", f'release = "{release}"')
    )


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two people: one trained by who showed effect, one by who did not; and a release."""
    folder = tmp_path_factory.mktemp("measures")
    made = create_workspace(folder / "union")
    invented_release(made.releases)
    courses = (
        f"{SNILS[0]};{provider(BEST)};П;01.02.2026;10.02.2026;72\n"
        f"{SNILS[1]};{provider(UNTRAINED)};П;01.02.2026;10.02.2026;72\n"
    )
    (folder / "training.csv").write_text(
        "СНИЛС;ИНН;Программа;Начало;Окончание;Часы\n" + courses, "utf-8"
    )
    assert add(made, "training", folder / "training.csv").rejected == 0
    return made


def test_training_by_listed_providers_showed_effect(union: Workspace) -> None:
    trained = trained_by_release(allowance("2026.1"), union)["this"]

    assert trained.release == "2026.1"
    assert trained.shown["finished"].to_list() == [dt.date(2026, 2, 10)]
    assert trained.courses["why_not"].drop_nulls().to_list() == ["not_listed"]


def test_the_newest_release_is_taken_by_its_name(union: Workspace) -> None:
    named = with_releases(allowance("latest"), union)

    (one,) = named.measures.measures
    assert getattr(one, "release", None) == "2026.1"
    assert trained_by_release(named, union)["this"].release == "2026.1"


def test_a_release_that_is_not_there_is_a_fault_that_names_those_that_are(
    union: Workspace,
) -> None:
    with pytest.raises(PayProblem, match=r"line 12: key measures.0.release: .*there are 2026\.1"):
        trained_by_release(allowance("2025.7"), union)


def test_without_any_release_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    empty = create_workspace(tmp_path / "union")
    with pytest.raises(PayProblem, match="otdacha evaluate"):
        trained_by_release(with_releases(allowance("latest"), empty), empty)


def test_a_release_that_lists_nobody_is_a_fault(tmp_path: Path) -> None:
    empty = create_workspace(tmp_path / "union")
    invented_release(empty.releases, results=withheld(invented_results()))
    with pytest.raises(PayProblem, match="nobody on its list"):
        trained_by_release(allowance("2026.1"), empty)


def test_measures_without_training_need_no_release(tmp_path: Path) -> None:
    empty = create_workspace(tmp_path / "union")
    assert trained_by_release(file_of(measure("raise_salary", "level = 5")), empty) == {}


def test_a_provider_that_merged_counts_as_its_successor_and_short_training_as_none(
    union: Workspace,
) -> None:
    release = load(union.releases / "2026.1")
    training = pl.DataFrame(
        {
            "person": ["a", "b", "c", "d"],
            "provider": ["old", "unknown", "old", "old"],
            "finished": [dt.date(2027, 1, 1)] * 4,
            "hours": [72.0, 72.0, 15.9, None],
        }
    )
    trained = courses_by(release, training, least_hours=16, into={"old": provider(BEST)})

    assert dict(trained.courses.select("person", "why_not").iter_rows()) == {
        "a": None,
        "b": "not_in_release",
        "c": "too_short",
        "d": "too_short",
    }
