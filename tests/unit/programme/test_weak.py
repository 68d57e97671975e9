"""Departments that are worse than their stratum, and whom that sends to training."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.programme.needs import NeedRules, departments_judged, needs_by_weakness
from otdacha.programme.people.work import CELLS, Work, work_of
from tests.unit.panel.making import TOWN, case, indicator, methodology, tables, town
from tests.unit.programme.making import link, roster, trained

RULES = methodology(indicator("repeated", "all", better="lower"), indicator("on_time", "due"))
NEED = NeedRules(topics={"Справка": "Работа со  справками"}, trained_within_months=24)
MONTHS = [dt.date(2026, month, 1) for month in range(1, 7)]


def cells(shares: dict[str, list[int]], n: int = 100, **values):
    """Cells of departments, a number of successes among n for each month."""
    rows = [
        {
            "municipality": TOWN,
            "unit": unit,
            "service": "Справка",
            "stratum": "Справка/Центр",
            "month": month,
            "indicator": "on_time",
            "n": n,
            "total": total,
            **values,
        }
        for unit, totals in shares.items()
        for month, total in zip(MONTHS, totals, strict=False)
    ]
    return pl.DataFrame(rows, schema=CELLS)


SIX = {
    "Слабый": [50, 54, 52, 48, 51, 51],
    **{f"Отдел {i}": [70 + i, 74 + i, 71 + i, 73 + i, 72, 72 + i] for i in range(5)},
}


def work(found):
    handled = pl.DataFrame(schema={"municipality": pl.String, "unit": pl.String})
    return Work(handled, found, dt.date(2026, 6, 30))


def test_a_department_far_below_its_stratum_is_weak_and_the_others_are_not():
    judged = departments_judged(cells(SIX), RULES, 5)
    weak = judged.filter(pl.col("probability") >= 0.9)
    assert weak["unit"].to_list() == ["Слабый"]
    row = weak.row(0, named=True)
    assert row["mean"] == pytest.approx(0.51)
    assert row["cases"] == 600
    assert row["mean"] < row["shrunken"] < row["stratum_mean"]


def test_the_posterior_is_the_normal_one_with_errors_from_months():
    judged = departments_judged(cells(SIX), RULES, 5)
    monthly = np.array(list(SIX.values())) / 100
    means = monthly.mean(axis=1)
    per_case = 100 * ((monthly - means[:, None]) ** 2).sum() / (6 * 5)
    error = np.sqrt(per_case / 600)
    # equal errors: the stratum's mean is plain, and τ² is the variance of means less their error
    spread = means.var(ddof=1) - error**2
    kept = spread / (spread + error**2)
    shrunken = means.mean() + kept * (means - means.mean())
    probability = stats.norm.cdf((means.mean() - shrunken) / np.sqrt(kept * error**2))
    by_unit = {row["unit"]: row for row in judged.iter_rows(named=True)}
    for unit, expected, chance in zip(SIX, shrunken, probability, strict=True):
        assert by_unit[unit]["shrunken"] == pytest.approx(expected, rel=1e-6)
        assert by_unit[unit]["probability"] == pytest.approx(chance, abs=1e-6)


def test_where_less_is_better_the_department_above_is_weak():
    judged = departments_judged(cells(SIX, indicator="repeated"), RULES, 5)
    chances = dict(judged.select("unit", "probability").iter_rows())
    assert chances["Слабый"] < 0.01
    assert max(chances.values()) == chances["Отдел 4"]


def test_a_small_department_is_drawn_to_the_mean_more_than_a_large_one():
    large = cells({unit: SIX[unit] for unit in SIX if unit != "Слабый"})
    few = cells({"Слабый": [2, 3, 2, 3, 2, 3]}, n=5)
    judged = departments_judged(pl.concat([large, few]), RULES, 5)
    small = judged.filter(unit="Слабый").row(0, named=True)
    same = departments_judged(cells(SIX), RULES, 5).filter(unit="Слабый").row(0, named=True)
    assert small["probability"] < same["probability"]
    assert small["stratum_mean"] - small["shrunken"] < same["stratum_mean"] - same["shrunken"]


@pytest.mark.parametrize(
    "found",
    [
        cells({unit: SIX[unit] for unit in list(SIX)[:4]}),  # too few departments
        cells({unit: totals[:1] for unit, totals in SIX.items()}),  # one month each
        cells({unit: [70] * 6 for unit in SIX}),  # months that never differ
    ],
)
def test_a_stratum_that_tells_nobody_apart_judges_nobody(found):
    judged = departments_judged(found, RULES, 5)
    assert judged["probability"].null_count() == judged.height > 0


def test_an_indicator_without_weight_judges_nobody():
    silent = methodology(indicator("on_time", "due", weight=0))
    assert departments_judged(cells(SIX), silent, 5).is_empty()


def test_people_of_a_weak_department_are_sent_unless_they_were_taught_it_lately():
    programmes = [
        {"provider": "A", "programme": "п1", "topic": "работа со Справками"},
        {"provider": "A", "programme": "п2", "topic": "Закупки"},
    ]
    courses = [
        trained("lately", "2025-01-10", programme="п1"),
        trained("long_ago", "2024-06-30", programme="п1"),
        trained("otherwise", "2026-01-10", programme="п2"),
    ]
    staff = [
        *(link(person, "Слабый") for person in ("lately", "long_ago", "otherwise", "never")),
        link("well", "Отдел 0"),
        link("aside", "Бухгалтерия"),
    ]
    known = roster(staff, courses, programmes=programmes)
    found = needs_by_weakness(known, work(cells(SIX)), NEED, RULES)
    assert sorted(found.needs["person"]) == ["long_ago", "never", "otherwise"]
    row = found.needs.row(0, named=True)
    assert (row["rule"], row["indicator"], row["service"]) == ("weak", "on_time", "Справка")
    assert row["topic"] == "Работа со  справками"
    assert row["figure"] == pytest.approx(0.51)
    assert row["against"] > 0.6
    assert dict(found.looked_at.select("reason", "people").iter_rows()) == {
        "needed": 3,
        "trained_lately": 1,
        "department_not_weak": 1,
        "department_without_results": 1,
    }


def test_a_weak_service_without_a_topic_is_told_and_sends_nobody():
    found = needs_by_weakness(roster([link("s1", "Слабый")]), work(cells(SIX)), NeedRules(), RULES)
    assert found.needs.is_empty()
    assert found.looked_at["reason"].to_list() == ["service_without_topic"]


def test_two_weak_indicators_make_one_need_the_surer_one():
    doubtful = cells({**SIX, "Слабый": [66, 72, 68, 70, 69, 68]})
    plain = cells(
        {unit: [100 - n for n in found] for unit, found in SIX.items()}, indicator="repeated"
    )
    both = pl.concat([doubtful, plain])
    judged = departments_judged(both, RULES, 5).filter(unit="Слабый")
    chances = dict(judged.select("indicator", "probability").iter_rows())
    assert 0.9 < chances["on_time"] < chances["repeated"]
    found = needs_by_weakness(roster([link("s1", "Слабый")]), work(both), NEED, RULES)
    assert found.needs["indicator"].to_list() == ["repeated"]


def test_work_is_the_departments_in_which_the_executor_was_then():
    log = [
        case("2026-05-10", case="1", executor="s1", unit="Приёмная"),  # s1 was in А in May
        case("2026-06-10", case="2", executor="s1", unit="Приёмная"),  # and in Б in June
        case("2026-06-11", case="3", executor="unknown", unit="Приёмная"),
        case("2026-06-12", case="4", unit="Приёмная"),
        case("2026-06-13", case="5", unit="Приёмная", is_cancelled=True),
        case("2026-06-30", "2026-06-30", case="6", unit="Приёмная"),
    ]
    log = [{**row, "repeated": False} for row in log]
    staff = [link("s1", "А", ended="2026-05-31"), link("s1", "Б", started="2026-06-01")]
    of_office = {"municipality": TOWN, "service": "Справка", "month": "2026-06-01", "mean": 4.5}
    reported = [  # answers of the same people about two things; the department has cases
        {**of_office, "unit": "МФЦ", "indicator": "courtesy", "n": 30},
        {**of_office, "unit": "МФЦ", "indicator": "comfort", "n": 28},
        {**of_office, "unit": "Приёмная", "indicator": "courtesy", "n": 9},
    ]
    found = work_of(tables(log, staff=staff, results=reported), methodology())
    assert found.handled.select("unit", "handled", "months", "source").rows() == [
        ("А", 1, 2, "cases"), ("Б", 1, 2, "cases"), ("МФЦ", 30, 1, "results"),
        ("Приёмная", 3, 2, "cases"),
    ]  # fmt: skip
    assert found.cells.select("unit", "n").group_by("unit").sum().sort("unit").rows() == [
        ("А", 1), ("Б", 1), ("Приёмная", 3),
    ]  # fmt: skip
    assert found.last_day == dt.date(2026, 6, 30)


def test_only_the_last_twelve_complete_months_of_each_town_count():
    days = [f"{2024 + m // 12}-{m % 12 + 1:02}-15" for m in range(30)]  # 2024-01 … 2026-06
    log = [case(day, case=day, repeated=True) for day in days]
    log += [case("2025-03-31", case="o", municipality="15701000")]
    found = work_of(tables(log, towns=[town(), town("15701000")]), methodology())
    # the log ends on 15 June, so June 2026 is not complete: June 2025 to May 2026
    assert found.handled.select("municipality", "handled", "months").rows() == [
        ("15701000", 1, 1), (TOWN, 12, 12),
    ]  # fmt: skip
    months = found.cells.filter(municipality=TOWN)["month"]
    assert (months.min(), months.max()) == (dt.date(2025, 6, 1), dt.date(2026, 5, 1))
