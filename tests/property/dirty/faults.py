"""The faults: each a small named function that spoils a draft and says what is then due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from tests.property.dirty.drafts import Draft, Formula, Line

TEXT = frozenset({"csv"})
EXCEL = frozenset({"xlsx"})
GRIDS = frozenset({"csv", "xlsx", "xls", "html", "xml", "ods"})
MERGING = frozenset({"xlsx", "html", "xml"})
EVERY = GRIDS | {"parquet"}
_SERIAL_ZERO = dt.date(1899, 12, 30)
_LATIN = str.maketrans("аеорсухАЕОРСТХНКВМ", "aeopcyxAEOPCTXHKBM")


@dataclass(frozen=True)
class Fault:
    """slot: of two faults in one slot, or in a slot it clashes with, only one can befall a file.
    kinds: columns of which it needs one.

    formats: files that it can befall. unicode: it needs letters that one-byte encodings lack.
    """

    name: str
    slot: str
    spoil: Callable[[Draft], None]
    kinds: frozenset[str] = frozenset()
    formats: frozenset[str] = EVERY
    unicode: bool = False
    clashes: tuple[str, ...] = ()


FAULTS: dict[str, Fault] = {}
"""Every fault by its name, in the order in which several are done to one draft."""


def fault(
    slot: str,
    *kinds: str,
    formats: frozenset[str] = EVERY,
    unicode: bool = False,
    clashes: tuple[str, ...] = (),
) -> Callable[[Callable[[Draft], None]], Callable[[Draft], None]]:
    def register(spoil: Callable[[Draft], None]) -> Callable[[Draft], None]:
        name = spoil.__name__
        FAULTS[name] = Fault(name, slot, spoil, frozenset(kinds), formats, unicode, clashes)
        return spoil

    return register


def told(name: str, slot: str, *kinds: str, change: object, **given: object) -> None:
    """A fault that does nothing but rewrite cells of some kinds."""
    FAULTS[name] = Fault(
        name,
        slot,
        lambda draft: draft.change(change, *kinds),
        frozenset(kinds),
        **given,  # type: ignore[arg-type]
    )


# --- what is written in the cells ----------------------------------------------------------------

_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_MONTHS_ALONE = (
    *("Январь", "Февраль", "Март", "Апрель", "Май", "Июнь"),
    *("Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь"),
)


def _serial(day: dt.date) -> int:
    return (day - _SERIAL_ZERO).days


told("days_without_zeros", "dates", "date", change=lambda d: f"{d.day}.{d.month}.{d.year}")
told("days_with_a_time", "dates", "date", change=lambda d: f"{d:%d.%m.%Y} 0:00:00")
told("days_with_a_short_time", "dates", "date", change=lambda d: f"{d.day}.{d.month}.{d:%y} 9:05")
told("days_as_iso", "dates", "date", change=lambda d: d.isoformat())
told("days_as_iso_moments", "dates", "date", change=lambda d: f"{d.isoformat()}T21:15:00+03:00")
told("days_with_the_word_year", "dates", "date", change=lambda d: f"{d:%d.%m.%Y} г.")
told(
    "days_in_words", "dates", "date", change=lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year} г."
)
told("days_as_excel_numbers", "dates", "date", change=_serial)
told("days_as_excel_numbers_with_hours", "dates", "date", change=lambda d: _serial(d) + 0.375)
told("days_as_excel_numbers_in_text", "dates", "date", change=lambda d: str(_serial(d)))

told("months_in_words", "dates", "month", change=lambda d: f"{_MONTHS_ALONE[d.month - 1]} {d.year}")
told("months_in_words_with_year", "dates", "month",
     change=lambda d: f"{_MONTHS_ALONE[d.month - 1].lower()} {d.year} г.")  # fmt: skip
told("months_as_numbers", "dates", "month", change=lambda d: f"{d:%m.%Y}")
told("months_as_iso", "dates", "month", change=lambda d: f"{d:%Y-%m}")
told("months_as_any_day", "dates", "month", change=lambda d: d.replace(day=17))
told("months_as_excel_numbers", "dates", "month", change=_serial)

_WORDS = ("text", "name")
told("no_break_spaces", "spaces", *_WORDS, change=lambda s: s.replace(" ", "\u00a0"))
told("narrow_spaces", "spaces", *_WORDS, change=lambda s: s.replace(" ", "\u202f"), unicode=True)
told("spaces_around", "spaces", *_WORDS, change=lambda s: f"  {s.replace(' ', '  ')} ")
told("zero_width_marks", "spaces", *_WORDS, change=lambda s: f"\u200b{s[:1]}\u2060{s[1:]}\ufeff",
     unicode=True)  # fmt: skip
told("soft_hyphens", "spaces", *_WORDS, change=lambda s: f"{s[:3]}\u00ad{s[3:]}", unicode=True)
told("line_breaks_in_cells", "spaces", *_WORDS, change=lambda s: s.replace(" ", "\n", 1))
told("tabs_in_cells", "spaces", *_WORDS, change=lambda s: s.replace(" ", "\t", 1))

told("names_in_capitals", "names", "name", change=str.upper)
told("names_without_yo", "names", "name", change=lambda s: s.replace("ё", "е"))
told("names_with_latin_letters", "names", "name", change=lambda s: s.translate(_LATIN))


def _digits(cell: str) -> str:
    return "".join(filter(str.isdigit, cell))


def _exponent(cell: str) -> str:
    digits = str(int(_digits(cell)))
    return f"{digits[0]},{digits[1:]}E+{len(digits) - 1:02d}"


told("snils_bare", "snils", "snils", change=_digits)
told("snils_with_spaces", "snils", "snils", change=lambda s: s.replace("-", " "))
told(
    "snils_with_other_dashes", "snils", "snils", change=lambda s: s.replace("-", "–"), unicode=True
)
told("snils_as_a_number_without_zeros", "snils", "snils", change=lambda s: int(_digits(s)))
told("snils_as_a_fraction", "snils", "snils", change=lambda s: f"{int(_digits(s))}.0")
told("snils_with_an_exponent", "snils", "snils", change=_exponent)
told("badge_as_a_number", "badge", "badge", change=int)
told("badge_as_a_fraction", "badge", "badge", change=lambda s: f"{int(s)}.0")
told("inn_as_a_number_without_its_zero", "inn", "inn", change=int)
told("inn_as_a_fraction", "inn", "inn", change=lambda s: f"{int(s)},0")
told("inn_with_an_exponent", "inn", "inn", change=_exponent)
told("oktmo_as_a_number_without_its_zero", "oktmo", "municipality", change=int)
told("oktmo_of_eleven_digits", "oktmo", "municipality", change=lambda s: f"{s}000")
told("oktmo_of_eleven_digits_as_a_number", "oktmo", "municipality",
     change=lambda s: int(f"{s}000"))  # fmt: skip
told("oktmo_with_spaces", "oktmo", "municipality", change=lambda s: f"{s[:2]} {s[2:5]} {s[5:]}")


def _grouped(number: float, mark: str) -> str:
    return f"{number:,}".replace(",", mark).replace(".", ",")


_NUMBERS = ("number", "whole")
told("thousands_apart", "numbers", *_NUMBERS, change=lambda x: _grouped(x, " "))
told("thousands_apart_by_no_break_spaces", "numbers", *_NUMBERS,
     change=lambda x: _grouped(x, "\u00a0"))  # fmt: skip
told("thousands_apart_by_apostrophes", "numbers", *_NUMBERS, change=lambda x: _grouped(x, "'"))
told("numbers_with_a_point", "numbers", *_NUMBERS, change=str)
told("numbers_with_idle_zeros", "numbers", *_NUMBERS, change=lambda x: f"{x:.2f}".replace(".", ","))
told(
    "numbers_with_an_exponent", "numbers", *_NUMBERS, change=lambda x: f"{x:.6e}".replace(".", ",")
)
told("hours_with_a_unit", "numbers", "number", change=lambda x: f"{x} ак. ч.".replace(".", ",", 1)
     if isinstance(x, float) else f"{x} ак. ч.")  # fmt: skip
told("days_with_a_unit", "numbers", "whole", change=lambda x: f"{x} дн.")

told("yes_as_a_capital_word", "yes", "yes_no", change=lambda b: "ДА" if b else "НЕТ")
told("yes_as_a_figure", "yes", "yes_no", change=int)
told("yes_as_excel_says_it", "yes", "yes_no", change=lambda b: "ИСТИНА" if b else "ЛОЖЬ")
told("yes_as_a_truth_value", "yes", "yes_no", change=bool)
told("day_kinds_short", "day kinds", "day_kind",
     change=lambda k: "р.д." if k == "working" else "К.Д.")  # fmt: skip
told("day_kinds_as_words", "day kinds", "day_kind",
     change=lambda k: "рабочих дней" if k == "working" else "календарные дни")  # fmt: skip
told("day_kinds_cut_short", "day kinds", "day_kind",
     change=lambda k: "раб. дн." if k == "working" else "календ. дн.")  # fmt: skip


def _say_nothing(draft: Draft, word: str) -> None:
    for line in draft.lines:
        for i, name in enumerate(draft.inputs):
            if line.record is not None and line.cells[i] is None and name is not None:
                line.cells[i] = word


@fault("nothing")
def nothing_as_a_dash(draft: Draft) -> None:
    _say_nothing(draft, "-")


@fault("nothing", unicode=True)
def nothing_as_a_long_dash(draft: Draft) -> None:
    _say_nothing(draft, "—")


@fault("nothing")
def nothing_as_words(draft: Draft) -> None:
    _say_nothing(draft, "н/д")


@fault("nothing")
def nothing_as_blanks(draft: Draft) -> None:
    _say_nothing(draft, "   ")


# --- what is lost for good: the rows are due for rejection, and only they ------------------------


def _lose(draft: Draft, at: int, kinds: tuple[str, ...], cell: object, reason: str) -> None:
    column = next(draft.columns(*kinds))
    name = draft.inputs[column]
    draft.lines[at].cells[column] = cell
    draft.lines[at].due.append((name, reason))


@fault("loss of a day", "date", clashes=("dates",))
def a_day_that_never_was(draft: Draft) -> None:
    _lose(draft, 4, ("date",), "31.02.2023", "impossible_date")


@fault("loss of a day", "date", clashes=("dates",))
def a_day_with_slashes(draft: Draft) -> None:
    _lose(draft, 5, ("date",), "03/04/2023", "not_a_date")


@fault("loss of a code", "municipality")
def an_error_in_russian(draft: Draft) -> None:
    _lose(draft, 2, ("municipality",), "#ССЫЛКА!", "error_cell")


@fault("loss of a code", "municipality", formats=EXCEL)
def an_error_of_a_formula(draft: Draft) -> None:
    _lose(draft, 2, ("municipality",), Formula("=1/0", "#DIV/0!"), "error_cell")


@fault("loss of a word", "text", formats=EXCEL)
def a_formula_nobody_computed(draft: Draft) -> None:
    draft.traits.add("uncomputed")
    column = list(draft.columns("text"))[-1]
    draft.lines[3].cells[column] = Formula('="а"&"б"')
    draft.lines[3].due.append((draft.inputs[column], "error_cell"))


@fault("loss of a word", "text")
def a_column_too_narrow_for_excel(draft: Draft) -> None:
    column = list(draft.columns("text"))[-1]
    draft.lines[3].cells[column] = "########"
    draft.lines[3].due.append((draft.inputs[column], "error_cell"))


@fault("loss of a number", "number", "whole", clashes=("numbers",))
def a_number_in_words(draft: Draft) -> None:
    _lose(draft, 7, ("number", "whole"), "сорок", "not_a_number")


@fault("loss of a number", "number", "whole", clashes=("numbers",))
def a_day_among_numbers(draft: Draft) -> None:
    _lose(draft, 7, ("number", "whole"), "05.01.2024", "not_a_number")


@fault("loss of a snils", "snils", clashes=("snils",))
def a_snils_rounded_by_excel(draft: Draft) -> None:
    _lose(draft, 1, ("snils",), "1,12233E+10", "bad_snils")


@fault("loss of a snils", "snils", clashes=("snils",))
def a_snils_with_two_digits_swapped(draft: Draft) -> None:
    _lose(draft, 1, ("snils",), "112-233-454 95", "bad_snils")


# --- columns and headers -------------------------------------------------------------------------


@fault("order of columns")
def columns_turned_round(draft: Draft) -> None:
    draft.inputs.reverse()
    draft.kinds.reverse()
    for row in draft.head:
        row.reverse()
    for line in draft.lines:
        line.cells.reverse()


@fault("a further column at the left")
def a_counter_column(draft: Draft) -> None:
    draft.insert_column(0, "N п/п", [*range(1, len(draft.lines) + 1)])


@fault("a further column in the middle")
def a_column_of_phones(draft: Draft) -> None:
    phones = [f"+7 900 000-00-{i:02d}" for i in range(len(draft.lines))]
    draft.insert_column(2, "Телефон заявителя", [*phones])


@fault("a further column in the middle", formats=GRIDS)
def an_empty_column(draft: Draft) -> None:
    draft.insert_column(3, None, [None] * len(draft.lines))


@fault("a further column at the right", formats=GRIDS)
def empty_columns_at_the_right(draft: Draft) -> None:
    for _ in range(3):
        draft.insert_column(len(draft.inputs), None, [None] * len(draft.lines))


def _spell_headers(draft: Draft, spell: Callable[[str], str]) -> None:
    for row in draft.head:
        row[:] = [spell(cell) if isinstance(cell, str) else cell for cell in row]


@fault("headers")
def headers_in_capitals(draft: Draft) -> None:
    _spell_headers(draft, str.upper)


@fault("headers", formats=GRIDS)
def headers_with_line_breaks(draft: Draft) -> None:
    _spell_headers(draft, lambda name: name.replace(" ", "\n"))


@fault("headers")
def headers_with_latin_letters(draft: Draft) -> None:
    _spell_headers(draft, lambda name: name.translate(_LATIN))


@fault("headers")
def headers_without_yo(draft: Draft) -> None:
    _spell_headers(draft, lambda name: name.replace("ё", "е"))


@fault("headers")
def headers_with_stars_and_colons(draft: Draft) -> None:
    _spell_headers(draft, lambda name: f" {name} *:")


@fault("headers", unicode=True)
def headers_with_invisible_marks(draft: Draft) -> None:
    _spell_headers(draft, lambda name: f"\ufeff{name[:2]}\u200b{name[2:]}\u00a0")


# --- rows that are no records --------------------------------------------------------------------


@fault("storeys", formats=GRIDS)
def a_header_of_two_storeys(draft: Draft) -> None:
    names = draft.head[-1]
    left = max(i for i in range(len(names) - 1) if names[i] and names[i + 1])
    top, bottom = [*names], [None] * len(names)
    top[left : left + 2] = ["Сведения", None]
    bottom[left : left + 2] = names[left : left + 2]
    draft.head = [top, bottom]
    draft.wide.append((0, left, left + 1))


@fault("storeys", formats=GRIDS)
def a_row_that_numbers_the_columns(draft: Draft) -> None:
    draft.lines.insert(0, Line([*range(1, len(draft.head[-1]) + 1)]))


@fault("the header again", formats=GRIDS)
def the_header_in_the_middle(draft: Draft) -> None:
    again = [Line([*row], due=[(None, "repeated_header")]) for row in draft.head]
    draft.lines[6:6] = again


@fault("rows between", formats=GRIDS)
def empty_rows_between(draft: Draft) -> None:
    for at in (9, 5, 5):
        draft.lines.insert(at, Line([]))


@fault("rows between", formats=GRIDS)
def a_row_for_a_department(draft: Draft) -> None:
    draft.lines.insert(5, Line(["Отдел выдуманный"], due=[(None, "note_row")]))


@fault("totals", formats=GRIDS)
def a_row_of_totals(draft: Draft) -> None:
    cells: list[object] = ["Итого:", *[f"{i}" for i in range(1, len(draft.inputs))]]
    draft.lines.append(Line(cells, due=[(None, "total_row")]))


@fault("totals", formats=GRIDS)
def a_row_of_totals_by_department(draft: Draft) -> None:
    cells: list[object] = [None, "Всего по отделу", "12"]
    draft.lines.append(Line(cells, due=[(None, "total_row")]))


@fault("notes", formats=GRIDS)
def a_signature_below(draft: Draft) -> None:
    draft.lines.append(Line([]))
    draft.lines.append(Line(["Исполнитель: Вымыслова А. Б."], due=[(None, "note_row")]))


@fault("titles", formats=GRIDS)
def a_title_above(draft: Draft) -> None:
    draft.above = [["Реестр за 2023 год"], *draft.above]


@fault("titles", formats=GRIDS)
def a_block_of_titles(draft: Draft) -> None:
    draft.above = [
        ["Администрация города Небывалого"],
        ["Сведения по состоянию на", dt.date(2024, 1, 9)],
        [],
        ["Приложение 2", None, "к письму от 09.01.2024"],
        *draft.above,
    ]


@fault("top", formats=GRIDS)
def empty_rows_above(draft: Draft) -> None:
    draft.above = [[], [], *draft.above]


@fault("merged cells", "municipality", formats=MERGING)
def a_code_merged_over_its_rows(draft: Draft) -> None:
    column = next(draft.columns("municipality"))
    lines = [line for line in draft.lines if line.record is not None]
    for line in lines[1:3]:
        if not line.due:
            line.joined.add(column)


# --- how the file is written ---------------------------------------------------------------------


def trait(
    slot: str, name: str, *, formats: frozenset[str] = TEXT, clashes: tuple[str, ...] = ()
) -> None:
    def spoil(draft: Draft) -> None:
        draft.traits.add(name)

    FAULTS[name] = Fault(name, slot, spoil, formats=formats, clashes=clashes)


for _name in ("cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"):
    trait("encoding", _name)
trait("encoding", "html in cp1251", formats=frozenset({"html"}))
for _name in ("separated by commas", "separated by tabs", "separated by bars"):
    trait("separator", _name)
for _name in ("CRLF", "CR"):
    trait("line ends", _name)
trait("quotes", "every cell quoted")
trait("end of rows", "a separator behind each row")
trait("top", "the line sep=")
trait("book", "written by openpyxl", formats=EXCEL)
trait("book", "strings inside cells", formats=EXCEL)
trait("book", "days counted from 1904", formats=EXCEL, clashes=("dates", "loss of a day"))
trait("sheets", "a legend on the first sheet", formats=EXCEL)
trait("sheets", "a hidden older copy first", formats=EXCEL)
trait("cells", "computed cells", formats=EXCEL)
trait("name", "called .csv", formats=EXCEL)
trait("name", "called .xls", formats=EXCEL)
trait("spans", "cells with spans", formats=frozenset({"html"}))
