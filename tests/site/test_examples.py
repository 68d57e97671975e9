"""The examples of docs/open-data.md run as they stand, and what comes of them is the release's."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from pytest_django.live_server_helper import LiveServer

from otdacha.release import Release

PAGE = Path(__file__).resolve().parents[2] / "docs/open-data.md"
SITE = "http://localhost:8000"


def examples(kind: str, site: str) -> list[str]:
    """The examples of a language, asking the site under test instead of the one on the page."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert found
    assert all(SITE in one or "site" in one for one in found)
    return [one.replace(SITE, site) for one in found]


def printed(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_examples_in_curl_save_what_they_say(
    live_server: LiveServer, published: Release, tmp_path: Path
) -> None:
    (example,) = examples("sh", live_server.url)
    printed(["sh", "-e", "-c", example], tmp_path)
    listed = json.loads((tmp_path / "listed.json").read_text("utf-8"))
    found = [one["provider"] for one in listed["items"]]
    assert found == published.listed["provider"].to_list()
    with zipfile.ZipFile(tmp_path / "release.zip") as archive:
        for name, file in published.manifest["files"].items():
            content = archive.read(f"{published.id}/{name}")
            assert sha256(content).hexdigest() == file["sha256"]
    text = (tmp_path / "organisations.csv").read_text("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(text))]
    assert sorted(names) == sorted(published.providers["name"])
    assert names != published.providers["name"].to_list()


def test_the_examples_in_python_print_the_figures_of_the_release(
    live_server: LiveServer, published: Release, tmp_path: Path
) -> None:
    (example,) = examples("python", live_server.url)
    said = printed([sys.executable, "-c", example], tmp_path)
    for row in published.providers.iter_rows(named=True):
        known = row["posterior_mean"]
        assert f"{row['name']} {row['state'] if known is None else known}" in said


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here")
def test_the_examples_in_r_print_the_figures_of_the_release(
    live_server: LiveServer, published: Release, tmp_path: Path
) -> None:
    tables, interface = examples("r", live_server.url)
    with_json = subprocess.run(
        ["Rscript", "-e", "quit(status = !requireNamespace('jsonlite', quietly = TRUE))"],
        capture_output=True,
        check=False,
    )
    whole = tables + interface if with_json.returncode == 0 else tables
    (tmp_path / "example.R").write_text(whole, "utf-8")
    first, *rest = printed(["Rscript", "--vanilla", "example.R"], tmp_path).splitlines()
    rows, known, mean = first.split()
    effects = published.providers.filter(pl.col("state") == "published")["posterior_mean"]
    assert (int(rows), int(known)) == (published.providers.height, len(effects))
    wanted = effects.mean()
    assert isinstance(wanted, float)
    assert float(mean) == pytest.approx(wanted, rel=1e-6)
    if with_json.returncode == 0:
        assert rest[-1].split() == published.listed["provider"].to_list()
