"""Which column of an unknown file fills which input of which table: guesses with their reasons.

By name, by alias and by what the cells look like, never by position. A guess is sure only where
nothing speaks against it and nothing else comes near; all else is shown and left to the user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from otdacha.language import Text, text
from otdacha.records.contents import Contents, contents
from otdacha.records.headers import folded
from otdacha.records.likeness import likeness
from otdacha.records.matching import aliases
from otdacha.records.personal import unless_personal
from otdacha.records.reading import Reading, no_rows, read_bytes, read_sheet, reading_of
from otdacha.records.sheet import Sheet
from otdacha.records.tables import TABLES, Kind, Table, table_of

SURE = 0.9
"""A name that is as like as this and not the same may be sure."""
SURE_OF_CODES = 0.6
"""The same where nearly all cells are codes that nothing else in such files looks like."""
_CODES = frozenset({"municipality", "ogrn"})
MARGIN = 0.12
"""Another input, or another column, that comes as near as this makes a guess unsure."""
WEAK = 0.3
"""Below this nothing is said at all."""
AGREES, CONTRADICTS = 0.8, 0.5
"""Shares of readable cells at which the contents speak for a kind, and against it."""
TABLE_MARGIN = 0.08
LEAST_FIT = 0.4
"""A table that explains less of a file than this is not sure, even where none comes near."""

_BY_CONTENT: Mapping[str, float] = {
    "snils": 0.85,
    "inn": 0.75,
    "ogrn": 0.75,
    "day_kind": 0.85,
    "municipality": 0.5,
    "date": 0.35,
    "birth_date": 0.4,
    "month": 0.35,
    "yes_no": 0.35,
    "name": 0.4,
    "budget_code": 0.85,
    "reason": 0.85,
    "source": 0.85,
    "pays_for": 0.85,
    "status": 0.85,
    "sex": 0.35,
    "employment": 0.85,
}
"""How much cells alone tell; kinds with a check digit or words of their own tell most."""
_SURE_BY_CONTENT = frozenset({("staff", "snils"), ("training", "snils"), ("cases", "day_kind")})
"""Inputs of which a table has one of the kind, and no other column of such files looks so."""
_LEAST_CELLS = 3
_LEAST_KNOWN = 2
_KINDS: Mapping[str, Text] = {
    "date": text("dates"),
    "birth_date": text("dates of birth"),
    "month": text("months"),
    "year": text("years"),
    "period": text("periods of a year"),
    "number": text("numbers"),
    "whole": text("whole numbers"),
    "yes_no": text("yes or no"),
    "day_kind": text("working or calendar days"),
    "municipality": text("codes of ОКТМО"),
    "inn": text("ИНН whose check digits fit"),
    "ogrn": text("ОГРН whose check digits fit"),
    "snils": text("СНИЛС whose check numbers fit"),
    "name": text("names"),
    "badge": text("short numbers"),
    "money": text("sums of money"),
    "expiry": text("dates"),
    "budget_code": text("budget codes (КБК) of 20 signs"),
    "reason": text("reasons of needs"),
    "source": text("sources of funding"),
    "pays_for": text("kinds of expenses"),
    "status": text("stages of training"),
    "share": text("shares of a full-time post"),
    "percent": text("percentages"),
    "birth_year": text("dates or years of birth"),
    "sex": text("sexes"),
    "employment": text("kinds of employment"),
}


@dataclass(frozen=True)
class Candidate:
    """An input that a column may fill. score: 0 to 1."""

    column: str
    score: float
    why: Text


@dataclass(frozen=True)
class Guess:
    """What is thought of one column of the file.

    header: as written, or its shape where it looks personal. column: the input that it fills, or
    None. sure: whether it may be taken without asking. doubts: why not. candidates: what was
    thought of, best first. shapes: its commonest cells with every letter and digit masked.
    different, filled: how many different cells a sample has, and how many the column.
    """

    header: str
    column: str | None
    sure: bool
    candidates: tuple[Candidate, ...]
    doubts: tuple[Text, ...] = ()
    shapes: tuple[str, ...] = ()
    different: int = 0
    filled: int = 0

    @property
    def score(self) -> float:
        return self.candidates[0].score if self.candidates else 0.0


@dataclass(frozen=True)
class Suggestion:
    """What a file seems to be.

    tables: how well each table fits, best first. sure_of_table: whether no other comes near, or the
    user has told. guesses: one for each column with a header, in the file's order. missing: inputs
    that the table needs and that nothing surely fills. dates: forms of dates with slashes.
    """

    table: str
    sure_of_table: bool
    tables: Mapping[str, float]
    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]
    reading: Reading
    dates: tuple[str, ...] = field(default=())


def suggest(file: Path, *, table: str | None = None) -> Suggestion:
    """Look at a file and say which table it is for and which column fills what.

    table: where the user knows it. Raises FileProblem where the file is no table.
    """
    if table is not None:
        table_of(table)
    file = Path(file)
    sheet = _read(file, table)
    looked_at = [contents(sheet.cells[str(i)]) for i in range(len(sheet.headers))]
    scored = {
        name: _Scores(TABLES[name], sheet.headers, looked_at)
        for name in (TABLES if table is None else (table,))
    }
    fits = {name: scores.fit() for name, scores in scored.items()}
    ranked = dict(sorted(fits.items(), key=lambda pair: -pair[1]))
    best, *others = ranked
    guesses = scored[best].guesses()
    filled = {guess.column for guess in guesses if guess.sure and guess.column}
    forms = {seen.date_form for seen in looked_at if seen.date_form}
    return Suggestion(
        table=best,
        sure_of_table=not others
        or (ranked[best] >= LEAST_FIT and ranked[best] - ranked[others[0]] >= TABLE_MARGIN),
        tables=ranked,
        guesses=guesses,
        missing=tuple(need[0][0] for need in _needs(TABLES[best]) if not _met(need, filled)),
        reading=reading_of(sheet),
        dates=tuple(sorted(forms)),
    )


Need = tuple[tuple[str, ...], ...]
"""Sets of inputs of which one must be there whole."""


def _needs(table: Table) -> list[Need]:
    needs: list[Need] = [
        ((name,), *table.instead.get(name, ())) for name in table.required if name in table.inputs
    ]
    if table.requires_people:
        parts = ("surname", "given_name", "birth_date")
        needs.append((("snils",), ("full_name", "birth_date"), parts))
    return needs


def _met(need: Need, filled: set[str]) -> bool:
    return any(set(names) <= filled for names in need)


def _read(file: Path, table: str | None) -> Sheet:
    names = TABLES if table is None else (table,)
    known = {
        folded(header) for name in names for headers in aliases(name).values() for header in headers
    }
    data = read_bytes(file)
    sheet = read_sheet(data, file, known=known)
    if len({folded(header) for header in sheet.headers} & known) < _LEAST_KNOWN:
        # one word that we know may stand in any cell: the header is the row that looks like one
        sheet = read_sheet(data, file)
    if sheet.cells.is_empty():
        raise no_rows(file, sheet)
    return sheet


class _Scores:
    """How well each column of a sheet fits each input of one table."""

    def __init__(self, table: Table, headers: Sequence[str], looked_at: Sequence[Contents]) -> None:
        self.table = table
        self.headers = headers
        self.looked_at = looked_at
        self.inputs = tuple(table.inputs)
        known = aliases(table.name)
        self.names = np.zeros((len(headers), len(self.inputs)))
        self.exact = np.zeros(self.names.shape, dtype=bool)
        self.nearest: dict[tuple[int, int], str] = {}
        for i, header in enumerate(headers):
            for j, name in enumerate(self.inputs):
                self._compare(i, j, header, known[name])
        self.total = np.array(
            [[self._total(i, j) for j in range(len(self.inputs))] for i in range(len(headers))]
        ).reshape(self.names.shape)

    def fit(self) -> float:
        """How well the table explains the file: the needs that are met, the columns it knows."""
        met = self._assigned(least=0.5)
        filled = {self.inputs[j] for j in met.values()}
        needs = _needs(self.table)
        covered = sum(_met(need, filled) for need in needs) / len(needs)
        named = sum(1 for header in self.headers if header) or 1
        explained = sum(self.total[i, j] for i, j in met.items()) / named
        return float(0.5 * covered + 0.5 * explained)

    def guesses(self) -> tuple[Guess, ...]:
        """One guess for each column with a header; each input is given away once."""
        assigned = self._assigned(least=WEAK)
        return tuple(
            self._guess(i, assigned.get(i)) for i, header in enumerate(self.headers) if header
        )

    def _assigned(self, least: float) -> dict[int, int]:
        """Columns to inputs, one to one, with the greatest sum of scores."""
        if not self.total.size:
            return {}
        rows, columns = linear_sum_assignment(-self.total)
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return {i: j for i, j in pairs if self.total[i, j] >= least}

    def _compare(self, i: int, j: int, header: str, names: Sequence[str]) -> None:
        if not header:
            return
        if folded(header) in {folded(name) for name in names}:
            self.names[i, j], self.exact[i, j] = 1.0, True
            return
        best = max(names, key=lambda name: likeness(header, name))
        self.names[i, j] = likeness(header, best)
        self.nearest[i, j] = best

    def _total(self, i: int, j: int) -> float:
        kind = self._kind(j)
        name, cells = float(self.names[i, j]), self.looked_at[i].fits(kind)
        by_content = 0.0
        if self.headers[i] and cells is not None and self.looked_at[i].filled >= _LEAST_CELLS:
            by_content = _BY_CONTENT.get(kind, 0.0) * cells if cells >= AGREES else 0.0
        if cells is None:
            return max(0.95 * name if not self.exact[i, j] else 1.0, by_content)
        if cells < CONTRADICTS:
            return 0.4 * name
        return max(name * (0.8 + 0.2 * cells), by_content)

    def _kind(self, j: int) -> Kind:
        return self.table.inputs[self.inputs[j]]

    def _guess(self, i: int, j: int | None) -> Guess:
        seen = self.looked_at[i]
        order = sorted(range(len(self.inputs)), key=lambda at: -self.total[i, at])
        near = [at for at in order if self.total[i, at] >= WEAK]
        if j is not None and j in near:
            near.remove(j)
            near.insert(0, j)
        doubts = () if j is None else self._doubts(i, j)
        return Guess(
            header=unless_personal(self.headers[i]),
            column=None if j is None else self.inputs[j],
            sure=j is not None and not doubts,
            candidates=tuple(
                Candidate(self.inputs[at], round(float(self.total[i, at]), 3), self._why(i, at))
                for at in near
            ),
            doubts=doubts,
            shapes=seen.shapes,
            different=seen.different,
            filled=seen.filled,
        )

    def _doubts(self, i: int, j: int) -> tuple[Text, ...]:
        """What speaks against taking column i for input j without asking."""
        kind, seen = self._kind(j), self.looked_at[i]
        cells = seen.fits(kind)
        by_content = (
            (self.table.name, self.inputs[j]) in _SURE_BY_CONTENT
            and cells is not None
            and cells >= AGREES
            and seen.filled >= _LEAST_CELLS
            and self.names[i, j] < SURE
            and not self._exactly_another(i, j)
        )
        doubts = []
        is_code = kind in _CODES and cells is not None and cells > SURE
        if not by_content and self.names[i, j] < (SURE_OF_CODES if is_code else SURE):
            doubts.append(text("the name is not like enough"))
        if cells is not None and cells < (CONTRADICTS if self.exact[i, j] else AGREES):
            doubts.append(
                text(
                    "only {share} % of the cells are {kind}",
                    share=round(100 * cells),
                    kind=_KINDS[kind],
                )
            )
        if kind == "date" and seen.has_slashes and seen.date_form is None:
            doubts.append(text("day first or month first? Name the form in `dates`"))
        if unless_personal(self.headers[i]) != self.headers[i]:
            doubts.append(text("the header looks like a person's data and is masked here"))
        doubts += self._rivals(i, j)
        return tuple(doubts)

    def _rivals(self, i: int, j: int) -> list[Text]:
        """Inputs that come near for this column, and columns that come near for this input."""
        doubts = []
        for at, name in enumerate(self.inputs):
            near = self.total[i, at] > self.total[i, j] - MARGIN
            # a name that is exactly one is no doubt about another
            if at != j and near and not (self.exact[i, j] and not self.exact[i, at]):
                doubts.append(text("may be {column} as well", column=name))
        for at, header in enumerate(self.headers):
            near = self.total[at, j] > self.total[i, j] - MARGIN
            told_apart = self.exact[i, j] and not self.exact[at, j]
            if at != i and near and not told_apart and not self._exactly_another(at, j):
                same = folded(header) == folded(self.headers[i])
                doubts.append(
                    text("the file has this header more than once")
                    if same
                    else text("“{header}” comes as near", header=unless_personal(header))
                )
        return doubts

    def _exactly_another(self, i: int, j: int) -> bool:
        return bool(np.delete(self.exact[i], j).any())

    def _why(self, i: int, j: int) -> Text:
        """Why column i may fill input j."""
        kind, seen = self._kind(j), self.looked_at[i]
        reasons = []
        if self.exact[i, j]:
            reasons.append(text("called so"))
        elif self.names[i, j] >= WEAK:
            reasons.append(text("called nearly “{name}”", name=self.nearest[i, j]))
        cells = seen.fits(kind)
        if cells is not None:
            share = round(100 * cells)
            reasons.append(text("{share} % are {kind}", share=share, kind=_KINDS[kind]))
        elif kind == "text" and seen.repeats:
            reasons.append(text("a few values come again and again"))
        if self.inputs[j] in ("rating", "value") and seen.is_rating:
            reasons.append(text("all are 1 to 5"))
        joined = reasons[0] if reasons else text("nothing else is left")
        for reason in reasons[1:]:
            joined = text("{one}; {other}", one=joined, other=reason)
        return joined


def suggested_columns(suggestion: Suggestion) -> pl.DataFrame:
    """The guesses as a frame: header, column, sure, score; one row for each column of the file."""
    return pl.DataFrame(
        [(guess.header, guess.column, guess.sure, guess.score) for guess in suggestion.guesses],
        schema={
            "header": pl.String,
            "column": pl.String,
            "sure": pl.Boolean,
            "score": pl.Float64,
        },
        orient="row",
    )
