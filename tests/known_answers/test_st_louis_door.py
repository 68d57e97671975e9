"""The service requests of St. Louis through the door: every row accounted for.

Counted apart from this code, by one pass with Python's csv module: 7,543 rows, 7,168 different ids
(375 rows repeat an id, 244 of them cell for cell), one row closed on 1 January 1900.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from otdacha.records import add, create_workspace, frame, load_profile, rejected_rows
from tests.known_answers.shared_data import shared

FILE = "st_louis/service_requests_2010_2012.csv"
PROFILE = Path(__file__).parents[2] / "examples" / "st_louis" / "cases.toml"


@pytest.fixture(scope="module")
def source() -> Path:
    return shared(FILE)


@pytest.fixture(scope="module")
def added(source, tmp_path_factory):
    workspace = create_workspace(tmp_path_factory.mktemp("st_louis") / "union")
    return workspace, add(workspace, "cases", source, profile=load_profile(PROFILE))


def test_every_row_is_accepted_or_rejected_with_its_reason(added):
    _, batch = added
    assert batch.accepted == 7_167
    assert batch.rejected == 376
    assert batch.accepted + batch.rejected == 7_543
    assert batch.reasons == {"repeated_row": 244, "repeated_key": 131, "closed_before_opened": 1}


def test_the_reasons_agree_with_a_naive_count(added, source):
    """The oracle: one pass over the file with the standard library."""
    seen, ids, same, again, backwards = set(), set(), [], [], []
    with source.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            cells, case = tuple(row.values()), row["REQUESTID"]
            if row["PRJCOMPLETEDATE"] and row["PRJCOMPLETEDATE"][:10] < row["DATETIMEINIT"][:10]:
                backwards.append(number)
            elif cells in seen:
                same.append(number)
            elif case in ids:
                again.append(number)
            seen.add(cells)
            ids.add(case)
    workspace, batch = added
    rows = rejected_rows(workspace, batch.id)

    def numbers(reason):
        return rows.filter(reason=reason)["row"].to_list()

    assert numbers("repeated_row") == same
    assert numbers("repeated_key") == again
    assert numbers("closed_before_opened") == backwards == [1_283]


def test_the_accepted_cases_are_typed(added):
    workspace, _ = added
    cases = frame(workspace, "cases")
    assert cases.height == cases["case"].n_unique() == 7_167
    assert cases["unit"].n_unique() == 32
    assert cases["service"].n_unique() == 192
    assert cases["opened"].min() == dt.date(2010, 1, 5)
    assert cases["opened"].max() == dt.date(2012, 12, 31)
    assert cases["closed"].max() == dt.date(2017, 11, 16)
    assert cases["closed"].null_count() == 20
    assert cases["cancelled"].count() == 334
    assert cases["is_cancelled"].sum() == 430
    assert cases["municipality"].unique().to_list() == ["99999001"]


def test_the_reading_tells_what_was_dropped(added):
    _, batch = added
    assert batch.reading.encoding == "utf-8"
    assert batch.reading.separator == ","
    assert set(batch.reading.ignored) == {
        *("DATEINVTDONE", "DATETIMECLOSED", "GROUP", "DESCRIPTION"),
        *("CALLERTYPE", "WARD", "NEIGHBORHOOD"),
    }
