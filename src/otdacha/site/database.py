"""Which database the site keeps its loaded releases in, from one setting."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from otdacha.errors import WorkspaceProblem
from otdacha.language import text

POSTGRESQL = ("postgres", "postgresql")
_WAIT = 60
"""Seconds that one publication waits for another to end."""


def database(address: str) -> dict[str, Any]:
    """Django's settings of the database at `address`.

    address: a file (SQLite), or `postgresql://user:password@host:port/name?option=value`. Raises
    WorkspaceProblem for any other kind.
    """
    parts = urlsplit(address)
    if parts.scheme in POSTGRESQL:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "otdacha",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    if "://" in address:
        raise WorkspaceProblem(
            text(
                "The site's database {kind} is not known. Name a file, or "
                "postgresql://user:password@host/name.",
                kind=f"{parts.scheme}://",
            )
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": address,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": _WAIT,
            # a publication takes the right to write when it begins, not when it first writes
            "transaction_mode": "IMMEDIATE",
            # readers go on reading the release before while the next one is loaded
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
        },
    }
