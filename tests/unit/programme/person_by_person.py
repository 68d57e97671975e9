"""The rival of the plan: every person by name, every ruble by source, for `scipy.optimize.milp`.

A binary number for each person and run, rubles of each source for each person and run. It asks the
same of a plan as `programme.deciding.model` does, without its ideas (classes, flows of money).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from otdacha.programme.deciding.model import THRIFT, benefit_scale
from otdacha.programme.problem import Problem

RUBLES = 100_000
"""Kopecks in the unit of money, thousands of rubles."""


class Rows:
    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.bounds: list[tuple[float, float]] = []

    def add(self, entries: dict[int, float], low: float, high: float) -> None:
        row = len(self.bounds)
        self.entries.extend((row, column, value) for column, value in entries.items())
        self.bounds.append((low, high))


def best_gain(problem: Problem, *, gap: float = 0.0, seconds: float = 600.0) -> float | None:
    """The gain of the best plan (in the unit of the benefit), None where none was found in time.

    Raises ValueError for what it does not know: caution and the value of learning.
    """
    if problem.caution.weight or problem.learning:
        raise ValueError("the naive formulation knows neither caution nor learning")
    inf, scale = np.inf, benefit_scale(problem)
    gain: list[float] = []
    upper: list[float] = []
    whole: list[int] = []

    def column(value: float, high: float, integer: int) -> int:
        gain.append(value)
        upper.append(high)
        whole.append(integer)
        return len(gain) - 1

    rows = Rows()
    of_run: dict[int, list[int]] = {}
    of_town: dict[int, list[int]] = {}
    spent: dict[int, dict[int, float]] = {}  # fund: {column: 1}
    paid: list[tuple[int, int, int]] = []  # column, town, fund
    trained: list[tuple[int, int]] = []  # column, run
    for each, people in enumerate(problem.people.tolist()):
        town = int(problem.class_municipality[each])
        funds = problem.wallet_fund[problem.wallet_municipality == town].tolist()
        pairs = np.flatnonzero(problem.pair_class == each).tolist()
        for _ in range(people):
            once: dict[int, float] = {}
            for pair in pairs:
                run, leg = int(problem.pair_run[pair]), int(problem.pair_leg[pair])
                fee, way = int(problem.fee[run]), int(problem.travel[leg])
                cost = (fee + way) / RUBLES
                value = problem.benefit[pair] / scale - THRIFT * cost
                goes = column(float(value), 1.0, 1)
                once[goes] = 1.0
                of_run.setdefault(run, []).append(goes)
                of_town.setdefault(town, []).append(goes)
                trained.append((goes, run))
                for sum_of, can in ((fee, problem.pays_fee), (way, problem.pays_travel)):
                    parts = {goes: -sum_of / RUBLES}
                    for fund in funds:
                        if problem.fund_year[fund] != problem.run_year[run] or not can[fund]:
                            continue
                        limit = problem.fee_limit[fund] if can is problem.pays_fee else sum_of
                        most = min(sum_of, int(limit)) / RUBLES
                        if not most:
                            continue
                        part = column(0.0, most, 0)
                        parts[part] = 1.0
                        spent.setdefault(fund, {})[part] = 1.0
                        paid.append((part, town, fund))
                        rows.add({part: 1.0, goes: -most}, -inf, 0.0)
                    if sum_of:
                        rows.add(parts, 0.0, 0.0)
            rows.add(once, 1.0 if problem.mandatory[each] else 0.0, 1.0)
    for run in range(len(problem.run_names)):
        groups = column(0.0, float(problem.groups[run]), 1)
        seats = dict.fromkeys(of_run.get(run, []), 1.0)
        held = float(problem.held[run])
        rows.add(seats | {groups: -float(problem.places[run])}, -inf, -held)
        rows.add(seats | {groups: -float(problem.least[run])}, -held, inf)
    for fund, parts in spent.items():
        rows.add(parts, 0.0, problem.amount[fund] / RUBLES)
    for town, floor in enumerate(problem.floors.tolist()):
        rows.add(dict.fromkeys(of_town.get(town, []), 1.0), float(floor), inf)
    if problem.learning_share > 0 and problem.unproven[problem.run_provider].any():
        learns = {
            goes: float(problem.unproven[problem.run_provider[run]]) - problem.learning_share
            for goes, run in trained
        }
        rows.add(learns, 0.0, inf)
    for share in problem.shares:
        towns = set(share.towns.tolist())
        here = [
            (part, problem.fund_source[fund] == share.source)
            for part, town, fund in paid
            if town in towns and problem.fund_year[fund] == share.year
        ]
        before, of_all = share.spent / RUBLES, share.of_all / RUBLES
        if share.at_most < 1:
            most = {part: own - share.at_most for part, own in here}
            rows.add(most, -inf, share.at_most * of_all - before)
        if share.at_least > 0:
            least = {part: own - share.at_least for part, own in here}
            rows.add(least, share.at_least * of_all - before, inf)
        if share.cap is not None:
            own_parts = {part: 1.0 for part, own in here if own}
            rows.add(own_parts, -inf, share.cap / RUBLES - before)

    row, at, value = zip(*rows.entries, strict=True)
    matrix = sparse.csr_array((value, (row, at)), shape=(len(rows.bounds), len(gain)))
    low, high = np.array(rows.bounds).T
    found = milp(
        -np.array(gain),
        integrality=np.array(whole),
        bounds=Bounds(0.0, np.array(upper)),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    return None if found.status != 0 else -float(found.fun) * scale
