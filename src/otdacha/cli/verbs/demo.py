"""`otdacha demo`: the whole way with an invented union, by the very verbs a user would write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli import demo_pay
from otdacha.cli.demo_pay import measures_of_pay
from otdacha.cli.demo_programme import FILES, OPEN_DATA, looked_at, programme
from otdacha.cli.demo_typing import added, teller, typed
from otdacha.cli.faults import Usage
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.verbs.check import check
from otdacha.cli.verbs.evaluate import evaluate
from otdacha.cli.verbs.init import init
from otdacha.cli.verbs.publish import publish
from otdacha.cli.verbs.report import report
from otdacha.cli.verbs.show import show
from otdacha.cli.voice import Voice
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    from otdacha.demo import Step, Union

MARK = ".otdacha-demo"
"""A file that says: this folder was made by the demo, and the demo may make it anew."""
MADE = ("files", "truth", "workspace", "to-correct", OPEN_DATA)
REPORT_FILE = "report.html"
LATE = 6
"""Towns whose files come after the first release: so there is a second one to compare with."""


def demo(
    voice: Voice,
    directory: Annotated[
        Path, argument(text("Folder of the demonstration: new or empty."), text("DIR"))
    ],
    scale: Annotated[
        str,
        option(
            "--scale",
            text("How many people there are, above 0 to 1: 0.1 is a tenth of the union."),
            text("SHARE"),
        ),
    ] = "1",
) -> Answer:
    from otdacha.demo import cities, steps, write_union

    size = _share(scale)
    make_room(directory)
    say = teller(voice)
    say(text("1. An invented union: real names of towns, invented organisations and people."))
    with voice.progress() as progress:
        union = write_union(directory, scale=size, progress=progress)
    say(text("The files lie in {folder}, as towns would send them.", folder=union.files))

    say(text("2. Now with the files as any user would do it."))
    workspace = directory / MADE[2]
    typed(
        voice,
        ["init", workspace, "--invented"],
        lambda: init(voice, workspace, invented=True),
    )
    late = {city.municipality for city in cities()[-LATE:]}
    told: set[str] = set()

    def hand_in(wanted: Callable[[Step], bool]) -> None:
        for step in filter(wanted, steps(union)):
            added(voice, union, step, workspace, directory / MADE[3], first=step.table not in told)
            told.add(step.table)

    hand_in(lambda step: step.constants.get("municipality") not in late)
    typed(voice, ["check", workspace], lambda: check(voice, workspace))
    made = typed(voice, ["evaluate", workspace], lambda: evaluate(voice, workspace), lines=1)
    first = Path(made.document["path"])
    typed(voice, ["publish", first], lambda: publish(voice, first))

    say(
        ntext(
            "3. {count} town was late. With its files comes the next release.",
            "3. {count} towns were late. With their files comes the next release.",
            count=LATE,
        )
    )
    hand_in(lambda step: step.constants.get("municipality") in late)
    made = typed(voice, ["evaluate", workspace], lambda: evaluate(voice, workspace), lines=1)
    release = Path(made.document["path"])
    typed(voice, ["show", release], lambda: show(voice, release))
    html = directory / REPORT_FILE
    typed(voice, ["report", release, "--out", html], lambda: report(voice, release, html))
    typed(voice, ["publish", release], lambda: publish(voice, release))

    planned = programme(voice, union, directory, workspace, directory / MADE[3], size)
    last = 5 if planned.plan is None else 7
    say(text("{number}. Pay: what measures cost, and what they bring.", number=last))
    paid = measures_of_pay(voice, union, directory, workspace)
    compared = against_the_truth(union, release)
    return Answer(
        {
            "union": str(union.folder),
            "workspace": str(workspace),
            "release": str(release),
            "report": str(html),
            **planned.document,
            **paid.document,
            "listed": made.document["listed"],
            "against_the_truth": compared,
        },
        [
            "",
            text(
                "{number}. Against the truth, which is known only because the union is invented.",
                number=last + 1,
            ),
            *_compared_shown(compared),
            *demo_pay.leaving_against_the_truth(voice, union, paid),
            "",
            text("What to look at now: open {file} in a browser.", file=html.absolute()),
            text(
                "Or the site with both releases: otdacha serve {workspace}, then open {address}",
                workspace=workspace,
                address="http://127.0.0.1:8000/",
            ),
            *looked_at(planned),
            *demo_pay.looked_at(paid),
            text("The files that went in: {folder}", folder=union.files.absolute()),
            text(
                "The rows that were rejected, to be corrected in Excel: {folder}",
                folder=(directory / MADE[3]).absolute(),
            ),
            text("The release, and who may check it: otdacha verify {release}", release=release),
        ],
    )


def _share(written: str) -> float:
    try:
        share = float(written.replace(",", "."))
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise Usage(text("--scale {written}: write a number above 0 and up to 1.", written=written))
    return share


def make_room(directory: Path) -> None:
    """Make the folder ready: new, empty, or made by an earlier demonstration, which is removed."""
    directory.mkdir(parents=True, exist_ok=True)
    written = {REPORT_FILE, *FILES, *demo_pay.FILES}
    ours = {MARK, *written, *MADE} if (directory / MARK).is_file() else set()
    if {entry.name for entry in directory.iterdir()} - ours:
        raise Usage(
            text(
                "{folder} is not empty, and the demonstration did not make what lies in it. "
                "Name a new folder.",
                folder=directory,
            )
        )
    for name in MADE:
        shutil.rmtree(directory / name, ignore_errors=True)
    for name in written:
        (directory / name).unlink(missing_ok=True)
    (directory / MARK).touch()


def against_the_truth(union: Union, release: Path) -> dict[str, int]:
    """How the release compares with the truth of the invented union, on its headline figure.

    A true effect is the weighted sum of the true effects on the indicators in standard deviations,
    as the release weighs its estimates.
    """
    import polars as pl

    from otdacha.release import load

    published = load(release)
    scales = {
        name: figures["scale"]
        for name, figures in published.manifest["evaluation"]["indicators"].items()
    }
    weights = published.methodology.weights
    truth = (
        pl.read_parquet(union.truth / "truth.parquet")
        .with_columns(
            part=pl.col("effect")
            * pl.col("indicator").replace_strict(
                {name: weight / scales[name] for name, weight in weights.items()},
                default=0.0,
                return_dtype=pl.Float64,
            )
        )
        .group_by("provider")
        .agg(true=pl.col("part").sum())
    )
    both = published.providers.filter(pl.col("posterior_mean").is_not_null()).join(
        truth, on="provider"
    )
    better = pl.col("true") > float(published.manifest["evaluation"]["threshold"] or 0.0)
    return {
        "ranked": both.height,
        "listed": both.filter("listed").height,
        "listed_and_better": both.filter(pl.col("listed") & better).height,
        "better": both.filter(better).height,
        "truth_in_interval": both.filter(pl.col("true").is_between("lower", "upper")).height,
    }


def _compared_shown(compared: dict[str, int]) -> list[Text]:
    return [
        text(
            "On the list: {listed}. Of these, {right} truly make the work better.",
            listed=compared["listed"],
            right=compared["listed_and_better"],
        ),
        text(
            "Of {ranked} ranked, {better} truly make the work better. Those of them that are not "
            "on the list could not be told apart from chance.",
            ranked=compared["ranked"],
            better=compared["better"],
        ),
        text(
            "The interval holds the true effect for {covered} of {ranked}.",
            covered=compared["truth_in_interval"],
            ranked=compared["ranked"],
        ),
    ]


DEMO = Verb(
    "demo",
    demo,
    text(
        "See the whole way with an invented union of towns.\n"
        "Writes the files as towns would send them, runs the verbs below on them, writes the "
        "report, plans the years ahead, lives through half a year of the plan, costs measures of "
        "pay, and compares the result with the truth that was hidden."
    ),
    "otdacha demo union",
)
