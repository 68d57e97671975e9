"""What a verb of the command line is made of, and how its arguments are declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import typer

from otdacha.language import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    Shown: TypeAlias = "RenderableType | Text"


@dataclass(frozen=True)
class Answer:
    """What a verb has to say: a document for machines, the same as sentences and tables for people.

    exit_code is not zero where the work was done and something serious was found.
    """

    document: Mapping[str, Any]
    shown: Sequence[Shown]
    exit_code: int = 0


@dataclass(frozen=True)
class Verb:
    """One verb: `run` takes the voice it may speak with, then what the user wrote."""

    name: str
    run: Callable[..., Answer]
    about: Text
    example: str


def argument(about: Text, metavar: Text) -> Any:
    """A positional argument; its texts are put into words when the help page is drawn."""
    # unreadable files are reported by whoever opens them, in the user's language
    return typer.Argument(help=about.template, metavar=metavar.template, readable=False)


def option(name: str, about: Text, metavar: Text | str = "") -> Any:
    """An option; its texts are put into words when the help page is drawn."""
    written = metavar.template if isinstance(metavar, Text) else metavar
    return typer.Option(name, help=about.template, metavar=written or None, readable=False)
