"""`otdacha plan`: next years' training inside the budget, from the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.days import day
from otdacha.cli.faults import Usage
from otdacha.cli.plan_shown import papers_of_plan, plan_document, plan_shown
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.programme.plan import Plan
    from otdacha.records import Workspace


def plan(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    release: Annotated[
        Path | None,
        option(
            "--release",
            text("Release whose figures are believed (otherwise the newest of the workspace)."),
            text("RELEASE"),
        ),
    ] = None,
    parameters: Annotated[
        Path | None,
        option(
            "--parameters",
            text("Rules of money and duty (otherwise the workspace's programme.toml)."),
            text("FILE"),
        ),
    ] = None,
    year: Annotated[
        int | None,
        option("--year", text("First year of the plan (otherwise the first with a budget).")),
    ] = None,
    today: Annotated[
        str | None,
        option(
            "--today",
            text("Plan as of this day: what has begun by then is not planned (otherwise today)."),
            text("YYYY-MM-DD"),
        ),
    ] = None,
    replan: Annotated[
        Path | None,
        option(
            "--replan",
            text(
                "Plan of this workspace that is under way: what contracts have signed of it stays, "
                "the rest of its years is decided anew from --today on."
            ),
            text("PLAN"),
        ),
    ] = None,
    notice: Annotated[
        int,
        option(
            "--notice",
            text(
                "With --replan: days that a contract takes; nothing is added to what begins sooner "
                "(0)."
            ),
            text("DAYS"),
        ),
    ] = 0,
    explained: Annotated[
        bool,
        option(
            "--explained",
            text(
                "Also plan with other money, prices and effects and by other rules, and show what "
                "comes of it. Takes many times as long."
            ),
        ),
    ] = False,
) -> Answer:
    from otdacha.programme.parameters.file import load_parameters
    from otdacha.programme.plan import make_plan
    from otdacha.records import open_workspace
    from otdacha.release import load

    workspace = open_workspace(directory)
    before = _under_way(workspace, replan, year, notice)
    with voice.progress() as progress:
        made = make_plan(
            workspace,
            load(release) if release else None,
            load_parameters(parameters) if parameters else None,
            today=day("--today", today, to_come=True),
            first_year=year,
            replan_from=before,
            notice=notice,
            explained=explained,
            progress=progress,
        )
    ready = text("The plan {plan} is ready: {path}", plan=made.id, path=made.path)
    return Answer(plan_document(made), [ready, *plan_shown(voice, made), *papers_of_plan(made)])


def _under_way(
    workspace: Workspace, replan: Path | None, year: int | None, notice: int
) -> Plan | None:
    """The plan that is made anew, if one is."""
    from otdacha.programme.plan import load_plan

    if notice < 0 or (notice and replan is None):
        raise Usage(text("--notice: a number of days, 0 or more, together with --replan PLAN."))
    if replan is None:
        return None
    if year is not None:
        raise Usage(text("--year: a plan that is made anew keeps the years it has."))
    before = load_plan(replan)
    if before.path.resolve().parent != (workspace.path / "plans").resolve():
        raise Usage(
            text(
                "--replan {plan}: this plan does not lie in the workspace {workspace}. Its "
                "contracts would not be found there.",
                plan=replan,
                workspace=workspace.path,
            )
        )
    return before


PLAN = Verb(
    "plan",
    plan,
    text(
        "Plan the training of the years ahead inside the budget.\n"
        "Takes needs, offers and budgets from the records and what training brings from the newest "
        "release; puts each rouble where services improve most, what the law asks for first; says "
        "how far from the best plan it can be. A plan that is under way is made anew with --replan."
    ),
    "otdacha plan union\notdacha plan union --replan union/plans/2026.1",
)
