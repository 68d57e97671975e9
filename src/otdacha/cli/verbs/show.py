"""`otdacha show`: print a release or a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.release_shown import release_document, release_shown
from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.verbs.plan import plan_document, plan_shown
from otdacha.cli.voice import Voice
from otdacha.language import text


def show(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release or plan."), text("RELEASE"))],
) -> Answer:
    from otdacha.programme.plan import is_plan, load_plan
    from otdacha.release import load

    if is_plan(path):
        plan = load_plan(path)
        return Answer(plan_document(plan), plan_shown(voice, plan))
    release = load(path)
    return Answer(release_document(release), release_shown(voice, release))


SHOW = Verb(
    "show",
    show,
    text(
        "Print a release or a plan.\n"
        "Of a release: everybody's effect with its interval, range of places and grade; who is on "
        "the list; what was left out and why. Of a plan: whom it trains, for how much, what it "
        "rests on, its dearest lines."
    ),
    "otdacha show union/releases/2026.1",
)
