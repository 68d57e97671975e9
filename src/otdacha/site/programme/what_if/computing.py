"""Answer a question: decide anew on the plan's own problem with the money that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from otdacha.language import LANGUAGES, Text
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.plan import problem_in
from otdacha.programme.problem import Caution, Problem
from otdacha.site.programme.loading import PROBLEM
from otdacha.site.programme.models import File, Question
from otdacha.site.programme.what_if import queue
from otdacha.site.programme.what_if.question import CAUTION, LEARNING

SECONDS = 60.0
"""Of a search at most, however long the plan's own was let to take."""
_log = logging.getLogger(__name__)

Said = Callable[[dict[str, str]], None]


def compute(question: Question, say: Said = lambda words: None) -> None:
    """Compute the answer and keep it; whatever goes wrong is kept as what became of the question.

    say: told how far it is, in each language.
    """

    def progress(step: Text, done: int, total: int) -> None:
        say({language: step.said(language) for language in LANGUAGES})

    facts = question.plan.manifest["parameters"]
    try:
        problem = asked_of(problem_of(question), question.asked)
        decision = decide(
            problem,
            gap=float(facts["gap"]),
            seconds=min(SECONDS, float(facts["seconds"])),
            progress=progress,
        )
    except NoPlan as fault:
        queue.close(question, "impossible" if fault.certain else "late")
    except Exception:  # noqa: BLE001 - the process goes on: the next question is another one
        _log.exception("the question %s could not be computed", question.key)
        queue.close(question, "failed")
    else:
        queue.close(question, "done", answer_of(problem, decision))


def problem_of(question: Question) -> Problem:
    """The problem that the question's plan was decided on."""
    content = File.objects.values_list("content", flat=True).get(plan=question.plan, name=PROBLEM)
    return problem_in(bytes(content))


def asked_of(problem: Problem, values: Mapping[str, int]) -> Problem:
    """The same problem with the money, learning and caution that are asked for, in percent."""
    share = np.array([values.get(source, 100) for source in problem.fund_source], dtype=np.int64)
    return replace(
        problem,
        amount=problem.amount * share // 100,
        learning_share=values.get(LEARNING, round(100 * problem.learning_share)) / 100
        if problem.unproven.any()
        else 0.0,
        caution=Caution(
            values.get(CAUTION, round(100 * problem.caution.weight)) / 100, problem.caution.tail
        ),
    )


def answer_of(problem: Problem, decision: Decision) -> dict[str, Any]:
    """What is kept of a decision: sums, and for each town people, kopecks and benefit."""
    towns = len(problem.municipalities)
    at = problem.leg_municipality
    seats = np.bincount(at, decision.seats, towns)
    cost = np.bincount(at, decision.seats * problem.seat_cost, towns)
    benefit = np.bincount(at[problem.pair_leg], problem.benefit * decision.pairs, towns)
    paid: dict[str, int] = {}
    for source, amount in zip(problem.fund_source, decision.paid(problem), strict=True):
        paid[source] = paid.get(source, 0) + int(amount)
    return {
        "people": int(decision.seats.sum()),
        "cost": int(sum(paid.values())),
        "budget": int(problem.amount.sum()),
        "benefit": float(decision.benefit),
        "gap": float(decision.gap),
        "seconds": round(float(decision.seconds), 1),
        "paid": paid,
        "towns": {
            code: [int(seats[i]), int(cost[i]), round(float(benefit[i]), 4)]
            for i, code in enumerate(problem.municipalities)
        },
    }
