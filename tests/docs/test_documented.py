"""A verb, an option, an exit code, a table or a column that nobody described does not exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from otdacha import errors
from otdacha.cli import faults
from otdacha.cli.help import COMMON, VERSION
from otdacha.cli.run import application
from otdacha.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
CLI = (ROOT / "docs/cli.md").read_text("utf-8")
FILES = (ROOT / "docs/files.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_every_verb_has_a_section_with_every_option_of_it() -> None:
    commands = get_command(application()).commands
    missing = []
    for verb in VERBS:
        section = re.search(rf"^### `{verb.name}`$(.*?)(?=^##|\Z)", CLI, re.M | re.S)
        if section is None:
            missing.append(verb.name)
            continue
        for parameter in commands[verb.name].params:
            if parameter.param_type_name == "option" and parameter.opts[0] not in section[1]:
                missing.append(f"{verb.name} {parameter.opts[0]}")
    missing += [name for name, _ in (*COMMON, VERSION) if name.split()[0] not in CLI]
    assert missing == []


def test_every_verb_has_an_example_that_is_a_command_line_of_it() -> None:
    for verb in VERBS:
        for line in verb.example.splitlines():
            assert line.startswith(f"otdacha {verb.name} "), line


def test_every_exit_code_is_documented() -> None:
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.OtdachaError)
    }
    codes |= {0, faults.USAGE, faults.ATTENTION, faults.UNEXPECTED, faults.INTERRUPTED}
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.M)}
    assert documented == codes


def test_every_table_and_column_is_documented() -> None:
    from otdacha.records import TABLES

    missing = []
    for name, table in TABLES.items():
        section = re.search(rf"^## `{name}`$(.*?)(?=^## |\Z)", FILES, re.M | re.S)
        if section is None:
            missing.append(name)
            continue
        columns = {column for column in table.columns if column[0] != "_"} | set(table.inputs)
        missing += [
            f"{name}.{column}" for column in sorted(columns) if f"| `{column}` |" not in section[1]
        ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page: Path) -> None:
    said = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", said, re.M)) - targets == set()
    verbs = {verb.name for verb in VERBS}
    assert set(re.findall(r"^(?:\$ )?otdacha ([a-z-]+)", said, re.M)) - verbs - {"--help"} == set()
