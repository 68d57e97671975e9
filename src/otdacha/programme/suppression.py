"""Which counts of a table with totals are hidden, so that none of them follows from those shown.

The table has rows and columns, a total of each, and the total of all. A count below the minimum is
hidden, and beside it as many others as it takes. Two things are asked of what is hidden. Of each
total that is shown, the parts that are hidden are two at least, and any of them could be as large
as the minimum for all that the total says. And each hidden count could be another one while every
total stays as it is: in the network whose edges are counts and whose nodes are totals (what goes
into a node comes out of it), there is a way round through it over hidden edges (Gusfield 1988, *A
graph theoretic approach to statistical data security*, SIAM J. Comput. 17(3)). A reader may know
that each of them is one at least: a zero is never hidden.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Cell = tuple[str, str]
"""A row and a column."""
Kind = Literal["cell", "row", "column", "whole"]
_Edge = tuple[Kind, str, str]
_Node = tuple[str, str]

_ROWS, _COLUMNS = ("all", "rows"), ("all", "columns")
_WHOLE: _Edge = ("whole", "", "")


@dataclass(frozen=True)
class Hidden:
    """What is hidden of a table: cells, totals of rows, totals of columns, the total of all."""

    cells: frozenset[Cell]
    rows: frozenset[str]
    columns: frozenset[str]
    whole: bool


def hidden_in_table(people: Mapping[Cell, int], minimum: int) -> Hidden:
    """What is hidden of a table of people in which a smaller count than `minimum` is not shown.

    What is hidden beside a small count is the next in the order of `people`, and not the smallest:
    that it is not larger than the others would be known of it. A total goes only where its parts
    do not suffice.
    """
    table = _Network({cell: count for cell, count in people.items() if count}, minimum)
    for edge, count in table.count.items():
        if count < minimum:
            table.hide(edge)
    table.settle()
    looked_at: set[_Edge] = set()
    while todo := [edge for edge in table.hidden_in_order() if edge not in looked_at]:
        for edge in todo:
            # what is hidden later only makes more possible: each is looked at once
            while not table.could_be_another(edge) and table.hide_near(edge):
                table.settle()
            looked_at.add(edge)
    hidden = table.hidden_in_order()
    return Hidden(
        cells=frozenset((row, column) for kind, row, column in hidden if kind == "cell"),
        rows=frozenset(row for kind, row, _ in hidden if kind == "row"),
        columns=frozenset(column for kind, _, column in hidden if kind == "column"),
        whole=_WHOLE in hidden,
    )


def _enough(hidden: Sequence[int], minimum: int) -> bool:
    """Whether of parts whose sum is known any could be as large as `minimum`, each being one at
    least."""
    return len(hidden) > 1 and sum(hidden) >= len(hidden) - 1 + minimum


class _Network:
    """Counts as edges: from all rows to a row, on to a column, to all columns, and back."""

    def __init__(self, people: Mapping[Cell, int], minimum: int) -> None:
        self._minimum = minimum
        self.count: dict[_Edge, int] = {}
        rows: defaultdict[str, int] = defaultdict(int)
        columns: defaultdict[str, int] = defaultdict(int)
        for (row, column), count in people.items():
            self.count["cell", row, column] = count
            rows[row] += count
            columns[column] += count
        self.count.update({("row", row, ""): count for row, count in rows.items()})
        self.count.update({("column", "", column): count for column, count in columns.items()})
        if people:
            self.count[_WHOLE] = sum(rows.values())
        self._ends = {edge: _ends(edge) for edge in self.count}
        self._at: defaultdict[_Node, list[_Edge]] = defaultdict(list)
        for edge, ends in self._ends.items():
            for node in ends:
                self._at[node].append(edge)
        self._hidden: set[_Edge] = set()
        self._hidden_at: defaultdict[_Node, list[_Edge]] = defaultdict(list)
        self._unsettled: deque[_Node] = deque()

    def hidden_in_order(self) -> list[_Edge]:
        return [edge for edge in self.count if edge in self._hidden]

    def hide(self, edge: _Edge) -> None:
        if edge in self._hidden:
            return
        self._hidden.add(edge)
        for node in self._ends[edge]:
            self._hidden_at[node].append(edge)
            self._unsettled.append(node)

    def settle(self) -> None:
        """Hide more of each total and its parts, until what is hidden of them does not follow."""
        while self._unsettled:
            node = self._unsettled.popleft()
            while not self._settled(node):
                # the total is the last edge of its node: it goes when no part is left
                self.hide(next(edge for edge in self._at[node] if edge not in self._hidden))

    def _settled(self, node: _Node) -> bool:
        edges, hidden = self._at[node], self._hidden_at[node]
        if len(hidden) in (0, len(edges)):
            return True
        total = edges[-1]
        inside = [self.count[part] for part in hidden if part != total]
        return bool(inside) and (total in self._hidden or _enough(inside, self._minimum))

    def hide_near(self, edge: _Edge) -> bool:
        """Hide one more, in the same total if there is one left; False where nothing is."""
        near = (other for node in self._ends[edge] for other in self._at[node])
        for other in (*near, *self.count):
            if other not in self._hidden:
                self.hide(other)
                return True
        return False

    def could_be_another(self, edge: _Edge) -> bool:
        """Whether a hidden count could be larger or smaller, and all that is shown the same."""
        tail, head = self._ends[edge]
        return self._way(head, tail, edge) or (self.count[edge] > 1 and self._way(tail, head, edge))

    def _way(self, start: _Node, goal: _Node, without: _Edge) -> bool:
        """Whether hidden counts lead from `start` to `goal`: up along an edge, down against it.

        It is looked for from the end at which less is hidden to the nodes next to the other.
        """
        backwards = len(self._hidden_at[start]) < len(self._hidden_at[goal])
        if backwards:
            start, goal = goal, start
        # now `goal` has the fewer hidden edges
        last = set(self._next(goal, not backwards, without))
        if start in last:
            return True
        seen, ahead = {start}, [start]
        while ahead:
            for node in self._next(ahead.pop(), backwards, without):
                if node in last:
                    return True
                if node not in seen:
                    seen.add(node)
                    ahead.append(node)
        return False

    def _next(self, node: _Node, backwards: bool, without: _Edge) -> Iterator[_Node]:
        """The nodes one step away, or those from which one step leads here."""
        for edge in self._hidden_at[node]:
            if edge == without:
                continue
            tail, head = self._ends[edge]
            along = (node == tail) != backwards
            if along or self.count[edge] > 1:
                yield head if node == tail else tail


def _ends(edge: _Edge) -> tuple[_Node, _Node]:
    """Where a count comes from and where it goes."""
    kind, row, column = edge
    match kind:
        case "cell":
            return ("row", row), ("column", column)
        case "row":
            return _ROWS, ("row", row)
        case "column":
            return ("column", column), _COLUMNS
        case _:
            return _COLUMNS, _ROWS
