"""Everything that a user can read is said in Russian too."""

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.docs.tools import ROOT, tool

TOOL = tool("catalogues")
RUSSIAN = ROOT / "src/otdacha/locale/ru/LC_MESSAGES/otdacha.po"


def _messages() -> list[Message]:
    with RUSSIAN.open("rb") as catalogue:
        return [message for message in read_po(catalogue) if message.id]


def _forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_the_catalogue_is_in_step_with_the_code() -> None:

    assert TOOL.catalogues() == [RUSSIAN]
    behind = TOOL.updated(RUSSIAN, TOOL.collected()) != RUSSIAN.read_text("utf-8")
    assert not behind, "run `make catalogues` and translate what is new"


def test_every_text_has_a_russian_translation() -> None:
    messages = _messages()
    assert len(messages) > 100
    assert [m.id for m in messages if not all(_forms(m.string))] == []
    assert [m.id for m in messages if m.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = []
    for message in _messages():
        wanted = [_placeholders(form) for form in _forms(message.id)]
        for said in _forms(message.string):
            # a plural form may leave a number out that stands in the others only
            if _placeholders(said) not in wanted:
                wrong.append((message.id, said))
    assert wrong == []


def test_a_text_with_a_number_has_the_three_russian_forms() -> None:
    numbered = [m for m in _messages() if not isinstance(m.id, str)]
    assert numbered != []
    assert [m.id for m in numbered if len(_forms(m.string)) != 3] == []


def test_the_catalogue_carries_no_places_and_no_dates() -> None:
    written = RUSSIAN.read_text("utf-8")
    assert "#:" not in written
    assert "Date:" not in written
    assert "fuzzy" not in written


def test_the_tool_keeps_translations_and_guesses_none(tmp_path: Path) -> None:
    folder = tmp_path / "otdacha"
    catalogue = folder / "locale/ru/LC_MESSAGES/otdacha.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Kept."\nmsgstr "Сохранено."\n\nmsgid "Gone."\nmsgstr "Ушло."\n',
        "utf-8",
    )
    (folder / "x.py").write_text(
        'text("Kept.")\ntext("Keptt.")\nntext("{count} row", "{count} rows")'
    )

    catalogue.write_text(TOOL.updated(catalogue, TOOL.collected(folder)), "utf-8")
    with catalogue.open("rb") as written:
        said = {m.id: m.string for m in read_po(written) if m.id}
    assert said == {
        "Kept.": "Сохранено.",
        "Keptt.": "",
        ("{count} row", "{count} rows"): ("", "", ""),
    }
    assert TOOL.updated(catalogue, TOOL.collected(folder)) == catalogue.read_text("utf-8")
    assert len(TOOL.untranslated(catalogue)) == 2


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 строка"), (3, "3 строки"), (11, "11 строк"), (21, "21 строка")]
)
def test_russian_numbers_are_counted_as_russians_count(count: int, said: str) -> None:
    from otdacha.cli.verbs.add import accepted

    assert said in accepted("x.csv", "cases", count, 0).said("ru")
