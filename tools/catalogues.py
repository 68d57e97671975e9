"""Collect the texts for people into the gettext catalogues, keep their translations, compile.

    python tools/catalogues.py          bring every catalogue into step with the code
    python tools/catalogues.py --check  change nothing; end with 1 where one is out of step

No line numbers and no dates are written, so that a catalogue changes only when a text does; and no
translation is guessed from a similar text, so that what is not translated is seen to be so.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "otdacha"
KEYWORDS = {"text": None, "ntext": (1, 2), "_": None, "ngettext": (1, 2)}
"""The first two mark texts in the code, the others in the templates."""
HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: otdacha\n"
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural}\n"

"""
PLURAL = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);"
}


def texts_in_python(
    source: BinaryIO, keywords: Mapping[str, object], tags: Collection[str], options: object
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """The literal templates of `text(...)` and `ntext(...)`, inside f-strings too.

    Babel's own reader works on tokens and does not look into f-strings.
    """
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = {"text": 1, "ntext": 2}.get(node.func.id, 0)
            given = [a.value for a in node.args[:wanted] if isinstance(a, ast.Constant)]
            if wanted and len(given) == wanted and all(isinstance(each, str) for each in given):
                yield node.lineno, node.func.id, given[0] if wanted == 1 else tuple(given), []


METHODS = [
    ("**.py", texts_in_python),
    ("**.j2", "jinja2.ext:babel_extract"),
    ("**.html", "jinja2.ext:babel_extract"),
]


def collected(package: Path = PACKAGE) -> Catalog:
    """Every text in the code and in the templates."""
    found = Catalog()
    for _, _, template, _, _ in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        found.add(template)
    return found


def catalogues(package: Path = PACKAGE) -> list[Path]:
    """The catalogues there are, one for each language that is not the code's."""
    return sorted(package.glob("locale/*/LC_MESSAGES/otdacha.po"))


def updated(path: Path, template: Catalog) -> str:
    """The catalogue at `path` brought into step with the texts: kept, added, removed."""
    language = path.parts[-3]
    with path.open("rb") as text:
        known = read_po(text, locale=language)
    known.update(template, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(
        written,
        known,
        width=100,
        omit_header=True,
        no_location=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    return HEADER.format(language=language, plural=PLURAL[language]) + written.getvalue().decode()


def compiled(path: Path) -> None:
    """Write the catalogue's compiled form beside it (git-ignored; made at installation too)."""
    with path.open("rb") as text, path.with_suffix(".mo").open("wb") as machine:
        write_mo(machine, read_po(text))


def untranslated(path: Path) -> list[str]:
    with path.open("rb") as text:
        known = read_po(text)
    return [
        str(message.id)
        for message in known
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else [message.string])
    ]


def main(arguments: list[str]) -> int:
    template = collected()
    behind = 0
    for path in catalogues():
        new = updated(path, template)
        if new != path.read_text("utf-8"):
            behind += 1
            if "--check" not in arguments:
                path.write_text(new, "utf-8")
        if "--check" not in arguments:
            compiled(path)
        missing = untranslated(path)
        language = path.parts[-3]
        print(f"{language}: {len(template)} texts, {len(missing)} without a translation")
        for template_text in missing:
            print(f"  {template_text}")
    return 1 if behind and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
