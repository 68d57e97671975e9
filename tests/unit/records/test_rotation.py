"""A new key for what is stored: everybody stays who they are, and the old key opens nothing.

All people and numbers are invented.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from otdacha.errors import WorkspaceProblem
from otdacha.records import (
    TABLES,
    add,
    batches,
    check,
    frame,
    links,
    open_workspace,
    rotate_key,
    steady,
    stored_rows,
    withdraw,
)
from otdacha.records.pseudonyms import pseudonym
from tests.unit.records.conftest import INN, OTHER_SNILS, SNILS, TOWN
from tests.unit.records.test_people import ANNA, PIOTR, STAFF, TRAINING
from tests.unit.records.test_store import Crash

CASES = "ОКТМО;№ дела;Отдел;Услуга;Дата регистрации;СНИЛС исполнителя;Таб. № исполнителя"
OF_PEOPLE = ("staff", "training", "cases")


@pytest.fixture
def known(workspace, write):
    """Anna by СНИЛС and by name, Piotr by name; she signs by СНИЛС, he by his badge."""
    add(
        workspace,
        "staff",
        write(
            STAFF,
            f"{TOWN};{SNILS};{ANNA};Архив;09.01.2020;1",
            f"{TOWN};;{PIOTR};Архив;09.01.2020;2",
        ),
    )
    add(workspace, "training", write(TRAINING, f";{ANNA};{INN};П;09.01.2024;31.01.2024;16"))
    add(
        workspace,
        "cases",
        write(
            CASES,
            f"{TOWN};1;Архив;Справка;09.01.2024;{SNILS};",
            f"{TOWN};2;Архив;Справка;09.01.2024;;2",
        ),
    )
    return workspace


def pseudonyms(workspace):
    """Every pseudonym of every table in force, in order."""
    found = []
    for name in OF_PEOPLE:
        rows = frame(workspace, name)
        found += [rows[column].to_list() for column in TABLES[name].pseudonyms]
    return found


def stored(workspace):
    """As `pseudonyms`, but as the files of the batches hold them, and without an engine."""
    found = []
    for batch in batches(workspace):
        rows = pl.read_parquet(stored_rows(workspace, batch.table, batch.id))
        found += [rows[column].to_list() for column in TABLES[batch.table].pseudonyms]
    return found


def renaming(before, after):
    """old → new, where the two are equal up to a renaming that makes nobody somebody else."""
    pairs = {
        (old, new)
        for olds, news in zip(before, after, strict=True)
        for old, new in zip(olds, news, strict=True)
    }
    forth, back = dict(pairs), {new: old for old, new in pairs}
    assert len(forth) == len(back) == len(pairs)
    return {old: new for old, new in forth.items() if old is not None}


def every_byte(folder):
    """The bytes of all files, and the values of those that are compressed."""
    parts = []
    for path in folder.rglob("*"):
        if path.is_file():
            parts.append(path.read_bytes())
            if path.suffix == ".parquet":
                parts.append(pl.read_parquet(path).write_json().encode())
    return b"\n".join(parts)


def test_the_new_pseudonym_is_the_old_one_hashed_with_the_new_key():
    """By hand: hmac(second key, "s" + unit separator + what the first key made)."""
    first, second = bytes(range(32)), b"2" * 32
    old = pseudonym((first,), "s", "11223344595")
    full = hmac.new(second, f"s\x1f{old}".encode(), hashlib.sha256).hexdigest()
    assert pseudonym((first, second), "s", "11223344595") == "s" + full[:32]


def test_everybody_gets_a_new_pseudonym_and_stays_who_they_are(known):
    before = pseudonyms(known)
    assert rotate_key(known) == 2
    changed = renaming(before, pseudonyms(known))
    assert len(changed) == 5  # Anna by СНИЛС and by name, Piotr by name, two badges
    assert all(old != new and old[0] == new[0] for old, new in changed.items())
    written = every_byte(known.path)
    assert [old for old in changed if old.encode() in written] == []
    assert all(new.encode() in written for new in changed.values())


def test_files_that_come_later_are_linked_as_before(known, write):
    rotate_key(known)
    rotate_key(known)
    add(known, "training", write(TRAINING, f"{SNILS};;;{INN};П;09.02.2024;28.02.2024;16"))
    add(known, "training", write(TRAINING, f";{PIOTR};{INN};П;09.02.2024;28.02.2024;16"))
    assert links(known).counts() == {"certain": 1, "likely": 2, "ambiguous": 0, "unlinked": 0}
    assert len(set(frame(known, "training")["person"])) == 2


def test_the_old_key_alone_finds_nobody(known):
    old = known.pseudonym_keys()
    hers = pseudonym(old, "s", SNILS.replace("-", "").replace(" ", ""))
    assert hers in set(frame(known, "staff")["person"])
    rotate_key(known)
    there = {name for column in pseudonyms(known) for name in column}
    assert hers not in there
    assert pseudonym(known.pseudonym_keys()[1:], "s", "11223344595") not in there
    assert pseudonym(known.pseudonym_keys(), "s", "11223344595") in there


def test_the_key_file_stays_readable_by_its_owner_only(known):
    rotate_key(known)
    assert known.key_file.stat().st_mode & 0o077 == 0
    assert [len(key) for key in known.pseudonym_keys()] == [32, 32]


def test_whoever_reads_meanwhile_sees_the_old_rows_or_the_new_ones(known):
    before, seen = pseudonyms(known), []

    def look(_step, _done, _total):
        seen.append(pseudonyms(known))

    rotate_key(known, progress=look)
    assert seen[:3] == [before] * 3
    assert seen[3] == pseudonyms(known)


def test_a_reader_whose_rows_change_under_its_hands_is_told(known):
    with pytest.raises(WorkspaceProblem, match="changed while they were read"), steady(known):
        rotate_key(known)
    with pytest.raises(WorkspaceProblem, match="changed while they were read"), steady(known):
        _erase_and_miss(known)
    with pytest.raises(ZeroDivisionError), steady(known):
        raise ZeroDivisionError


def _erase_and_miss(workspace):
    withdraw(workspace, batches(workspace)[0].id, erase=True)
    raise FileNotFoundError  # as an engine does whose file is gone


def test_an_addition_that_began_under_the_old_key_lands_under_the_new_one(known, write):
    file = write(STAFF, f"{TOWN};{OTHER_SNILS};{PIOTR};Канцелярия;09.01.2020;3")

    def meanwhile(_step, done, _total):
        if done == 2:  # read and hashed, not yet written
            rotate_key(known)
            rotate_key(known)

    add(known, "staff", file, progress=meanwhile)
    assert known.key_generation() == 3
    staff = frame(known, "staff")
    assert staff["person"].n_unique() == 2  # Piotr of the first file is this Piotr
    hers = pseudonym(known.pseudonym_keys(), "s", OTHER_SNILS.replace("-", "").replace(" ", ""))
    assert staff["person"].to_list()[1:] == [hers, hers]


def test_two_changes_at_once_come_one_after_the_other(known):
    before = pseudonyms(known)
    with ThreadPoolExecutor(2) as both:
        generations = sorted(both.map(rotate_key, [known, open_workspace(known.path)]))
    assert generations == [2, 3]
    renaming(before, pseudonyms(known))
    assert len(known.pseudonym_keys()) == 3


def test_withdrawn_rows_are_carried_over_and_erased_ones_are_not(known, write):
    withdrawn, erased, _ = batches(known)
    withdraw(known, withdrawn.id)
    withdraw(known, erased.id, erase=True)
    rotate_key(known)
    files = {path.name for name in OF_PEOPLE for path in (known.records / name).iterdir()}
    assert files == {f"{withdrawn.id}.k2.parquet", f"{batches(known)[0].id}.k2.parquet"}


def test_a_copy_of_older_records_is_opened_by_the_key_of_today(known, write, tmp_path):
    before = pseudonyms(known)
    shutil.copytree(known.records, tmp_path / "backup")
    rotate_key(known)
    rotate_key(known)
    shutil.rmtree(known.records)
    shutil.copytree(tmp_path / "backup", known.records)
    assert pseudonyms(known) == before
    add(known, "training", write(TRAINING, f"{SNILS};;;{INN};П;09.02.2024;28.02.2024;16"))
    assert links(known).counts()["certain"] == 1
    assert rotate_key(known) == 4
    assert links(known).counts()["certain"] == 1


def test_a_copy_of_an_older_key_is_refused(known, write, tmp_path):
    old = known.key_file.read_bytes()
    rotate_key(known)
    known.key_file.write_bytes(old)
    file = write(TRAINING, f"{SNILS};;;{INN};П;09.02.2024;28.02.2024;16")
    with pytest.raises(WorkspaceProblem, match="this key is older than the records"):
        add(known, "training", file)
    # nobody needs a key to read
    assert frame(known, "training").height == 1
    assert not [found for found in check(known) if found.code == "unknown_executor"]


@pytest.mark.parametrize("content", [b"{", b"{}", b"[]", b'{"generation": 0, "changed": ""}'])
def test_a_damaged_card_of_the_key_is_named(known, content):
    known.key_card.write_bytes(content)
    with pytest.raises(WorkspaceProblem, match=r"key\.json: what says how often"):
        frame(known, "staff")


def test_tables_without_people_are_left_alone(known, write):
    batch = add(known, "providers", write("ИНН;Наименование", f"{INN};Институт (вымышлен)"))
    rotate_key(known)
    assert (known.records / "providers" / f"{batch.id}.parquet").is_file()
    assert frame(known, "providers").height == 1


@pytest.mark.parametrize("call", ["replace", "fsync", "open", "unlink", "rename"])
def test_a_crash_at_any_moment_leaves_the_old_key_or_the_new_one(known, monkeypatch, call):
    """Every single call of the system is the last one once; then the change is made again."""
    (known.runs / "x" / "panel").mkdir(parents=True)
    (known.runs / "x" / "panel" / "cells.parquet").write_bytes(b"made of pseudonyms")
    which, crashed = 0, True
    while crashed:
        which += 1
        before, generation = stored(known), known.key_generation()
        crashed = _rotate_until(known, monkeypatch, call, which)
        after = stored(open_workspace(known.path))
        if known.key_generation() == generation:
            assert after == before
        else:
            assert all(old != new for old, new in renaming(before, after).items())
        assert len(known.pseudonym_keys()) == known.key_generation()
    files = [path.name for name in OF_PEOPLE for path in (known.records / name).iterdir()]
    assert len(files) == 3
    assert all(name.endswith(f".k{known.key_generation()}.parquet") for name in files)
    assert not known.runs.exists()
    assert not list(known.path.glob(".*"))
    assert links(known).counts()["likely"] == 1
    assert which > 1


def _rotate_until(workspace, monkeypatch, call, which):
    """Change the key; the `which`-th writing call of the system is a power cut. Did it come?"""
    real, calls = getattr(os, call), 0
    crashed = False

    def failing(*given, **named):
        nonlocal calls, crashed
        writes = call != "open" or bool(given[1] & os.O_CREAT)
        calls += writes
        # dead is dead: nothing that is tried afterwards reaches the disk
        if crashed or (writes and calls == which):
            crashed = True
            raise Crash
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        try:
            rotate_key(workspace)
        except Crash:
            return True
    return False
