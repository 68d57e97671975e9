"""The address of the interface: /api/v1."""

from __future__ import annotations

from otdacha.site.api import banks, organisations, places, tables  # noqa: F401 (they make routes)
from otdacha.site.api.interface import api

urls = api.urls
