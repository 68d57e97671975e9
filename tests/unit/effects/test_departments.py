"""From records of departments whose people move and train with several providers to the effects.

The shares that make the results are counted here by plain loops over people, courses and months;
the panel must find the same ones, or the known effects would not come back to the last step.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from otdacha.effects import Effects, estimate
from otdacha.methodology import Methodology
from otdacha.panel import Panel, panel_of
from tests.unit.panel.making import course, indicator, link, methodology, tables, town

HORIZON, LOOK_BACK, MONTHS = 6, 12, 36
TRUTH = {"A": 0.8, "B": 0.3, "C": -0.2}
STEP = 1e-6
Rows = list[dict[str, Any]]


def first_of(month: int) -> dt.date:
    return dt.date(2021 + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True)
class Person:
    """spells: (town, department, first month, last month); courses: (provider, last month)."""

    name: str
    spells: list[tuple[str, str, int, int]]
    courses: list[tuple[str, int]]


def staff_of_the_union(seed: int, *, courses_each: float, first: int) -> list[Person]:
    """Twelve towns of four departments of five people; a third of them move once, some within a
    month; courses begin in month `first` at the earliest."""
    rng = np.random.default_rng(seed)
    people = []
    for number in range(12 * 4 * 5):
        place = f"{28_700_000 + number // 20}"
        home = number // 5 % 4
        spells = [(place, f"Отдел {home}", -24, MONTHS)]
        if rng.random() < 1 / 3:
            away = (home + int(rng.integers(1, 4))) % 4
            moves = int(rng.integers(6, MONTHS - 6))
            # seen in both departments in the month of the move
            spells = [
                (place, f"Отдел {home}", -24, moves),
                (place, f"Отдел {away}", moves, MONTHS),
            ]
        courses = [
            (str(rng.choice(list(TRUTH))), int(rng.integers(first, MONTHS - 4)))
            for _ in range(rng.poisson(courses_each))
        ]
        people.append(Person(f"s{number:03d}", spells, courses))
    return people


def shares(people: list[Person], place: str, department: str, month: int) -> dict[str, float]:
    here = [
        person
        for person in people
        if any(
            (at, unit) == (place, department) and begins <= month <= ends
            for at, unit, begins, ends in person.spells
        )
    ]
    return {
        provider: sum(
            any(p == provider and end < month <= end + HORIZON for p, end in person.courses)
            for person in here
        )
        / len(here)
        for provider in TRUTH
    }


def panel_and_rules(people: list[Person], **design: object) -> tuple[Panel, Methodology]:
    rng = np.random.default_rng(9)
    rules = methodology(
        indicator("reported", "reported", id="polite", source="results", resolution=STEP),
        horizon_months=HORIZON,
        look_back_months=LOOK_BACK,
        anticipation_months=0,
        **design,
    )
    places = sorted({person.spells[0][0] for person in people})
    calendar = rng.normal(0, 1, MONTHS)
    results = []
    for place in places:
        mine = [person for person in people if person.spells[0][0] == place]
        for department in (f"Отдел {d}" for d in range(4)):
            level = rng.normal(3, 1)
            for month in range(MONTHS):
                dose = shares(mine, place, department, month)
                gain = sum(TRUTH[provider] * share for provider, share in dose.items())
                results.append(
                    {
                        "municipality": place,
                        "unit": department,
                        "service": "Справка",
                        "month": first_of(month),
                        "indicator": "polite",
                        "n": int(rng.integers(5, 50)),
                        "mean": float(level + calendar[month] + gain),
                    }
                )
    staff, training = [], []
    for person in people:
        for place, department, begins, ends in person.spells:
            leaves = first_of(ends) + dt.timedelta(days=9) if ends < MONTHS else None
            arrives = first_of(begins) + dt.timedelta(days=9)
            staff.append(
                link(person.name, department, municipality=place, started=arrives, ended=leaves)
            )
        for provider, month in person.courses:
            day = first_of(month)
            ends_on = day + dt.timedelta(days=20)
            training.append(course(person.name, day, ends_on, provider=provider))
    records = tables(
        results=results, staff=staff, training=training, towns=[town(place) for place in places]
    )
    return panel_of(records, rules), rules


def recovered(effects: Effects, design: str) -> None:
    table = effects.of()
    assert effects.design == design
    assert table["provider"].to_list() == list(TRUTH)
    np.testing.assert_allclose(table["estimate"], list(TRUTH.values()), atol=1e-5)


@pytest.mark.parametrize("kind", ["imputation", "joint"])
def test_known_effects_come_back_whichever_design_is_asked(kind: str) -> None:
    panel, rules = panel_and_rules(staff_of_the_union(1, courses_each=0.6, first=6), kind=kind)
    several = panel.exposure.group_by("unit", "month").len()["len"].max()
    assert several == 3  # all three providers in one department in one month
    recovered(estimate(panel.cells, panel.exposure, rules, reach=panel.reach), kind)


def test_shares_are_those_that_plain_loops_count() -> None:
    people = staff_of_the_union(1, courses_each=0.6, first=6)
    panel, _ = panel_and_rules(people)
    for unit, month, provider, share in panel.exposure.select(
        "unit", "month", "provider", "share"
    ).iter_rows():
        place, department, _ = unit.split("/")
        number = (month.year - 2021) * 12 + month.month - 1
        assert share == pytest.approx(shares(people, place, department, number)[provider])


def test_where_somebody_is_always_trained_the_joint_design_takes_over_and_finds_them() -> None:
    """Courses ran long before the first result, so hardly any department is ever clean."""
    panel, rules = panel_and_rules(staff_of_the_union(2, courses_each=1.8, first=-14))
    effects = estimate(panel.cells, panel.exposure, rules, reach=panel.reach)
    assert effects.diagnostics["polite"]["predicted_share"] < 0.5
    assert effects.diagnostics["polite"]["because"] == "too_little_predicted"
    recovered(effects, "joint")


def test_where_enough_is_clean_imputation_runs_and_the_other_design_stands_beside_it() -> None:
    panel, rules = panel_and_rules(staff_of_the_union(3, courses_each=0.3, first=12))
    effects = estimate(panel.cells, panel.exposure, rules, reach=panel.reach)
    recovered(effects, "imputation")
    assert effects.comparison is not None
    np.testing.assert_allclose(effects.comparison["difference"], 0, atol=1e-5)
