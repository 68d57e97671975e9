"""`otdacha publish`: load a release into the site of its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def publish(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release."), text("RELEASE"))],
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


PUBLISH = Verb(
    "publish",
    publish,
    text(
        "Show a release on the site of its workspace.\n"
        "All of it or nothing: until it is loaded the site shows what it showed before. Earlier "
        "releases stay under their own addresses."
    ),
    "otdacha publish union/releases/2026.1",
)
