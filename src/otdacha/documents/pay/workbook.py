"""A scenario as an Excel workbook: what it costs, whom it reaches, what it brings.

Every sum is a formula over the rows of the sheet of costs. The workbook is for those who decide: it
tells what a measure costs in a town. Groups and towns of few people are told in no sheet. What is
for everybody is `export_scenario`.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.landing import put
from otdacha.documents.numbers import Numbers
from otdacha.documents.pay.letter_figures import money_in_order
from otdacha.documents.pay.money_sheets import Costs, write_costs, write_measures, write_what_if
from otdacha.documents.pay.package_sheets import write_levels, write_packages, write_rivals
from otdacha.documents.pay.table_sheet import exact
from otdacha.documents.pay.town_sheets import write_fund, write_groups, write_limits, write_towns
from otdacha.documents.pay.words import measure_names, town_names
from otdacha.documents.pay.writing import INVENTED, source_of, verdict_of
from otdacha.documents.sheet_names import sheet_names
from otdacha.documents.words import SOURCES, said, span
from otdacha.language import Language, Text, text
from otdacha.methodology import Disclosure, default_methodology
from otdacha.pay.disclosure import Told, for_the_office, public
from otdacha.pay.scenario import Scenario

_SHEETS = (
    text("Summary"),
    text("Measures"),
    text("Municipalities"),
    text("Limits of pay"),
    text("Packages"),
    text("Levels"),
    text("Other ways"),
    text("Who receives"),
    text("Fund of pay"),
    text("Costs"),
    text("What if the parts change"),
)
_SUM_LOOKS = ("year", *["rubles"] * (1 + len(SOURCES)))
_NEED_HEADS = (
    text("Year"),
    text("Source"),
    text("Needed"),
    text("Available"),
    text("Lacking"),
)


def write_scenario_workbook(
    scenario: Scenario, path: Path, language: Language = "ru", *,
    disclosure: Disclosure | None = None,
) -> Path:  # fmt: skip
    """Write a scenario as an Excel workbook in `language` to the file `path`; gives back its path.

    Money is in rubles. disclosure: the workspace's (by default that of the methodology that ships).
    The same scenario gives the same bytes. Raises WorkspaceProblem where the file cannot be
    written.
    """
    minimum = (disclosure or default_methodology().disclosure).people
    return put(path, scenario_workbook(scenario, public(scenario, minimum), language))


def scenario_workbook(scenario: Scenario, told: Told, language: Language) -> bytes:
    """The workbook as bytes."""
    content = io.BytesIO()
    book = Book(content, language, scenario.made.replace(tzinfo=None))
    source = source_of(scenario, Numbers(language)).said(language)
    names, measures = town_names(scenario), measure_names(scenario, language)
    summary, *rest = sheet_names([name.said(language) for name in _SHEETS])
    of = {words.template: name for words, name in zip(_SHEETS[1:], rest, strict=True)}
    towns = (
        told.tables["municipalities"]
        .filter(~pl.col("municipality").is_in(list(told.towns)))
        .sort("name", "municipality", nulls_last=True)
    )
    codes = towns["municipality"].to_list()
    sheet = _Summary(book, summary, source, scenario)
    for name in rest:  # in the order in which they are read; costs come last but are made first
        book.reserve(name)
    inside = for_the_office(scenario, told)
    costs = write_costs(
        book, of["Costs"], source, inside["costs"], codes, [names[code] for code in codes], scenario
    )
    sheet.write(costs, told)
    write_measures(book, of["Measures"], source, told, costs)
    write_towns(book, of["Municipalities"], source, told, costs, towns)
    write_limits(book, of["Limits of pay"], source, told, names)
    write_packages(book, of["Packages"], source, inside["packages"])
    write_levels(book, of["Levels"], source, inside["levels"], names, measures)
    write_rivals(book, of["Other ways"], source, told, verdict_of(scenario, language))
    write_groups(book, of["Who receives"], source, told, names)
    write_fund(book, of["Fund of pay"], source, inside["fund"], names, measures)
    write_what_if(book, of["What if the parts change"], source, told, costs, scenario.years)
    book.close()
    return content.getvalue()


class _Summary:
    """The first sheet: what this is, money by year and source, what is lacking."""

    def __init__(self, book: Book, name: str, source: str, scenario: Scenario) -> None:
        self._book, self._scenario = book, scenario
        self._sheet = book.sheet(name, source, [18, 26, *[21] * len(SOURCES)])
        opening = _opening(scenario, source, book.language)
        for row, (words, look) in enumerate(opening):
            book.put(self._sheet, row, 0, words, look)
        self._sheet.set_row(0, 20)
        self._first = len(opening) + 2

    def write(self, costs: Costs, told: Told) -> None:
        book, years = self._book, self._scenario.years
        heads = (text("Year"), *SOURCES.values(), text("All sources"))
        book.heads(self._sheet, self._first - 1, heads)
        for row, year in enumerate(years, start=self._first):
            book.row(self._sheet, row, self._of_year(row, year, costs), _SUM_LOOKS)
        end = self._first + len(years)
        total: list[Cell] = [text("Total").said(book.language)]
        for letter, where in zip("BCDEF", (*({"source": one} for one in SOURCES), {}), strict=True):
            said_ = f"=SUM({letter}{self._first + 1}:{letter}{end})"
            total.append(Formula(said_, costs.sum_of(**where)))
        book.total(self._sheet, end, total, _SUM_LOOKS)
        checked = text("Sources less the sheet of costs (must be zero)").said(book.language)
        book.put(self._sheet, end + 1, 0, checked, "line")
        by_measure = f"SUM({costs.sheet.column(6, costs.table.height)})"
        book.put(
            self._sheet, end + 1, 5, Formula(f"=ROUND(F{end + 1}-{by_measure},2)", 0.0), "rubles"
        )
        self._needs(end + 4, costs, told)

    def _of_year(self, row: int, year: int, costs: Costs) -> list[Cell]:
        cells: list[Cell] = [year]
        for letter, source in zip("BCDE", SOURCES, strict=True):
            value = costs.sum_of(year=year, source=source)
            named = f"{letter}${self._first}"
            cells.append(costs.added_up(year=f"$A{row + 1}", source=named, value=value))
        across = Formula(f"=SUM(B{row + 1}:E{row + 1})", costs.sum_of(year=year))
        return [*cells, across]

    def _needs(self, start: int, costs: Costs, told: Told) -> None:
        """What is needed of each source by year, what there is of it, and what is lacking."""
        book = self._book
        book.heads(self._sheet, start - 1, _NEED_HEADS)
        looks = ("year", "cell", "rubles", "given rubles", "rubles")
        unknown = text("no sum was given").said(book.language)
        for row, one in enumerate(money_in_order(told).iter_rows(named=True), start=start):
            needed, there = float(one["needed"]), exact(one["available"])
            cells: list[Cell] = [
                one["year"],
                said(SOURCES, one["source"], book.language),
                costs.added_up(year=f"$A{row + 1}", source=f"$B{row + 1}", value=needed),
                unknown if there is None else there,
                unknown
                if there is None
                else Formula(f"=MAX(0,C{row + 1}-D{row + 1})", max(0.0, needed - there)),
            ]
            fitting = [
                "cell" if isinstance(cell, str) else look
                for cell, look in zip(cells, looks, strict=True)
            ]
            book.row(self._sheet, row, cells, fitting)


def _opening(scenario: Scenario, source: str, language: Language) -> list[tuple[str, str]]:
    title: dict[str, str] = scenario.manifest["title"]
    years = span(scenario.years)
    lines: list[tuple[Text | str, str]] = [
        (text("Measures that raise the pay of municipal servants, {years}", years=years), "title"),
        (title[language], "strong"),
        (source, "strong"),
    ]
    if scenario.manifest["invented"]:
        lines.append((INVENTED, "strong"))
    lines += [
        (
            text(
                "All sums are formulas over the sheet of costs: change a row there, and they "
                "follow. Yellow cells are there to be changed."
            ),
            "line",
        ),
        (
            text(
                "The file is for those who decide: it tells what a measure costs in a "
                "municipality. For everybody else there is the open data of the scenario."
            ),
            "line",
        ),
    ]
    return [(one if isinstance(one, str) else one.said(language), look) for one, look in lines]
