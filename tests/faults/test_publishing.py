"""Kill -9 at any moment of `publish`, two publications at once, an altered release: the site shows
the release before or the new one, whole.

The short version stands in the default run; `make faults` strikes 100 times.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from otdacha.cli.run import run
from otdacha.release import Release
from tests.faults import killing
from tests.invented_release import invented_release, invented_results
from tests.unit.cli.processes import PROGRAM

KILLS = 100
TABLES = ("file", "organisation", "comparisons", "programme", "municipality", "mention", "word")


@dataclass(frozen=True)
class Site:
    """workspace: with two releases, the first of them published. before, after: what the database
    holds then, and once the second is published. takes: seconds of its publication."""

    workspace: Path
    releases: tuple[Release, Release]
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    takes: float


def held(workspace: Path) -> dict[str, dict[str, int]]:
    """Release → rows of each table that belong to it, as a stranger finds them in the database."""
    with sqlite3.connect(workspace / "site.sqlite3") as known:
        found: dict[str, dict[str, int]] = {}
        for pk, name in known.execute("select id, name from bank_release"):
            found[name] = {}
            for table in TABLES:
                owner = "release_id = ?"
                if table == "comparisons":
                    owner = f"organisation_id in (select id from bank_organisation where {owner})"
                rows = known.execute(f"select count(*) from bank_{table} where {owner}", [pk])
                found[name][table] = rows.fetchone()[0]
        assert known.execute("pragma integrity_check").fetchone() == ("ok",)
        assert known.execute("pragma foreign_key_check").fetchall() == []
    known.close()
    return found


def published(release: Release) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, "publish", str(release.path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def done(process: subprocess.Popen[bytes]) -> None:
    _, faults = process.communicate(timeout=120)
    assert process.returncode == 0, faults.decode()


def copied(workspace: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(workspace, place))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    workspace = tmp_path_factory.mktemp("site") / "union"
    assert run(["init", str(workspace), "--invented"]) == 0
    first = invented_release(workspace / "releases")
    second = invented_release(
        workspace / "releases", release="2026.2", results=invented_results(seed=2), previous=first
    )
    done(published(first))
    whole = copied(workspace, workspace.parent / "whole")
    began = time.monotonic()
    done(
        subprocess.Popen(
            [*PROGRAM, "publish", str(whole / "releases/2026.2")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    )
    takes = time.monotonic() - began
    return Site(workspace, (first, second), held(workspace), held(whole), takes)


def writing(workspace: Path) -> bool:
    """The publication has begun to write: the write-ahead log holds something."""
    log = workspace / "site.sqlite3-wal"
    return log.exists() and log.stat().st_size > 0


def kill_publishing(site: Site, kills: int, place: Path) -> killing.Tally:
    tally = killing.Tally()
    for moment in killing.moments(5, site.takes, {"writing": (writing, 0.3)}):
        workspace = copied(site.workspace, place)
        line = ["publish", str(workspace / "releases/2026.2")]
        killed = killing.strike(line, workspace, moment)
        found = held(workspace)
        phase = "when nothing was there yet" if found == site.before else "when all was there"
        tally.count(f"{phase} ({moment.name})", killed)
        if found not in (site.before, site.after):
            tally.violations.append(f"{moment}: half a release: {found}")
        code = killing.again(line)
        if (code, held(workspace)) != (0, site.after):
            tally.violations.append(f"{moment}: publishing again ended with {code}")
        if tally.kills >= kills:
            return tally
    raise AssertionError("there are moments without end")


def test_the_two_states_differ_and_are_whole(site: Site) -> None:
    assert list(site.before) == ["2026.1"]
    assert sorted(site.after) == ["2026.1", "2026.2"]
    counts = site.after["2026.2"]
    assert counts["organisation"] == site.releases[1].providers.height
    assert counts["file"] == len(list(site.releases[1].path.iterdir()))


def test_a_killed_publication_leaves_the_release_before(site: Site, tmp_path: Path) -> None:
    tally = kill_publishing(site, 2, tmp_path / "struck")
    assert not tally.violations, tally.table("publish")


@pytest.mark.long
def test_a_hundred_killed_publications(site: Site, tmp_path: Path) -> None:
    tally = kill_publishing(site, KILLS, tmp_path / "struck")
    print(tally.table("publish"))
    assert not tally.violations
    assert tally.kills >= KILLS


def test_two_publications_at_once_end_as_one(site: Site, tmp_path: Path) -> None:
    workspace = copied(site.workspace, tmp_path / "union")
    both = [
        subprocess.Popen(
            [*PROGRAM, "publish", str(workspace / "releases/2026.2")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in both:
        done(process)
    assert held(workspace) == site.after


def test_an_altered_release_is_refused_and_the_site_stays(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = copied(site.workspace, tmp_path / "union")
    altered = workspace / "releases/2026.2/providers.parquet"
    altered.write_bytes(altered.read_bytes()[:-1] + b"?")
    ended = subprocess.run(
        [*PROGRAM, "publish", str(altered.parent)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 7
    assert "providers.parquet" in ended.stderr
    assert held(workspace) == site.before
