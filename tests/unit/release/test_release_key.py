"""After a change of the pseudonym key everything is as it was, but for the names of units."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from tests.unit.cli import small_union as signed
from tests.unit.release.small_union import small_union

from otdacha.errors import WorkspaceProblem
from otdacha.language import Text
from otdacha.panel import Panel, build_cells
from otdacha.records import (
    Workspace,
    add,
    batches,
    create_workspace,
    frame,
    open_workspace,
    rotate_key,
    withdraw,
)
from otdacha.release import build, verify

CREATED = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def signed_cases(tmp_path: Path) -> Workspace:
    """A union whose cases name the person who did them."""
    files = signed.write_files(tmp_path / "files", towns=2, people=4)
    workspace = create_workspace(tmp_path / "w")
    for table in ("municipalities", "providers", "staff", "training", "cases"):
        add(workspace, table, files / f"{table}.csv")
    return workspace


def test_the_panel_is_the_same_up_to_the_names_of_units(signed_cases: Workspace) -> None:
    methodology = signed_cases.methodology()
    people = frame(signed_cases, "staff")["person"]
    before = build_cells(signed_cases, methodology)
    rotate_key(signed_cases)
    renamed = frame(signed_cases, "staff")["person"]
    after = build_cells(signed_cases, methodology)

    names = dict(zip(people, renamed, strict=True))
    assert not set(names) & set(renamed)
    assert before.cells["unit"].str.contains_any(list(names)).all()
    assert after.cells["unit"].str.contains_any(list(renamed)).all()
    assert before.exposure.height > 0
    expected = Panel(
        cells=_as(before.cells, names),
        exposure=_as(before.exposure, names),
        reach=before.reach,
        excluded=before.excluded,
        mergers=before.mergers,
    )
    for name in ("reach", "excluded", "mergers"):
        assert getattr(after, name).equals(getattr(expected, name))
    assert _sorted(after.cells).equals(_sorted(expected.cells))
    assert _sorted(after.exposure).equals(_sorted(expected.exposure))


def _as(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return frame.with_columns(pl.col("unit").str.replace_many(names))


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(pl.exclude("total_squares"))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = small_union(tmp_path_factory.mktemp("union"))
    build(workspace, created=CREATED)
    return workspace.path


@pytest.fixture
def released(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "union"))


def test_the_manifest_counts_how_training_was_linked(original: Path) -> None:
    """24 records, all by name and birth date; counts are rounded as those of people are."""

    manifest = json.loads((original / "releases/2026.1/manifest.json").read_text("utf-8"))
    assert manifest["evaluation"]["training_links"] == {
        "certain": 0,
        "likely": 25,
        "ambiguous": 0,
        "unlinked": 0,
    }


def test_a_release_from_before_says_why_it_does_not_come_out_again(released: Path) -> None:
    rotate_key(open_workspace(released))
    found = verify(released / "releases/2026.1")
    assert found.intact
    assert not found.recomputed
    assert ["The pseudonym key was changed" in str(why) for why in found.differences] == [True]


def test_a_release_of_an_erased_batch_says_when_and_by_whom(released: Path) -> None:
    workspace = open_workspace(released)
    training = next(batch.id for batch in batches(workspace) if batch.table == "training")
    withdraw(workspace, training, erase=True)
    found = verify(released / "releases/2026.1")
    assert (found.intact, found.recomputed) == (True, False)
    assert "were erased for good on" in str(found.differences[0])


def test_an_evaluation_whose_key_is_changed_is_not_published_and_keeps_nothing(
    released: Path,
) -> None:
    workspace = open_workspace(released)

    def meanwhile(step: Text, _done: int, _total: int) -> None:
        if workspace.key_generation() == 1 and str(step) == "Following the staff who were trained":
            rotate_key(workspace)

    with pytest.raises(WorkspaceProblem, match="key was changed"):
        build(workspace, created=CREATED, progress=meanwhile)
    assert [path.name for path in workspace.releases.iterdir()] == ["2026.1"]
    assert not list(workspace.runs.glob("*/*"))


def test_what_was_kept_under_the_old_key_is_never_used(released: Path) -> None:
    workspace = open_workspace(released)

    def interrupting(step: Text, done: int, _total: int) -> None:
        if list(workspace.runs.glob("*/panel")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(workspace, created=CREATED, progress=interrupting)
    assert list(workspace.runs.glob("*/panel"))
    aside = workspace.path.parent / "aside"
    shutil.copytree(workspace.runs, aside)
    rotate_key(workspace)
    assert not workspace.runs.exists()

    shutil.copytree(aside, workspace.runs)  # as if somebody had brought it back
    steps: list[str] = []
    build(workspace, created=CREATED, progress=lambda step, _d, _t: steps.append(str(step)))
    assert "Counting cases" in steps
