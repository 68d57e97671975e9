"""What is loaded into the site, and what is refused in words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from otdacha.errors import ReleaseProblem
from otdacha.release import Release
from otdacha.release.release import NEW_TABLES
from otdacha.release.writing import hash_of, json_bytes
from otdacha.site.bank import models
from otdacha.site.bank.loading import publish
from otdacha.site.pieces import LONGEST_NAME
from tests.invented_release import invented_release, invented_results, provider

PAGES = (
    *("", "organisations/", "topics/", "regions/", "map/", "trust/", "method/", "releases/"),
    *("data/", "compare/", "feed.atom", "data/providers.csv", "data/release.zip"),
    *(f"charts/{name}.svg" for name in ("caterpillar", "funnel", "density", "event_study", "map")),
    *(f"organisations/{provider(0)}/{end}" for end in ("", "badge.svg", "figures.json")),
    *(f"organisations/{provider(17)}/{end}" for end in ("", "badge.svg", "figures.xlsx")),
    f"compare/?o={provider(0)}&o={provider(3)}",
)


def with_tables(release: Release, tables: dict[str, pl.DataFrame]) -> Path:
    """The release with other tables; its manifest names them as they are."""
    manifest: dict[str, Any] = json.loads((release.path / "manifest.json").read_bytes())
    for name, table in tables.items():
        content = io.BytesIO()
        table.write_parquet(content)
        (release.path / f"{name}.parquet").write_bytes(content.getvalue())
        named = manifest["files"][f"{name}.parquet"]
        named |= {"sha256": hash_of(content.getvalue()), "rows": table.height}
    (release.path / "manifest.json").write_bytes(json_bytes(manifest))
    return release.path


def in_format_2(release: Release) -> Path:
    """The release as it was written before there were programmes, comparisons and labels."""
    path = with_tables(release, {"providers": release.providers.drop("ogrn", "licence")})
    manifest = json.loads((path / "manifest.json").read_bytes())
    for key in ("about", "reported", "change"):
        del manifest[key]
    for name in NEW_TABLES:
        del manifest["files"][f"{name}.parquet"]
        (path / f"{name}.parquet").unlink()
    (path / "manifest.json").write_bytes(json_bytes({**manifest, "format": 2}))
    return path


@pytest.mark.usefixtures("unpublished")
def test_a_release_of_format_2_is_shown_and_what_it_did_not_hold_is_not_there(
    client: Client, tmp_path: Path
) -> None:
    made = invented_release(tmp_path)
    loaded = publish(in_format_2(made))
    assert (loaded.organisations, loaded.programmes) == (made.providers.height, 0)
    for language in ("ru", "en"):
        for page in PAGES:
            assert client.get(f"/{language}/{page}").status_code == 200, page
    for table in NEW_TABLES:
        assert client.get(f"/ru/data/{table}.csv").status_code == 404
    own = client.get(f"/en/organisations/{provider(0)}/").content.decode()
    assert 'aria-labelledby="programmes"' not in own
    assert client.get("/api/v1/programmes").json()["items"] == []
    assert client.get(f"/api/v1/organisations/{provider(0)}").status_code == 200


@pytest.mark.usefixtures("unpublished")
def test_a_release_after_one_of_format_2_tells_of_both(client: Client, tmp_path: Path) -> None:
    first = invented_release(tmp_path)
    second = invented_release(
        tmp_path, release="2026.2", results=invented_results(seed=2), previous=first
    )
    publish(in_format_2(first))
    publish(Path(second.path))
    told = client.get("/en/releases/").content.decode()
    assert first.id in told
    assert second.id in told
    assert client.get(f"/en/organisations/{provider(0)}/").status_code == 200


@pytest.mark.usefixtures("unpublished")
@pytest.mark.parametrize("table", ["programmes", "effects"])
def test_rows_about_nobody_are_refused_and_nothing_is_loaded(tmp_path: Path, table: str) -> None:
    made = invented_release(tmp_path)
    stranger = made.tables[table].with_columns(provider=pl.lit("7700000000"))
    path = with_tables(made, {table: stranger})
    with pytest.raises(ReleaseProblem, match=f"Table {table} .* rows of 7700000000"):
        publish(path)
    assert not models.Bank.objects.exists()


@pytest.mark.usefixtures("unpublished")
def test_an_id_that_no_address_can_hold_is_refused(tmp_path: Path) -> None:
    made = invented_release(tmp_path)
    long = "9" * (LONGEST_NAME + 1)
    renamed = {
        name: table.with_columns(pl.col("provider").replace(provider(0), long))
        for name, table in made.tables.items()
        if "provider" in table.columns
    }
    path = with_tables(made, renamed)
    with pytest.raises(ReleaseProblem, match=r"256 characters .* from 1 to 255"):
        publish(path)
