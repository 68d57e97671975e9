"""Whom a badge number of a town belongs to: the office asks about people by their badges."""

from __future__ import annotations

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.records import Workspace, frame, pseudonyms


def person_of_badge(workspace: Workspace, municipality: str, badge: str) -> str:
    """The pseudonym of who holds or held a post under this badge in a town.

    Raises PayProblem where the records hold no such badge, or give it to several people.
    """
    asked = pseudonyms.badge(
        pl.Series([municipality]), pl.Series([badge]), workspace.pseudonym_keys()
    )
    posts = frame(workspace, "posts").filter(
        pl.col("municipality") == municipality, pl.col("badge") == asked[0]
    )
    people = posts["person"].unique().sort().to_list()
    if len(people) == 1:
        return str(people[0])
    if people:
        raise PayProblem(
            text(
                "{municipality}: the list of posts gives the badge {badge} to {count} people. "
                "Correct the list: a badge is one person's.",
                municipality=municipality,
                badge=badge,
                count=len(people),
            )
        )
    raise PayProblem(
        text(
            "{municipality}: nobody in the list of posts has the badge {badge}. Look it up in the "
            "list and write it as it stands there.",
            municipality=municipality,
            badge=badge,
        )
    )
