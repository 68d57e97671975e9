"""The panel again, by plain loops over plain rows: slow, and written without a look at the other.

Only the meaning is shared: the words of `otdacha.panel.frames` and `otdacha.panel.reasons`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import holidays

from otdacha.methodology import Indicator, Methodology

Row = dict[str, Any]
ONE_DAY = dt.timedelta(days=1)
CALENDAR = holidays.country_holidays("RU", years=range(2020, 2028))


def in_office(day: dt.date) -> bool:
    if day in CALENDAR.weekend_workdays:
        return True
    return day.weekday() < 5 and day not in CALENDAR


def days_after(opened: dt.date, closed: dt.date, *, working: bool) -> int:
    count = 0
    day = opened
    while day < closed:
        day += ONE_DAY
        count += in_office(day) if working else 1
    return count


def last_day_in_time(case: Row) -> dt.date | None:
    if case["due"] is not None:
        end = case["due"]
    elif case["limit_days"] is None or case["day_kind"] is None:
        return None
    elif case["day_kind"] == "calendar":
        end = case["opened"] + dt.timedelta(days=case["limit_days"])
    else:
        end, left = case["opened"], case["limit_days"]
        while left:
            end += ONE_DAY
            left -= in_office(end)
        return end
    while not in_office(end):
        end += ONE_DAY
    return end


def month_of(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


@dataclass
class Twin:
    cells: dict[tuple[str, dt.date, str], tuple[int, int, int]] = field(default_factory=dict)
    statuses: dict[tuple[str, dt.date], tuple[str, int | None]] = field(default_factory=dict)
    exposure: dict[tuple[str, dt.date, str], tuple[float, int]] = field(default_factory=dict)
    strata: dict[str, tuple[str, str]] = field(default_factory=dict)
    reach: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    excluded: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)


def present(link: Row, day: dt.date) -> bool:
    return bool(link["started"] <= day and (link["ended"] is None or day <= link["ended"]))


def holder_of(case: Row, staff: list[Row]) -> tuple[str | None, str | None]:
    """Who holds the case, or why nobody does."""
    if case["executor"] is None:
        return case["unit"], None
    links = [
        link
        for link in staff
        if link["municipality"] == case["municipality"]
        and case["executor"] in (link["person"], link["badge"])
        and present(link, case["opened"])
    ]
    if not links:
        return None, "executor_unknown"
    if len({link["person"] for link in links}) > 1:
        return None, "executor_ambiguous"
    if len({link["unit"] for link in links}) > 1:
        return None, "two_departments"
    return links[0]["person"], None


def gives(case: Row, indicator: Indicator, log_ends: dt.date) -> tuple[int | None, str | None]:
    """The steps a case gives an indicator, or why it gives none."""
    end = last_day_in_time(case)
    closed = case["closed"]
    waiting = closed is None and end is not None and log_ends <= end
    faults = []
    if indicator.of == "due" and closed is None:
        faults += ["no_time_limit"] if end is None else []
        faults += ["too_new"] if waiting else []
    if indicator.of == "closed" and closed is None:
        faults.append("not_closed")
    if indicator.of == "rated" and case["rating"] is None:
        faults.append("not_rated")
    value: int | None = None
    if indicator.value == "on_time":
        if end is None:
            faults.append("no_time_limit")
        elif waiting:
            faults.append("too_new")
        else:
            value = int(closed is not None and closed <= end)
    elif indicator.value in ("working_days", "calendar_days"):
        if closed is None:
            faults.append("not_closed")
        else:
            working = indicator.value == "working_days"
            value = days_after(case["opened"], closed, working=working)
    else:
        value = case[indicator.value]
        if value is None:
            name = {"refused": "refusal_not_recorded", "repeated": "repeat_not_recorded"}
            faults.append(name.get(indicator.value, "not_rated"))
    order = ["no_time_limit", "too_new", "not_closed", "refusal_not_recorded"]
    order += ["repeat_not_recorded", "not_rated"]
    if faults:
        return None, min(faults, key=order.index)
    assert value is not None
    return int(value), None


def placed(municipality: str, towns: list[Row], methodology: Methodology) -> Row | None:
    known = [town for town in towns if town["municipality"] == municipality]
    if not known:
        return None
    now = max(known, key=lambda town: town["valid_from"] or dt.date.min)
    needed = [part for part in ("region", "macroregion") if part in methodology.design.stratum]
    return now if all(now[part] is not None for part in needed) else None


def twin(
    cases: list[Row], towns: list[Row], staff: list[Row], training: list[Row], rules: Methodology
) -> Twin:
    made = Twin()
    log_ends: dict[str, dt.date] = {}
    for case in cases:
        for name in ("opened", "closed", "cancelled"):
            if case[name] is not None:
                town = case["municipality"]
                log_ends[town] = max(log_ends.get(town, dt.date.min), case[name])

    holders: dict[str, tuple[str, str]] = {}
    for case in cases:
        town = placed(case["municipality"], towns, rules)
        holder, fault = holder_of(case, staff)
        if case["cancelled"] is not None or case["is_cancelled"]:
            fault = "cancelled"
        elif town is None:
            fault = "no_stratum"
        if fault is not None:
            made.excluded[fault, None, None] += 1
            continue
        assert town is not None
        assert holder is not None
        unit = f"{case['municipality']}/{holder}/{case['service']}"
        for indicator in rules.indicators:
            steps, why = gives(case, indicator, log_ends[case["municipality"]])
            if steps is None:
                made.excluded[str(why), indicator.id, None] += 1
                continue
            key = (unit, case["opened"].replace(day=1), indicator.id)
            n, total, squares = made.cells.get(key, (0, 0, 0))
            off = steps - indicator.centre
            made.cells[key] = (n + 1, total + off, squares + off * off)
            holders[unit] = (case["municipality"], holder)
            parts = {**town, "service": case["service"]}
            home = holder
            own = [
                link
                for link in staff
                if link["municipality"] == case["municipality"] and link["person"] == holder
            ]
            if own:
                home = min(own, key=lambda link: (link["started"], link["unit"]))["unit"]
            by_unit = rules.design.cluster == "unit"
            made.strata[unit] = (
                "/".join(parts[part] for part in rules.design.stratum),
                f"{case['municipality']}/{home}" if by_unit else case["municipality"],
            )
    _follow_training(made, holders, towns, staff, training, rules)
    return made


def _staff_of(municipality: str, holder: str, month: int, staff: list[Row]) -> set[str]:
    if any(x["municipality"] == municipality and x["person"] == holder for x in staff):
        return {holder}
    return {
        link["person"]
        for link in staff
        if link["municipality"] == municipality
        and link["unit"] == holder
        and month_of(link["started"]) <= month
        and (link["ended"] is None or month <= month_of(link["ended"]))
    }


def _follow_training(
    made: Twin,
    holders: dict[str, tuple[str, str]],
    towns: list[Row],
    staff: list[Row],
    training: list[Row],
    rules: Methodology,
) -> None:
    design = rules.design
    courses = [row for row in training if row["hours"] >= rules.minimum.training_hours]
    people: dict[str, set[str]] = defaultdict(set)
    municipalities: dict[str, set[str]] = defaultdict(set)
    used: set[int] = set()

    for unit, start in {(unit, month) for unit, month, _ in made.cells}:
        municipality, holder = holders[unit]
        month = month_of(start)
        there = _staff_of(municipality, holder, month, staff)
        busy, exposed = set(), defaultdict(set)
        remembered = False
        for number, row in enumerate(training):
            if row not in courses:
                continue
            person, ends = row["person"], month_of(row["finished"])
            begins = month_of(row["started"]) - design.anticipation_months
            if person in there and begins <= month <= ends:
                busy.add(person)
            if person in there and ends < month <= ends + design.horizon_months:
                exposed[row["provider"]].add(person)
                used.add(number)
            if ends + design.horizon_months < month <= ends + design.look_back_months:
                remembered |= person in there
            if month <= ends + design.look_back_months:
                for earlier in range(ends + 1, min(month, ends + design.horizon_months) + 1):
                    remembered |= person in _staff_of(municipality, holder, earlier, staff)
        everybody = set().union(*exposed.values())
        known = _known_from(municipality, towns, staff, training)
        if busy and len(busy) >= len(everybody):
            status = "around_training"
        elif everybody:
            status = "exposed"
        elif remembered:
            status = "after_horizon"
        elif not there or known is None or known > first_of(month - design.look_back_months):
            status = "history_unknown"
        else:
            status = "clean"
        made.statuses[unit, start] = status, len(there) or None
        for provider, them in exposed.items():
            made.exposure[unit, start, provider] = (len(them) / len(there), len(there))
            if status == "exposed":
                people[provider] |= them
                municipalities[provider].add(municipality)

    for provider in {row["provider"] for row in training}:
        trained = {row["person"] for row in training if row["provider"] == provider}
        reached = len(people[provider]), len(municipalities[provider])
        made.reach[provider] = (*reached, len(trained))
    months = [month_of(month) for _, month, _ in made.cells] or [0]
    for number, row in enumerate(training):
        ends = month_of(row["finished"])
        if number in used:
            continue
        if row["hours"] < rules.minimum.training_hours:
            why = "course_too_short"
        elif row["person"] not in {link["person"] for link in staff}:
            why = "person_on_no_staff_list"
        elif ends + 1 > max(months) or ends + design.horizon_months < min(months):
            why = "finished_outside_window"
        else:
            why = "no_results_after_course"
        made.excluded[why, None, row["provider"]] += 1


def _known_from(
    municipality: str, towns: list[Row], staff: list[Row], training: list[Row]
) -> dt.date | None:
    said = [t["training_known_from"] for t in towns if t["municipality"] == municipality]
    told = [day for day in said if day is not None]
    if told:
        return max(told)
    own = {link["person"] for link in staff if link["municipality"] == municipality}
    found = [
        row["finished"]
        for row in training
        if row["municipality"] == municipality or row["person"] in own
    ]
    return min(found) if found else None
