"""Which combinations are worth a look: no other does as much for as little from every purse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otdacha.pay.packages.options import Options, Whole


def undominated(
    options: Options, gain: Whole, weight: Whole, free: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(combinations, towns) those of `free` that may stand in the best package.

    gain: (combinations, towns). weight: (rows, combinations, towns), what each takes from what is
    limited. Left out is what another combination of the same town, with the same levels of measures
    that are the same everywhere, could replace without any loss: it does as much, takes no more
    from any row, costs no more in all, and where all that is equal has no more measures.
    """
    kept = np.zeros_like(free)
    group = _levels_everywhere(options)
    takes = np.concatenate([weight, options.total[None]])
    for town in range(free.shape[1]):
        for same in range(int(group.max()) + 1):
            ways = np.flatnonzero(free[:, town] & (group == same))
            best_first = ways[
                np.lexsort((ways, options.taken[ways], takes[-1, ways, town], -gain[ways, town]))
            ]
            kept[_front(takes[:, best_first, town], best_first), town] = True
    return kept


def _front(takes: Whole, ways: Whole) -> Whole:
    """Of `ways`, those that take less of something than each before them; takes: (rows, ways)."""
    front = np.empty_like(takes)
    places: list[int] = []
    for place in range(len(ways)):
        before = front[:, : len(places)]
        if (before <= takes[:, place, None]).all(axis=0).any():
            continue
        front[:, len(places)] = takes[:, place]
        places.append(place)
    return ways[places]


def _levels_everywhere(options: Options) -> Whole:
    """(combinations,) a number for the levels of those measures that are the same everywhere."""
    shared = [at for at, lever in enumerate(options.levers) if lever.everywhere]
    levels = [tuple(way[at] for at in shared) for way in options.combinations]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(levels))}
    return np.array([numbers[each] for each in levels], dtype=np.int64)
