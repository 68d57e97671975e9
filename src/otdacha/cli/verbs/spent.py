"""`otdacha spent`: what became of a plan: contracts, people, money."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.days import day
from otdacha.cli.faults import Usage
from otdacha.cli.options import Records
from otdacha.cli.plan_moved import unmatched_shown
from otdacha.cli.saving import save
from otdacha.cli.tables import figure, table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    import datetime as dt

    from otdacha.programme.execution import Execution, Windows

SHOWN = 20
"""Lines that are printed; all of them are saved with --out."""
ASKING = ("not_in_plan", "overspent", "late", "to_sign", "underspent")
"""States of lines that somebody has to do something about."""


def spent(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the plan."), text("PLAN"))],
    records: Records = None,
    on: Annotated[
        str | None,
        option(
            "--on",
            text("As it stands on this day, a past one or one to come (otherwise today)."),
            text("YYYY-MM-DD"),
        ),
    ] = None,
    late: Annotated[
        int | None,
        option(
            "--late",
            text("Days before training begins from when a line without a contract is late (14)."),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        option(
            "--out",
            text("Save all lines to this file; its ending says how: csv, xlsx, parquet, json."),
            text("FILE"),
        ),
    ] = None,
) -> Answer:
    from otdacha.programme.beside import workspace_of
    from otdacha.programme.follow import follow
    from otdacha.programme.plan import load_plan
    from otdacha.records import open_workspace

    today = day("--on", on, to_come=True)
    plan = load_plan(path)
    workspace = open_workspace(records) if records else workspace_of(plan)
    found = follow(workspace, plan, today, _windows(late))
    shown = spent_shown(voice, plan.id, found)
    if out is not None:
        save(found.lines, out)
        shown.append(text("All lines are in {file}.", file=out))
    return Answer(spent_document(plan.id, found), shown)


def _windows(late: int | None) -> Windows:
    from otdacha.programme.execution import Windows

    if late is None:
        return Windows()
    if late < 0:
        raise Usage(text("--late: a number of days, 0 or more."))
    return Windows(late=late)


def spent_document(plan: str, found: Execution) -> dict[str, Any]:
    """A plan against what became of it, as a document for machines."""
    return {
        "plan": plan,
        "on": found.today.isoformat(),
        "totals": dict(found.totals),
        "states": found.states.to_dicts(),
        "lines": found.lines.to_dicts(),
        "money": found.money.to_dicts(),
        "unmatched": found.unmatched.to_dicts(),
    }


def spent_shown(voice: Voice, plan: str, found: Execution) -> list[Any]:
    """The same in sentences and tables: sums by state, then the lines that ask for something."""
    totals = found.totals
    asking = found.lines.filter(found.lines["state"].is_in(ASKING))
    shown: list[Any] = [
        text(
            "The plan {plan} on {day}: {planned} ₽ are planned, {signed} ₽ signed, {paid} ₽ paid.",
            plan=plan,
            day=found.today.strftime("%d.%m.%Y"),
            planned=figure(totals["planned_cost"], voice.language),
            signed=figure(totals["signed_cost"], voice.language),
            paid=figure(totals["paid"], voice.language),
        ),
        text(
            "People: {planned} planned, {signed} seats signed, {finished} have finished, "
            "{attending} attend, {enrolled} are enrolled, {left} have left.",
            planned=totals["planned"],
            signed=totals["signed"],
            **{name: totals[f"people_{name}"] for name in _PEOPLE},
        ),
        _by_state(voice, found),
    ]
    if asking.height:
        shown.append(_asking(voice, asking.rows(named=True), found.today))
    else:
        shown.append(text("No line asks for anything."))
    if asking.height > SHOWN:
        shown.append(
            text(
                "These are the first {shown} of {count} lines; all of them: --out.",
                shown=SHOWN,
                count=asking.height,
            )
        )
    shown += unmatched_shown(found.unmatched)
    return shown


_PEOPLE = ("finished", "attending", "enrolled", "left")


def _by_state(voice: Voice, found: Execution) -> Any:
    from otdacha.programme.execution.wording import STATES

    states = found.states.filter(found.states["lines"] > 0)
    money = ("planned_cost", "signed_cost", "paid")
    return table(
        voice,
        {
            "state": text("State"),
            "lines": text("Lines"),
            "planned_cost": text("Planned, ₽"),
            "signed_cost": text("Signed, ₽"),
            "paid": text("Paid, ₽"),
        },
        [
            (
                voice.say(STATES[row["state"]]),
                row["lines"],
                *(figure(row[name], voice.language, 2) for name in money),
            )
            for row in states.rows(named=True)
        ],
        numbers=("lines", *money),
    )


def _asking(voice: Voice, rows: list[dict[str, Any]], today: dt.date) -> Any:
    from otdacha.programme.execution.wording import STATES

    order = {state: place for place, state in enumerate(STATES)}
    rows = sorted(rows, key=lambda row: (order[row["state"]], row["started"] or today))
    return table(
        voice,
        {
            "state": text("State"),
            "started": text("Begins"),
            "municipality": text("Municipality"),
            "provider": text("Organisation"),
            "programme": text("Programme"),
            "seats": text("Signed of planned"),
            "planned": text("Planned, ₽"),
            "cost": text("Signed, ₽"),
            "paid": text("Paid, ₽"),
        },
        [
            (
                voice.say(STATES[row["state"]]),
                row["started"].strftime("%d.%m.%Y") if row["started"] else "",
                row["municipality_name"],
                row["provider_name"],
                row["name"] or row["offer"],
                f"{row['signed']}/{row['planned']}",
                *(
                    figure(row[name], voice.language, 2)
                    for name in ("planned_cost", "signed_cost", "paid")
                ),
            )
            for row in rows[:SHOWN]
        ],
        title=text("Lines that ask for something"),
        numbers=("seats", "planned", "cost", "paid"),
    )


SPENT = Verb(
    "spent",
    spent,
    text(
        "Show what became of a plan.\n"
        "Holds contracts, attendance and payments of the records against it: what is signed, who "
        "is trained, what is paid, by line and source; which lines are late, overspent or "
        "underspent; what fits no line."
    ),
    "otdacha spent union/plans/2026.1",
)
