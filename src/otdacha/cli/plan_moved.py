"""What planning anew has kept of a plan and what it has moved, on a terminal and for machines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from otdacha.cli.tables import figure, table
from otdacha.language import Text, ntext, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.programme.moved import Moved
    from otdacha.programme.plan import Plan


def change_of(made: Plan) -> Moved | None:
    """How a plan that was made anew differs from the one before; None where that is not there."""
    from otdacha.programme.beside import plan_before
    from otdacha.programme.moved import moved

    before = plan_before(made)
    return None if before is None else moved(before, made)


def moved_document(change: Moved) -> dict[str, Any]:
    return {
        "stay": change.stay,
        "gone": change.gone,
        "come": change.come,
        "lines": change.lines.to_dicts(),
    }


def replanned_shown(voice: Voice, made: Plan, rows: int) -> list[Shown]:
    """What a plan that was made anew has kept as signed, and what has moved; else nothing."""
    import polars as pl

    from otdacha.programme.execution.wording import EASED

    known = made.manifest.get("replanned_from")
    if known is None:
        return []
    on = dt.date.fromisoformat(known["on"]).strftime("%d.%m.%Y")
    shown: list[Shown] = [
        ntext(
            "Made anew from plan {before} as of {day}. Kept as signed: {count} seat, {signed} ₽.",
            "Made anew from plan {before} as of {day}. Kept as signed: {count} seats, {signed} ₽.",
            count=known["seats"],
            before=known["id"],
            day=on,
            signed=figure(known["signed"], voice.language),
        )
    ]
    shown += [
        text(
            "Beside what is signed a rule is kept only as far as it can be: {rule}.",
            rule=EASED[rule],
        )
        for rule in known["eased"]
    ]
    shown += unmatched_shown(
        pl.DataFrame(known["unmatched"], schema=["what", "reason", "rows"], orient="row")
    )
    change = change_of(made)
    if change is None:
        return [*shown, text("The plan before is not there, so what has moved cannot be shown.")]
    return [*shown, *price_shown(voice, made), *moved_shown(voice, change, rows)]


def price_shown(voice: Voice, made: Plan) -> list[Text]:
    """How many people are moved who could have stayed, and for how much at least."""
    known = made.manifest["replanned_from"]
    if "moved" not in known:  # a plan from before moving had a price
        return []
    return [
        text(
            "People who could have gone where they were sent before, and are moved: {count}. "
            "Nobody is moved for less than {part} % of what a place brings on average (moving in "
            "the parameters).",
            count=known["moved"],
            part=figure(100 * made.manifest["parameters"]["moving"], voice.language),
        )
    ]


def moved_shown(voice: Voice, change: Moved, rows: int) -> list[Shown]:
    """Seats that stay, go and come; the first `rows` lines that have moved, the soonest first."""
    import polars as pl

    lines = change.lines.filter(pl.col("change") != "stays")
    counted = text(
        "Seats as before: {stay}. No longer planned: {gone}. New: {come}.",
        stay=change.stay,
        gone=change.gone,
        come=change.come,
    )
    return [counted, *([_moved(voice, lines, rows)] if lines.height else [])]


def unmatched_shown(unmatched: pl.DataFrame) -> list[Text]:
    """What of contracts, attendance and payments fits no line of a plan, by its reason.

    unmatched: schema `otdacha.programme.execution.UNMATCHED`.
    """
    from otdacha.programme.execution.wording import UNMATCHED

    return [
        ntext(
            "{table}: {count} row does not fit the plan. {reason}",
            "{table}: {count} rows do not fit the plan. {reason}",
            table=what,
            count=rows,
            reason=UNMATCHED[reason],
        )
        for what, reason, rows in unmatched.iter_rows()
    ]


def _moved(voice: Voice, lines: pl.DataFrame, rows: int) -> Any:
    from otdacha.programme.moved import CHANGES

    return table(
        voice,
        {
            "change": text("Change"),
            "started": text("Begins"),
            "municipality": text("Municipality"),
            "provider": text("Organisation"),
            "programme": text("Programme"),
            "seats": text("People"),
            "cost": text("Cost, ₽"),
        },
        [
            (
                CHANGES[row["change"]],
                row["started"].strftime("%d.%m.%Y") if row["started"] else None,
                row["municipality_name"] or row["municipality"],
                row["provider_name"] or row["provider"],
                row["name"] or row["offer"],
                f"{row['before']} → {row['after']}",
                " → ".join(
                    figure(row[name], voice.language) for name in ("cost_before", "cost_after")
                ),
            )
            for row in lines.head(rows).iter_rows(named=True)
        ],
        title=text(
            "The lines that have moved: {shown} of {count}",
            shown=min(rows, lines.height),
            count=lines.height,
        ),
        numbers=("seats", "cost"),
    )
