"""A file to fill in with what only the union knows of its programme (`passport.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from otdacha.documents.fields_file import LIST, UNCOVER, fields_lines, put_new_toml
from otdacha.documents.plan.fields import FILE, TO_SAY, Fields
from otdacha.language import Language, Text, text

HOW = (
    text("What only you know of the programme; it goes into its passport."),
    UNCOVER,
    text("A line that keeps its # stays in the passport as a yellow place to fill in."),
    LIST,
)
MEANS: Mapping[str, Text] = {
    **TO_SAY,
    "goal": text("the goal, in other words than ours"),
    "tasks": text("the tasks, in other words than ours: a list"),
    "problem": text("paragraphs about the problem, before those that the plan gives: a list"),
    "risks": text("risks beside those that follow from the plan: a list"),
}
KNOWN = text(
    "Figures of past years that are on record somewhere else, for indicators of the passport: "
    "trained, covered, measured, or one of the plan's results. Repeat the block for each."
)
_KNOWN = (
    "[[known]]",
    'indicator = "trained"',
    'source = "{source}"',
    "figures = {{ 2023 = 0, 2024 = 0 }}",
)


def write_fields_template(path: Path, language: Language = "ru") -> Path:
    """Write a file of fields to fill in, explained in `language`, to `path` (something.toml).

    As it is written it says nothing: every entry is behind a `#`. Raises FileProblem where the file
    is there already, for it may be filled in, WorkspaceProblem where it cannot be written.
    """
    return put_new_toml(path, fields_template(language), FILE)


def fields_template(language: Language) -> str:
    """The file's content."""
    lines = fields_lines(HOW, Fields, MEANS, language)
    lines += ["", f"# {KNOWN.said(language)}"]
    source = text("where they are written").said(language)
    lines += [f"# {line.format(source=source)}" for line in _KNOWN]
    return "\n".join(lines) + "\n"
