"""The letter with proposals: its order, its figures with their ranges, its fields, its template."""

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
from tests.invented_release import invented_release
from tests.invented_scenario import BUYAN, PERSON, small_scenario, small_tables

from otdacha.documents.pay import Fields, load_fields, write_letter, write_letter_template
from otdacha.documents.pay.letter_content import content
from otdacha.errors import FileProblem, PayProblem
from otdacha.language import LANGUAGES, Language
from otdacha.pay.disclosure import public
from otdacha.pay.scenario import Scenario
from otdacha.release import Release

SPACE = "\N{NO-BREAK SPACE}"
FILLED = Fields(
    organisation=("Союз городов", "Китеж, Озёрная, 1"),
    number="12/7",
    date="01.12.2026",
    in_reply_to="5 от 01.11.2026",
    addressee=("Председателю комитета", "И. О. Фамилия"),
    greeting="Уважаемый Иван Иванович!",
    problem=("Своими словами.",),
    norm=("Устав союза.",),
    ask=("Сообщить о решении.",),
    annexes=("Копия решения",),
    post="Президент",
    signed_by="Ф. И. Отчество",
    executor="Китежева Василиса, 8 (000) 000-00-00",
)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return small_scenario(tmp_path_factory.mktemp("scenarios"))


@pytest.fixture(scope="module")
def letters(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Word]:
    """The letter without fields, in both languages."""
    return {
        language: letter(scenario, tmp_path_factory.mktemp("letter"), language)
        for language in LANGUAGES
    }


def content_of(scenario: Scenario) -> dict[str, Any]:
    """What the letter says in English, before it is a Word file."""
    return content(scenario, public(scenario, 5), "en", Fields(), None)


def letter(
    scenario: Scenario, folder: Path, language: Language = "ru", fields: Fields | None = None,
    **given: Any,
) -> Word:  # fmt: skip
    return docx.Document(
        str(write_letter(scenario, folder / "letter.docx", language, fields, **given))
    )


def said(word: Word) -> list[str]:
    """Everything that is said, in the order of the document, but page heads and feet."""
    return ["".join(each.text or "" for each in paragraph.iter(qn("w:t")))
            for paragraph in word.element.body.iter(qn("w:p"))]  # fmt: skip


def cells(table: Table) -> list[list[str]]:
    return [[cell.text.replace(SPACE, " ") for cell in row.cells] for row in table.rows]


def test_the_answer_and_the_sum_come_first_and_the_rest_in_the_order_offices_expect(
    scenario: Scenario, tmp_path: Path
) -> None:
    lines = said(letter(scenario, tmp_path, fields=FILLED))
    asked = f"Просим выделить из федерального бюджета 17{SPACE}500{SPACE}000,36{SPACE}₽"
    order = ["Союз городов", "01.12.2026 № 12/7", "На № 5 от 01.11.2026", "Председателю комитета",
             "О направлении предложений", "Уважаемый Иван Иванович!", asked,
             "Запрашиваемые средства по годам, руб.", "Основание", "Проблема", "Своими словами.",
             "Правовые нормы", "Устав союза.", "Просим:", "1. Предусмотреть в федеральном бюджете",
             "5. Сообщить о решении.", "Финансово-экономическое обоснование",
             "Таблица 1. Объёмы и источники финансирования по годам, рублей", "Приложения:",
             "5. Копия решения", "Президент", "Ф. И. Отчество", "Китежева Василиса",
             "Приложение 1. Оплата труда", "Приложение 2.", "Приложение 3.",
             "Приложение 4."]  # fmt: skip
    places = [next(at for at, line in enumerate(lines) if line.startswith(one)) for one in order]
    assert places == sorted(places)


def test_the_page_is_that_of_the_standard_and_the_rest_begins_on_the_second(
    letters: dict[Language, Word],
) -> None:
    word = letters["ru"]
    section = word.sections[0]
    found = [section.page_width, section.left_margin, section.right_margin]
    assert found == pytest.approx([Mm(210), Mm(30), Mm(10)], rel=1e-3)
    basis = next(one for one in word.paragraphs if one.text == "Основание")
    assert basis.paragraph_format.page_break_before
    assert "решени" in said(word)[said(word).index("Основание") + 1].lower()
    assert "15 апреля 2021" in " ".join(said(word))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_template_is_left_and_what_is_not_given_is_yellow(
    letters: dict[Language, Word], language: Language
) -> None:
    word = letters[language]
    assert not [line for line in said(word) if "{" in line or "}" in line]
    yellow = {run.text for paragraph in word.element.body.iter(qn("w:p"))
              for run in docx.text.paragraph.Paragraph(paragraph, word).runs
              if run.font.highlight_color is not None}  # fmt: skip
    asked = {"ru": "[указать: ", "en": "[fill in: "}[language]
    assert len(yellow) == 6
    assert all(asked in one for one in yellow)


def test_money_by_year_and_source_is_that_of_the_scenario_to_the_kopeck(
    letters: dict[Language, Word],
) -> None:
    (table,) = [one for one in letters["en"].tables if len(one.columns) == 6
                and one.cell(0, 0).text == "Year"]  # fmt: skip
    assert cells(table)[1:] == [
        ["2027", "8,750,000.18", "0.00", "3,750,000.07", "0.00", "12,500,000.25"],
        ["2028", "8,750,000.18", "0.00", "3,750,000.07", "0.00", "12,500,000.25"],
        ["Total", "17,500,000.36", "0.00", "7,500,000.14", "0.00", "25,000,000.50"],
    ]


def test_every_table_and_drawing_has_the_scenario_and_its_date_below_it(
    letters: dict[Language, Word],
) -> None:
    word = letters["en"]
    source = "Scenario 2027.1 of November 26, 2026, with release 2026.1"
    lines = said(word)
    drawings = [line for line in lines if line.startswith("Figure ")]
    assert len(drawings) == 3
    assert lines.count(source) >= len(drawings) + 7
    assert word.sections[0].footer.paragraphs[0].text == source
    for inline in word.element.body.iter(qn("wp:inline")):
        (properties,) = inline.iter(qn("wp:docPr"))
        assert "The table says the same" in properties.get("descr")


def test_an_estimate_has_its_range_and_what_was_not_estimated_says_so(
    letters: dict[Language, Word],
) -> None:
    word = letters["en"]
    lines = said(word)
    assert ("Over all years 5.5 (1.0 to 9.0) fewer people are expected to leave; in brackets: the "
            "range of 95 %.") in lines  # fmt: skip
    assert any("In 1 of 2 municipalities this could not be estimated" in line for line in lines)
    # 1.1 to the power of −1.90 (−3.10 to −0.70), less 1
    assert any("by −17 % (−26 to −6 %)" in line for line in lines)
    assert any("It is a proxy" in line for line in lines)
    (towns,) = [one for one in word.tables if one.cell(0, 0).text == "Municipality"]
    assert cells(towns)[1][-2] == "too little evidence"
    assert cells(towns)[2][3:7] == ["75,000", "80%", "89%", "5.5 (1.0 to 9.0)"]


def test_where_nothing_at_all_could_be_estimated_no_figure_of_exits_is_given(
    tmp_path: Path,
) -> None:
    tables = small_tables()
    unknown = [pl.lit(None, pl.Float64).alias(name)
               for name in ("avoided", "avoided_lower", "avoided_upper")]  # fmt: skip
    scenario = small_scenario(
        tmp_path / "scenarios",
        changes={
            "packages": tables["packages"].with_columns(unknown),
            "leaving": tables["leaving"].clear(),
        },
    )
    found = content_of(scenario)
    lines = [*found["answer"], *found["problem"], *found["justification"]]
    assert "How many fewer people would leave could not be estimated." in lines
    assert "How that goes with pay could not be estimated." in lines
    assert not any("fewer people are expected" in line or "would have cost" in line
                   for line in lines)  # fmt: skip


def test_a_range_that_holds_zero_is_said_to(tmp_path: Path) -> None:
    table = small_tables()["packages"].with_columns(avoided_lower=pl.lit(-1.0))
    scenario = small_scenario(tmp_path / "scenarios", changes={"packages": table})
    lines = content_of(scenario)["answer"]
    assert "The range holds zero: it may be that nobody stays because of it." in lines


def test_a_town_of_few_people_has_no_figure_in_the_letter(tmp_path: Path) -> None:
    table = small_tables()["distribution"].with_columns(
        people=pl.when(pl.col("value") == BUYAN).then(4).otherwise("people")
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"distribution": table})
    found = content_of(scenario)
    for row in found["towns"]:
        told = {name for name, cell in row.items() if cell != "suppressed"}
        assert told == {"name", "wage"}  # the wage is Rosstat's
    assert any("is not told: too few people stand behind it" in line for line in found["problem"])


def test_a_town_that_few_have_left_tells_its_pay_and_no_exits(tmp_path: Path) -> None:
    towns = small_tables()["municipalities"].with_columns(
        exits_seen=pl.when(pl.col("exits_seen").is_not_null()).then(pl.lit(4, pl.Int64))
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"municipalities": towns})
    (kitezh,) = [row for row in content_of(scenario)["towns"] if row["name"] == "Китеж"]
    assert kitezh["avoided"] == "too few have left to tell"
    assert "suppressed" not in kitezh.values()


def test_by_how_much_a_hidden_town_is_above_its_norm_is_not_told(tmp_path: Path) -> None:
    """The norm is public: with it the pay of the few would follow."""
    table = small_tables()["distribution"].with_columns(
        people=pl.when(pl.col("value") == BUYAN).then(4).otherwise("people")
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"distribution": table})
    lines = content_of(scenario)["justification"]
    assert any("is exceeded in 1" in line for line in lines)
    assert not any("above the norm by" in line for line in lines)


def test_a_drawing_of_many_towns_stands_on_one_page(tmp_path: Path) -> None:
    """A page has 257 mm between its margins; a row for each of 30 towns would take 300."""
    tables = small_tables()
    codes = [str(28_701_000 + at) for at in range(30)]
    changes = {
        "municipalities": pl.concat(
            tables["municipalities"].head(1).with_columns(municipality=pl.lit(code))
            for code in codes
        ),
        "distribution": pl.concat(
            tables["distribution"].head(1).with_columns(value=pl.lit(code)) for code in codes
        ),
    }
    word = letter(small_scenario(tmp_path / "scenarios", changes=changes), tmp_path, "en")
    heights = [shape.height for shape in word.inline_shapes]
    assert max(heights) == Mm(215)
    assert all(shape.width <= Mm(165) for shape in word.inline_shapes)


def test_more_towns_than_a_letter_holds_are_told_by_region(tmp_path: Path) -> None:
    tables = small_tables()
    (kitezh, _) = tables["municipalities"].rows(named=True)
    (group, *_) = tables["distribution"].rows(named=True)
    codes = [str(28_701_000 + at) for at in range(101)]
    towns = [{**kitezh, "municipality": code, "name": f"Китеж-{code}"} for code in codes]
    groups = [{**group, "value": code} for code in codes]
    scenario = small_scenario(
        tmp_path / "scenarios",
        changes={
            "municipalities": pl.DataFrame(towns, schema=tables["municipalities"].schema),
            "distribution": pl.DataFrame(groups, schema=tables["distribution"].schema),
        },
    )
    (row,) = content_of(scenario)["towns"]
    assert list(row.values()) == [
        "Китежская область", "60,000", "67,000", "75,000", "80%", "89%", "–", "–"
    ]  # fmt: skip


def test_towns_above_their_norm_are_asked_for_and_the_law_is_named(
    letters: dict[Language, Word],
) -> None:
    text = " ".join(said(letters["en"]))
    assert "raise the norm of pay for 1 municipalities" in text
    assert "Thresholds that the calculation uses: 5%." in text
    assert "articles 22, 34 and 35 of Federal Law 25-FZ" in text


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("release"))


def test_the_release_says_whose_training_showed_effect_with_people_and_ranges(
    release: Release, scenario: Scenario, tmp_path: Path
) -> None:
    manifest = {**scenario.manifest, "release": {"id": release.id, "hash": release.hash}}
    linked = Scenario(scenario.path, scenario.hash, manifest, scenario.tables)
    word = letter(linked, tmp_path, "en", release=release)
    (table,) = [one for one in word.tables if one.cell(0, 0).text == "Organisation"]
    rows = cells(table)[1:]
    assert len(rows) == release.listed.height > 0
    assert {row[0] for row in rows} == set(release.listed["name"])
    assert all(" to " in row[2] and row[1] for row in rows)


def test_the_letter_says_why_this_package_with_the_ranges_of_the_differences(
    letters: dict[Language, Word],
) -> None:
    word = letters["en"]
    assert any(
        line.startswith("Why this package is chosen. The chosen package is the best by the")
        for line in said(word)
    )
    (table,) = [one for one in word.tables if one.cell(0, 0).text == "How to choose"]
    rows = cells(table)[1:]
    assert rows[0][2:] == ["25,000,000.50", "5.5 (1.0 to 9.0)", "–", "–"]
    assert rows[2][2:] == [
        "24,000,000.00", "5.0 (0.9 to 8.2)", "0.5 (−0.1 to 0.8)", "no: the range reaches zero",
    ]  # fmt: skip
    (packages,) = [one for one in word.tables if one.rows[0].cells[-1].text == "Chosen"]
    assert cells(packages)[3][1] == (
        "Higher salaries: salary + 10%; Allowance for training that showed effect: ₽3000 a month"
    )


def test_levels_by_municipality_of_another_package_are_not_called_no_measure(
    tmp_path: Path,
) -> None:
    levels = small_tables()["levels"]
    by_town = pl.col("package") == 1
    changed = levels.with_columns(
        municipality=pl.when(by_town).then(pl.lit(BUYAN)).otherwise("municipality")
    )
    scenario = small_scenario(tmp_path / "scenarios", changes={"levels": changed})
    found = [row["levels"] for row in content_of(scenario)["packages"]]
    assert found[0] == (
        "Higher salaries: by municipality, not told; "
        "Allowance for training that showed effect: by municipality, not told"
    )
    assert found[1] == "Allowance for training that showed effect: ₽3000 a month"


def test_where_nothing_was_chosen_the_letter_does_not_say_why(tmp_path: Path) -> None:
    changes = {"rivals": small_tables()["rivals"].clear()}
    word = letter(small_scenario(tmp_path / "scenarios", changes=changes), tmp_path, "en")
    assert not any("Why this package" in line for line in said(word))


def test_another_release_than_the_scenario_s_is_refused(
    release: Release, scenario: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(PayProblem, match="does not use this release"):
        write_letter(scenario, tmp_path / "letter.docx", release=release)


def test_without_the_release_the_letter_says_that_its_figures_are_missing(
    letters: dict[Language, Word],
) -> None:
    lines = said(letters["en"])
    assert any("the release was not at hand for this letter" in line for line in lines)


def test_a_changed_template_is_used_and_one_that_asks_for_more_is_refused(
    scenario: Scenario, tmp_path: Path
) -> None:
    form = write_letter_template(tmp_path / "form.docx")
    own = docx.Document(str(form))
    own.add_paragraph("Согласовано: {{ subject }}")
    own.save(str(form))
    word = letter(scenario, tmp_path, template=form)
    assert word.paragraphs[-1].text == "Согласовано: О направлении предложений"
    own.add_paragraph("{{ nobody }}")
    own.save(str(form))
    with pytest.raises(FileProblem, match=r"that a letter does not have.*nobody"):
        write_letter(scenario, tmp_path / "again.docx", template=form)


def test_a_key_that_a_letter_has_no_place_for_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.toml"
    file.write_text('adressee = ["x"]\n', "utf-8")
    with pytest.raises(FileProblem, match="adressee"):
        load_fields(file)


def test_nobody_is_named_in_the_letter(letters: dict[Language, Word]) -> None:
    text = " ".join(said(letters["ru"]))
    assert PERSON not in text
    assert "Отдел писем" not in text


def test_the_same_scenario_and_fields_give_the_same_bytes(
    scenario: Scenario, tmp_path: Path
) -> None:
    one, two = (
        write_letter(scenario, tmp_path / name, "ru", FILLED).read_bytes() for name in ("a", "b")
    )
    assert one == two
