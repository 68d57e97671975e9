"""Unions whose units are departments: shares of the staff, several providers, people who move.

Sessions train a part of a department in one month. A department's exposure to a provider is the
share of its present staff that finished a course there within the horizon; people carry what they
learnt into the department they move to. Outcomes are in standard deviations of a single case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tests.simulation.worlds.processes import autoregressive
from tests.simulation.worlds.union import (
    Union,
    calendar,
    cells_frame,
    names,
    satisfaction_frame,
)

HORIZON, LOOK_BACK = 12, 24
"""Months, as in the shipped methodology."""
FIRST_SESSION, LAST_SESSIONS = 12, 4


@dataclass(frozen=True)
class Sessions:
    """Who was trained where and when: one entry for each person, provider and month of a course."""

    person: np.ndarray
    provider: np.ndarray
    month: np.ndarray


@dataclass(frozen=True)
class DepartmentWorld:
    """Half of the providers work in `few` towns, half in `many` (bounds, inclusive).

    Two departments of each town have no sessions; people who move there bring some exposure.
    """

    towns: int = 40
    departments: int = 8
    """Of each town."""
    staff: tuple[int, int] = (5, 12)
    periods: int = 48
    providers: int = 20
    few: tuple[int, int] = (3, 9)
    many: tuple[int, int] = (10, 20)
    effect: float = 0.3
    """Mean of the providers' true effects, of standard deviation 0.3, for a whole staff trained."""
    zero_share: float = 0.0
    between_towns: float = 0.05
    town_shock: float = 0.15
    department_shock: float = 0.1
    persistence: float = 0.6
    moves: float = 0.01
    """Share of people who move to another department of their town each month."""
    lasts: int = HORIZON
    """Months that an effect lasts; more than the horizon breaks what the design assumes."""

    def union(self, seed: int) -> Union:
        """The union of this seed; the same seed gives the same union."""
        rng = np.random.default_rng(seed)
        J, T, U = self.providers, self.periods, self.towns * self.departments
        truth = rng.normal(self.effect, 0.3, J) if self.effect else np.zeros(J)
        truth[rng.permutation(J)[: round(self.zero_share * J)]] = 0.0
        town = np.repeat(np.arange(self.towns), self.departments)
        first_staff = rng.integers(self.staff[0], self.staff[1] + 1, U)
        workplace = self._workplaces(rng, np.repeat(np.arange(U), first_staff))
        sessions = self._sessions(rng, workplace)
        staff = np.bincount((workplace * T + np.arange(T)).ravel(), minlength=U * T).reshape(U, T)

        exposure = doses(sessions, workplace, staff, J, HORIZON)
        at_work = doses(sessions, workplace, staff, J, self.lasts)
        own = rng.normal(0, self.between_towns, (J, self.towns))
        n = rng.integers(2, 6, (U, T)) * staff
        y = (
            rng.normal(0, 0.5, U)[:, None]
            + rng.normal(0, 0.3, T)
            + autoregressive(rng, self.towns, T, sd=self.town_shock, persistence=self.persistence)[
                town
            ]
            + autoregressive(rng, U, T, sd=self.department_shock, persistence=self.persistence)
            + np.einsum("utj,uj->ut", at_work, truth + own.T[town])
            + rng.normal(0, 1, (U, T)) / np.sqrt(np.maximum(n, 1))
        )
        statuses = self._statuses(sessions, workplace, staff, exposure)
        cells = cells_frame(y, n, statuses, town, staff)
        unit, month, provider = np.nonzero(exposure)
        links = pl.DataFrame(
            {
                "unit": unit,
                "month": calendar(T).gather(month),
                "provider": names(J)[provider],
                "share": exposure[unit, month, provider],
                "staff": staff[unit, month],
            }
        )
        towns_of = np.array([len(np.unique(town[unit[provider == j]])) for j in range(J)])
        at = workplace[sessions.person, sessions.month]
        said = satisfaction_frame(at, sessions.provider, truth, rng)
        return Union(cells.filter(pl.col("n") > 0), links, truth, towns_of, said)

    def _workplaces(self, rng: np.random.Generator, first: np.ndarray) -> np.ndarray:
        """(people, T) the department of each person in each month; moves stay within the town."""
        place = np.empty((len(first), self.periods), dtype=np.int64)
        place[:, 0] = first
        for t in range(1, self.periods):
            moving = rng.random(len(first)) < self.moves
            other = rng.integers(0, self.departments, len(first))
            here = place[:, t - 1]
            place[:, t] = np.where(moving, here - here % self.departments + other, here)
        return place

    def _sessions(self, rng: np.random.Generator, workplace: np.ndarray) -> Sessions:
        """A provider trains 30-80 % of the staff of two departments in each of its towns."""
        J = self.providers
        number = np.where(
            np.arange(J) < J // 2,
            rng.integers(self.few[0], self.few[1] + 1, J),
            rng.integers(self.many[0], self.many[1] + 1, J),
        )
        people, providers, months = [], [], []
        for j in range(J):
            for place in rng.choice(self.towns, number[j], replace=False):
                for department in rng.choice(self.departments - 2, 2, replace=False):
                    month = int(rng.integers(FIRST_SESSION, self.periods - LAST_SESSIONS))
                    unit = place * self.departments + department
                    there = np.flatnonzero(workplace[:, month] == unit)
                    count = int(np.ceil(rng.uniform(0.3, 0.8) * len(there)))
                    went = rng.choice(there, count, replace=False)
                    people.append(went)
                    providers.append(np.full(count, j))
                    months.append(np.full(count, month))
        return Sessions(np.concatenate(people), np.concatenate(providers), np.concatenate(months))

    def _statuses(
        self, sessions: Sessions, workplace: np.ndarray, staff: np.ndarray, exposure: np.ndarray
    ) -> np.ndarray:
        """(U, T) what each month may be used for (`otdacha.panel.frames.STATUSES`)."""
        U, T = staff.shape
        exposed = exposure.any(axis=2)
        remembered = doses(sessions, workplace, staff, self.providers, LOOK_BACK).any(axis=2)
        for back in range(1, LOOK_BACK + 1):  # also those who have left since
            remembered[:, back:] |= exposed[:, :-back]
        under_way = np.zeros((U, T), dtype=bool)
        under_way[workplace[sessions.person, sessions.month], sessions.month] = True
        return np.select(
            [exposed, under_way, remembered],
            ["exposed", "around_training", "after_horizon"],
            "clean",
        )


def doses(
    sessions: Sessions, workplace: np.ndarray, staff: np.ndarray, providers: int, months: int
) -> np.ndarray:
    """(U, T, J) share of the present staff that finished a course within so many months.

    Counted from the month after the course; a person counts once for a provider.
    """
    U, T = staff.shape
    later = np.arange(1, months + 1)
    month = sessions.month[:, None] + later
    within = month < T
    person = np.broadcast_to(sessions.person[:, None], month.shape)[within]
    provider = np.broadcast_to(sessions.provider[:, None], month.shape)[within]
    month = month[within]
    once = np.unique((person * T + month) * providers + provider)
    person, month, provider = once // providers // T, once // providers % T, once % providers
    people = np.bincount(
        (workplace[person, month] * T + month) * providers + provider, minlength=U * T * providers
    ).reshape(U, T, providers)
    return people / np.maximum(staff, 1)[:, :, None]
