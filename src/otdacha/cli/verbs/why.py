"""`otdacha why`: why somebody's pay of a month is what it is, component by component."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.days import day
from otdacha.cli.faults import Usage
from otdacha.cli.tables import UNKNOWN, figure, table
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text

if TYPE_CHECKING:
    from otdacha.pay.payroll.explained import Explanation


def why(
    voice: Voice,
    directory: Annotated[Path, argument(text("Folder of the workspace."), text("DIR"))],
    municipality: Annotated[
        str, argument(text("Code of the municipality (ОКТМО)."), text("OKTMO"))
    ],
    badge: Annotated[str, argument(text("Badge number of the servant."), text("BADGE"))],
    month: Annotated[
        str,
        option("--month", text("A day of the month that is asked about."), text("YYYY-MM-DD")),
    ],
    measures: Annotated[
        Path | None,
        option("--measures", text("With the measures of this file."), "FILE.toml"),
    ] = None,
) -> Answer:
    from otdacha.pay.making.material import read_material
    from otdacha.pay.measures import read_measures, steps
    from otdacha.pay.parameters import load_law
    from otdacha.pay.payroll import explained
    from otdacha.pay.people import person_of_badge, roster
    from otdacha.records import open_workspace

    workspace = open_workspace(directory)
    asked = day("--month", month, to_come=True)
    if asked is None:
        raise Usage(text("--month: write a day of the month, like 2027-03-01."))
    person = person_of_badge(workspace, municipality, badge)
    if measures is None:
        found = explained(roster(workspace).posts, load_law(workspace), person, asked)
    else:
        material = read_material(workspace, read_measures(measures), dt.date.today())
        made = steps(material.measures, material.facts)
        found = explained(material.facts.posts, material.law, person, asked, made)
    return Answer(
        {"posts": [_document(voice, one) for one in found]},
        [_table(voice, one) for one in found],
    )


def _document(voice: Voice, one: Explanation) -> dict[str, Any]:
    """The pay of one post as a document for machines, in rubles."""
    return {
        "post": one.post,
        "month": one.month.isoformat(),
        "components": [
            {
                "component": line.component,
                "rubles": line.result / 100,
                "why": line.words.said(voice.language),
                "reference": line.reference,
                "valid_from": None if line.valid_from is None else line.valid_from.isoformat(),
            }
            for line in one.lines
        ],
    }


def _table(voice: Voice, one: Explanation) -> Any:
    """The same for people."""
    from otdacha.pay.wording import COMPONENTS

    return table(
        voice,
        {
            "component": text("Component"),
            "rubles": text("Rubles"),
            "why": text("Why"),
            "law": text("Where it stands written"),
        },
        [
            (
                COMPONENTS.get(line.component, line.component),
                figure(line.result / 100, voice.language, 2),
                line.words,
                line.reference or UNKNOWN,
            )
            for line in one.lines
        ],
        numbers=("rubles",),
    )


WHY = Verb(
    "why",
    why,
    text(
        "Say why somebody's pay of a month is what it is.\n"
        "Every component with what it is reckoned from, its rate, the share of the post and the "
        "days worked, and the law behind it. For the office that pays: it names one servant."
    ),
    "otdacha why union 20701000 00123 --month 2027-03-01",
)
