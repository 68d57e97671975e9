"""A release of somebody's figures: the same folder, no records behind it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from otdacha.documents import write_report
from otdacha.errors import FileProblem, MethodologyProblem, ReleaseProblem
from otdacha.methodology import default_methodology, default_methodology_bytes
from otdacha.release import (
    AskedForValueAdded,
    AskedToRank,
    Release,
    State,
    export,
    load,
    release_file,
    verify,
)
from otdacha.release.checks import NAMES

CREATED = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
ABOUT = """
id = "invented-schools"
title = { ru = "Вымышленные школы", en = "Invented schools" }
note = { ru = "Это доли; ничего больше.", en = "These are shares; nothing else." }
source = "Nobody"
licence = "CC0"
"""


def shares(folder: Path, *, first: int = 3) -> Path:
    lines = ["provider,name,region,successes,n"]
    lines += [f"p{i:02d},Школа {i},Край,{3 * i if i > 1 else first},100" for i in range(1, 31)]
    lines += ["few,Малая,Край,4,5", "hidden,Тайная,Край,*,*", "tiny,Крошка,,1,3", "zero,Ноль,,0,40"]
    file = folder / "shares.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shares(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def release(file: Path) -> Release:
    about = file.parent / "about.toml"
    about.write_text(ABOUT, "utf-8")
    bank = file.parent / "bank"
    return release_file(file, AskedToRank(), bank, about=about, created=CREATED)


def test_it_holds_who_stands_where_and_says_what_is_not_known(release: Release) -> None:
    rows = {row["provider"]: row for row in release.providers.iter_rows(named=True)}
    assert len(rows) == 34
    assert (rows["p30"]["name"], rows["p30"]["region"]) == ("Школа 30", "Край")
    assert rows["p30"]["estimate"] == 0.9
    assert (rows["p30"]["people"], rows["p30"]["trained_state"]) == (100, State.NOT_COLLECTED)
    assert rows["zero"]["estimate"] == 0.0
    states = {name: row["state"] for name, row in rows.items() if name[0] != "p"}
    assert states == {
        "few": State.INSUFFICIENT_EVIDENCE,
        "hidden": State.SUPPRESSED,
        "tiny": State.INSUFFICIENT_EVIDENCE,
        "zero": State.PUBLISHED,
    }
    assert rows["hidden"]["reason"] == "suppressed"
    # the methodology's minimum holds for numbers of people that the source does show
    assert (rows["tiny"]["people"], rows["tiny"]["people_state"]) == (None, State.SUPPRESSED)
    assert release.listed.height > 5


def test_tables_that_need_records_are_there_and_empty(release: Release) -> None:
    for name in ("event_study", "drift", "predicted", "weights", "programmes", "municipalities"):
        assert release.tables[name].is_empty()
    assert set(release.gates["gate"]) == set(NAMES)
    assert set(release.gates["outcome"]) == {"not_testable"}
    for name in ("prior", "grades", "comparisons", "effects"):
        assert not release.tables[name].is_empty()


def test_an_estimate_of_fewer_people_than_may_be_published_is_suppressed(
    file: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    shipped = default_methodology_bytes("reported").decode()
    rules.write_text(shipped.replace("[disclosure]\npeople = 5", "[disclosure]\npeople = 50"))
    found = release_file(file, AskedToRank(), tmp_path / "bank", methodology=rules)
    zero = found.providers.row(by_predicate=pl.col("provider") == "zero", named=True)
    assert (zero["state"], zero["reason"]) == (State.SUPPRESSED, "few_people_to_publish")
    assert zero["estimate"] is None


def test_the_manifest_says_what_it_is_and_what_it_was_made_from(
    release: Release, file: Path
) -> None:
    assert release.about.title.ru == "Вымышленные школы"
    assert release.manifest["about"]["licence"] == "CC0"
    assert release.manifest["inputs"] == []
    assert release.reported
    from otdacha.release.writing import hash_of_file

    assert release.manifest["reported"]["file"] == hash_of_file(file)
    assert (release.change, release.changes.height) == (None, 0)
    readme = (release.path / "README.md").read_text("utf-8")
    assert "These are shares; nothing else." in readme
    assert "--file FILE" in readme
    assert (release.path / "methodology.toml").read_bytes() == default_methodology_bytes("reported")


def test_it_comes_out_the_same_from_its_file(release: Release, file: Path, tmp_path: Path) -> None:
    found = verify(release.path, file=file)
    assert found.recomputed
    assert found.good
    assert {one.remade for one in found.files} == {"same bytes"}
    alone = verify(release.path)
    assert alone.good
    assert not alone.recomputed
    other = shares(tmp_path, first=50)
    strange = verify(release.path, file=other)
    assert not strange.recomputed
    assert any("is not the file" in str(one) for one in strange.differences)


def test_the_next_release_of_the_bank_keeps_its_label_and_tells_what_changed(
    release: Release, tmp_path: Path
) -> None:
    bank = Path(shutil.copytree(release.path.parent, tmp_path / "bank"))
    file = shares(tmp_path, first=95)
    second = release_file(file, AskedToRank(), bank, created=CREATED)
    assert (second.id, second.change) == ("2026.2", "minor")
    assert second.about == release.about
    told = second.changes.row(by_predicate=pl.col("provider") == "p01", named=True)
    assert (told["change"], told["cause"]) == ("entered_list", "data")
    assert told["difference"] == pytest.approx(0.92)
    assert told["margin"] < 0.1
    assert verify(second.path, file=file).good
    label = tmp_path / "other.toml"
    label.write_text('id = "another"', "utf-8")
    with pytest.raises(ReleaseProblem, match="invented-schools, not of another"):
        release_file(file, AskedToRank(), bank, about=label)


def test_asking_otherwise_is_another_method(release: Release, file: Path, tmp_path: Path) -> None:
    bank = Path(shutil.copytree(release.path.parent, tmp_path / "bank"))
    second = release_file(file, AskedToRank(against="zero"), bank, created=CREATED)
    assert second.change == "major"
    assert set(second.changes["cause"].drop_nulls()) == {"method"}
    assert verify(second.path, file=file).good


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('id = "Not A Slug"', "key id"),
        ('title = { ru = "Одно" }', "key title.en: it is missing"),
        ('licenze = "CC0"', "key licenze: there is no such key"),
        ('source = ""', "key source: it must not be empty"),
        ("id = ", "not a TOML file"),
    ],
)
def test_a_label_that_is_not_right_is_refused_by_its_key(
    file: Path, tmp_path: Path, written: str, said: str
) -> None:
    label = tmp_path / "about.toml"
    label.write_text(written, "utf-8")
    with pytest.raises(FileProblem, match=said):
        release_file(file, AskedToRank(), tmp_path / "bank", about=label)
    assert not (tmp_path / "bank").exists()


def test_a_methodology_that_does_not_name_the_figure_is_refused(file: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_bytes(default_methodology_bytes())
    with pytest.raises(MethodologyProblem, match="has no indicator called reported"):
        release_file(file, AskedToRank(), tmp_path / "bank", methodology=rules)


def test_value_added_becomes_a_release_without_names_of_people(tmp_path: Path) -> None:
    lines = ["name,region,school,before,after"]
    lines += [
        f"Вымышлен{i}{j},Край {j % 2},s{j},{i % 10},{0.5 * (i % 10) + 0.4 * j + (i * 7 + j) % 5}"
        for j in range(9)
        for i in range(40)
    ]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    asked = AskedForValueAdded(outcome="after", provider="school", intake="before")
    found = release_file(file, asked, tmp_path / "bank", created=CREATED)
    row = found.providers.row(by_predicate=pl.col("provider") == "s8", named=True)
    assert (row["name"], row["region"], row["people"]) == (None, "Край 0", 40)
    assert found.headline == "value_added"
    assert found.methodology == default_methodology("value-added")
    assert verify(found.path, file=file).good
    content = b"".join(path.read_bytes() for path in found.path.iterdir())
    assert "Вымышлен".encode() not in content


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_can_be_read_as_a_report(release: Release, tmp_path: Path, language: str) -> None:
    page = write_report(release, tmp_path / "r.html", language).read_text("utf-8")  # type: ignore[arg-type]
    note = release.about.note
    assert note is not None
    assert note.said(language) in page  # type: ignore[arg-type]
    # nothing that only holds of work results
    for untrue in ("who were not trained", "не обучали", "Months of work", "INN p30", "ИНН p30"):
        assert untrue not in page
    assert release.manifest["reported"]["file"] in page
    # a figure that stands high is no proof of whose training did it
    assert "among the most effective" not in page
    assert "В числе наиболее эффективных" not in page


def test_it_can_be_exported(release: Release, tmp_path: Path) -> None:
    for format in ("csv", "xlsx", "json", "parquet"):
        assert all(one.is_file() for one in export(release, format, tmp_path / format))
    told = json.loads((tmp_path / "json" / "otdacha-2026.1.json").read_text("utf-8"))
    hidden = next(row for row in told["providers"] if row["provider"] == "hidden")
    assert hidden["estimate"] == "suppressed"


def test_a_manifest_without_a_label_is_refused(release: Release, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(release.path, tmp_path / "2026.1"))
    said = json.loads((copied / "manifest.json").read_text("utf-8"))
    for spoilt in ({"about": {"id": "A B"}}, {"change": "huge"}, {"reported": {"file": 1}}):
        (copied / "manifest.json").write_text(json.dumps(said | spoilt), "utf-8")
        with pytest.raises(ReleaseProblem):
            load(copied)
