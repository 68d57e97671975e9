"""The template of the passport: its sections, headings and tables, with places for what is said.

It is a Word file. Whoever wants another letterhead, other headings or another order writes it out
with `write_passport_template`, changes it in Word and gives it to `write_passport`: `{{ goal }}` is
a place for a text, `{%p for … %}` and `{%tr for … %}` repeat a paragraph or the row of a table.
The names that may be used are those of `otdacha.documents.plan.passport_content.content`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docx.document import Document as Word
from docx.shared import Mm, Pt

from otdacha.documents.docx_parts import (
    CENTRE,
    LEFT,
    as_template,
    form,
    grid,
    new_document,
    paragraph,
    repeated,
)
from otdacha.documents.landing import put
from otdacha.documents.word_file import LOCALE
from otdacha.documents.words import SOURCES
from otdacha.language import Language, Text, text

PICTURES = ("funding_picture", "frontier_picture", "rivals_picture")
"""Places of drawings, in the order they come; each has a `…_caption`. A template may leave them
out."""
_SOURCE_CELLS = tuple(f"{{{{ row.{source} }}}}" for source in SOURCES)
_Said = Callable[[Text], str]


def write_passport_template(path: Path, language: Language = "ru") -> Path:
    """Write the template of the passport in `language` to the file `path`, to be changed in Word.

    Raises WorkspaceProblem where it cannot be written.
    """
    return put(path, passport_template(language))


def passport_template(language: Language) -> bytes:
    """The template as a Word file."""
    word = new_document(LOCALE[language])

    def said(one: Text) -> str:
        return one.said(language)

    _first_page(word, said)
    _passport(word, said)
    _problem_and_measures(word, said)
    _indicators(word, said)
    _resources(word, said)
    _risks_and_assessment(word, said)
    _annexes(word, said)
    return as_template(word, said(text("Passport of the programme")))


def _first_page(word: Word, said: _Said) -> None:
    for line in (said(text("APPROVED")), "{{ approved }}"):
        approval = paragraph(word, line, align=LEFT, indented=False)
        approval.paragraph_format.left_indent = Mm(95)
    word.add_heading(said(text("PASSPORT OF THE PROGRAMME")), 1)
    paragraph(word, "{{ title }}", align=CENTRE, indented=False, bold=True)
    paragraph(word, "{%p if invented %}", indented=False)
    paragraph(word, "{{ invented }}", align=CENTRE, indented=False, style="Cells")
    paragraph(word, "{%p endif %}", indented=False)
    paragraph(word, "", indented=False, style="Small")


def _passport(word: Word, said: _Said) -> None:
    form(
        word,
        [
            (said(text("Responsible executor")), "{{ executor }}"),
            (said(text("Co-executors")), "[co_executors]"),
            (said(text("Subprogrammes")), "[subprogrammes]"),
            (said(text("Goal")), "{{ goal }}"),
            (said(text("Tasks")), "[tasks]"),
            (said(text("Indicators")), "[indicator_names]"),
            (said(text("Stages and time")), "[stages]"),
        ],
        numbered=("[tasks]", "[indicator_names]"),
    )
    _caption(word, said, text("Table 1. Funding by year and source, rubles"))
    grid(
        word,
        [said(text("Year")), *map(said, SOURCES.values()), said(text("All sources"))],
        [16, 29, 29, 29, 35, 32],
        ["{{ row.year }}", *_SOURCE_CELLS, "{{ row.cost }}"],
        "funding",
        total=[
            said(text("Total")),
            *(f"{{{{ funding_total.{source} }}}}" for source in SOURCES),
            "{{ funding_total.cost }}",
        ],
    )
    _origin(word)
    form(word, [(said(text("Expected results")), "[expected]")])


def _problem_and_measures(word: Word, said: _Said) -> None:
    word.add_heading(said(text("1. The problem")), 1)
    repeated(word, "item", "problem", "{{ item }}")
    word.add_heading(said(text("2. Measures")), 1)
    repeated(word, "item", "measures_text", "{{ item }}")
    _caption(word, said, text("Table 2. Programmes of training"))
    heads = (text("No."), text("Programme, organisation"), text("Hours"), text("Years"),
             text("Seats"), text("Cost, rubles"), text("Evidence"))  # fmt: skip
    grid(
        word,
        list(map(said, heads)),
        [10, 55, 13, 22, 14, 26, 30],
        ["{{ row.number }}", "{{ row.name }}", "{{ row.hours }}", "{{ row.years }}",
         "{{ row.seats }}", "{{ row.cost }}", "{{ row.evidence }}"],
        "measures",
        total=["", said(text("Total")), "", "", "{{ measures_total.seats }}",
               "{{ measures_total.cost }}", ""],
        style="Narrow cells",
        figures_from=2,
        words_last=True,
    )  # fmt: skip
    _origin(word)


def _indicators(word: Word, said: _Said) -> None:
    word.add_heading(said(text("3. Indicators")), 1)
    repeated(word, "item", "indicators_text", "{{ item }}")
    _caption(word, said, text("Table 3. Indicators by year"))
    places = range(6)
    grid(
        word,
        [
            said(text("Indicator, unit")),
            *(f"{{{{ indicator_years[{at}] }}}}" for at in places),
        ],
        [41, 18, 18, 18, 25, 25, 25],
        ["{{ row.name }}", *(f"{{{{ row.figures[{at}] }}}}" for at in places)],
        "indicators",
        style="Narrow cells",
    )
    _origin(word)
    word.add_heading(said(text("How the indicators are counted")), 2)
    repeated(word, "row", "indicator_methods", "{{ row.names }}: {{ row.method }}")


def _resources(word: Word, said: _Said) -> None:
    word.add_heading(said(text("4. Resources")), 1)
    repeated(word, "item", "resources_text", "{{ item }}")
    _caption(word, said, text("Table 4. Use of the budgets, rubles"))
    grid(
        word,
        [said(one) for one in (text("Source"), text("Year"), text("Budget"), text("Planned"),
                               text("Left"))],
        [54, 20, 32, 32, 32],
        ["{{ row.source }}", "{{ row.year }}", "{{ row.amount }}", "{{ row.planned }}",
         "{{ row.left }}"],
        "budgets",
        total=[said(text("Total")), "", *(f"{{{{ budgets_total.{name} }}}}"
                                          for name in ("amount", "planned", "left"))],
    )  # fmt: skip
    _origin(word)
    _picture(word, "funding_picture")
    _picture(word, "frontier_picture")
    _caption(word, said, text("Table 5. Municipalities: people and money, rubles"))
    grid(
        word,
        [said(text("Municipality")), said(text("People")), *map(said, SOURCES.values()),
         said(text("All sources"))],
        [42, 14, 22, 20, 22, 26, 24],
        ["{{ row.name }}", "{{ row.planned }}", *_SOURCE_CELLS, "{{ row.cost }}"],
        "towns",
        total=[said(text("Total")), "{{ towns_total.planned }}",
               *(f"{{{{ towns_total.{source} }}}}" for source in SOURCES),
               "{{ towns_total.cost }}"],
        style="Narrow cells",
    )  # fmt: skip
    _origin(word)


def _risks_and_assessment(word: Word, said: _Said) -> None:
    word.add_heading(said(text("5. Risks")), 1)
    _caption(word, said, text("Table 6. Risks and what is done about them"))
    grid(
        word,
        [said(text("Risk")), said(text("What is done"))],
        [80, 90],
        ["{{ row.risk }}", "{{ row.done }}"],
        "risks",
        figures_from=2,
    )
    _origin(word)
    word.add_heading(said(text("6. How the programme is assessed")), 1)
    repeated(word, "item", "assessment", "{{ item }}")
    paragraph(word, "", indented=False)
    table = word.add_table(rows=1, cols=3)
    for cell, place in zip(table.rows[0].cells, ("post", "signed_on", "signed_by"), strict=True):
        cell.paragraphs[0].add_run(f"{{{{ {place} }}}}")
    paragraph(word, "{{ author }}", align=LEFT, indented=False, style="Small", before=18)


def _annexes(word: Word, said: _Said) -> None:
    heading = word.add_heading(said(text("Annex 1. The method in a page")), 1)
    heading.paragraph_format.page_break_before = True
    repeated(word, "item", "method", "{{ item }}")
    _picture(word, "rivals_picture")
    word.add_heading(said(text("Annex 2. What is left out")), 1)
    repeated(word, "item", "left_out_text", "{{ item }}")
    paragraph(word, "{%p if left_out %}", indented=False)
    _caption(word, said, text("Table 7. What was not planned with"))
    grid(
        word,
        [said(text("What")), said(text("Why")), said(text("Rows"))],
        [35, 110, 25],
        ["{{ row.what }}", "{{ row.why }}", "{{ row.rows }}"],
        "left_out",
        figures_from=2,
    )
    _origin(word)
    paragraph(word, "{%p endif %}", indented=False)


def _caption(word: Word, said: _Said, one: Text) -> None:
    paragraph(word, said(one), align=LEFT, indented=False, style="Caption")


def _picture(word: Word, name: str) -> None:
    """A drawing, where the plan has it, with its caption below."""
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
