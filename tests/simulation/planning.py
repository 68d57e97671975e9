"""Plans of simulated unions: made from what an evaluation says, held against what is true.

A union's providers, measured by the real chain (effects, ranking, evidence), offer the courses of
an invented planning problem. What each would really change is known, and no plan reads it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from otdacha.demo import PlanningInstance
from otdacha.demo.scenery import PLAN_YEARS
from otdacha.effects import impute
from otdacha.methodology import Minimum, default_methodology
from otdacha.panel.mergers import Mergers
from otdacha.programme.assemble import problem_of
from otdacha.programme.deciding.linear_program import LinearProgram
from otdacha.programme.deciding.model import linear_program
from otdacha.programme.deciding.search import search
from otdacha.programme.deciding.settle import Decision, settled
from otdacha.programme.deciding.solve import NoPlan
from otdacha.programme.evidence.learning import ErrorLaw, fit_errors
from otdacha.programme.evidence.posterior import Evidence, evidence_from
from otdacha.programme.material import Material
from otdacha.programme.money.funds import funds
from otdacha.programme.needs import LOOKED_AT, NEEDS, gather
from otdacha.programme.needs.classes import classes_of
from otdacha.programme.offers import runs_of
from otdacha.programme.parameters.entries import Parameters
from otdacha.programme.parameters.file import load_parameters
from otdacha.programme.people.roster import PEOPLE, TRAINED, Roster
from otdacha.programme.people.volume import Volumes
from otdacha.programme.problem import Problem
from otdacha.ranking import rank
from otdacha.records.current import columns_of
from tests.simulation.worlds.union import Union
from tests.unit.effects.worlds import methodology_of

TODAY = dt.date(PLAN_YEARS[0] - 1, 12, 1)
MINIMUM = default_methodology().minimum

_NOBODY = Roster(
    day=TODAY,
    people=PEOPLE.to_frame(),
    former=PEOPLE.to_frame().select("municipality", "person"),
    trained=TRAINED.to_frame(),
    listed=frozenset(),
    into=Mergers({}, {}, {}),
)


@dataclass(frozen=True)
class Measured:
    """What is known of a union's providers, in the order of `Union.providers`.

    evidence, law: as a plan reads them. raw: (P,) the mean result of the people that each provider
    taught, in standard deviations of a case, compared with nobody. truth: (P,).
    """

    evidence: Evidence
    law: ErrorLaw
    raw: np.ndarray
    truth: np.ndarray


def measured(union: Union, minimum: Minimum = MINIMUM) -> Measured:
    """The evaluation of a union, from cells to evidence; providers are named as in a problem."""
    rules = methodology_of().model_copy(update={"minimum": minimum})
    ranking = rank(impute(union.cells, union.exposure, rules), rules)
    known = union.providers.join(ranking.frame, on="provider", how="left", maintain_order="left")
    cells = union.cells.select("unit", "month", "cluster", "n", "total")
    taught = (
        union.exposure.join(cells, on=["unit", "month"])
        .group_by("provider")
        .agg(
            raw=pl.col("total").sum() / pl.col("n").sum(),
            people=pl.col("unit").n_unique(),
            municipalities=pl.col("cluster").n_unique(),
        )
    )
    known = known.join(taught, on="provider", how="left", maintain_order="left")
    evidence = evidence_from(known, ranking.prior.mean, ranking.prior.sd)
    shown = known.filter(pl.Series(evidence.proven)).with_columns(followed=pl.lit(1.0))
    law = fit_errors(shown.select("se", "people", "municipalities", "followed"))
    everybody = float(union.cells["total"].sum() / union.cells["n"].sum())
    raw = known["raw"].fill_null(everybody).to_numpy()
    return Measured(evidence, law, raw, union.truth)


def problem_from(
    instance: PlanningInstance,
    evidence: Evidence,
    law: ErrorLaw,
    *,
    years: int = len(PLAN_YEARS),
    parameters: Parameters | None = None,
) -> Problem:
    """The problem of `instance`; the providers of `evidence` are its own, in their order."""
    named = replace(evidence, providers=tuple(instance.providers["provider"]))
    rules = parameters or load_parameters()
    ahead = PLAN_YEARS[:years]
    towns = instance.municipalities.select("municipality", "name", "region").sort("municipality")
    gathered = gather(instance.needs, NEEDS.to_frame(), _NOBODY)
    per_person = instance.volume.with_columns(per_person=pl.col("cases") / pl.col("staff"))
    offered = runs_of(
        instance.offers,
        columns_of("programmes").to_frame(),
        instance.providers,
        years=ahead,
        price_index=rules.price_index,
        today=TODAY,
        training_hours=MINIMUM.training_hours,
    )
    return problem_of(
        Material(
            towns=towns,
            providers=instance.providers,
            gathered=gathered,
            looked_at=LOOKED_AT.to_frame(),
            classes=classes_of(gathered.needs, _NOBODY, ahead),
            offered=offered,
            funds=funds(instance.budgets, rules, towns, ahead),
            volumes=Volumes(per_person, {}, 1.0),
            evidence=named,
            law=law,
            minimum=MINIMUM,
            parameters=rules,
            years=ahead,
        )
    )


def of_runs(problem: Problem, instance: PlanningInstance, values: np.ndarray) -> np.ndarray:
    """(K,) of each pair of class and run the value of its provider; values in instance order."""
    place = {name: at for at, name in enumerate(instance.providers["provider"])}
    order = np.array([place[name] for name in problem.providers])
    return np.asarray(values[order][problem.run_provider[problem.pair_run]])


def by_its_own_lights(problem: Problem, benefit: np.ndarray) -> Problem:
    """The same people, offers, money and rules, decided by another `benefit` of a seat, (K,).

    Nobody who plans so keeps places for learning, so none are asked for."""
    return replace(problem, benefit=benefit, learning=(), learning_share=0.0)


def decided(problem: Problem, *, gap: float = 0.001, seconds: float = 60.0) -> Decision:
    """What `decide` comes to, without a process for each small plan."""
    program = linear_program(problem)
    told: list[tuple[float, np.ndarray]] = []
    bound, status = np.inf, "limit"

    def hear(word: object) -> None:
        nonlocal bound, status
        bound = min(bound, word.bound)  # type: ignore[attr-defined]
        status = word.status if word.status != "running" else status  # type: ignore[attr-defined]
        if word.solution is not None:  # type: ignore[attr-defined]
            told.append((_gain(program, word.solution), word.solution))  # type: ignore[attr-defined]

    search(hear, program, gap, seconds)
    if not told:
        raise NoPlan(certain=status == "infeasible")
    best = max(told, key=lambda each: each[0])[1]
    return settled(problem, program, best, bound=bound, seconds=0.0)


def _gain(program: LinearProgram, solution: np.ndarray) -> float:
    return float(program.gain @ solution)
