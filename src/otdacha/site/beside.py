"""What stands beside the data bank: pages that the menu leads to once there is something on them.

They know the bank and it does not know them; so who makes the menu asks by name what is published.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.db.models import Value
from django.http import HttpRequest

from otdacha.language import Text, text

_KEPT_BY: Mapping[str, str] = {"pay": "pay.Scenario", "wages": "wages.Comparison"}
"""Name of the first page → the model that has something where it is published."""
WORDS: Mapping[str, Text] = {"pay": text("Pay"), "wages": text("The wage next door")}
_ASKED = "_pages_beside"
"""Under which name a request keeps the answer, so that the database is asked once."""


def beside(request: HttpRequest) -> tuple[str, ...]:
    """The names of the pages on which there is something, in the order of the menu."""
    known: tuple[str, ...] | None = getattr(request, _ASKED, None)
    if known is None:
        there = _published()
        known = tuple(page for page in _KEPT_BY if page in there)
        setattr(request, _ASKED, known)
    return known


def _published() -> set[str]:
    """The pages that something is published on: one query, however many pages there are."""
    asked = [
        apps.get_model(model).objects.order_by().annotate(page=Value(page)).values_list("page")
        for page, model in _KEPT_BY.items()
    ]
    return {page for (page,) in asked[0].union(*asked[1:])}
