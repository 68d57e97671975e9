"""`otdacha workbook`: a plan or a scenario of pay as an Excel workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Language, Text, text


def workbook(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the plan or of the scenario."), text("FOLDER"))],
    out: Annotated[
        Path | None,
        option(
            "--out",
            text(
                "Where to write it (otherwise plan-PLAN.xlsx or pay-SCENARIO.xlsx in the current "
                "folder)."
            ),
            "FILE.xlsx",
        ),
    ] = None,
) -> Answer:
    from otdacha.pay.scenario import is_scenario

    if is_scenario(path):
        written, said = _of_scenario(path, out, voice.language)
    else:
        written, said = _of_plan(path, out, voice.language)
    public = text("For everybody else: otdacha export {path}", path=path)
    return Answer({"workbook": str(written)}, [*said, public])


def _of_plan(path: Path, out: Path | None, language: Language) -> tuple[Path, list[Text]]:
    from otdacha.documents.plan import write_plan_workbook
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    file = new_file(out or Path(f"plan-{plan.id}.xlsx"), ".xlsx")
    written = write_plan_workbook(plan, file, language)
    return written, [
        text("The plan is in {file}: open it in Excel.", file=written),
        text("Its counts are exact, for those who order the training."),
    ]


def _of_scenario(path: Path, out: Path | None, language: Language) -> tuple[Path, list[Text]]:
    from otdacha.documents.pay import write_scenario_workbook
    from otdacha.pay.scenario import load_scenario
    from otdacha.programme.beside import disclosure_beside

    scenario = load_scenario(path)
    file = new_file(out or Path(f"pay-{scenario.id}.xlsx"), ".xlsx")
    disclosure = disclosure_beside(scenario)
    written = write_scenario_workbook(scenario, file, language, disclosure=disclosure)
    return written, [
        text("The scenario is in {file}: open it in Excel.", file=written),
        text("It tells what a measure costs in a municipality, for those who decide."),
    ]


WORKBOOK = Verb(
    "workbook",
    workbook,
    text(
        "Write a plan or a scenario of pay as an Excel workbook.\n"
        "Of a plan: a sheet for each municipality; sums that are formulas. Who teaches, what, "
        "when, for how much, out of which budget; budgets and what is left of them; needs that are "
        "not met, and why. Of a scenario: money by year and source, measures, municipalities, "
        "limits, packages, who receives, and parts of the sources to be changed. Nobody is named "
        "in it."
    ),
    "otdacha workbook union/plans/2026.1 --out plan.xlsx\n"
    "otdacha workbook union/scenarios/2027.1 --out pay.xlsx",
)
