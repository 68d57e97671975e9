"""From a workspace to a release and back: built, interrupted, compared, verified."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest
from tests.unit.release.small_union import ALPHA, BETA, IDLE, add_lines, small_union

from otdacha.errors import ReleaseProblem, WorkspaceProblem
from otdacha.language import Text
from otdacha.panel import build_cells
from otdacha.records import Workspace, batches, open_workspace, withdraw
from otdacha.release import Release, State, build, load, verify
from otdacha.release.manifest import source_hash
from otdacha.release.runs import run_of

CREATED = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = small_union(tmp_path_factory.mktemp("union"))
    build(workspace, created=CREATED)
    return workspace.path


@pytest.fixture
def workspace(original: Path, tmp_path: Path) -> Workspace:
    """A copy of the workspace, with its release, that a test may spoil."""
    return open_workspace(shutil.copytree(original, tmp_path / "workspace"))


@pytest.fixture
def release(workspace: Workspace) -> Release:
    return load(workspace.releases / "2026.1")


@pytest.fixture(scope="module")
def second(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which one release follows another."""
    copy = shutil.copytree(original, tmp_path_factory.mktemp("second") / "workspace")
    build(open_workspace(copy), created=CREATED)
    return copy


@pytest.fixture
def followed(second: Path, tmp_path: Path) -> Workspace:
    """A copy of it that a test may spoil."""
    return open_workspace(shutil.copytree(second, tmp_path / "workspace"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_tells_what_its_records_tell(release: Release) -> None:
    states = dict(release.providers.select("provider", "state").iter_rows())
    assert set(states) == {ALPHA, BETA, IDLE}
    assert states[IDLE] == State.NOT_COLLECTED
    days = release.effects.filter(indicator="duration", provider=ALPHA).row(0, named=True)
    assert days["state"] == State.PUBLISHED
    # four calendar days sooner are about three working days
    assert 1.5 < days["estimate"] < 4.5
    alpha = release.providers.row(by_predicate=pl.col("provider") == ALPHA, named=True)
    assert (alpha["trained"], alpha["people"], alpha["municipalities"]) == (10, 10, 4)


def test_the_manifest_names_every_batch_with_its_rows(
    workspace: Workspace, release: Release
) -> None:
    named = {(b["table"], b["batch"], b["accepted"]) for b in release.manifest["inputs"]}
    assert named == {(b.table, b.id, b.accepted) for b in batches(workspace)}


def test_the_manifest_tells_how_far_the_grades_can_be_from_the_best(release: Release) -> None:
    grading = release.manifest["evaluation"]["grading"]
    assert grading["bound"] >= grading["gain"]
    assert grading["certified"] == 1
    assert grading["gap"] == 0


def test_no_pseudonym_and_no_source_file_is_in_the_release(
    workspace: Workspace, release: Release
) -> None:
    people = pl.read_parquet(workspace.records / "staff" / "*.parquet")["person"].to_list()
    for content in files_of(release.path).values():
        assert b"staff.csv" not in content
        assert not any(person.encode() in content for person in people)


def test_the_same_records_give_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    again = build(workspace, created=CREATED, folder=tmp_path / "elsewhere")
    assert files_of(again.path) == files_of(workspace.releases / "2026.1")


def test_releases_are_numbered_within_their_year(followed: Workspace) -> None:
    third = build(followed, created=CREATED.replace(year=2027))
    made = sorted(path.name for path in followed.releases.iterdir())
    assert made == ["2026.1", "2026.2", third.id]
    assert third.id == "2027.1"
    assert third.manifest["previous"]["release"] == "2026.2"
    assert [path.name for path in (followed.path / "runs").iterdir()] == []


def test_an_interrupted_evaluation_goes_on_where_it_stopped(
    workspace: Workspace, tmp_path: Path
) -> None:
    steps: list[str] = []

    def interrupting(step: Text, done: int, total: int) -> None:
        steps.append(step.template)
        if step.template == "Finding rank ranges":
            raise KeyboardInterrupt

    def watching(step: Text, done: int, total: int) -> None:
        steps.append(step.template)

    folder = tmp_path / "elsewhere"
    with pytest.raises(KeyboardInterrupt):
        build(workspace, created=CREATED, folder=folder, progress=interrupting)
    assert "Estimating effects" in steps
    assert not folder.exists()
    (run,) = (workspace.path / "runs").iterdir()
    assert {path.name for path in run.iterdir()} == {"panel", "effects"}

    steps.clear()
    resumed = build(workspace, created=CREATED, folder=folder, progress=watching)
    assert "Estimating effects" not in steps
    assert files_of(resumed.path) == files_of(workspace.releases / "2026.1")


def test_another_methodology_makes_another_release_and_lies_in_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    rules = tmp_path / "stricter.toml"
    text = workspace.methodology_path.read_text("utf-8").replace(
        "[disclosure]\npeople = 5", "[disclosure]\npeople = 20"
    )
    rules.write_text(text, "utf-8")
    release = build(workspace, rules, created=CREATED)
    assert (release.path / "methodology.toml").read_text("utf-8") == text
    assert release.providers.filter(pl.col("state") == State.PUBLISHED).is_empty()
    state = release.providers.filter(provider=ALPHA)["state"].item()
    assert state == State.SUPPRESSED


def test_a_methodology_may_let_type_and_region_of_a_provider_move_the_prior(
    workspace: Workspace, tmp_path: Path
) -> None:
    rules = tmp_path / "by_type.toml"
    text = workspace.methodology_path.read_text("utf-8")
    assert "covariates = []" in text
    rules.write_text(text.replace("covariates = []", 'covariates = ["type", "region"]'), "utf-8")
    release = build(workspace, rules, created=CREATED)
    # two providers are too few for a column more: named in the methodology, left out of the prior
    before = load(workspace.releases / "2026.1").providers
    assert release.providers["provider"].to_list() == before["provider"].to_list()
    assert verify(release.path).good


def test_where_releases_cannot_be_written_nothing_is_lost(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkspaceProblem, match="Nothing was published"):
        build(workspace, created=CREATED, folder=tmp_path / "file" / "releases")
    assert len(list((workspace.path / "runs").iterdir())) == 1


def test_a_release_comes_out_the_same_when_it_is_made_again(release: Release) -> None:
    found = verify(release.path)
    assert found.recomputed
    assert found.good
    assert found.same_source
    assert found.differences == ()
    assert {file.remade for file in found.files} == {"same bytes"}
    assert "every byte is the same" in str(found.verdict)


def test_it_comes_out_the_same_after_records_were_added_and_a_release_followed(
    workspace: Workspace, release: Release, tmp_path: Path
) -> None:
    lines = ["provider;name;type;region", f"{ALPHA};Вымышленное имя;другое;Край"]
    added = add_lines(workspace, "providers", lines, tmp_path / "new.csv")
    second = build(workspace, created=CREATED)
    assert "Вымышленное имя" in second.providers["name"]
    assert verify(release.path).good
    withdraw(workspace, added)
    found = verify(second.path)
    assert found.good
    assert found.recomputed


def test_without_the_records_the_hashes_are_checked(release: Release, tmp_path: Path) -> None:
    alone = shutil.copytree(release.path, tmp_path / "somewhere" / "deep" / "2026.1")
    found = verify(alone)
    assert found.good
    assert not found.recomputed
    assert "not computed anew" in str(found.verdict)


@pytest.mark.parametrize(
    ("spoil", "file", "kept"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b" "), "README.md", "altered"),
        (lambda path: path.unlink(), "data_dictionary.csv", "missing"),
        (lambda path: path.write_text("more"), "note.txt", "not named"),
    ],
)
def test_a_file_that_was_tampered_with_is_named(
    release: Release, spoil: object, file: str, kept: str, tmp_path: Path
) -> None:
    """As whoever was given the release finds it, without the records."""
    alone = shutil.copytree(release.path, tmp_path / "somewhere" / "deep" / "2026.1")
    spoil(alone / file)  # type: ignore[operator]
    found = verify(alone)
    assert not found.intact
    assert not found.good
    assert {one.name for one in found.files if not one.good} == {file}
    assert next(one.kept for one in found.files if one.name == file) == kept
    assert "damaged or was altered" in str(found.verdict)


def test_with_the_records_which_may_lie_elsewhere_a_file_that_was_tampered_with_is_named_too(
    workspace: Workspace, release: Release, tmp_path: Path
) -> None:
    alone = shutil.copytree(release.path, tmp_path / "somewhere" / "deep" / "2026.1")
    readme = alone / "README.md"
    readme.write_bytes(readme.read_bytes() + b" ")
    (alone / "data_dictionary.csv").unlink()
    (alone / "note.txt").write_text("more")
    found = verify(alone, workspace)
    assert found.recomputed
    assert not found.intact
    assert not found.good
    assert {one.name: one.kept for one in found.files if not one.good} == {
        "README.md": "altered",
        "data_dictionary.csv": "missing",
        "note.txt": "not named",
    }
    assert "damaged or was altered" in str(found.verdict)


def test_figures_that_were_changed_with_their_hashes_do_not_come_out_again(
    release: Release,
) -> None:
    from otdacha.release.writing import hash_of, json_bytes, parquet_bytes

    forged = parquet_bytes(release.effects.with_columns(estimate=pl.col("estimate") + 1))
    (release.path / "effects.parquet").write_bytes(forged)
    named = dict(release.manifest["files"])
    named["effects.parquet"] = {
        **named["effects.parquet"],
        "sha256": hash_of(forged),
        "bytes": len(forged),
    }
    (release.path / "manifest.json").write_bytes(json_bytes({**release.manifest, "files": named}))
    found = verify(release.path)
    assert found.intact
    assert not found.good
    different = {file.name for file in found.files if file.remade == "different bytes"}
    assert different == {"effects.parquet", "manifest.json"}


def test_another_version_of_the_code_is_said_and_is_no_fault(release: Release) -> None:
    from otdacha.release.writing import json_bytes

    older = {**release.manifest["software"], "source": "0" * 64, "python": "3.11.0"}
    (release.path / "manifest.json").write_bytes(
        json_bytes({**release.manifest, "software": older})
    )
    found = verify(release.path)
    assert not found.same_source
    assert found.good
    said = " ".join(str(one) for one in found.differences)
    assert "another version of the code" in said
    assert "Python: 3.11.0 then" in said


def test_records_that_are_gone_or_changed_are_named(workspace: Workspace, release: Release) -> None:
    cases, staff = (
        next(b for b in batches(workspace) if b.table == table) for table in ("cases", "staff")
    )
    (workspace.records / "cases" / f"{cases.id}.parquet").unlink()
    path = workspace.records / "staff" / f"{staff.id}.parquet"
    pl.read_parquet(path).head(3).write_parquet(path)
    found = verify(release.path)
    assert not found.recomputed
    said = [str(one) for one in found.differences]
    assert any(cases.id in one and "no longer" in one for one in said)
    assert any(staff.id in one and "altered" in one for one in said)


def test_a_release_whose_forerunner_is_gone_is_not_computed(followed: Workspace) -> None:
    shutil.rmtree(followed.releases / "2026.1")
    found = verify(followed.releases / "2026.2")
    assert not found.recomputed
    assert any("2026.1" in str(one) for one in found.differences)


def test_what_is_no_release_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(ReleaseProblem):
        verify(tmp_path)


def test_records_that_change_while_they_are_evaluated_are_not_published(
    workspace: Workspace,
) -> None:
    mistake = next(batch.id for batch in batches(workspace) if batch.table == "training")
    before = files_of(workspace.releases / "2026.1")

    def meanwhile(step: Text, done: int, total: int) -> None:
        if mistake in {batch.id for batch in batches(workspace)}:
            withdraw(workspace, mistake)
            add_lines(workspace, "providers", ["provider;name", f"{IDLE};Позже"], late)

    late = workspace.path.parent / "late.csv"
    cells = build_cells(workspace, workspace.methodology())
    run = run_of(
        workspace.runs,
        [batch.id for batch in batches(workspace)],
        workspace.key_generation(),
        workspace.methodology().hash,
        source_hash(),
    )
    run.panel(lambda: cells)
    with pytest.raises(WorkspaceProblem, match="while the evaluation ran"):
        build(workspace, created=CREATED, progress=meanwhile)
    assert [path.name for path in workspace.releases.iterdir()] == ["2026.1"]
    assert files_of(workspace.releases / "2026.1") == before
    assert not any((workspace.path / "runs").iterdir())
