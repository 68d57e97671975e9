"""`otdacha diff`: what became of everybody between two releases, of the lines of two plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from otdacha.cli.faults import Usage
from otdacha.cli.plan_moved import moved_document, moved_shown, price_shown
from otdacha.cli.standing import ROWS
from otdacha.cli.tables import UNKNOWN, figure, table
from otdacha.cli.verb import Answer, Verb, argument
from otdacha.cli.voice import Voice
from otdacha.language import Text, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown


def diff(
    voice: Voice,
    path: Annotated[Path, argument(text("Folder of the release or of the plan."), text("FOLDER"))],
    previous: Annotated[
        Path | None,
        argument(
            text("Folder of an earlier one (otherwise the one that it followed)."),
            text("PREVIOUS"),
        ),
    ] = None,
) -> Answer:
    from otdacha.programme.plan import is_plan
    from otdacha.release import diff as difference
    from otdacha.release import load
    from otdacha.release.diff import Edition, kind_of

    if is_plan(path):
        return _plans(voice, path, previous)
    release = load(path)
    if previous is not None:
        earlier = load(previous)
        kind = kind_of(Edition.of(release), Edition.of(earlier)).value
        return _answer(voice, release.id, earlier.id, kind, difference(release, earlier))
    if release.change is None:
        return Answer(
            {"release": release.id, "previous": None, "change": None, "changes": []},
            [text("{release} is the first release: nothing came before it.", release=release.id)],
        )
    before = release.manifest["previous"]["release"]
    return _answer(voice, release.id, before, release.change, release.changes)


def _plans(voice: Voice, path: Path, previous: Path | None) -> Answer:
    """A plan against the one that it was made anew from, or any other."""
    from otdacha.programme.beside import plan_before
    from otdacha.programme.moved import moved
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    before = plan_before(plan) if previous is None else load_plan(previous)
    if before is None:
        raise Usage(
            text(
                "{plan} was not made anew from a plan that lies beside it. Name the other plan: "
                "otdacha diff {path} PLAN",
                plan=plan.id,
                path=path,
            )
        )
    change = moved(before, plan)
    document = {"plan": plan.id, "previous": before.id, **moved_document(change)}
    title = text("Plan {plan} against {previous}.", plan=plan.id, previous=before.id)
    follows = plan.manifest.get("replanned_from", {}).get("hash") == before.hash
    price = price_shown(voice, plan) if follows else []
    return Answer(document, [title, *price, *moved_shown(voice, change, ROWS)])


def _answer(voice: Voice, release: str, previous: str, kind: str, changes: pl.DataFrame) -> Answer:
    from otdacha.release.diff import kind_in_words

    document = {
        "release": release,
        "previous": previous,
        "change": kind,
        "changes": changes.to_dicts(),
    }
    title = text(
        "Release {release} against {previous}. {kind}.",
        release=release,
        previous=previous,
        kind=kind_in_words(kind).said(voice.language).capitalize(),
    )
    return Answer(document, [title, *_shown(voice, changes)])


def _shown(voice: Voice, changes: pl.DataFrame) -> list[Shown]:
    """How many changed in which way, then the changes themselves; who is as before is counted."""
    import polars as pl

    from otdacha.release.diff import Change, in_words

    counted = changes.group_by("change", maintain_order=True).len()
    told = changes.filter(pl.col("change") != Change.SAME)
    shown: list[Shown] = [
        table(
            voice,
            {"change": text("Change"), "count": text("Organisations")},
            [(in_words(change), count) for change, count in counted.iter_rows()],
            numbers=["count"],
        )
    ]
    if told.is_empty():
        return [*shown, text("Nothing that is published of anybody has changed.")]
    headings = {
        "provider": text("Organisation"),
        "change": text("Change"),
        "effect": text("Effect"),
        "difference": text("Estimate moved by"),
        "margin": text("Noise explains"),
        "cause": text("Cause"),
    }
    rows = [_row(voice, row) for row in told.head(ROWS).iter_rows(named=True)]
    shown.append(table(voice, headings, rows, numbers=["effect", "difference", "margin"]))
    return [*shown, *_not_all(told.height)]


def _not_all(count: int) -> list[Text]:
    """What to say below a table that does not show all changes."""
    if count <= ROWS:
        return []
    return [
        text(
            "These are the first {shown} of {count}. All of them: otdacha diff --json, or the "
            "table changes of the release.",
            shown=ROWS,
            count=count,
        )
    ]


def _row(voice: Voice, row: dict[str, Any]) -> tuple[Any, ...]:
    from otdacha.release.diff import cause_in_words, in_words

    before, after = (
        figure(row[f"effect_{when}"], voice.language, 3, plus=True) for when in ("before", "after")
    )
    margin = figure(row["margin"], voice.language, 3)
    return (
        row["name"] or row["provider"],
        in_words(row["change"]),
        UNKNOWN if row["effect_after"] is None else f"{before} → {after}",
        figure(row["difference"], voice.language, 3, plus=True),
        UNKNOWN if row["margin"] is None else f"±{margin}",
        cause_in_words(row["cause"], row["state"]) if row["cause"] else None,
    )


DIFF = Verb(
    "diff",
    diff,
    text(
        "Say what became of everybody since the previous release, and what moved it.\n"
        "Who came onto the list and who left it; whether the method, new data or no more than "
        "noise moved a figure. Only what both releases publish is compared. Of two plans: which "
        "lines go, come and change."
    ),
    "otdacha diff union/releases/2026.2\notdacha diff union/releases/2027.1 union/releases/2026.1\n"
    "otdacha diff union/plans/2026.2",
)
