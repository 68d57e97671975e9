"""Legal duty: counted from the last training, or from the first day in the post."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from otdacha.programme.needs import LOOKED_AT, NEEDS, OUTCOMES, needs_by_duty
from tests.unit.programme.making import DAY, Duty, link, roster, town, trained

ATTESTATION = Duty("attestation", "Муниципальная служба", every_years=3)
NEW = Duty("new", "Введение в должность", within_months=12, groups=("Ведущая",))
END_2027 = dt.date(2027, 12, 31)


def outcomes(found):
    return dict(found.looked_at.select("reason", "people").iter_rows())


def test_whoever_was_trained_too_long_ago_is_needed_and_the_need_says_how_long():
    known = roster(
        [link("s1"), link("s2")], [trained("s1", "2022-04-18"), trained("s2", "2025-06-30")]
    )
    found = needs_by_duty(known, ATTESTATION, END_2027)
    row = found.needs.row(0, named=True)
    assert found.needs.height == 1
    assert (row["person"], row["reason"], row["rule"]) == ("s1", "legal_duty", "attestation")
    assert (row["measure"], round(row["figure"], 1), row["against"]) == (
        "years_since_training",
        4.2,
        3,
    )
    assert row["by"] == dt.date(2025, 4, 18)
    assert outcomes(found) == {"needed": 1, "trained_in_time": 1}


def test_a_duty_that_falls_due_in_the_plan_is_a_need_of_it():
    known = roster([link("s1")], [trained("s1", "2024-12-31")])
    assert needs_by_duty(known, ATTESTATION, dt.date(2027, 12, 30)).needs.is_empty()
    found = needs_by_duty(known, ATTESTATION, END_2027).needs
    assert found["by"].to_list() == [END_2027]
    assert found["figure"][0] < 3  # not due yet on the roster's day


def test_the_last_of_several_courses_counts_and_one_after_the_day_does_not():
    courses = [
        trained("s1", "2020-01-10"),
        trained("s1", "2026-01-10"),
        trained("s2", "2026-07-01"),
    ]
    found = needs_by_duty(roster([link("s1"), link("s2")], courses), ATTESTATION, END_2027)
    assert found.needs["person"].to_list() == ["s2"]


def test_a_course_too_short_by_the_methodology_is_no_training():
    from otdacha.programme.people.roster import roster_of
    from tests.unit.panel.making import frame

    rows = {"staff": [link("s1")], "training": [trained("s1", "2026-01-10", hours=8.0)]}
    names = ("staff", "training", "programmes", "municipalities", "units", "providers")
    tables = {
        name: frame(name, rows.get(name, [town()] if name == "municipalities" else []))
        for name in names
    }
    assert roster_of(tables, day=DAY, least_hours=16).people["last_trained"].to_list() == [None]
    assert roster_of(tables, day=DAY, least_hours=8).people["last_trained"].null_count() == 0


def test_whoever_was_never_trained_is_needed_once_they_have_served_long_enough():
    known = roster([link("s1", started="2022-06-30"), link("s2", started="2026-01-01")])
    found = needs_by_duty(known, ATTESTATION, END_2027)
    assert found.needs.select("person", "measure", "by").row(0) == (
        "s1", "years_in_service", dt.date(2025, 6, 30),
    )  # fmt: skip
    assert round(found.needs["figure"][0], 1) == 4.0
    assert outcomes(found) == {"needed": 1, "not_long_in_service": 1}


@pytest.mark.parametrize(
    ("known_from", "outcome"),
    [
        ("2026-01-01", "history_unknown"),  # may have been trained in December 2025
        ("2024-12-31", "needed"),  # even a course on the day before is too long ago by the end
        ("2021-01-01", "needed"),  # untrained in all their service
    ],
)
def test_nobody_is_sent_because_old_training_is_not_on_record(known_from, outcome):
    towns = [town(training_known_from=known_from)]
    known = roster([link("s1", started="2022-01-01")], towns=towns)
    assert outcomes(needs_by_duty(known, ATTESTATION, END_2027)) == {outcome: 1}


def test_where_no_day_is_said_training_is_known_from_the_towns_first_course():
    towns = [town(training_known_from=None)]
    staff = [link("s1", started="2022-01-01"), link("s2", started="2022-01-01")]
    late, early = (
        [trained("s2", "2026-02-01")],
        [trained("s2", "2021-02-01"), trained("s2", "2026-02-01")],
    )
    assert outcomes(needs_by_duty(roster(staff, late, towns=towns), ATTESTATION, END_2027)) == {
        "history_unknown": 1, "trained_in_time": 1,
    }  # fmt: skip
    assert outcomes(needs_by_duty(roster(staff, early, towns=towns), ATTESTATION, END_2027)) == {
        "needed": 1, "trained_in_time": 1,
    }  # fmt: skip


def test_new_in_the_post_and_untrained_since_is_needed():
    staff = [
        link("new", started="2026-01-01", position_group="ведущая"),
        link("taught", started="2026-01-01", position_group="ведущая"),
        link("old", started="2024-01-01", position_group="ведущая"),
        link("junior", started="2026-01-01", position_group="младшая"),
        link("unsaid", started="2026-01-01"),
    ]
    courses = [trained("new", "2025-12-31"), trained("taught", "2026-03-01")]
    found = needs_by_duty(roster(staff, courses), NEW, END_2027)
    assert found.needs["person"].to_list() == ["new"]
    assert found.needs["by"].to_list() == [dt.date(2027, 1, 1)]
    assert round(found.needs["figure"][0]) == 6
    assert outcomes(found) == {
        "needed": 1, "trained_since": 1, "long_in_post": 1, "duty_does_not_bind": 2,
    }  # fmt: skip


def test_a_list_that_was_sent_again_makes_nobody_new_but_promotion_does():
    def parts(second_group):
        return [
            link("s1", started="2020-01-01", ended="2026-02-28", position_group="Ведущая"),
            link("s1", started="2026-03-01", position_group=second_group),
        ]

    rule = Duty("new", "Введение", within_months=12)
    again, promoted = roster(parts("Ведущая")), roster(parts("Главная"))
    assert again.people["since"].to_list() == [dt.date(2020, 1, 1)]
    assert outcomes(needs_by_duty(again, rule, END_2027)) == {"long_in_post": 1}
    assert promoted.people["position_group"].to_list() == ["Главная"]
    assert outcomes(needs_by_duty(promoted, rule, END_2027)) == {"needed": 1}


def test_numbers_of_needs_follow_from_the_records_and_name_nobody():
    staff = [link("s1", started="2015-01-01"), link("s2", started="2015-01-01")]
    found = needs_by_duty(roster(staff), ATTESTATION, END_2027).needs
    again = needs_by_duty(roster(staff[::-1]), ATTESTATION, END_2027).needs
    assert found.equals(again)
    assert found["need"].n_unique() == 2
    assert found["need"].str.contains(r"^attestation-[0-9a-f]{12}$").all()


def test_frames_have_the_promised_columns_and_every_outcome_a_sentence():
    found = needs_by_duty(roster([link("s1"), link("s2", position_group="x")]), NEW, END_2027)
    assert dict(found.needs.schema) == dict(NEEDS)
    assert dict(found.looked_at.schema) == dict(LOOKED_AT)
    assert set(found.looked_at["reason"]) <= set(OUTCOMES)


@pytest.mark.parametrize("times", [{}, {"every_years": 3, "within_months": 6}])
def test_a_duty_is_by_years_or_for_the_new(times):
    with pytest.raises(ValueError, match="either"):
        needs_by_duty(roster([link("s1")]), Duty("odd", **times), END_2027)


def test_a_duty_may_be_fulfilled_in_any_topic():
    found = needs_by_duty(roster([link("s1")]), Duty("any", every_years=3), END_2027).needs
    assert found.select("person", "topic").rows() == [("s1", None)]


def test_the_roster_follows_mergers_of_towns_and_departments():
    towns = [town(successor="15701000"), town("15701000", name="Новый")]
    units = [
        {"municipality": "28701000", "unit": "Старый", "successor": "Отдел"},
        {"municipality": "28701000", "unit": "Отдел"},
    ]
    known = roster([link("s1", "Старый")], towns=towns, units=units)
    assert known.people.select("municipality", "unit").row(0) == ("15701000", "28701000/Отдел")
    assert known.listed == {"15701000"}


def test_of_two_posts_the_one_taken_last_counts_and_leavers_are_former():
    staff = [
        link("s1", "А", started="2020-01-01"),
        link("s1", "Б", started="2024-01-01"),
        link("s2", "А", ended="2026-06-29"),
        link("s3", "А", ended="2026-06-30"),
        link("s4", "А", started="2026-07-01"),
    ]
    known = roster(staff)
    assert known.people.select("person", "unit").rows() == [("s1", "Б"), ("s3", "А")]
    assert known.former["person"].to_list() == ["s2"]
    assert isinstance(known.people, pl.DataFrame)
