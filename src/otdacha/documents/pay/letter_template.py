"""The template of the letter with proposals: ГОСТ Р 7.0.97-2016, one page with the answer first.

It is a Word file. Whoever wants another letterhead or order writes it out with
`write_letter_template`, changes it in Word and gives it to `write_letter`. The names that may be
used are those of `otdacha.documents.pay.letter_content.content`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docx.document import Document as Word
from docx.shared import Mm, Pt
from docx.table import _Cell

from otdacha.documents.docx_parts import (
    CENTRE,
    LEFT,
    RIGHT,
    as_template,
    grid,
    new_document,
    paragraph,
    repeated,
)
from otdacha.documents.landing import put
from otdacha.documents.word_file import LOCALE
from otdacha.documents.words import SOURCES
from otdacha.language import Language, Text, text

PICTURES = ("funding_picture", "pay_picture", "packages_picture")
"""Places of drawings, in the order they come; each has a `…_caption`. A template may leave them
out."""
_Said = Callable[[Text], str]


def write_letter_template(path: Path, language: Language = "ru") -> Path:
    """Write the template of the letter in `language` to the file `path`, to be changed in Word.

    Raises WorkspaceProblem where it cannot be written.
    """
    return put(path, letter_template(language))


def letter_template(language: Language) -> bytes:
    """The template as a Word file."""
    word = new_document(LOCALE[language])

    def said(one: Text) -> str:
        return one.said(language)

    _letterhead(word, said)
    _answer(word, said)
    _reasons(word, said)
    _justification(word, said)
    _signature(word, said)
    _annexes(word, said)
    return as_template(word, said(text("Letter with proposals")))


def _letterhead(word: Word, said: _Said) -> None:
    """Who writes on the left with number and date, to whom on the right."""
    table = word.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    for cell, width in ((left, 85), (right, 85)):
        cell.width = Mm(width)
    _lines(left, "organisation")
    dated = left.add_paragraph(style="Cells")
    dated.paragraph_format.space_before = Pt(8)
    dated.add_run(said(text("{date} No. {number}", date="{{ date }}", number="{{ number }}")))
    left.add_paragraph(style="Cells").add_run("{%p if in_reply_to %}")
    answered = left.add_paragraph(style="Cells")
    answered.add_run(said(text("In reply to {letter}", letter="{{ in_reply_to }}")))
    left.add_paragraph(style="Cells").add_run("{%p endif %}")
    _lines(right, "addressee", size=14, indent=10)


def _lines(cell: _Cell, among: str, *, size: int = 11, indent: int = 0) -> None:
    """A list of texts as the lines of a cell, from the top."""
    first = cell.paragraphs[0]
    first.add_run(f"{{%p for item in {among} %}}")
    line = cell.add_paragraph(style="Cells")
    line.paragraph_format.left_indent = Mm(indent)
    line.add_run("{{ item }}").font.size = Pt(size)
    cell.add_paragraph(style="Cells").add_run("{%p endfor %}")


def _answer(word: Word, said: _Said) -> None:
    """What the letter is about, and the answer with the sum that is asked for."""
    paragraph(word, "{{ subject }}", align=LEFT, indented=False, before=14, bold=True)
    _if(word, "greeting", lambda: paragraph(
        word, "{{ greeting }}", align=CENTRE, indented=False, before=10))  # fmt: skip
    _if(word, "invented", lambda: paragraph(
        word, "{{ invented }}", align=LEFT, indented=False, style="Cells", before=6))  # fmt: skip
    paragraph(word, "", indented=False, style="Small")
    paragraph(word, "{{ proposal }}")
    repeated(word, "item", "measures_in_short", "{{ loop.index }}) {{ item }}")
    repeated(word, "item", "answer", "{{ item }}")
    _caption(word, said, text("What is asked for, by year, rubles"))
    grid(
        word,
        [said(one) for one in (text("Year"), text("Federal budget: asked for"),
                               text("Other sources"), text("All sources"))],
        [25, 50, 47, 48],
        ["{{ row.year }}", "{{ row.federal }}", "{{ row.others }}", "{{ row.cost }}"],
        "money",
        total=[said(text("Total")), "{{ money_total.federal }}", "{{ money_total.others }}",
               "{{ money_total.cost }}"],
    )  # fmt: skip
    _origin(word)


def _reasons(word: Word, said: _Said) -> None:
    heading = word.add_heading(said(text("The basis")), 2)
    heading.paragraph_format.page_break_before = True
    repeated(word, "item", "basis", "{{ item }}")
    word.add_heading(said(text("The problem")), 2)
    repeated(word, "item", "problem", "{{ item }}")
    paragraph(word, "{{ source }}", align=LEFT, indented=False, style="Small")
    word.add_heading(said(text("Legal norms")), 2)
    repeated(word, "item", "norm", "{{ item }}")
    word.add_heading(said(text("We ask:")), 2)
    repeated(word, "item", "requests", "{{ loop.index }}. {{ item }}")


def _justification(word: Word, said: _Said) -> None:
    word.add_heading(said(text("Financial and economic justification")), 2)
    repeated(word, "item", "justification", "{{ item }}")
    _caption(word, said, text("Table 1. Funding by year and source, rubles"))
    grid(
        word,
        [said(text("Year")), *map(said, SOURCES.values()), said(text("All sources"))],
        [16, 31, 29, 29, 33, 32],
        ["{{ row.year }}", *(f"{{{{ row.{source} }}}}" for source in SOURCES), "{{ row.cost }}"],
        "money",
        total=[
            said(text("Total")),
            *(f"{{{{ money_total.{source} }}}}" for source in SOURCES),
            "{{ money_total.cost }}",
        ],
    )
    _origin(word)
    _picture(word, "funding_picture")
    _caption(word, said, text("Table 2. Measures"))
    heads = (text("No."), text("Measure"), text("For whom"), text("How much"),
             text("People"), text("Cost, rubles"))  # fmt: skip
    grid(
        word,
        list(map(said, heads)),
        [9, 46, 46, 26, 17, 29],
        ["{{ row.number }}", "{{ row.name }}", "{{ row.who }}", "{{ row.amount }}",
         "{{ row.people }}", "{{ row.cost }}"],
        "measures",
        total=["", said(text("Total")), "", "", "", "{{ money_total.cost }}"],
        style="Narrow cells",
        figures_from=4,
    )  # fmt: skip
    _origin(word)
    _caption(word, said, text("Table 3. Needed, available and lacking, rubles"))
    grid(
        word,
        [said(one) for one in (text("Year"), text("Source"), text("Needed"), text("Available"),
                               text("Lacking"))],
        [16, 52, 34, 34, 34],
        ["{{ row.year }}", "{{ row.source }}", "{{ row.needed }}", "{{ row.available }}",
         "{{ row.lacking }}"],
        "needs",
        figures_from=2,
    )  # fmt: skip
    _origin(word)


def _signature(word: Word, said: _Said) -> None:
    """Annexes, the signature, the executor."""
    together = [
        paragraph(word, said(text("Annexes:")), align=LEFT, indented=False, before=10),
        *repeated(word, "item", "annexes", "{{ loop.index }}. {{ item }}"),
        paragraph(word, "", indented=False),
    ]
    for line in together:  # a signature does not stand on a page of its own
        line.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=2)
    for cell, place, align in zip(
        table.rows[0].cells, ("post", "signed_by"), (LEFT, RIGHT), strict=True
    ):
        cell.paragraphs[0].add_run(f"{{{{ {place} }}}}")
        cell.paragraphs[0].alignment = align
    paragraph(word, "{{ executor }}", align=LEFT, indented=False, style="Small", before=24)


def _annexes(word: Word, said: _Said) -> None:
    _annex(word, said, 1, text("Pay and its measures by municipality"))
    _towns(word, said)
    _annex(word, said, 2, text("Packages of measures that were compared"))
    _packages(word, said)
    _annex(word, said, 3, text("Organisations whose training showed effect"))
    _listed(word, said)
    _annex(word, said, 4, text("How it was counted, and what is not known"))
    _method(word, said)


def _towns(word: Word, said: _Said) -> None:
    _caption(word, said, text("Table 4. Mean pay in the last year, wage next door, exits avoided "
                              "in all years with the range of 95 %"))  # fmt: skip
    heads = (text("Municipality"), text("Pay before, rubles a month"),
             text("Pay after, rubles a month"), text("Wage next door (proxy)"),
             text("Pay before / wage"), text("Pay after / wage"), text("Exits avoided"),
             text("Cost, rubles"))  # fmt: skip
    grid(
        word,
        list(map(said, heads)),
        [28, 18, 18, 20, 16, 16, 30, 27],
        [f"{{{{ row.{name} }}}}" for name in ("name", "pay_before", "pay_after", "wage",
                                              "gap_before", "gap_after", "avoided", "cost")],
        "towns",
        style="Narrow cells",
    )  # fmt: skip
    _origin(word)
    _picture(word, "pay_picture")


def _packages(word: Word, said: _Said) -> None:
    _caption(word, said, text("Table 5. Packages: cost and exits avoided with the range of 95 %"))
    of_packages = (text("No."), text("Measures, and how much of each"),
                   text("Cost, rubles"),
                   text("Federal budget"), text("Exits avoided"),
                   text("No cheaper one is as good"), text("Chosen"))  # fmt: skip
    grid(
        word,
        list(map(said, of_packages)),
        [8, 60, 26, 25, 26, 16, 15],
        [f"{{{{ row.{name} }}}}" for name in ("number", "levels", "cost", "federal", "avoided",
                                              "best", "chosen")],
        "packages",
        style="Narrow cells",
        figures_from=2,
    )  # fmt: skip
    _origin(word)
    _picture(word, "packages_picture")
    _rivals(word, said)


def _listed(word: Word, said: _Said) -> None:
    paragraph(word, "{%p if listed %}", indented=False)
    _caption(word, said, text("Table 7. Organisations on the list of the release"))
    grid(
        word,
        [said(text("Organisation")), said(text("People whose work is known")), "{{ effect_head }}"],
        [85, 35, 50],
        ["{{ row.name }}", "{{ row.people }}", "{{ row.effect }}"],
        "listed",
    )
    _origin(word)
    paragraph(word, "{%p else %}", indented=False)
    none = text("No list is given: the release was not at hand for this letter, or lists nobody.")
    paragraph(word, said(none))
    paragraph(word, "{%p endif %}", indented=False)


def _method(word: Word, said: _Said) -> None:
    repeated(word, "item", "method", "{{ item }}")
    paragraph(word, "{{ left_out_text }}")
    paragraph(word, "{%p if left_out %}", indented=False)
    _caption(word, said, text("Table 8. What was not counted with"))
    grid(
        word,
        [said(text("What")), said(text("Why")), said(text("Rows"))],
        [45, 100, 25],
        ["{{ row.what }}", "{{ row.why }}", "{{ row.rows }}"],
        "left_out",
        figures_from=2,
    )
    paragraph(word, "{%p endif %}", indented=False)


def _rivals(word: Word, said: _Said) -> None:
    """Why this package: what simpler ways to spend as much would bring."""
    paragraph(word, "{%p if rivals %}", indented=False)
    _caption(word, said, text("Table 6. Why this package: it and other ways to spend as much, with "
                              "ranges of 95 %"))  # fmt: skip
    heads = (text("How to choose"), text("What it does"), text("Cost, rubles"),
             text("Exits avoided"), text("The chosen one avoids more by"),
             text("Is it sure?"))  # fmt: skip
    grid(
        word,
        list(map(said, heads)),
        [32, 42, 27, 26, 26, 21],
        [f"{{{{ row.{name} }}}}" for name in ("name", "meant", "cost", "avoided", "ahead", "sure")],
        "rivals",
        style="Narrow cells",
        figures_from=2,
        words_last=True,
    )  # fmt: skip
    _origin(word)
    paragraph(word, "{%p endif %}", indented=False)


def _annex(word: Word, said: _Said, number: int, title: Text) -> None:
    heading = word.add_heading(said(text("Annex {number}. {title}", number=number, title=title)), 1)
    heading.paragraph_format.page_break_before = number == 1


def _if(word: Word, place: str, write: Callable[[], object]) -> None:
    """What `write` writes, where the place says something."""
    paragraph(word, f"{{%p if {place} %}}", indented=False)
    write()
    paragraph(word, "{%p endif %}", indented=False)


def _caption(word: Word, said: _Said, one: Text) -> None:
    paragraph(word, said(one), align=LEFT, indented=False, style="Caption")


def _picture(word: Word, name: str) -> None:
    """A drawing, where the scenario has it, with its caption below."""
    paragraph(word, f"{{%p if {name} %}}", indented=False)
    drawn = paragraph(word, f"{{{{ {name} }}}}", align=CENTRE, indented=False, before=6)
    drawn.paragraph_format.keep_with_next = True
    paragraph(word, f"{{{{ {name}_caption }}}}", align=CENTRE, indented=False, style="Caption")
    paragraph(word, "{{ source }}", align=CENTRE, indented=False, style="Small")
    paragraph(word, "{%p endif %}", indented=False)


def _origin(word: Word) -> None:
    """Where the figures of the table above come from."""
    said = paragraph(word, "{{ source }}", align=LEFT, indented=False, style="Small")
    said.paragraph_format.space_after = Pt(8)
