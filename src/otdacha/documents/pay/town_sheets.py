"""Sheets of a scenario by municipality and group: pay and what it brings, limits, who receives, the
fund of pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from otdacha.documents.book import Book, Cell, Formula
from otdacha.documents.pay.money_sheets import TOGETHER, Costs
from otdacha.documents.pay.table_sheet import TableSheet, exact
from otdacha.documents.pay.words import capital, component_of, group_of
from otdacha.documents.words import said
from otdacha.language import Language, text
from otdacha.pay import wording
from otdacha.pay.disclosure import Told
from otdacha.pay.tables import DIMENSIONS
from otdacha.release.states import WORDS, State

PROXY = text(
    "The wage next door is the mean of all activities in the municipality that Rosstat publishes, "
    "brought to the last year of the scenario: a proxy for what a servant could earn elsewhere."
)
_RANGE = text(
    "In the columns from and to: the range of 95 %. A state stands where nothing is told."
)
_TOWN_FIELDS = (
    (text("No."), 4.5, "whole"),
    (text("Municipality"), 18, "cell"),
    (text("Region"), 15, "cell"),
    (text("People"), 7.5, "whole"),
    (text("Pay before, a month"), 12, "rubles"),
    (text("Pay after, a month"), 12, "rubles"),
    (text("Wage next door"), 12, "rubles"),
    (text("Pay before / wage"), 8.5, "percent"),
    (text("Pay after / wage"), 8.5, "percent"),
    (text("Exits avoided"), 13.5, "effect"),
    (text("From"), 6.5, "effect"),
    (text("To"), 6.5, "effect"),
    (text("Are exits estimated"), 14, "cell"),
    (text("Vacancies would have cost"), 13, "rubles"),
    (text("Training that stays"), 13, "rubles"),
    (text("Cost"), 15.5, "rubles"),
)
_PEOPLE, _BEFORE, _AFTER, _WAGE, _VACANCY, _TRAINING, _COST = 3, 4, 5, 6, 13, 14, 15
_LIMIT_FIELDS = (
    (text("Municipality"), 28, "cell"),
    (text("Year"), 8, "year"),
    (text("Share of grants"), 12, "percent"),
    (text("Threshold"), 12, "percent"),
    (text("Norm of pay"), 20, "rubles"),
    (text("Pay of the year before"), 20, "rubles"),
    (text("Pay of the year after"), 20, "rubles"),
    (text("Above the norm by"), 20, "rubles"),
    (text("What БК 136 says"), 34, "cell"),
)
_GROUP_FIELDS = (
    (text("By"), 22, "cell"),
    (text("Group"), 30, "cell"),
    (text("People"), 12, "whole"),
    (text("Receive"), 12, "whole"),
    (text("Pay before, a month"), 20, "rubles"),
    (text("Pay after, a month"), 20, "rubles"),
    (text("Rise"), 12, "percent"),
)
_FUND_FIELDS = (
    (text("Municipality"), 30, "cell"),
    (text("Year"), 8, "year"),
    (text("Part of pay"), 34, "cell"),
    (text("Paid, in monthly salaries"), 18, "effect"),
    (text("By law, in monthly salaries"), 18, "effect"),
    (text("Paid beyond it, in monthly salaries"), 18, "effect"),
    (text("Paid beyond what the law says"), 22, "rubles"),
)


def write_towns(
    book: Book, name: str, source: str, told: Told, costs: Costs, towns: pl.DataFrame
) -> TableSheet:
    """towns: the rows of `municipalities` that are told by themselves, in the order of their
    numbers."""
    language = book.language
    sheet = TableSheet.begun(book, name, source, _TOWN_FIELDS, (PROXY, _RANGE))
    sums = dict(costs.table.group_by("town").agg(pl.col("cost").sum().cast(pl.Float64)).iter_rows())
    for place, row in enumerate(towns.iter_rows(named=True)):
        estimated = row["effect"] == "estimated"
        cells: list[Cell] = [
            place + 1,
            row["name"] or row["municipality"],
            row["region"] or "–",
            row["people"],
            exact(row["pay_before"]),
            exact(row["pay_after"]),
            _or_state(exact(row["wage"]), State.NOT_COLLECTED, language),
            _ratio(sheet, place, _BEFORE, row, "pay_before", language),
            _ratio(sheet, place, _AFTER, row, "pay_after", language),
            *(row[figure] for figure in ("avoided", "avoided_lower", "avoided_upper")),
            capital(said(wording.EFFECTS, row["effect"], language)),
            exact(row["vacancy_cost"]),
            exact(row["training_kept"]),
            _cost(costs, sheet, place, sums.get(place + 1, 0.0)),
        ]
        sheet.row(place, cells if estimated else _without_exits(cells, row, language))
    rows = towns.height
    if told.towns:
        hidden: list[Cell] = [WORDS[State.SUPPRESSED].said(language)] * len(_TOWN_FIELDS)
        hidden[0], hidden[1], hidden[2] = rows + 1, TOGETHER.said(language), "–"
        hidden[_COST] = _cost(costs, sheet, rows, sums.get(rows + 1, 0.0))
        sheet.row(rows, hidden)
        rows += 1
    people = [] if told.towns else [(_PEOPLE, float(towns["people"].sum()))]
    sheet.total(rows, [*people, (_COST, round(sum(sums.values()), 2))])
    return sheet


def _without_exits(cells: list[Cell], row: Mapping[str, Any], language: Language) -> list[Cell]:
    """A state where exits could not be estimated or are not told, and a dash for what hangs on
    it."""
    dashed = (10, 11, _VACANCY, _TRAINING)
    found: list[Cell] = ["\N{EN DASH}" if at in dashed else cell for at, cell in enumerate(cells)]
    state = State.SUPPRESSED if row["effect"] == "suppressed" else State.INSUFFICIENT_EVIDENCE
    found[9] = WORDS[state].said(language)
    return found


def _ratio(
    sheet: TableSheet, place: int, at: int, row: Mapping[str, Any], pay: str, language: Language
) -> Cell:
    """Pay over the wage next door; a state where no wage is known."""
    if row["wage"] is None or not row["wage"] or row[pay] is None:
        return WORDS[State.NOT_COLLECTED].said(language)
    said_ = f"={sheet.cell(at, place)}/{sheet.cell(_WAGE, place)}"
    return Formula(said_, float(row[pay]) / float(row["wage"]))


def _cost(costs: Costs, sheet: TableSheet, place: int, value: float) -> Formula:
    return costs.added_up(town=sheet.cell(0, place), value=round(value, 2))


def write_limits(
    book: Book, name: str, source: str, told: Told, names: Mapping[str, str]
) -> TableSheet:
    """What article 136 says of each municipality and year. names: by OKTMO."""
    notes = (
        text(
            "The norm binds where the share of grants is above the threshold; pay is without "
            "contributions."
        ),
    )
    sheet = TableSheet.begun(book, name, source, _LIMIT_FIELDS, notes)
    language = book.language
    table = told.tables["limits"]
    for place, row in enumerate(table.iter_rows(named=True)):
        hidden = row["hidden"] == State.SUPPRESSED.value
        missing = State.SUPPRESSED if hidden else State.NOT_COLLECTED
        after, norm = sheet.cell(6, place), sheet.cell(4, place)
        above = row["state"] == "above" and not hidden
        cells: list[Cell] = [
            names.get(row["municipality"], row["municipality"]),
            row["year"],
            *(
                _or_state(row[one], State.NOT_COLLECTED, language)
                for one in ("grants_share", "threshold")
            ),
            _or_state(exact(row["norm"]), State.NOT_COLLECTED, language),
            _or_state(exact(row["fund_before"]), missing, language),
            _or_state(exact(row["fund_after"]), missing, language),
            Formula(f"={after}-{norm}", float(row["fund_after"]) - float(row["norm"]))
            if above and row["norm"] is not None
            else "–",
            capital(said(wording.LIMITS, row["state"], language)),
        ]
        sheet.row(place, cells)
    return sheet


def write_groups(
    book: Book, name: str, source: str, told: Told, names: Mapping[str, str]
) -> TableSheet:
    """Who receives how much: municipalities, groups of positions, sexes. names: by OKTMO."""
    notes = (
        text(
            "Groups of fewer than {minimum} people, or in which fewer receive something, are not "
            "told, nor what they would follow from.",
            minimum=told.minimum,
        ),
    )
    sheet = TableSheet.begun(book, name, source, _GROUP_FIELDS, notes)
    language = book.language
    order = {by: at for at, by in enumerate(DIMENSIONS)}
    ranks = {group: at for at, group in enumerate(wording.GROUPS)}
    table = told.tables["distribution"].sort(
        pl.col("by").cast(pl.String).replace_strict(order),
        pl.col("value").replace_strict(ranks, default=len(ranks)),
        maintain_order=True,
    )
    for place, row in enumerate(table.iter_rows(named=True)):
        group = [
            capital(said(wording.DIMENSIONS, row["by"], language)),
            group_of(row["by"], row["value"], names, language),
        ]
        if row["hidden"] == State.SUPPRESSED.value:
            sheet.row(place, [*group, *[WORDS[State.SUPPRESSED].said(language)] * 5])
            continue
        before, after = sheet.cell(4, place), sheet.cell(5, place)
        rise = float(row["pay_after"]) / float(row["pay_before"]) - 1 if row["pay_before"] else None
        cells: list[Cell] = [
            *group,
            row["people"],
            row["receive"],
            exact(row["pay_before"]),
            exact(row["pay_after"]),
            "–" if rise is None else Formula(f"={after}/{before}-1", rise),
        ]
        sheet.row(place, cells)
    return sheet


def write_fund(
    book: Book, name: str, source: str, table: pl.DataFrame, names: Mapping[str, str],
    measures: Mapping[str, str],
) -> TableSheet:  # fmt: skip
    """What is paid of each part of pay, and what the law puts into the fund. table: the fund of
    `for_the_office`; names: of municipalities by OKTMO; measures: by key."""
    notes = (text("What is paid without the measures, against what the law puts into the fund."),)
    sheet = TableSheet.begun(book, name, source, _FUND_FIELDS, notes)
    language = book.language
    for place, row in enumerate(table.iter_rows(named=True)):
        paid, norm = row["salaries"], row["norm"]
        unsaid = text("the law does not say").said(language)
        cells: list[Cell] = [
            names.get(row["municipality"], row["municipality"]),
            row["year"],
            capital(component_of(row["component"], measures, language)),
            _or_state(paid, State.NOT_COLLECTED, language),
            unsaid if norm is None else norm,
            "–"
            if norm is None or paid is None
            else Formula(f"={sheet.cell(3, place)}-{sheet.cell(4, place)}", paid - norm),
            "–" if row["difference"] is None else exact(row["difference"]),
        ]
        sheet.row(place, cells)
    difference = round(float(table["difference"].sum() or 0), 2)
    sheet.total(table.height, [(6, difference)])
    return sheet


def _or_state(value: Any, state: State, language: Language) -> Cell:
    """A figure, or the state that stands in its place."""
    return WORDS[state].said(language) if value is None else value
