"""The passport of the programme: its sections in order, its figures, its fields, its template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table
from tests.invented_plan import invented_plan, with_table

from otdacha.documents.plan import (
    Fields,
    load_fields,
    write_passport,
    write_passport_template,
)
from otdacha.documents.plan.fields import Known
from otdacha.errors import FileProblem
from otdacha.language import LANGUAGES, Language


def _passport(tmp_path: Path, language: Language = "ru", fields: Fields | None = None) -> Word:
    return docx.Document(
        str(write_passport(invented_plan(), tmp_path / "passport.docx", language, fields))
    )


def _said(word: Word) -> list[str]:
    """Everything that is said, in the order of the document, but page heads and feet."""
    return [_text(paragraph) for paragraph in word.element.body.iter(qn("w:p"))]


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in element.iter(qn("w:t"), qn("w:instrText")))


def _cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_sections_stand_in_the_order_that_offices_expect(tmp_path: Path) -> None:
    said = _said(_passport(tmp_path))
    order = ["Ответственный исполнитель", "Соисполнители", "Подпрограммы", "Цель", "Задачи",
             "Показатели", "Этапы и сроки реализации",
             "Таблица 1. Объёмы и источники финансирования по годам, рублей",
             "Ожидаемые результаты", "1. Характеристика проблемы", "2. Мероприятия",
             "3. Целевые показатели", "4. Ресурсное обеспечение", "5. Риски",
             "6. Методика оценки эффективности", "Приложение 1. Метод на одной странице",
             "Приложение 2. Что не вошло в план"]  # fmt: skip
    places = [said.index(one) for one in order]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_template_and_no_blank_cell_of_figures_is_left(
    tmp_path: Path, language: Language
) -> None:
    word = _passport(tmp_path, language)
    assert not [line for line in _said(word) if "{" in line or "}" in line]
    (indicators,) = [t for t in word.tables if len(t.columns) == 7 and "2023" in t.cell(0, 1).text]
    rows = _cells(indicators)
    assert all(cell for row in rows for cell in row)
    nothing = "нет данных" if language == "ru" else "no data"
    assert rows[1][1:4] == [nothing] * 3
    assert rows[1][4:] == ["40", "14", "12"]


def test_funding_is_a_table_of_years_and_sources_with_exact_totals(tmp_path: Path) -> None:
    word = _passport(tmp_path, "en")
    (funding,) = [table for table in word.tables if table.cell(0, 0).text == "Year"]
    rows = _cells(funding)
    assert rows[0][1:] == ["Federal budget", "Budget of the region", "Local budget",
                           "Extra-budgetary funds", "All sources"]  # fmt: skip
    assert [row[-1] for row in rows[1:]] == ["451,519.15", "174,727.28", "360,000.00", "986,246.43"]
    assert rows[-1] == ["Total", "375,747.86", "246,561.60", "363,936.97", "0.00", "986,246.43"]


def test_what_only_the_union_knows_is_a_highlighted_field_until_it_is_given(tmp_path: Path) -> None:
    def marked(word: Word) -> list[str]:
        return [_text(mark.getparent().getparent())
                for mark in word.element.body.iter(qn("w:highlight"))]  # fmt: skip

    empty = marked(_passport(tmp_path))
    assert "[указать: ответственный исполнитель]" in empty
    assert len(empty) == 8
    fields = Fields(executor="Администрация города Китежа", co_executors=("Комитет кадров",))
    word = _passport(tmp_path, "ru", fields)
    assert len(marked(word)) == 6
    assert {"Администрация города Китежа", "Комитет кадров"} <= set(_said(word))


def test_fields_are_read_from_toml_and_a_mistake_names_its_key(tmp_path: Path) -> None:
    file = tmp_path / "passport.toml"
    file.write_text(
        'executor = "Администрация"\n[[known]]\nindicator = "trained"\nsource = "отчёт"\n'
        "figures = { 2023 = 31, 2024 = 28 }\n",
        "utf-8",
    )
    fields = load_fields(file)
    assert fields.known == (
        Known(indicator="trained", figures={2023: 31, 2024: 28}, source="отчёт"),
    )
    word = _passport(tmp_path, "ru", fields)
    assert any("31" in row[1:2] for table in word.tables for row in _cells(table) if len(row) == 7)
    file.write_text('executer = "Администрация"', "utf-8")
    with pytest.raises(FileProblem, match="executer"):
        load_fields(file)
    with pytest.raises(FileProblem, match="cannot be read"):
        load_fields(tmp_path / "absent.toml")


def test_page_and_styles_are_those_of_the_standard(tmp_path: Path) -> None:
    word = _passport(tmp_path)
    (section,) = word.sections
    assert [round(side / Mm(1)) for side in (section.page_width, section.page_height,
            section.left_margin, section.right_margin, section.top_margin,
            section.bottom_margin)] == [210, 297, 30, 10, 20, 20]  # fmt: skip
    normal = word.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    assert "PAGE" in _text(section.header._element)
    heads = [row for table in word.tables for row in table._tbl.iter(qn("w:tblHeader"))]
    assert len(heads) == 7  # every table of figures repeats its head
    assert [p.style.name for p in word.paragraphs if p.text.startswith("Приложение")] == [
        "Heading 1"
    ] * 2


def test_every_table_of_figures_names_plan_release_and_date(tmp_path: Path) -> None:
    word = _passport(tmp_path, "en")
    source = "Plan 2026.1 of September 1, 2025, from release 2025.2"
    assert _said(word).count(source) == 7 + 3  # under seven tables and three drawings
    assert source in _text(word.sections[0].footer._element)


def test_a_plan_without_a_release_says_so_and_foretells_nothing(tmp_path: Path) -> None:
    plan = invented_plan(explained=False)
    because = {"ru": "Выпуска ещё нет.", "en": "There is no release yet."}
    plan = type(plan)(plan.path, plan.hash, {**plan.manifest, "release": None, "because": because},
                      plan.tables, plan.problem)  # fmt: skip
    word = docx.Document(str(write_passport(plan, tmp_path / "p.docx", "en")))
    said = _said(word)
    assert "There is no release yet." in said
    assert any("made without a release" in line for line in said)
    assert any("is not foretold" in line for line in said)


def test_drawings_have_a_caption_and_say_what_they_show_to_those_who_do_not_see_them(
    tmp_path: Path,
) -> None:
    word = _passport(tmp_path, "en")
    drawn = list(word.element.body.iter(qn("wp:docPr")))
    assert [each.get("title") for each in drawn] == [
        "Figure 1. Who pays in each year",
        "Figure 2. What other budgets would bring",
        "Figure 3. The plan and other ways to give out the same money",
    ]
    assert {each.get("title") for each in drawn} < set(_said(word))
    assert all(len(each.get("descr")) > 40 for each in drawn)
    widths = [inline.extent.cx for inline in word.inline_shapes._inline_lst]
    assert widths == [Mm(165)] * 3


def test_a_plan_without_explanations_has_one_drawing(tmp_path: Path) -> None:
    plan = invented_plan(explained=False)
    word = docx.Document(str(write_passport(plan, tmp_path / "p.docx", "en")))
    assert len(word.inline_shapes) == 1
    assert not [line for line in _said(word) if line.startswith("Figure 2")]


def test_expected_results_are_of_all_years_and_never_of_the_year_none(tmp_path: Path) -> None:
    """Real plans say what is expected of all years together, as the year null."""
    results = invented_plan().tables["results"]
    whole = results.head(1).with_columns(
        year=pl.lit(None, pl.Int64), expected=pl.lit(379.0), lower=pl.lit(180.0),
        upper=pl.lit(560.0),
    )  # fmt: skip
    summed_up = whole.with_columns(indicator=pl.lit("headline"))
    plan = with_table(invented_plan(), "results", pl.concat([summed_up, whole, results]))
    word = docx.Document(str(write_passport(plan, tmp_path / "p.docx", "en")))
    said = _said(word)
    (on_time,) = [line for line in said if "+379 (+180 to +560)" in line and "Share" in line]
    assert "decided on time: improvement over all years, number of cases" in on_time
    assert not [line for line in said if "None" in line or "headline" in line]


def test_risks_and_assessment_speak_of_this_plan(tmp_path: Path) -> None:
    said = " ".join(_said(_passport(tmp_path, "en")))
    for figure in (
        "The largest is the federal budget: 38% of the cost.",  # 375,747.86 of 986,246.43
        "With 80% of the money the expected improvement is 345 instead of",
        "place 8% of the seats elsewhere",
        "not sure for: Share of repeated complaints: +6 (−2 to +14).",
        "alone teaches 57 of 66 people",
        "Too little is known of an organisation. 9 of 66 seats are with 1 such",
        "divided by people planned (2026: 40; 2027: 14; 2028: 12)",
    ):
        assert figure in said, figure


def test_use_of_the_budgets_adds_up_to_the_kopeck(tmp_path: Path) -> None:
    word = _passport(tmp_path, "en")
    (budgets,) = [t for t in word.tables if t.cell(0, 0).text == "Source"]
    rows = [[cell.replace(",", "") for cell in row] for row in _cells(budgets)]
    for column in (2, 3, 4):
        parts = [round(float(row[column]) * 100) for row in rows[1:-1]]
        assert sum(parts) == round(float(rows[-1][column]) * 100)


def test_names_that_mean_harm_stay_text(tmp_path: Path) -> None:
    plan = invented_plan()
    name = "</w:t><b>&{{ plan }}{% raw %}\x00"
    lines = plan.tables["lines"].with_columns(name=pl.lit(name))
    word = docx.Document(
        str(write_passport(with_table(plan, "lines", lines), tmp_path / "p.docx", "en"))
    )
    assert any("</w:t><b>&{{ plan }}{% raw %}" in line for line in _said(word))


def test_a_changed_template_is_filled_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    template = write_passport_template(tmp_path / "template.docx", "ru")
    changed = docx.Document(str(template))
    changed.add_paragraph("Мы просим {{ funding_total.federal }} рублей.")
    changed.save(str(template))
    out = tmp_path / "passport.docx"
    word = docx.Document(str(write_passport(invented_plan(), out, "ru", template=template)))
    assert "Мы просим 375\N{NO-BREAK SPACE}747,86 рублей." in _said(word)
    changed.add_paragraph("{{ salary }}")
    changed.save(str(template))
    with pytest.raises(FileProblem, match="salary"):
        write_passport(invented_plan(), out, "ru", template=template)
    template.write_bytes(b"no Word file")
    with pytest.raises(FileProblem, match="not a Word file"):
        write_passport(invented_plan(), out, "ru", template=template)


def test_a_template_cannot_reach_out_of_its_content(tmp_path: Path) -> None:
    template = write_passport_template(tmp_path / "template.docx", "en")
    changed = docx.Document(str(template))
    changed.add_paragraph("{{ title.__class__.__mro__ }}")
    changed.save(str(template))
    with pytest.raises(FileProblem, match="unsafe"):
        write_passport(invented_plan(), tmp_path / "p.docx", "en", template=template)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_passport(invented_plan(), tmp_path / name).read_bytes() for name in "ab")
    assert one == two
