"""Styles and fonts by an address that names their content: a browser keeps them for good."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage


class HashedInPlace(StaticFilesStorage):
    """Files are served from where they lie; the address carries the hash of their content.

    There is no step that collects them: what is installed is what is served.
    """

    def url(self, name: str | None) -> str:
        if not name:
            return super().url(name)
        return f"{super().url(name)}?{content_hash(name)}"


@cache
def content_hash(name: str) -> str:
    """Twelve hexadecimal digits over the file's content; FileNotFoundError where there is none."""
    found = find(name)
    if found is None:
        raise FileNotFoundError(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:12]
