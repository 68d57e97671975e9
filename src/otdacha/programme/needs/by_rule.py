"""Every need that follows by rule from what a workspace holds."""

from __future__ import annotations

import datetime as dt

import polars as pl

from otdacha.methodology import Methodology
from otdacha.programme.needs.duty import needs_by_duty
from otdacha.programme.needs.frames import LOOKED_AT, NEEDS, Needs
from otdacha.programme.needs.rules import NeedRules
from otdacha.programme.needs.weak import needs_by_weakness
from otdacha.programme.people.roster import Roster, read_roster
from otdacha.programme.people.work import Work, read_work
from otdacha.records import Workspace


def needs_by_rule(
    workspace: Workspace,
    rules: NeedRules,
    until: dt.date,
    *,
    day: dt.date | None = None,
) -> Needs:
    """The needs of a workspace's staff by legal duty and by weak indicators.

    until: the last day of the plan: duties that fall due by then are needs of it. day: on which the
    staff is looked at; the last day of cases and results where it is not given. Nobody's competence
    is on record: such gaps come in files only. One person may be needed by several rules; `gather`
    makes one need of them. Raises WorkspaceProblem where the workspace holds no day at all.
    """
    methodology = workspace.methodology()
    work = read_work(workspace, methodology)
    roster = read_roster(workspace, day or work.last_day)
    return needs_of(roster, work, rules, methodology, until)


def needs_of(
    roster: Roster, work: Work, rules: NeedRules, methodology: Methodology, until: dt.date
) -> Needs:
    """The same from a roster and work that have been read already."""
    found = [needs_by_duty(roster, duty, until) for duty in rules.duties]
    found.append(needs_by_weakness(roster, work, rules, methodology))
    return Needs(
        pl.concat([NEEDS.to_frame(), *(one.needs for one in found)]).sort("municipality", "need"),
        pl.concat([LOOKED_AT.to_frame(), *(one.looked_at for one in found)])
        .group_by("rule", "municipality", "reason")
        .agg(pl.col("people").sum())
        .sort("rule", "municipality", "reason"),
    )
