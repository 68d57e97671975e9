"""`otdacha pay`: what measures that raise pay cost, and what they bring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.days import day
from otdacha.cli.scenario_shown import papers_of_scenario, scenario_document, scenario_shown
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def pay(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    measures: Annotated[
        Path | None,
        option(
            "--measures",
            text("File of measures (otherwise the workspace's measures.toml)."),
            "FILE.toml",
        ),
    ] = None,
    today: Annotated[
        str | None,
        option(
            "--today",
            text("Nothing after this day is history (otherwise today)."),
            text("YYYY-MM-DD"),
        ),
    ] = None,
) -> Answer:
    from otdacha.pay.making import make_scenario
    from otdacha.records import open_workspace

    workspace = open_workspace(directory)
    with voice.progress() as progress:
        made = make_scenario(
            workspace, measures, today=day("--today", today, to_come=True), progress=progress
        )
    ready = text("The scenario {scenario} is ready: {path}", scenario=made.id, path=made.path)
    return Answer(
        scenario_document(made),
        [ready, *scenario_shown(voice, made), *papers_of_scenario(made)],
    )


PAY = Verb(
    "pay",
    pay,
    text(
        "Cost measures that raise pay, and say what they bring.\n"
        "Pays everybody out under the law of pay of their region, month by month, without the "
        "measures and with each of them; says what that costs every budget, whether a norm of pay "
        "is broken, how many fewer would leave and how sure that is. Of measures with levels it "
        "chooses the best package inside the sums of the file."
    ),
    "otdacha pay union --measures measures.toml",
)
