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
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    table = _Network({cell: count for cell, count in people.items() if count})
    hidden = {edge for edge, count in table.count.items() if count < minimum}
    looked_at = -1
    while len(hidden) > looked_at:
        looked_at = len(hidden)
        for node in table.edges:
            table.hide_beside(node, hidden, minimum)
        if len(hidden) == looked_at:
            for edge in table.in_order(hidden):
                if not table.could_be_another(edge, hidden):
                    table.hide_near(edge, hidden)
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

    def __init__(self, people: Mapping[Cell, int]) -> None:
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
        self.edges: defaultdict[_Node, list[_Edge]] = defaultdict(list)
        for edge in self.count:
            for node in _ends(edge):
                self.edges[node].append(edge)

    def in_order(self, hidden: Collection[_Edge]) -> list[_Edge]:
        return [edge for edge in self.count if edge in hidden]

    def hide_beside(self, node: _Node, hidden: set[_Edge], minimum: int) -> None:
        """Hide more of a total and its parts, until what is hidden of them does not follow.

        The total is the last edge of its node: it is hidden when no part is left.
        """
        *parts, total = self.edges[node]
        while any(edge in hidden for edge in self.edges[node]):
            inside = [self.count[part] for part in parts if part in hidden]
            if inside and (total in hidden or _enough(inside, minimum)):
                return
            shown = [edge for edge in self.edges[node] if edge not in hidden]
            if not shown:
                return
            hidden.add(shown[0])

    def hide_near(self, edge: _Edge, hidden: set[_Edge]) -> None:
        """Hide one more, in the same total if there is one left."""
        near: Iterable[_Edge] = (other for node in _ends(edge) for other in self.edges[node])
        for other in (*near, *self.count):
            if other not in hidden:
                hidden.add(other)
                return

    def could_be_another(self, edge: _Edge, hidden: Collection[_Edge]) -> bool:
        """Whether a hidden count could be larger or smaller, and all that is shown the same."""
        start, end = _ends(edge)
        return self._way(end, start, edge, hidden) or (
            self.count[edge] > 1 and self._way(start, end, edge, hidden)
        )

    def _way(self, start: _Node, goal: _Node, without: _Edge, hidden: Collection[_Edge]) -> bool:
        """Whether hidden counts lead from `start` to `goal`: up along an edge, down against it."""
        seen, ahead = {start}, deque([start])
        while ahead:
            node = ahead.popleft()
            if node == goal:
                return True
            for edge in self.edges[node]:
                if edge == without or edge not in hidden:
                    continue
                tail, head = _ends(edge)
                if node == head and self.count[edge] == 1:
                    continue
                if (other := head if node == tail else tail) not in seen:
                    seen.add(other)
                    ahead.append(other)
        return False


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
