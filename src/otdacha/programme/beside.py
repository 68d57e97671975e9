"""What lies beside a plan, or what lies as one does: its workspace, the release it was made from;
the plan before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.methodology import Disclosure
from otdacha.programme.plan import Plan, is_plan, load_plan
from otdacha.records import Workspace, open_workspace
from otdacha.records.workspace import SETTINGS
from otdacha.release import Release, load
from otdacha.release.release import MANIFEST


class Lying(Protocol):
    """A folder in a folder of a workspace (`plans`, `scenarios`), whose manifest may name a
    release by id and hash."""

    @property
    def path(self) -> Path: ...

    @property
    def manifest(self) -> Mapping[str, Any]: ...


def workspace_beside(plan: Lying) -> Workspace | None:
    """The workspace whose folder of plans or scenarios it lies in; None where it lies in none."""
    folder = plan.path.resolve().parent.parent
    return open_workspace(folder) if (folder / SETTINGS).is_file() else None


def disclosure_beside(plan: Lying) -> Disclosure | None:
    """Of how few people the workspace that it lies in tells nothing; None where it lies in none."""
    workspace = workspace_beside(plan)
    return None if workspace is None else workspace.methodology().disclosure


def workspace_of(plan: Plan) -> Workspace:
    """The workspace that the plan lies in. Raises WorkspaceProblem where it lies in none."""
    found = workspace_beside(plan)
    if found is None:
        raise WorkspaceProblem(
            text(
                "{plan} lies in no workspace, so it is not known whose records belong to it. Name "
                "the workspace: --records DIR.",
                plan=plan.path,
            )
        )
    return found


def release_beside(plan: Lying) -> Release | None:
    """The release that the plan was made from, by its hash; None where it is not there."""
    made_from, workspace = plan.manifest["release"], workspace_beside(plan)
    if made_from is None or workspace is None:
        return None
    folder = workspace.releases / made_from["id"]
    if not (folder / MANIFEST).is_file():
        return None
    found = load(folder)
    return found if found.hash == made_from["hash"] else None


def plan_before(plan: Plan) -> Plan | None:
    """The plan that this one was made anew from, by its hash; None where it is not there."""
    before = plan.manifest.get("replanned_from")
    if before is None:
        return None
    folder = plan.path.resolve().parent / before["id"]
    if not is_plan(folder):
        return None
    found = load_plan(folder)
    return found if found.hash == before["hash"] else None
