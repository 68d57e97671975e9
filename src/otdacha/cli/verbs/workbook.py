"""`otdacha workbook`: a plan as an Excel workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.saving import new_file
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def workbook(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the plan."), text("PLAN"))],
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Where to write it (otherwise plan-PLAN.xlsx in the current folder)."),
            "FILE.xlsx",
        ),
    ] = None,
) -> Answer:
    from otdacha.documents.plan import write_plan_workbook
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    file = new_file(out or Path(f"plan-{plan.id}.xlsx"), ".xlsx")
    written = write_plan_workbook(plan, file, voice.language)
    return Answer(
        {"workbook": str(written)},
        [
            text("The plan is in {file}: open it in Excel.", file=written),
            text(
                "Its counts are exact, for those who order the training. For everybody else: "
                "otdacha export {path}",
                path=path,
            ),
        ],
    )


WORKBOOK = Verb(
    "workbook",
    workbook,
    text(
        "Write a plan as an Excel workbook.\n"
        "A sheet for each municipality; sums that are formulas. Who teaches, what, when, for how "
        "much, out of which budget; budgets and what is left of them; needs that are not met, and "
        "why. Nobody is named in it."
    ),
    "otdacha workbook union/plans/2026.1 --out plan.xlsx",
)
