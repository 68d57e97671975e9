"""Figures and tables as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from babel.numbers import format_decimal
from rich import box
from rich.table import Table

from otdacha.cli.voice import Voice
from otdacha.language import Language, Text, text

UNKNOWN = "—"


def figure(value: float | None, language: Language, digits: int = 0, *, plus: bool = False) -> str:
    """A number with the language's decimal mark and groups; a dash where it is not known."""
    if value is None or value != value:
        return UNKNOWN
    zeros = "0" * digits
    pattern = f"#,##0.{zeros}" if digits else "#,##0"
    said = format_decimal(abs(value), pattern, locale=language)
    # minus is a sign, not a hyphen; a rounded zero has none
    if not any(digit in said for digit in "123456789"):
        return said
    return f"−{said}" if value < 0 else f"+{said}" if plus else said


def table(
    voice: Voice,
    headings: Mapping[str, Text | str],
    rows: Iterable[Sequence[object]],
    title: Text | None = None,
    numbers: Sequence[str] = (),
) -> Table:
    """A table with translated headings; the columns named in `numbers` stand to the right."""
    drawn = Table(
        title=voice.say(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name, heading in headings.items():
        drawn.add_column(
            voice.say(heading),
            justify="right" if name in numbers else "left",
            no_wrap=name in numbers,
        )
    for row in rows:
        # rich would read [brackets] in a provider's name as markup
        drawn.add_row(*(_escaped(voice, value) for value in row))
    return drawn


def _escaped(voice: Voice, value: object) -> str:
    from rich.markup import escape

    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return voice.say(text("yes")) if value else voice.say(text("no"))
    if isinstance(value, Text):
        return escape(voice.say(value))
    if isinstance(value, int | float):
        return figure(value, voice.language, 0 if isinstance(value, int) else 3)
    return escape(str(value))


def only_the_first(shown: int, count: int, name: str) -> list[Text]:
    """What to say below a table of the first `shown` of `count` rows: how to have all as `name`."""
    if count <= shown:
        return []
    return [
        text(
            "These are the first {shown} of {count}. All of them: --out {name}",
            shown=shown,
            count=count,
            name=name,
        )
    ]
