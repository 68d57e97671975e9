"""`otdacha names`: who goes where and when, by name, for the officer who holds the staff list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.constants import same_everywhere
from otdacha.cli.options import Constants, Profile, Records, Sheet
from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.documents.plan.named_list import NamedList
    from otdacha.records import Names


def names(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the plan."), text("PLAN"))],
    roster: Annotated[
        Path,
        argument(
            text("Your own staff list, as you give it to `add`; it is read and not kept."),
            text("ROSTER"),
        ),
    ],
    file: Annotated[
        Path,
        argument(
            text(
                "Where to write who goes: something.xlsx, outside of the workspace. It holds "
                "personal data."
            ),
            text("FILE"),
        ),
    ],
    profile: Profile = None,
    constants: Constants = None,
    sheet: Sheet = None,
    records: Records = None,
) -> Answer:
    from otdacha.documents.plan.named_list import write_named_list
    from otdacha.programme.beside import workspace_of
    from otdacha.programme.plan import load_plan
    from otdacha.records import load_profile, names_from_roster, open_workspace
    from otdacha.records.identifiers import municipality as as_oktmo

    plan = load_plan(path)
    workspace = open_workspace(records) if records else workspace_of(plan)
    given = same_everywhere(constants or ())
    told = names_from_roster(
        workspace, roster, given, profile=load_profile(profile) if profile else None, sheet=sheet
    )
    town = given.get("municipality")
    town = town and (as_oktmo(town) or town)
    written = write_named_list(plan, told, file, voice.language, municipality=town)
    return Answer(
        {
            "file": str(written.path),
            "named": written.named,
            "not_listed": written.not_listed,
            "to_be_named": written.to_be_named,
            "empty": written.empty,
            "roster": {
                "rows": told.rows,
                "nameless": told.nameless,
                "contradicting": told.contradicting,
                "another_s": told.another_s,
            },
        },
        [*_said(written), *_of_the_list(told)],
    )


def _said(written: NamedList) -> list[Text]:
    shown = [
        ntext(
            "{file}: {count} seat with a name.",
            "{file}: {count} seats with a name.",
            count=written.named,
            file=written.path,
        ),
        text(
            "It holds personal data. Keep it as you keep the staff list; nothing of it is kept "
            "here."
        ),
    ]
    if written.not_listed:
        shown.append(
            ntext(
                "{count} seat is for somebody who is not on this staff list.",
                "{count} seats are for people who are not on this staff list.",
                count=written.not_listed,
            )
        )
    if written.to_be_named:
        shown.append(
            ntext(
                "{count} seat is for somebody whom the municipality has to name yet.",
                "{count} seats are for people whom the municipality has to name yet.",
                count=written.to_be_named,
            )
        )
    if written.empty:
        shown.append(
            ntext(
                "{count} seat has nobody; the file says why.",
                "{count} seats have nobody; the file says why.",
                count=written.empty,
            )
        )
    return shown


def _of_the_list(told: Names) -> list[Text]:
    shown = []
    if told.nameless:
        shown.append(
            ntext(
                "{count} row of the staff list has no name, or nothing that tells whose it is.",
                "{count} rows of the staff list have no name, or nothing that tells whose they "
                "are.",
                count=told.nameless,
            )
        )
    if told.contradicting:
        shown.append(
            ntext(
                "{count} person has several names on the staff list, and none is shown.",
                "{count} people have several names on the staff list, and none is shown.",
                count=told.contradicting,
            )
        )
    if told.another_s:
        shown.append(
            ntext(
                "{count} row has the personnel number of somebody else in the records and names "
                "nobody by it. Is it the staff list of that municipality?",
                "{count} rows have the personnel numbers of other people in the records and name "
                "nobody by them. Is it the staff list of that municipality?",
                count=told.another_s,
            )
        )
    return shown


NAMES = Verb(
    "names",
    names,
    text(
        "Write who goes where and when, by name. The file holds personal data.\n"
        "A plan knows people by pseudonyms only. Your own staff list tells whose they are: it is "
        "read, hashed as `add` would, and forgotten. Only the file that you name has names in it; "
        "only you may read it; it cannot lie in the workspace."
    ),
    "otdacha names union/plans/2026.1 roster.xlsx who-goes.xlsx",
)
