"""Which fund of a plan pays what is signed: contracts name a source and perhaps a code, and several
funds may answer to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from otdacha.programme.deciding.settle import PAYS_FIRST
from otdacha.programme.execution.commitments import SPENT
from otdacha.programme.problem import Problem


class Purses:
    """The funds of a problem, emptied as contracts come. codes: (F,) of each fund.

    Of funds that answer equally the one in the earlier place pays first, each as far as it goes;
    what none of them has left is the last one's: it is overspent, and the plan has to know.
    """

    def __init__(self, problem: Problem, codes: tuple[str | None, ...]) -> None:
        self._problem = problem
        self._codes = codes
        self._left: list[int] = problem.amount.tolist()
        self._place = {name: at for at, name in enumerate(problem.municipalities)}
        self._of_town: dict[int, list[int]] = {}
        for town, fund in zip(
            problem.wallet_municipality.tolist(), problem.wallet_fund.tolist(), strict=True
        ):
            self._of_town.setdefault(town, []).append(fund)
        self._found: Counter[tuple[int | None, int | None, int, bool]] = Counter()

    def pay_fee(
        self, town: str, year: int, source: str, code: str | None, kopecks: int, leg: int | None
    ) -> bool:
        """Take a contract's money; False where no fund answers. Of a municipality that the plan
        does not know, only funds that pay everywhere are asked."""
        funds = self._answering(town, year, source, code)
        able = [fund for fund in funds if self._problem.pays_fee[fund]] or funds
        self._take(able, kopecks, leg, self._place.get(town), travel=False)
        return bool(able)

    def pay_travel(
        self, leg: int, kopecks: int, meant: Iterable[tuple[str, str | None, int]]
    ) -> int:
        """Set journeys aside, as far as possible as they were meant (source, code, kopecks), then
        from any fund that has some left; the kopecks that nobody has."""
        problem = self._problem
        town = int(problem.leg_municipality[leg])
        year = int(problem.leg_year[leg])
        for source, code, most in meant:
            funds = self._answering(problem.municipalities[town], year, source, code)
            kopecks -= self._set_aside(funds, min(kopecks, most), leg, town)
        others = [
            fund
            for fund in self._of_town.get(town, [])
            if problem.fund_year[fund] == year and problem.pays_travel[fund]
        ]
        others.sort(key=lambda fund: PAYS_FIRST.index(problem.fund_source[fund]))
        return kopecks - self._set_aside(others, kopecks, leg, town)

    def spent(self) -> pl.DataFrame:
        """What was taken so far (schema `SPENT`), by leg and fund."""
        rows: dict[tuple[int | None, int | None, int], list[int]] = {}
        for (leg, town, fund, travel), kopecks in self._found.items():
            rows.setdefault((leg, town, fund), [0, 0])[travel] += kopecks
        return pl.DataFrame(
            [(*key, fee, travel) for key, (fee, travel) in rows.items()],
            schema=SPENT,
            orient="row",
        ).sort("leg", "municipality", "fund", nulls_last=True)

    def _answering(self, town: str, year: int, source: str, code: str | None) -> list[int]:
        """Funds of the source and year; those of the code, else those without one."""
        problem = self._problem
        place = self._place.get(town)
        there = self._everywhere() if place is None else self._of_town.get(place, [])
        funds = [
            fund
            for fund in there
            if problem.fund_source[fund] == source and problem.fund_year[fund] == year
        ]
        if code is None:
            return funds
        exact = [fund for fund in funds if self._codes[fund] == code]
        return exact or [fund for fund in funds if self._codes[fund] is None]

    def _everywhere(self) -> list[int]:
        towns = len(self._place)
        counted = Counter(self._problem.wallet_fund.tolist())
        return [fund for fund in range(len(self._left)) if counted[fund] == towns]

    def _set_aside(self, funds: list[int], kopecks: int, leg: int, town: int) -> int:
        """Kopecks that the funds had."""
        able = [fund for fund in funds if self._problem.pays_travel[fund]]
        there = sum(max(self._left[fund], 0) for fund in able)
        self._take(able, min(kopecks, there), leg, town, travel=True)
        return min(kopecks, there)

    def _take(
        self, funds: list[int], kopecks: int, leg: int | None, town: int | None, *, travel: bool
    ) -> None:
        for fund in funds:
            last = fund == funds[-1]
            taken = kopecks if last else min(kopecks, max(self._left[fund], 0))
            if taken:
                self._left[fund] -= taken
                self._found[leg, town, fund, travel] += taken
            kopecks -= taken
