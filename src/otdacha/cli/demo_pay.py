"""Pay in the demonstration: wages next door, a scenario of measures, and its papers."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otdacha.cli.demo_typing import teller, typed
from otdacha.cli.tables import figure
from otdacha.cli.verbs.letter import letter
from otdacha.cli.verbs.pay import pay
from otdacha.cli.verbs.publish import publish
from otdacha.cli.verbs.wages import wages
from otdacha.cli.verbs.workbook import workbook
from otdacha.cli.voice import Voice
from otdacha.errors import PayProblem
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.demo import Union

LETTER, WORKBOOK = "letter.docx", "pay.xlsx"
FILES = (LETTER, WORKBOOK)
TRUTH = "pay.json"


@dataclass(frozen=True)
class Paid:
    """Folders of the comparison of wages and of the scenario, where there is one; its papers."""

    wages: Path
    scenario: Path | None = None
    papers: tuple[Path, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        return {
            "wages": str(self.wages),
            "scenario": None if self.scenario is None else str(self.scenario),
            "papers_of_pay": [str(file) for file in self.papers],
        }


def measures_of_pay(voice: Voice, union: Union, directory: Path, workspace: Path) -> Paid:
    """Compare wages, cost the union's measures, write the letter with proposals.

    A small union may lack whom a measure is for: then there is no scenario, and it is said why.
    """
    say = teller(voice)
    shutil.copytree(union.pay, workspace / "pay", dirs_exist_ok=True)
    say(
        text(
            "The law of pay of each region, as invented as the union, lies in {folder} now.",
            folder=workspace / "pay",
        )
    )
    compared = typed(voice, ["wages", workspace], lambda: wages(voice, workspace), lines=1)
    there = Path(compared.document["path"])
    typed(voice, ["publish", there], lambda: publish(voice, there))
    measures = union.measures
    try:
        made = typed(
            voice,
            ["pay", workspace, "--measures", measures],
            lambda: pay(voice, workspace, measures=measures),
        )
    except PayProblem as fault:
        say(fault.message)
        return Paid(there)
    scenario = Path(made.document["path"])
    word, excel = directory / LETTER, directory / WORKBOOK
    typed(voice, ["letter", scenario, "--out", word], lambda: letter(voice, scenario, out=word))
    typed(voice, ["workbook", scenario, "--out", excel], lambda: workbook(voice, scenario, excel))
    typed(voice, ["publish", scenario], lambda: publish(voice, scenario))
    return Paid(there, scenario, (word, excel))


def leaving_against_the_truth(voice: Voice, union: Union, made: Paid) -> list[Text]:
    """What the scenario says of leaving and pay beside what is true; nothing without a scenario."""
    from otdacha.pay.scenario import load_scenario

    if made.scenario is None:
        return []
    known = load_scenario(made.scenario).manifest["leaving"]
    true = json.loads((union.truth / TRUTH).read_text("utf-8"))["beta"]
    if known["estimate"] is None:
        return [text("How leaving depends on pay could not be said: too few people left.")]
    return [
        text(
            "How leaving depends on pay: truly {true}; the scenario says {estimate}, from {lower} "
            "to {upper}.",
            true=figure(true, voice.language, 1),
            estimate=figure(known["estimate"], voice.language, 1),
            lower=figure(known["lower"], voice.language, 1),
            upper=figure(known["upper"], voice.language, 1),
        )
    ]


def looked_at(made: Paid) -> list[Text]:
    """What there is to look at."""
    if made.scenario is None:
        return []
    word, excel = made.papers
    return [
        text(
            "Measures of pay: the letter with proposals {letter} (Word), the scenario in "
            "{workbook} (Excel)",
            letter=word.absolute(),
            workbook=excel.absolute(),
        )
    ]
