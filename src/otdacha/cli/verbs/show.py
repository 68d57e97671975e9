"""`otdacha show`: print a release, a plan, a scenario of pay or a comparison of wages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.plan_shown import papers_of_plan, plan_document, plan_shown
from otdacha.cli.release_shown import release_document, release_shown
from otdacha.cli.scenario_shown import papers_of_scenario, scenario_document, scenario_shown
from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.cli.wages_shown import papers_of_wages, wages_document, wages_shown
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.programme.plan import Plan


def show(
    voice: Voice,
    path: Annotated[
        Path,
        argument(text("Folder of the release, plan, scenario or comparison."), text("FOLDER")),
    ],
) -> Answer:
    from otdacha.pay.scenario import is_scenario, load_scenario
    from otdacha.pay.wages import is_comparison, load_comparison
    from otdacha.programme.plan import is_plan, load_plan
    from otdacha.release import load

    if is_comparison(path):
        wages = load_comparison(path)
        return Answer(wages_document(wages), [*wages_shown(voice, wages), *papers_of_wages(wages)])
    if is_scenario(path):
        scenario = load_scenario(path)
        return Answer(
            scenario_document(scenario),
            [*scenario_shown(voice, scenario), *papers_of_scenario(scenario)],
        )
    if is_plan(path):
        plan = load_plan(path)
        return Answer(
            plan_document(plan),
            [_what(plan), *plan_shown(voice, plan), *_how_to_explain(plan), *papers_of_plan(plan)],
        )
    release = load(path)
    return Answer(release_document(release), release_shown(voice, release))


def _what(plan: Plan) -> Text:
    from otdacha.documents.words import span

    return text(
        "Plan {plan} for {years}, made on {day}.",
        plan=plan.id,
        years=span(plan.years),
        day=dt.datetime.fromisoformat(plan.manifest["made"]).strftime("%d.%m.%Y"),
    )


def _how_to_explain(plan: Plan) -> list[Text]:
    if "rivals" in plan.tables:
        return []
    return [
        text(
            "What other choices, more money or other prices would bring is told by a plan that is "
            "made with --explained."
        )
    ]


SHOW = Verb(
    "show",
    show,
    text(
        "Print a release, a plan, a scenario of pay or a comparison of wages.\n"
        "Of a release: everybody's effect with its interval, range of places and grade; who is on "
        "the list; what was left out and why. Of a plan: whom it trains, for how much, what it "
        "rests on, its dearest lines, what is expected of it; what it kept of the plan before; of "
        "one that was made with --explained also what else could have been chosen. Of a scenario: "
        "what its measures cost whom, and what they bring. Of wages: where administration earns "
        "least and most beside its neighbours."
    ),
    "otdacha show union/releases/2026.1\notdacha show union/plans/2026.1",
)
