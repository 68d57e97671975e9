"""Answer a question: decide anew on the plan's own problem with the money that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from otdacha.language import LANGUAGES, Language, Text, text
from otdacha.programme.clash.infeasible import Names, explanation
from otdacha.programme.clash.public import public, step_of
from otdacha.programme.clash.wording import Explanation
from otdacha.programme.deciding.settle import Decision
from otdacha.programme.deciding.solve import NoPlan, decide
from otdacha.programme.explain.worth import band, bands_of_towns, drawn, volume_by_provider
from otdacha.programme.plan import problem_in
from otdacha.programme.problem import Caution, Problem
from otdacha.site.programme.loading import PROBLEM
from otdacha.site.programme.models import File, Question
from otdacha.site.programme.what_if import queue
from otdacha.site.programme.what_if.limits import EXPLAINING, SEARCHING
from otdacha.site.programme.what_if.question import CAUTION, LEARNING

_log = logging.getLogger(__name__)

Said = Callable[[dict[str, str]], None]


def compute(question: Question, say: Said = lambda words: None) -> None:
    """Compute the answer and keep it; whatever goes wrong is kept as what became of the question.

    say: told how far it is, in each language.
    """

    def progress(step: Text, done: int, total: int) -> None:
        say({language: step.said(language) for language in LANGUAGES})

    try:
        problem = asked_of(problem_of(question), question.asked)
        decision = decide(
            problem,
            gap=float(question.plan.manifest["parameters"]["gap"]),
            seconds=SEARCHING,
            progress=progress,
        )
    except NoPlan as fault:
        progress(text("Looking for the rules that clash"), 0, 1)
        why = clash_of(question, problem)
        state = "impossible" if fault.certain or why.rules or why.no_room else "late"
        queue.close(question, state, {"clash": {code: _said(why, code) for code in LANGUAGES}})
    except Exception:  # noqa: BLE001 - the process goes on: the next question is another one
        _log.exception("the question %s could not be computed", question.key)
        queue.close(question, "failed")
    else:
        queue.close(question, "done", answer_of(problem, decision, question.plan.volumes))


def clash_of(question: Question, problem: Problem) -> Explanation:
    """Why there is no plan, as anybody may read it."""
    towns = dict(question.plan.towns.values_list("code", "name"))
    found = explanation(problem, Names(towns=towns), seconds=EXPLAINING)
    return public(found, step_of(problem, question.plan.fewest))


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


def _said(why: Explanation, language: Language) -> dict[str, list[str]]:
    """The explanation in words: what leads to the rules that clash, they, and what follows."""
    return {
        "opening": [one.said(language) for one in why.opening()],
        "clashing": [one.said(language) for one in why.clashing()],
        "closing": [one.said(language) for one in why.closing()],
    }


def answer_of(
    problem: Problem, decision: Decision, volumes: Sequence[float] | None
) -> dict[str, Any]:
    """What is kept of a decision: sums, and for each town people, kopecks, benefit and its band.

    volumes: cases behind the seats of the plan that it is compared with, by provider. ahead: the
    band of what it brings more than that plan, draw by draw; nothing where it is not known.
    """
    evident = bool(problem.volume.any())
    whole = band(drawn(problem, decision.pairs)) if evident else (None, None)
    more = volume_by_provider(problem, decision.pairs) - np.array(volumes or 0.0)
    ahead = band(problem.draws @ more) if evident and volumes else (None, None)
    bands = bands_of_towns(problem, decision.pairs)
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
        "band": whole,
        "ahead": ahead,
        "gap": float(decision.gap),
        "seconds": round(float(decision.seconds), 1),
        "paid": paid,
        "towns": {
            code: [
                int(seats[i]),
                int(cost[i]),
                round(float(benefit[i]), 4),
                *((None, None) if bands is None else (float(end[i]) for end in bands)),
            ]
            for i, code in enumerate(problem.municipalities)
        },
    }
