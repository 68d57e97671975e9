"""The service requests of St. Louis as cells of department x service x month.

The expected figures were counted apart from this code, by one pass with Python's csv module.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from otdacha.panel import Panel
from tests.known_answers.examples import example
from tests.known_answers.shared_data import shared

FILE = "st_louis/service_requests_2010_2012.csv"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    folder = tmp_path_factory.mktemp("st_louis") / "union"
    found: Panel = example("st_louis").through_the_door(shared(FILE), folder)[1]
    return found


def counted_by_hand(file: Path) -> tuple[Counter[str], dict[tuple[str, str, dt.date], list[int]]]:
    """Cases by fate, and days to completion by department, service and month."""
    fates: Counter[str] = Counter()
    days: dict[tuple[str, str, dt.date], list[int]] = {}
    known = set()
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            opened = dt.date.fromisoformat(row["DATETIMEINIT"][:10])
            done = row["PRJCOMPLETEDATE"][:10]
            backwards = bool(done) and dt.date.fromisoformat(done) < opened
            repeated = row["REQUESTID"] in known
            known.add(row["REQUESTID"])
            if repeated or backwards:
                continue
            if row["DATECANCELLED"] or row["STATUS"].upper() == "CANCEL":
                fates["cancelled"] += 1
            elif not done:
                fates["not_closed"] += 1
            else:
                cell = (row["SUBMITTO"], row["PROBLEMCODE"].strip(), opened.replace(day=1))
                spent = (dt.date.fromisoformat(done) - opened).days
                days.setdefault(cell, []).append(spent)
    return fates, days


def test_every_accepted_case_is_in_a_cell_or_has_its_reason(panel: Panel) -> None:
    assert panel.cells.height == 1_274
    assert panel.cells["n"].sum() == 6_719
    reasons = panel.excluded.select("reason", "rows").rows()
    assert reasons == [("cancelled", 430), ("not_closed", 18)]
    assert 6_719 + 430 + 18 == 7_167


def test_the_cells_agree_with_a_naive_count(panel: Panel) -> None:
    fates, days = counted_by_hand(shared(FILE))
    assert dict(panel.excluded.select("reason", "rows").iter_rows()) == fates
    centred = sorted(
        (len(spent), sum(d - 30 for d in spent), sum((d - 30) ** 2 for d in spent))
        for spent in days.values()
    )
    assert sorted(panel.cells.select("n", "total", "total_squares").iter_rows()) == centred
    trees = ("FORESTRY,", "Inspect City Tree", dt.date(2012, 8, 1))
    assert len(days[trees]) == 254
    cells = example("st_louis").departments(panel)
    found = cells.filter(department=trees[0], service=trees[1], month=trees[2])
    assert found.select("cases", "mean_days").rows() == [(254, 22.1)]
    assert cells["department"].n_unique() == len({department for department, _, _ in days})


def test_without_training_records_no_month_is_called_clean(panel: Panel) -> None:
    assert panel.cells["status"].cast(pl.String).unique().to_list() == ["history_unknown"]
    assert panel.exposure.is_empty()
    assert panel.reach.is_empty()
