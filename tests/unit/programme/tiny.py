"""Planning problems so small that a reader decides them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import benefit_scale, linear_program
from otdacha.programme.deciding.search import search
from otdacha.programme.deciding.settle import Decision, settled
from otdacha.programme.problem import Caution, Learning, Problem, Share

NO_LIMIT = 10**12


@dataclass(frozen=True)
class Group:
    """A run of a provider: rubles for one person, people of the smallest and the largest group."""

    provider: int
    fee: int
    least: int = 1
    places: int = 100
    groups: int = 1


@dataclass(frozen=True)
class People:
    """A class: how many of which town, what one person's work weighs, who could teach them."""

    people: int
    weight: float = 1.0
    town: int = 0
    mandatory: bool = False
    runs: tuple[int, ...] | None = None


def tiny(
    classes: list[People],
    runs: list[Group],
    effects: list[float],
    money: int = 1_000_000,
    *,
    funds: list[tuple[str, int, tuple[int, ...]]] | None = None,
    floors: tuple[int, ...] = (),
    draws: np.ndarray | None = None,
    unproven: tuple[int, ...] = (),
    learning_share: float = 0.0,
    learning: tuple[Learning, ...] = (),
    shares: tuple[Share, ...] = (),
    caution: float = 0.0,
) -> Problem:
    """One year. money: rubles that everybody shares; `funds` instead: (source, rubles, towns)."""
    towns = 1 + max(each.town for each in classes)
    funds = funds or [("federal", money, tuple(range(towns)))]
    pairs = [
        (at, run)
        for at, each in enumerate(classes)
        for run in (range(len(runs)) if each.runs is None else each.runs)
    ]
    of, to = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    town = np.array([each.town for each in classes])
    legs, pair_leg = np.unique(town[of] * len(runs) + to, return_inverse=True)
    taught = np.array([each.provider for each in runs])
    volume = np.array([each.weight for each in classes])[of]
    believed = np.array(effects, dtype=float)
    wallets = [(where, at) for at, fund in enumerate(funds) for where in fund[2]]
    return Problem(
        municipalities=tuple(f"town {each}" for each in range(towns)),
        regions=("north",),
        providers=tuple(f"provider {each}" for each in range(len(effects))),
        years=(2027,),
        region=np.zeros(towns, dtype=np.int64),
        class_names=tuple(f"class {each}" for each in range(len(classes))),
        class_municipality=town,
        people=np.array([each.people for each in classes]),
        mandatory=np.array([each.mandatory for each in classes]),
        run_names=tuple(f"run {each}" for each in range(len(runs))),
        run_provider=taught,
        run_year=np.full(len(runs), 2027),
        fee=np.array([each.fee * 100 for each in runs]),
        least=np.array([each.least for each in runs]),
        places=np.array([each.places for each in runs]),
        groups=np.array([each.groups for each in runs]),
        pair_class=of,
        pair_run=to,
        pair_leg=pair_leg,
        benefit=believed[taught[to]] * volume,
        volume=volume,
        leg_municipality=legs // len(runs),
        leg_run=legs % len(runs),
        travel=np.zeros(len(legs), dtype=np.int64),
        fund_names=tuple(f"{source} {at}" for at, (source, _, _) in enumerate(funds)),
        fund_source=tuple(source for source, _, _ in funds),
        fund_year=np.full(len(funds), 2027),
        amount=np.array([rubles * 100 for _, rubles, _ in funds]),
        fee_limit=np.full(len(funds), NO_LIMIT),
        pays_fee=np.ones(len(funds), dtype=np.bool_),
        pays_travel=np.ones(len(funds), dtype=np.bool_),
        wallet_municipality=np.array([where for where, _ in wallets]),
        wallet_fund=np.array([at for _, at in wallets]),
        unproven=np.isin(np.arange(len(effects)), unproven),
        draws=np.zeros((0, len(effects))) if draws is None else draws,
        floors=np.array(floors or (0,) * towns),
        held=np.zeros(len(runs), dtype=np.int64),
        shares=shares,
        learning_share=learning_share,
        learning=learning,
        caution=Caution(caution, 0.5),
    )


def decided(problem: Problem, program: LinearProgram | None = None) -> Decision:
    """The best plan, found in this process: such problems need no limit of time."""
    words = []
    program = program or linear_program(problem)
    search(words.append, program, 1e-7, 10.0)
    plans = [word.solution for word in words if word.solution is not None]
    best = max(plans, key=lambda plan: float(program.gain @ plan))
    bound = min(word.bound for word in words) * benefit_scale(problem)
    return settled(problem, program, best, bound=bound, seconds=0.0)


def invented(seed: int) -> Problem:
    """Two towns, a dozen classes, six runs of four providers and too little money, by chance."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(0.3, 0.4, 4)
    return tiny(
        [
            People(int(rng.integers(2, 9)), float(rng.lognormal()), int(town), rng.random() < 0.1)
            for town in np.repeat([0, 1], 6)
        ],
        [
            Group(
                int(rng.integers(4)), int(rng.integers(5, 20)) * 1000, 2, int(rng.integers(5, 15))
            )
            for _ in range(6)
        ],
        list(effects),
        funds=[("federal", 200_000, (0, 1)), ("municipal", 90_000, (0,)), ("own", 60_000, (1,))],
        draws=effects + rng.normal(0, 0.2, (40, 4)),
    )
