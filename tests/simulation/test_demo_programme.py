"""The demonstration of full size: it plans, writes the papers, lives half a year, plans anew."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from otdacha.programme.beside import plan_before
from otdacha.programme.plan import load_plan
from otdacha.records import frame, open_workspace
from tests.unit.cli.processes import PROGRAM


@pytest.mark.long
def test_the_demonstration_lives_through_half_a_year_of_its_plan(tmp_path: Path) -> None:
    # in a process of its own: it publishes, and this one has the database of the site's tests
    ended = subprocess.run(
        [*PROGRAM, "demo", str(tmp_path / "union"), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ended.stdout)
    plan, anew = (load_plan(Path(told[name])) for name in ("plan", "replanned"))
    kept = plan_before(anew)
    assert kept is not None
    assert kept.hash == plan.hash
    signed = frame(open_workspace(Path(told["workspace"])), "contracts")
    seats = signed.unique(["municipality", "contract"])["seats"].sum()
    assert anew.manifest["replanned_from"]["seats"] == seats > 0
    papers = told["papers"]
    assert len(Document(papers["passport"]).tables) > 0
    assert len(openpyxl.load_workbook(papers["workbook"]).sheetnames) == 4 + 26
    assert openpyxl.load_workbook(papers["names"]).worksheets[0].max_row > 4
    assert list(Path(papers["open_data"]).iterdir())
    finished = frame(open_workspace(Path(told["workspace"])), "attendance").filter(
        status="finished"
    )
    assert finished.height > 0
