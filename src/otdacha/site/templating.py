"""The page templates, one environment for each language."""

from __future__ import annotations

from otdacha.language import text

MENU = (
    ("organisations", text("Organisations")),
    ("topics", text("Topics")),
    ("regions", text("Regions")),
    ("map", text("Map")),
    ("trust", text("How far to trust it")),
    ("method", text("Method")),
    ("releases", text("Releases")),
    ("data", text("Open data")),
)
