"""`otdacha publish`: load a release or a plan into the site of its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.records import Workspace


def publish(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release or of the plan."), text("FOLDER"))],
    site: Annotated[
        Path | None,
        option(
            "--site",
            text("Workspace whose site shows it (otherwise the one that the release lies in)."),
            text("WORKSPACE"),
        ),
    ] = None,
    again: Annotated[
        bool,
        option("--again", text("Load it anew although it is there (after an update of the site).")),
    ] = False,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.site.starting import start, workspace_of

    workspace = open_workspace(site) if site else workspace_of(path)
    start(workspace)
    from otdacha.programme.plan import is_plan

    if is_plan(path):
        return _plan(voice, path, workspace, again)
    from otdacha.site.bank.loading import publish as load_into_site

    with voice.progress() as progress:
        loaded = load_into_site(path, again=again, progress=progress)
    said = (
        text(
            "Release {release} is on the site: {organisations} organisations, {programmes} "
            "programmes. Open it: otdacha serve {workspace}",
            release=loaded.release,
            organisations=loaded.organisations,
            programmes=loaded.programmes,
            workspace=workspace.path,
        )
        if loaded.fresh
        else text("Release {release} is on the site already.", release=loaded.release)
    )
    return Answer(
        {
            "bank": loaded.bank,
            "release": loaded.release,
            "fresh": loaded.fresh,
            "organisations": loaded.organisations,
            "programmes": loaded.programmes,
        },
        [said],
    )


def _plan(voice: Voice, path: Path, workspace: Workspace, again: bool) -> Answer:
    from otdacha.site.programme.loading import publish_plan

    fewest = workspace.methodology().disclosure.people
    with voice.progress() as progress:
        loaded = publish_plan(path, fewest, again=again, progress=progress)
    said = (
        text(
            "Plan {plan} is on the site: {lines} lines, {people} people. Open it: otdacha serve "
            "{workspace}",
            plan=loaded.plan,
            lines=loaded.lines,
            people=loaded.people,
            workspace=workspace.path,
        )
        if loaded.fresh
        else text("Plan {plan} is on the site already.", plan=loaded.plan)
    )
    return Answer(
        {
            "plan": loaded.plan,
            "fresh": loaded.fresh,
            "lines": loaded.lines,
            "people": loaded.people,
        },
        [said],
    )


PUBLISH = Verb(
    "publish",
    publish,
    text(
        "Show a release, or a plan, on the site of its workspace.\n"
        "All of it or nothing: until it is loaded the site shows what it showed before. Earlier "
        "releases and plans stay under their own addresses. Of a plan nothing that tells of single "
        "people is loaded."
    ),
    "otdacha publish union/releases/2026.1",
)
