"""A flow of whole numbers through a network whose edges have a least and a most.

Dinic's algorithm (1970) on Python's integers, which have no width: kopecks of a country are exact.
Where any flow keeps the bounds, one of whole numbers does (Hoffman's circulation theorem, 1960),
and that is the one found. Edges are tried in the order in which they were added, so that what
comes first is filled first.
"""

from __future__ import annotations

from collections import deque


class Network:
    """Nodes are numbers that `node` hands out, edges numbers that `edge` hands out."""

    def __init__(self) -> None:
        self._leaving: list[list[int]] = []
        self._head: list[int] = []
        self._room: list[int] = []
        self._least: dict[int, int] = {}
        self._surplus: list[int] = []

    def node(self) -> int:
        self._leaving.append([])
        self._surplus.append(0)
        return len(self._leaving) - 1

    def edge(self, tail: int, head: int, most: int, least: int = 0) -> int:
        """An edge that carries between `least` and `most`; ValueError where there is no such."""
        if not 0 <= least <= most:
            raise ValueError(f"an edge cannot carry between {least} and {most}")
        edge = self._arc(tail, head, most - least)
        self._least[edge] = least
        self._surplus[head] += least
        self._surplus[tail] -= least
        return edge

    def circulate(self) -> int:
        """Find a circulation within all bounds; what no flow can carry of the least, 0 if found."""
        giver, taker = self.node(), self.node()
        wanted = 0
        for node, surplus in enumerate(self._surplus):
            if surplus > 0:
                self._arc(giver, node, surplus)
                wanted += surplus
            elif surplus < 0:
                self._arc(node, taker, -surplus)
        while level := self._levels(giver, taker):
            tried = [0] * len(self._leaving)
            while pushed := self._push(giver, taker, level, tried):
                wanted -= pushed
        return wanted

    def carried(self, edge: int) -> int:
        return self._least[edge] + self._room[edge ^ 1]

    def _arc(self, tail: int, head: int, room: int) -> int:
        edge = len(self._head)
        self._head += (head, tail)
        self._room += (room, 0)
        self._leaving[tail].append(edge)
        self._leaving[head].append(edge + 1)
        return edge

    def _levels(self, start: int, end: int) -> list[int] | None:
        """How many edges with room lead to each node, -1 where none do; None if not to `end`."""
        level = [-1] * len(self._leaving)
        level[start] = 0
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for edge in self._leaving[node]:
                head = self._head[edge]
                if level[head] < 0 and self._room[edge]:
                    level[head] = level[node] + 1
                    waiting.append(head)
        return level if level[end] >= 0 else None

    def _push(self, start: int, end: int, level: list[int], tried: list[int]) -> int:
        """Fill one path that climbs the levels; what it took, 0 when there is none left."""
        path: list[int] = []
        node = start
        while node != end:
            if tried[node] < len(self._leaving[node]):
                edge = self._leaving[node][tried[node]]
                if self._room[edge] and level[self._head[edge]] == level[node] + 1:
                    path.append(edge)
                    node = self._head[edge]
                else:
                    tried[node] += 1
            elif path:
                node = self._head[path.pop() ^ 1]
                tried[node] += 1
            else:
                return 0
        pushed = min(self._room[edge] for edge in path)
        for edge in path:
            self._room[edge] -= pushed
            self._room[edge ^ 1] += pushed
        return pushed
