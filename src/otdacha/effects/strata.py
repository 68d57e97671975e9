"""Strata as pieces of work: several at once on the cores, their results always in the same order.

What a stratum adds depends on nothing outside it, so strata may be read and worked on in any order;
only the last sum runs in the order of the strata. The digits are therefore the same for any number
of workers. Threads are enough: reading, sorting and joining (Polars) and products of matrices let
others run, and nothing has to be copied between processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

import polars as pl

from otdacha.effects.cells import StratumCells

MANY_CELLS = 200_000
"""Below this many cells one worker is faster than waking several."""

_Result = TypeVar("_Result")


class Strata(Protocol):
    """The cells of one indicator, to be had stratum by stratum, as often as they are asked for.

    months: how many periods there are. excluded: cells that are left out, by reason; complete once
    all pieces were read. size: how many cells there are, about.
    """

    @property
    def months(self) -> int: ...
    @property
    def covariates(self) -> tuple[str, ...]: ...
    @property
    def aggregation(self) -> str: ...
    @property
    def excluded(self) -> Mapping[str, int]: ...
    @property
    def size(self) -> int: ...

    def pieces(self) -> Sequence[Callable[[], StratumCells | None]]:
        """What gives each stratum; None where none of its cells may be used."""
        ...

    def by_session(self) -> Strata:
        """The same cells, clustered by the run of a course instead of the town."""
        ...


def strata(data: Strata) -> Iterator[StratumCells]:
    """The strata one after the other."""
    for piece in data.pieces():
        cells = piece()
        if cells is not None:
            yield cells


def over_strata(
    work: Callable[[StratumCells], _Result | None], data: Strata, workers: int | None = None
) -> Iterator[_Result]:
    """What `work` makes of each stratum, in the order of the strata; nothing of it where None.

    No more strata are held than there are workers, and as many results as wait for their turn.
    workers: default the cores (as Polars counts them); one where there are few cells.
    """
    count = workers or (pl.thread_pool_size() if data.size >= MANY_CELLS else 1)
    if count == 1:
        for cells in strata(data):
            result = work(cells)
            if result is not None:
                yield result
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[_Result | None]] = deque()
        for piece in data.pieces():
            waiting.append(pool.submit(_worked, work, piece))
            if len(waiting) > count:
                yield from _given(waiting.popleft())
        while waiting:
            yield from _given(waiting.popleft())


def _worked(
    work: Callable[[StratumCells], _Result | None], piece: Callable[[], StratumCells | None]
) -> _Result | None:
    cells = piece()
    return None if cells is None else work(cells)


def _given(future: Future[_Result | None]) -> Iterator[_Result]:
    result = future.result()
    if result is not None:
        yield result
