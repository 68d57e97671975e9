"""Mergers in mid-panel: whose training it is then, where the work lies, and that nothing is lost.

Town OLD merges into NEW on 1 July 2023.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from otdacha.effects import impute
from otdacha.methodology import Methodology
from otdacha.panel import MERGERS, Panel, panel_of
from tests.unit.panel.making import (
    case,
    course,
    indicator,
    link,
    methodology,
    tables,
    town,
)

OLD, NEW = "15701000", "28701000"
MERGED = dt.date(2023, 7, 1)
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
Rows = list[dict[str, Any]]


def rules(**design: Any) -> Methodology:
    return methodology(**{"horizon_months": 3, "look_back_months": 5, **design})


def organisation(inn: str, successor: str | None = None) -> dict[str, Any]:
    return {"provider": inn, "name": inn, "successor": successor}


# --- training organisations ----------------------------------------------------------------------


def trained(training: Rows, providers: Rows) -> Panel:
    log = [case(f"{month}-15", repeated=False) for month in MONTHS]
    staff = [link("sA"), link("sB")]
    made = tables(log, staff=staff, training=training, providers=providers)
    return panel_of(made, rules(anticipation_months=0))


def test_training_by_an_organisation_that_has_merged_counts_for_its_successor() -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20", provider="A"),
        course("sB", "2023-05-10", "2023-05-20", provider="B"),
    ]
    apart = trained(training, [organisation("A"), organisation("B")])
    assert set(apart.exposure["provider"]) == {"A", "B"}
    assert apart.mergers.is_empty()
    assert apart.mergers.schema == MERGERS
    merged = trained(training, [organisation("A", "B"), organisation("B")])
    renamed = trained([{**row, "provider": "B"} for row in training], [])
    for name in ("cells", "exposure", "reach", "excluded"):
        assert_frame_equal(getattr(merged, name), getattr(renamed, name))
    assert merged.exposure["share"].unique().to_list() == [1.0]
    assert merged.reach.rows() == [("B", 2, 1, 2)]
    assert merged.mergers.rows() == [("providers", "A", "B", 1)]


def test_a_person_trained_by_both_parts_counts_once_for_the_whole() -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20", provider="A"),
        course("sA", "2023-05-10", "2023-05-20", provider="B"),
    ]
    merged = trained(training, [organisation("A", "B"), organisation("B")])
    assert merged.exposure["share"].unique().to_list() == [0.5]
    assert merged.reach.rows() == [("B", 1, 1, 1)]


@pytest.mark.parametrize(
    ("providers", "names", "counted"),
    [
        (
            [organisation("A", "B"), organisation("B", "C"), organisation("C")],
            {"C"},
            [("providers", "A", "C", 1), ("providers", "B", "C", 1)],
        ),
        ([organisation("A", "C"), organisation("B")], {"A", "B"}, []),
        ([organisation("A", "B"), organisation("B", "A")], {"A", "B"}, []),
    ],
    ids=["a chain", "an unknown successor", "a circle"],
)
def test_only_a_chain_that_ends_is_followed(
    providers: Rows, names: set[str], counted: list[tuple[str, str, str, int]]
) -> None:
    training = [
        course("sA", "2023-05-10", "2023-05-20", provider="A"),
        course("sB", "2023-05-10", "2023-05-20", provider="B"),
    ]
    made = trained(training, providers)
    assert set(made.exposure["provider"]) == names
    assert made.mergers.rows() == counted


def test_training_that_makes_no_cell_is_counted_at_the_successor() -> None:
    training = [course("sX", "2023-05-10", "2023-05-20", provider="A")]
    made = trained(training, [organisation("A", "B"), organisation("B")])
    assert made.excluded.select("reason", "provider", "rows").rows() == [
        ("person_on_no_staff_list", "B", 1)
    ]


# --- municipalities ------------------------------------------------------------------------------


def register(**of_old: Any) -> Rows:
    old = {"successor": NEW, "valid_to": "2023-06-30", **of_old}
    return [town(OLD, **old), town(NEW)]


def in_town(code: str, months: list[str], **values: Any) -> Rows:
    return [case(f"{m}-15", municipality=code, repeated=False, **values) for m in months]


BEFORE = [month for month in MONTHS if month < "2023-07"]
AFTER = [month for month in MONTHS if month >= "2023-07"]


def test_a_merged_group_is_one_cluster_from_the_beginning_and_loses_no_case() -> None:
    log = in_town(OLD, BEFORE) + in_town(NEW, MONTHS)
    made = panel_of(tables(log, towns=register()), rules())
    assert made.cells["n"].sum() == len(log)
    assert made.excluded.is_empty()
    assert made.cells["cluster"].unique().to_list() == [NEW]
    assert made.cells["municipality"].unique().to_list() == [NEW]
    assert made.mergers.rows() == [("municipalities", OLD, NEW, len(BEFORE))]
    apart = panel_of(tables(log, towns=[town(OLD), town(NEW)]), rules())
    assert set(apart.cells["cluster"]) == {OLD, NEW}
    assert apart.cells["n"].sum() == len(log)


def test_departments_of_one_name_stay_two_units() -> None:
    log = in_town(OLD, BEFORE) + in_town(NEW, AFTER)
    made = panel_of(tables(log, towns=register()), rules())
    months = dict(made.cells.group_by("unit").agg(pl.len()).iter_rows())
    assert months == {
        f"{NEW}/Отдел/Справка": len(AFTER),
        f"{NEW}/{OLD}∕Отдел/Справка": len(BEFORE),
    }


def moved(person: str = "sA") -> Rows:
    return [
        link(person, municipality=OLD, ended="2023-06-30"),
        link(person, municipality=NEW, started="2023-07-01"),
    ]


def test_a_person_whom_the_staff_lists_follow_is_one_unit_throughout() -> None:
    log = in_town(OLD, BEFORE, executor="sA") + in_town(NEW, AFTER, executor="sA")
    made = panel_of(tables(log, towns=register(), staff=moved()), rules())
    assert made.cells["unit"].unique().to_list() == [f"{NEW}/sA/Справка"]
    assert made.cells["n"].sum() == len(MONTHS)
    apart = panel_of(tables(log, towns=[town(OLD), town(NEW)], staff=moved()), rules())
    assert apart.cells["unit"].n_unique() == 2


def test_a_person_whom_no_staff_list_follows_is_not_guessed() -> None:
    staff = moved()[:1]
    log = in_town(OLD, BEFORE, executor="sA") + in_town(NEW, AFTER, executor="sA")
    made = panel_of(tables(log, towns=register(), staff=staff), rules())
    assert made.cells["n"].sum() == len(BEFORE)
    assert made.excluded.select("reason", "rows").rows() == [("executor_unknown", len(AFTER))]


def test_cases_of_one_month_in_both_towns_are_one_cell() -> None:
    staff = [link("sA", municipality=OLD), link("sA", municipality=NEW)]
    log = in_town(OLD, ["2023-06"], executor="sA") + in_town(NEW, ["2023-06"], executor="sA")
    log[0]["repeated"] = True
    made = panel_of(tables(log, towns=register(), staff=staff), rules())
    assert made.cells.select("n", "total", "total_squares").rows() == [(2, 1, 1)]
    assert made.cells.select("unit", "month", "indicator").is_unique().all()


def test_squares_that_one_of_the_towns_does_not_know_are_unknown() -> None:
    rating = indicator("reported", "reported", source="results")
    rows = [
        {
            "municipality": code,
            "unit": "sA",
            "service": "Справка",
            "month": "2023-06-01",
            "indicator": "reported",
            "n": 4,
            "mean": 3.0,
            "sd": sd,
        }
        for code, sd in ((OLD, 1.0), (NEW, None))
    ]
    staff = [link("sA", municipality=OLD), link("sA", municipality=NEW)]
    made = panel_of(
        tables(results=rows, towns=register(), staff=staff),
        methodology(rating, horizon_months=3, look_back_months=5),
    )
    assert made.cells.select("n", "total", "total_squares").rows() == [(8, 24, None)]


def test_training_goes_with_the_person_through_the_merger() -> None:
    log = in_town(OLD, BEFORE, executor="sA") + in_town(NEW, AFTER, executor="sA")
    training = [course("sA", "2023-05-10", "2023-05-20", municipality=OLD)]
    made = panel_of(
        tables(log, towns=register(), staff=moved(), training=training),
        rules(anticipation_months=0),
    )
    exposed = made.cells.filter(status="exposed")["month"].dt.strftime("%Y-%m").to_list()
    assert exposed == ["2023-06", "2023-07", "2023-08"]
    assert made.reach.rows() == [("A", 1, 1, 1)]


def test_the_group_lies_where_its_successor_lies_now() -> None:
    log = in_town(OLD, BEFORE) + in_town(NEW, MONTHS)
    towns = register(region="Прежняя", macroregion="Север")
    made = panel_of(tables(log, towns=towns), rules())
    assert made.cells["stratum"].unique().to_list() == ["Справка/Центр"]
    nowhere = [town(OLD, successor=NEW), town(NEW, macroregion=None)]
    lost = panel_of(tables(log, towns=nowhere), rules())
    assert lost.excluded.select("reason", "rows").rows() == [("no_stratum", len(log))]
    own = panel_of(tables(log, towns=towns), rules(stratum=("service", "municipality")))
    assert own.cells["stratum"].unique().to_list() == [f"Справка/{NEW}"]


@pytest.mark.parametrize(
    ("old", "new", "first_clean"),
    [
        ("2015-01-01", "2023-03-01", "2023-08"),
        ("2023-03-01", "2015-01-01", "2023-08"),
        (None, "2015-01-01", None),
    ],
)
def test_the_history_of_a_group_is_known_when_that_of_all_its_towns_is(
    old: str | None, new: str | None, first_clean: str | None
) -> None:
    log = in_town(OLD, BEFORE) + in_town(NEW, MONTHS)
    towns = [town(OLD, successor=NEW, training_known_from=old), town(NEW, training_known_from=new)]
    staff = [link("sA", municipality=OLD), link("sB", municipality=NEW)]
    made = panel_of(tables(log, towns=towns, staff=staff), rules())
    clean = made.cells.filter(status="clean")["month"].dt.strftime("%Y-%m")
    assert clean.min() == first_clean


def test_with_units_as_clusters_a_person_keeps_the_department_where_they_began() -> None:
    log = in_town(OLD, BEFORE, executor="sA") + in_town(NEW, AFTER, executor="sA")
    made = panel_of(tables(log, towns=register(), staff=moved()), rules(cluster="unit"))
    assert made.cells["cluster"].unique().to_list() == [f"{NEW}/{OLD}∕Отдел"]


# --- the whole way -------------------------------------------------------------------------------


CODES = (OLD, NEW, "11701000", "12701000", "13701000", "14701000")


def union(seed: int) -> dict[str, Rows]:
    """Six towns with two departments and three people each; OLD's are written into NEW's staff list
    and log from the merger on."""
    random = Random(seed)
    log: Rows = []
    staff: Rows = []
    training: Rows = []
    for code in CODES:
        for k in range(3):
            person = f"s{code}{k}"
            unit = f"{code} {k % 2}"  # departments that no other town has
            if code == OLD:
                staff.append(link(person, unit, municipality=OLD, ended="2023-06-30"))
                staff.append(link(person, unit, municipality=NEW, started="2023-07-01"))
            else:
                staff.append(link(person, unit, municipality=code))
            if random.random() < 0.7:
                day = dt.date(2023, random.randint(8, 12), 3)
                provider = random.choice("AB")
                training.append(course(person, day.isoformat(), day.isoformat(), provider=provider))
            for month in MONTHS:
                opened = dt.date.fromisoformat(f"{month}-15")
                there = NEW if code == OLD and opened >= MERGED else code
                log += [
                    case(
                        opened.isoformat(),
                        municipality=there,
                        unit=unit,
                        executor=person,
                        repeated=random.random() < 0.4,
                        case=f"{person}{month}{number}",
                    )
                    for number in range(random.randint(1, 4))
                ]
    return {"cases": log, "staff": staff, "training": training}


@pytest.mark.parametrize("seed", range(4))
def test_a_merger_gives_what_a_union_gives_in_which_the_towns_were_one_from_the_start(
    seed: int,
) -> None:
    made = union(seed)
    towns = [town(code, successor=NEW if code == OLD else None) for code in CODES]
    merged = panel_of(tables(**made, towns=towns), rules())

    def relabelled(rows: Rows) -> Rows:
        return [
            {**row, "municipality": NEW} if row.get("municipality") == OLD else row for row in rows
        ]

    one = panel_of(
        tables(
            relabelled(made["cases"]),
            staff=relabelled(made["staff"]),
            training=made["training"],
            towns=[town(code) for code in CODES if code != OLD],
        ),
        rules(),
    )
    assert merged.mergers["rows"].sum() > 0
    for name in ("cells", "exposure", "reach", "excluded"):
        assert_frame_equal(getattr(merged, name), getattr(one, name))
    assert merged.cells["n"].sum() == len(made["cases"])
    assert merged.cells.group_by("unit").agg(pl.col("cluster").n_unique())["cluster"].max() == 1
    assert merged.cells["cluster"].n_unique() == len(CODES) - 1
    effects = [impute(panel.cells, panel.exposure, rules()) for panel in (merged, one)]
    assert_frame_equal(effects[0].estimates, effects[1].estimates)
    np.testing.assert_array_equal(effects[0].covariance(), effects[1].covariance())
    apart = panel_of(tables(**made, towns=[town(code) for code in CODES]), rules())
    assert apart.cells["n"].sum() == len(made["cases"])
    assert apart.cells["unit"].n_unique() == merged.cells["unit"].n_unique() + 3
