"""`otdacha check`: what the workspace holds, and what does not fit together in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.faults import ATTENTION
from otdacha.cli.tables import table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.verbs.people import linked_shown
from otdacha.cli.voice import Voice
from otdacha.language import ntext, text

if TYPE_CHECKING:
    from otdacha.records import Finding

_DETAILS = 5
"""So many of a finding's details are shown; --json has all of them."""


def check(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    list_batches: Annotated[
        bool, option("--batches", text("List every file too, with the name of its batch."))
    ] = False,
) -> Answer:
    from otdacha.records import TABLES, batches, checked, open_workspace

    workspace = open_workspace(directory)
    held = batches(workspace)
    with voice.progress() as progress:
        found = checked(workspace, progress=progress)
    findings, linked = found.findings, found.links.counts()
    serious = [finding for finding in findings if finding.serious]
    document = {
        "batches": [
            {
                "batch": batch.id,
                "table": batch.table,
                "source": batch.source,
                "added": batch.added,
                "accepted": batch.accepted,
                "rejected": batch.rejected,
            }
            for batch in held
        ],
        "findings": [
            {
                "table": finding.table,
                "code": finding.code,
                "rows": finding.rows,
                "message": voice.say(finding.message),
                "serious": finding.serious,
                "details": list(finding.details),
            }
            for finding in findings
        ],
        "links": linked,
        "serious": len(serious),
    }
    columns = {
        "files": text("Files"),
        "accepted": text("Accepted"),
        "rejected": text("Rejected"),
    }
    of_table = {name: [batch for batch in held if batch.table == name] for name in TABLES}
    shown: list[Any] = [
        table(
            voice,
            {"table": text("Table"), **columns},
            [
                (name, len(found), sum(b.accepted for b in found), sum(b.rejected for b in found))
                for name, found in of_table.items()
            ],
            numbers=list(columns),
        )
    ]
    if any(linked.values()):
        shown.append(linked_shown(voice, linked))
    if list_batches:
        shown.append(
            table(
                voice,
                {
                    "batch": text("Batch"),
                    "table": text("Table"),
                    "source": text("File"),
                    "accepted": text("Accepted"),
                    "rejected": text("Rejected"),
                },
                [(b.id, b.table, b.source, b.accepted, b.rejected) for b in held],
                numbers=["accepted", "rejected"],
            )
        )
    if findings:
        shown.append(
            table(
                voice,
                {
                    "serious": text("Serious"),
                    "table": text("Table"),
                    "rows": text("Rows"),
                    "message": text("What does not fit"),
                },
                [
                    # an empty table has no rows that could be counted
                    (f.serious, f.table, None if f.code == "no_rows" else f.rows, _said(voice, f))
                    for f in findings
                ],
                numbers=["rows"],
            )
        )
    shown.append(
        text("Something serious was found: the evaluation would be wrong or impossible.")
        if serious
        else text(
            "Nothing stands in the way. Next: otdacha evaluate {directory}", directory=directory
        )
    )
    return Answer(document, shown, ATTENTION if serious else 0)


def _said(voice: Voice, finding: Finding) -> str:
    """The sentence of a finding, and the first of what it is about."""
    lines = [voice.say(finding.message), *finding.details[:_DETAILS]]
    more = len(finding.details) - _DETAILS
    if more > 0:
        lines.append(
            voice.say(ntext("and {count} more: --json", "and {count} more: --json", count=more))
        )
    return "\n".join(lines)


CHECK = Verb(
    "check",
    check,
    text(
        "Look at what the workspace holds and what does not fit together.\n"
        "Staff of unknown departments, training by unknown providers, tables that are missing: "
        "each is counted. Ends with code 8 where something serious was found."
    ),
    "otdacha check union\notdacha check union --batches",
)
