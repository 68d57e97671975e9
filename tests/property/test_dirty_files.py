"""Whatever happens to a file on its way, the rows that are stored are those of the clean file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.records import add, create_workspace, frame, open_workspace, rejected_rows
from tests.property.dirty.drafts import CLEAN
from tests.property.dirty.faults import FAULTS
from tests.property.dirty.formats import WRITERS
from tests.property.dirty.variants import Variant, variants

VARIANTS = variants()

Clean = Callable[[str], pl.DataFrame]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that is copied for each file: one key, so one pseudonym of a person."""
    return create_workspace(tmp_path_factory.mktemp("dirty") / "union").path


@pytest.fixture(scope="module")
def clean(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The stored rows of every clean file."""
    stored = {}
    for table, draft in CLEAN.items():
        folder = tmp_path_factory.mktemp(table)
        (folder / "clean.csv").write_bytes(WRITERS["csv"][1](draft()))
        workspace = open_workspace(shutil.copytree(empty, folder / "union"))
        batch = add(workspace, table, folder / "clean.csv")
        assert (batch.accepted, batch.rejected) == (len(draft().lines), 0)
        stored[table] = frame(workspace, table).drop("_batch", "_row")
    return stored


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_dirty_file_is_stored_as_the_clean_one(
    variant: Variant, empty: Path, clean: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    name, content, draft = variant.written()
    (tmp_path / name).write_bytes(content)
    workspace = open_workspace(shutil.copytree(empty, tmp_path / "union"))
    batch = add(workspace, variant.table, tmp_path / name)

    rows = draft.rejections(1 if variant.format == "parquet" else None)
    rows = [(row + ("the line sep=" in variant.faults), *rest) for row, *rest in rows]
    rejected = rejected_rows(workspace, batch.id).select("row", "column", "reason").rows()
    assert sorted(rejected, key=str) == sorted(rows, key=str)
    stored = pl.read_parquet(workspace.records / variant.table / f"{batch.id}.parquet")
    assert_frame_equal(stored.drop("_batch", "_row"), clean[variant.table][draft.accepted()])


def test_the_corpus_is_wide_enough() -> None:
    """At least 200 files, each with several faults; no fault, format or table is left out."""
    assert len(VARIANTS) >= 200
    assert sum(len(one.faults) > 1 for one in VARIANTS) >= 200
    assert {name for one in VARIANTS for name in one.faults} == set(FAULTS)
    assert {(one.table, one.format) for one in VARIANTS} == {(t, f) for t in CLEAN for f in WRITERS}
    assert len({str(one) for one in VARIANTS}) == len(VARIANTS)
