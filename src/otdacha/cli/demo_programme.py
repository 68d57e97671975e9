"""The programme of the demonstration: a plan, its papers, half a year of it, and the plan anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otdacha.cli.demo_typing import added, teller, typed
from otdacha.cli.verbs.export import export
from otdacha.cli.verbs.finish import finish
from otdacha.cli.verbs.names import names
from otdacha.cli.verbs.passport import passport
from otdacha.cli.verbs.plan import plan
from otdacha.cli.verbs.spent import spent
from otdacha.cli.verbs.workbook import workbook
from otdacha.cli.voice import Voice
from otdacha.errors import PlanProblem
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.demo import Union

PASSPORT, WORKBOOK, NAMED = "passport.docx", "plan.xlsx", "who-goes.xlsx"
FILES = (PASSPORT, WORKBOOK, NAMED)
OPEN_DATA = "plan-open-data"
"""What the demonstration makes of its plan, beside the workspace."""


@dataclass(frozen=True)
class Programme:
    """Folders of the plan and of the one that was made anew half a year later, where there are; the
    plan's papers by what they are."""

    plan: Path | None = None
    papers: dict[str, Path] | None = None
    anew: Path | None = None

    @property
    def document(self) -> dict[str, Any]:
        papers = {name: str(file) for name, file in (self.papers or {}).items()}
        return {
            "plan": None if self.plan is None else str(self.plan),
            "papers": papers,
            "replanned": None if self.anew is None else str(self.anew),
        }


def programme(
    voice: Voice, union: Union, directory: Path, workspace: Path, rejected: Path, size: float
) -> Programme:
    """Plan the years ahead, write the plan's papers, live through half a year of it, plan anew.

    A small union may lack the people that make a group: then there is no plan, and it is said why.
    """
    from otdacha.demo import EXPORTED

    say = teller(voice)
    say(text("4. Where the next rouble should go: the plan of the years ahead."))
    made = _planned(voice, union, workspace, EXPORTED)
    if made is None:
        return Programme()
    say(text("5. The papers of the plan, for those who sign, order and ask."))
    papers = _papers(voice, union, directory, made)
    say(
        text(
            "6. Half of the first year, invented: contracts, attendance and payments come as files."
        )
    )
    anew = _half_a_year(voice, union, workspace, rejected, made, size)
    return Programme(made, papers, anew)


def looked_at(made: Programme) -> list[Text]:
    """What there is to look at."""
    if made.plan is None or made.papers is None:
        return []
    shown = [
        text(
            "The plan: its passport {passport} (Word), its workbook {workbook} (Excel), its open "
            "data in {open_data}",
            **{name: made.papers[name].absolute() for name in ("passport", "workbook")},
            open_data=made.papers["open_data"].absolute(),
        )
    ]
    if "names" in made.papers:
        shown.append(
            text(
                "Who goes where from one of the towns, by name: {file}",
                file=made.papers["names"].absolute(),
            )
        )
    if made.anew is not None:
        shown.append(
            text(
                "The plan that was made anew, and what has moved in it: otdacha show {plan}",
                plan=made.anew,
            )
        )
    return shown


def _planned(
    voice: Voice, union: Union, workspace: Path, today: dt.date, before: Path | None = None
) -> Path | None:
    """The folder of the new plan; None where none can be made, which is then said."""
    words = ["plan", workspace, "--parameters", union.parameters, "--today", today]
    if before is not None:
        words += ["--replan", before]
    try:
        made = typed(
            voice,
            words,
            lambda: plan(
                voice,
                workspace,
                parameters=union.parameters,
                today=today.isoformat(),
                replan=before,
            ),
        )
    except PlanProblem as clash:
        teller(voice)(clash.message)
        return None
    return Path(made.document["path"])


def _papers(voice: Voice, union: Union, directory: Path, made: Path) -> dict[str, Path]:
    word, excel, open_data = directory / PASSPORT, directory / WORKBOOK, directory / OPEN_DATA
    typed(voice, ["passport", made, "--out", word], lambda: passport(voice, made, out=word))
    typed(voice, ["workbook", made, "--out", excel], lambda: workbook(voice, made, out=excel))
    typed(
        voice,
        ["export", made, "--out", open_data],
        lambda: export(voice, made, out=open_data),
    )
    papers = {"passport": word, "workbook": excel, "open_data": open_data}
    town = _town_of_most_names(made)
    if town is not None:
        roster, file = _roster(union, town), directory / NAMED
        here = [f"municipality={town}"]
        typed(
            voice,
            ["names", made, roster, file, "--set", *here],
            lambda: names(voice, made, roster, file, constants=here),
        )
        papers["names"] = file
    return papers


def _town_of_most_names(made: Path) -> str | None:
    """The municipality of which the plan knows most people; None where it knows nobody."""
    import polars as pl

    from otdacha.programme.plan import PRIVATE, load_plan

    people = load_plan(made).tables[PRIVATE].filter(pl.col("state") == "named")
    towns = people.group_by("municipality").len().sort("len", "municipality", descending=True)
    return None if towns.is_empty() else str(towns["municipality"][0])


def _roster(union: Union, municipality: str) -> Path:
    from otdacha.demo import cities
    from otdacha.demo.union import ROSTER

    city = next(city for city in cities() if city.municipality == municipality)
    return union.files / city.name / ROSTER


def _half_a_year(
    voice: Voice, union: Union, workspace: Path, rejected: Path, made: Path, size: float
) -> Path | None:
    """Add what has become of the plan, look at it, and plan anew; the folder of the new plan."""
    from otdacha.demo.first_year import HALF_YEAR, carry_out
    from otdacha.programme.plan import load_plan

    if dt.date.today() <= HALF_YEAR:
        # the records take no row from the future, and so it would be rejected
        teller(voice)(text("By the clock of this computer it has not come yet."))
        return None
    tables = load_plan(made).tables
    steps = carry_out(union, tables, scale=size)
    if not steps:
        teller(voice)(text("In this small union nothing was to be signed so early."))
        return None
    for step in steps:
        added(voice, union, step, workspace, rejected, first=True)
    on = HALF_YEAR.isoformat()
    typed(voice, ["spent", made, "--on", on], lambda: spent(voice, made, on=on))
    typed(voice, ["finish", workspace], lambda: finish(voice, workspace))
    return _planned(voice, union, workspace, HALF_YEAR + dt.timedelta(days=1), made)
