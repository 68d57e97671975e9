"""Start Django for one workspace, and bring its database to the present shape."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.methodology import SettingsFile, read_toml
from otdacha.records.workspace import SETTINGS, Workspace, open_workspace
from otdacha.site.database import database
from otdacha.site.proxies import networks

DATABASE = "site.sqlite3"


def site_database(workspace: Workspace) -> str:
    """Where the site of a workspace keeps its releases: `[site] database` of its otdacha.toml, or
    the file `site.sqlite3` in it."""
    return str(_site(workspace).get("database") or (workspace.path / DATABASE).absolute())


def site_hosts(workspace: Workspace) -> list[str]:
    """The names that the site of a workspace answers to beside this machine's own."""
    return [str(host) for host in _site(workspace).get("hosts", [])]


def site_proxies(workspace: Workspace) -> list[str]:
    """Addresses or networks of the web servers in front of the site, whose word is taken for where
    a request comes from. Raises WorkspaceProblem where one is no address."""
    found = [str(one) for one in _site(workspace).get("proxies", [])]
    try:
        networks(tuple(found))
    except ValueError as fault:
        raise WorkspaceProblem(
            text(
                "{file}: [site] proxies has something that is no address and no network ({fault}). "
                'Write it like this: proxies = ["127.0.0.1"].',
                file=_settings(workspace).place("site", "proxies"),
                fault=str(fault),
            )
        ) from fault
    return found


def _settings(workspace: Workspace) -> SettingsFile:
    return read_toml(workspace.path / SETTINGS, WorkspaceProblem)


def _site(workspace: Workspace) -> dict[str, Any]:
    """What the workspace's otdacha.toml says of its site."""
    found: dict[str, Any] = _settings(workspace).said.get("site", {})
    return found


def workspace_of(release: Path) -> Workspace:
    """The workspace whose `releases` folder holds the folder `release`.

    Raises WorkspaceProblem where it lies in none.
    """
    folder = release.absolute().parent.parent
    if not (folder / SETTINGS).is_file():
        raise WorkspaceProblem(
            text(
                "{release} lies in no workspace, so it is not known to which site it belongs. "
                "Name the workspace: --site WORKSPACE.",
                release=release,
            )
        )
    return open_workspace(folder)


def start(workspace: Workspace) -> None:
    """Make Django ready for the site of `workspace`; its database is made or brought up to date.

    In a process that has started another site before, that one is left. Raises WorkspaceProblem
    where the database cannot be reached.
    """
    address = site_database(workspace)
    os.environ["OTDACHA_DATABASE"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "otdacha.site.settings"
    hosts = ["localhost", "127.0.0.1", "[::1]", *site_hosts(workspace)]
    os.environ["OTDACHA_HOSTS"] = ",".join(hosts)
    os.environ["OTDACHA_PROXIES"] = ",".join(site_proxies(workspace))

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import OperationalError, connections

    connections["default"].close()
    connections.settings["default"] = connections.configure_settings(
        {"default": database(address)}
    )["default"]
    del connections["default"]
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as fault:
        raise WorkspaceProblem(
            text(
                "The site's database cannot be opened ({fault}). Look at [site] database in "
                "{file}.",
                fault=str(fault).strip(),
                file=_settings(workspace).place("site", "database"),
            )
        ) from fault
