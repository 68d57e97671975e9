"""Small problems of planning that a reader can check by hand. Money is in rubles here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from otdacha.programme.problem import Problem, Share


@dataclass(frozen=True)
class Run:
    fee: float = 10_000
    least: int = 1
    places: int = 100
    groups: int = 1
    year: int = 2026
    provider: str = "Proven"
    held: int = 0


@dataclass(frozen=True)
class Need:
    """People of a town, and the runs that they could go to."""

    town: str
    people: int
    runs: tuple[str, ...]
    mandatory: bool = True


@dataclass(frozen=True)
class Money:
    """holder: a town, or None: every town. limit: of one seat's fee."""

    source: str
    holder: str | None
    rubles: float
    year: int = 2026
    limit: float = 10.0**13


def planned(
    needs: Sequence[Need],
    runs: dict[str, Run],
    money: Sequence[Money] = (),
    *,
    floors: dict[str, int] | None = None,
    shares: Sequence[Share] = (),
    learning_share: float = 0.0,
    unproven: Sequence[str] = (),
) -> Problem:
    """A problem where everybody lives in one region, nobody travels and a seat brings one."""
    towns = tuple(dict.fromkeys(need.town for need in needs))
    names = tuple(runs)
    providers = tuple(dict.fromkeys(run.provider for run in runs.values()))
    pairs = [(at, names.index(run)) for at, need in enumerate(needs) for run in need.runs]
    legs = sorted({(towns.index(needs[at].town), run) for at, run in pairs})
    wallets = [
        (town, fund)
        for fund, budget in enumerate(money)
        for town in range(len(towns))
        if budget.holder in (None, towns[town])
    ]

    def whole(values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    offered = list(runs.values())
    return Problem(
        municipalities=towns,
        regions=("Region",),
        providers=providers,
        years=tuple(sorted({run.year for run in offered})),
        region=np.zeros(len(towns), dtype=np.int64),
        class_names=tuple(f"need {at + 1}" for at in range(len(needs))),
        class_municipality=whole([towns.index(need.town) for need in needs]),
        people=whole([need.people for need in needs]),
        mandatory=np.array([need.mandatory for need in needs]),
        run_names=names,
        run_provider=whole([providers.index(run.provider) for run in offered]),
        run_year=whole([run.year for run in offered]),
        fee=whole([run.fee * 100 for run in offered]),
        least=whole([run.least for run in offered]),
        places=whole([run.places for run in offered]),
        groups=whole([run.groups for run in offered]),
        pair_class=whole([at for at, _ in pairs]),
        pair_run=whole([run for _, run in pairs]),
        pair_leg=whole([legs.index((towns.index(needs[at].town), run)) for at, run in pairs]),
        benefit=np.ones(len(pairs)),
        volume=np.ones(len(pairs)),
        leg_municipality=whole([town for town, _ in legs]),
        leg_run=whole([run for _, run in legs]),
        travel=whole([0] * len(legs)),
        fund_names=tuple(f"fund {at + 1}" for at in range(len(money))),
        fund_source=tuple(budget.source for budget in money),
        fund_year=whole([budget.year for budget in money]),
        amount=whole([budget.rubles * 100 for budget in money]),
        fee_limit=whole([budget.limit * 100 for budget in money]),
        pays_fee=np.ones(len(money), dtype=np.bool_),
        pays_travel=np.ones(len(money), dtype=np.bool_),
        wallet_municipality=whole([town for town, _ in wallets]),
        wallet_fund=whole([fund for _, fund in wallets]),
        unproven=np.array([name in unproven for name in providers]),
        draws=np.empty((0, len(providers))),
        floors=whole([(floors or {}).get(town, 0) for town in towns]),
        held=whole([run.held for run in offered]),
        shares=tuple(shares),
        learning_share=learning_share,
    )
