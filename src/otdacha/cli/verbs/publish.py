"""`otdacha publish`: load a release, a plan, a scenario or wages into the workspace's site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.progress import Progress
    from otdacha.records import Workspace
    from otdacha.site.bank.loading import Loaded as ReleaseLoaded
    from otdacha.site.pay.loading import Loaded as ScenarioLoaded
    from otdacha.site.programme.loading import Loaded as PlanLoaded
    from otdacha.site.wages.loading import Loaded as WagesLoaded

    Loaded = ReleaseLoaded | PlanLoaded | ScenarioLoaded | WagesLoaded
    Load = Callable[[Path, Workspace, bool, Progress], tuple[Loaded, Text, Text]]


def publish(
    voice: Voice,
    path: Annotated[
        Path,
        argument(text("Folder of the release, plan, scenario or comparison."), text("FOLDER")),
    ],
    site: Annotated[
        Path | None,
        option(
            "--site",
            text("Workspace whose site shows it (otherwise the one that it lies in)."),
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
    load = _loader_of(path)
    with voice.progress() as progress:
        loaded, made, there = load(path, workspace, again, progress)
    return Answer(asdict(loaded), [made if loaded.fresh else there])


def _loader_of(path: Path) -> Load:
    """What loads a folder like this; one that says nothing of itself is read as a release."""
    from otdacha.pay.scenario import is_scenario
    from otdacha.pay.wages import is_comparison
    from otdacha.programme.plan import is_plan

    if is_plan(path):
        return _plan
    if is_scenario(path):
        return _scenario
    return _wages if is_comparison(path) else _release


def _release(
    path: Path, workspace: Workspace, again: bool, progress: Progress
) -> tuple[ReleaseLoaded, Text, Text]:
    """Load a release; what is said where it is new, and where it was there."""
    from otdacha.site.bank.loading import publish as load

    loaded = load(path, again=again, progress=progress)
    made = text(
        "Release {release} is on the site: {organisations} organisations, {programmes} "
        "programmes. Open it: otdacha serve {workspace}",
        workspace=workspace.path,
        **asdict(loaded),
    )
    return loaded, made, text("Release {release} is on the site already.", release=loaded.release)


def _plan(
    path: Path, workspace: Workspace, again: bool, progress: Progress
) -> tuple[PlanLoaded, Text, Text]:
    """The same of a plan."""
    from otdacha.site.programme.loading import publish_plan

    fewest = workspace.methodology().disclosure.people
    loaded = publish_plan(path, fewest, again=again, progress=progress)
    made = text(
        "Plan {plan} is on the site: {lines} lines, {people} people. Open it: otdacha serve "
        "{workspace}",
        workspace=workspace.path,
        **asdict(loaded),
    )
    return loaded, made, text("Plan {plan} is on the site already.", plan=loaded.plan)


def _wages(
    path: Path, workspace: Workspace, again: bool, progress: Progress
) -> tuple[WagesLoaded, Text, Text]:
    """The same of a comparison of wages."""
    from otdacha.site.wages.loading import publish_wages

    loaded = publish_wages(path, again=again, progress=progress)
    made = text(
        "Comparison {wages} is on the site: {municipalities} municipalities. Open it: otdacha "
        "serve {workspace}",
        workspace=workspace.path,
        **asdict(loaded),
    )
    return loaded, made, text("Comparison {wages} is on the site already.", wages=loaded.wages)


def _scenario(
    path: Path, workspace: Workspace, again: bool, progress: Progress
) -> tuple[ScenarioLoaded, Text, Text]:
    """The same of a scenario of pay."""
    from otdacha.site.pay.loading import publish_scenario

    fewest = workspace.methodology().disclosure.people
    loaded = publish_scenario(path, fewest, again=again, progress=progress)
    made = text(
        "Scenario {scenario} is on the site: {municipalities} municipalities ({hidden} of them "
        "without their pay: too few people), {measures} measures. Open it: otdacha serve "
        "{workspace}",
        workspace=workspace.path,
        **asdict(loaded),
    )
    there = text("Scenario {scenario} is on the site already.", scenario=loaded.scenario)
    return loaded, made, there


PUBLISH = Verb(
    "publish",
    publish,
    text(
        "Show a release, a plan, a scenario or a comparison of wages on the workspace's site.\n"
        "All of it or nothing: until it is loaded the site shows what it showed before. Earlier "
        "ones stay under their own addresses. Of a plan and of a scenario nothing that tells of "
        "single people is loaded."
    ),
    "otdacha publish union/releases/2026.1",
)
