"""What lies in a release, how it lands, and how it is read again."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from tests.invented_release import (
    METHODOLOGY_BYTES,
    invented_release,
    invented_results,
    provider,
    with_people,
)

from otdacha.errors import ReleaseProblem
from otdacha.language import LANGUAGES
from otdacha.methodology import default_methodology
from otdacha.release import Release, load, releases
from otdacha.release.build import land
from otdacha.release.tables import TABLES


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


def test_the_manifest_names_every_other_file_by_its_hash_and_rows(release: Release) -> None:
    named = release.manifest["files"]
    assert {path.name for path in release.path.iterdir()} == {*named, "manifest.json"}
    for name, about in named.items():
        content = (release.path / name).read_bytes()
        assert sha256(content).hexdigest() == about["sha256"]
        assert len(content) == about["bytes"]
    assert named["providers.parquet"]["rows"] == release.providers.height == 18


def test_the_same_results_give_the_same_bytes(release: Release, tmp_path: Path) -> None:
    again = invented_release(tmp_path)
    for path in release.path.iterdir():
        assert (again.path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_methodology_lies_in_the_release_byte_for_byte(release: Release) -> None:
    assert (release.path / "methodology.toml").read_bytes() == METHODOLOGY_BYTES
    assert release.methodology.hash == release.manifest["methodology"]["hash"]


def test_the_data_dictionary_explains_every_column_of_every_table(release: Release) -> None:
    with (release.path / "data_dictionary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    explained = {(row["table"], row["column"]) for row in rows}
    for name, table in release.tables.items():
        assert {(name, column) for column in table.columns} <= explained
        assert table.schema == pl.Schema({c.name: c.type for c in TABLES[name]})
    assert all(row["type"] and row["meaning_ru"] and row["meaning_en"] for row in rows)


def test_the_readme_is_in_both_languages_russian_first(release: Release) -> None:
    text = (release.path / "README.md").read_text("utf-8")
    titles = [default_methodology().title.said(language) for language in LANGUAGES]
    assert text.index(titles[0]) < text.index(titles[1])
    for name in release.manifest["files"]:
        assert f"`{name}`" in text or name == "README.md"


def test_no_file_holds_a_unit_or_the_name_of_a_source_file(release: Release) -> None:
    unit = f"{provider(1)}/unit".encode()
    for path in release.path.iterdir():
        content = path.read_bytes()
        assert unit not in content
    for name, table in release.tables.items():
        assert not {"unit", "person"} & set(table.columns)
        assert ("municipality" in table.columns) == (name == "municipalities")
    assert {key for batch in release.manifest["inputs"] for key in batch} == {
        "batch",
        "table",
        "source",
        "stored",
        "accepted",
        "rejected",
        "reasons",
    }


def test_the_next_release_names_the_one_it_was_compared_with(
    release: Release, tmp_path: Path
) -> None:
    following = invented_release(tmp_path, release="2026.2", previous=release)
    assert following.manifest["previous"] == {"release": "2026.1", "manifest": release.hash}


def test_one_person_more_changes_no_published_count(tmp_path: Path) -> None:
    results = invented_results()
    first = invented_release(tmp_path, results=with_people(results, {provider(2): 31}))
    second = invented_release(
        tmp_path,
        release="2026.2",
        results=with_people(results, {provider(2): 32}),
        previous=first,
    )
    assert first.providers["people"].equals(second.providers["people"])


def test_a_release_is_never_replaced(release: Release) -> None:
    before = (release.path / "manifest.json").read_bytes()
    with pytest.raises(OSError, match="not empty"):
        land({"manifest.json": b"{}"}, release.path)
    assert (release.path / "manifest.json").read_bytes() == before


def test_a_release_that_cannot_be_written_whole_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        land({"first.txt": b"1", "no such folder/second.txt": b"2"}, tmp_path / "2026.1")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_evaluation_left_is_swept_and_never_taken_for_a_release(
    tmp_path: Path,
) -> None:
    (tmp_path / ".landing-abc").mkdir()
    (tmp_path / ".landing-abc" / "manifest.json").write_text("{}")
    assert releases(tmp_path) == []
    land({"manifest.json": b"{}"}, tmp_path / "2026.1")
    assert [path.name for path in tmp_path.iterdir()] == ["2026.1"]


def test_releases_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("2026.10", "2026.9", "2025.3", "notes"):
        (tmp_path / name).mkdir()
    assert [path.name for path in releases(tmp_path)] == ["2025.3", "2026.9", "2026.10"]


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseProblem, match=r"manifest\.json"):
        load(tmp_path)


def test_a_release_of_a_newer_format_is_refused(release: Release, tmp_path: Path) -> None:
    newer = {**release.manifest, "format": 99}
    (tmp_path / "manifest.json").write_text(json.dumps(newer))
    with pytest.raises(ReleaseProblem, match="format 99"):
        load(tmp_path)


def test_a_release_of_format_2_is_read_and_what_it_did_not_hold_is_empty(tmp_path: Path) -> None:
    """Such a release must be read: the next one is compared with it before it is published."""
    made = invented_release(tmp_path / "now")
    of_now = ("about", "reported", "change")
    older = {key: said for key, said in made.manifest.items() if key not in of_now}
    older["format"] = 2
    (made.path / "manifest.json").write_text(json.dumps(older), "utf-8")
    for name in ("comparisons", "programmes", "municipalities", "changes"):
        (made.path / f"{name}.parquet").unlink()
    made.providers.drop("ogrn", "licence").write_parquet(made.path / "providers.parquet")
    read = load(made.path)
    assert read.providers.drop("ogrn", "licence").equals(made.providers.drop("ogrn", "licence"))
    assert read.providers["licence"].null_count() == read.providers.height
    assert read.tables["programmes"].schema == made.tables["programmes"].schema
    assert read.tables["programmes"].is_empty()
    following = invented_release(tmp_path / "now", release="2026.2", previous=read)
    assert following.manifest["previous"]["release"] == made.id
    assert following.providers["trained"].equals(made.providers["trained"])


def test_a_release_of_a_format_that_is_too_old_says_what_to_do(tmp_path: Path) -> None:
    made = invented_release(tmp_path)
    (made.path / "manifest.json").write_text(json.dumps({**made.manifest, "format": 1}), "utf-8")
    with pytest.raises(ReleaseProblem, match="format 1, which this program no longer reads"):
        load(made.path)


def test_a_manifest_that_is_no_json_is_a_damaged_release(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{half")
    with pytest.raises(ReleaseProblem, match="damaged"):
        load(tmp_path)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    release = invented_release(tmp_path)
    (release.path / "effects.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(ReleaseProblem, match="table of the release cannot be read"):
        load(release.path)
