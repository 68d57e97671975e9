"""Numbers of few people are not shown, nor those that they could be computed from.

A cell is people of one town who need one topic for one reason. The sums of a town's cells, of those
for one reason, and of a topic's are published too: so in each of those sums what is hidden are two
cells at least, with as many people together as the smallest number that is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

Cell = tuple[str, str, str]
"""Town, topic, reason."""


def hidden_cells(people: Mapping[Cell, int], fewest: int) -> frozenset[Cell]:
    """The cells whose numbers are not shown: those below `fewest`, and what would give them away.

    Of the cells that could be hidden beside, the smallest is, until nothing is given away.
    """
    sums: defaultdict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in people:
        town, topic, reason = cell
        sums["town", town].append(cell)
        sums["town", town, reason].append(cell)
        sums["topic", topic, reason].append(cell)
    hidden = {cell for cell, count in people.items() if 0 < count < fewest}
    changed = True
    while changed:
        changed = False
        for cells in sums.values():
            inside = [cell for cell in cells if cell in hidden]
            rest = sorted((people[cell], cell) for cell in cells if cell not in hidden)
            if rest and gives_away([people[cell] for cell in inside], fewest):
                hidden.add(rest[0][1])
                changed = True
    return frozenset(hidden)


def gives_away(hidden: list[int], fewest: int) -> bool:
    """Whether a sum beside everything but these numbers tells too much of them."""
    return bool(hidden) and (len(hidden) == 1 or sum(hidden) < fewest)


def hidden_sums(
    groups: Mapping[tuple[str, ...], list[Cell]],
    people: Mapping[Cell, int],
    hidden: Collection[Cell],
    fewest: int,
) -> frozenset[tuple[str, ...]]:
    """The groups whose sum is not shown, so that neither what is hidden inside follows from it, nor
    the sum itself from the number of all people, which everybody knows."""
    inside = {
        name: [people[cell] for cell in cells if cell in hidden] for name, cells in groups.items()
    }
    sums = {name: sum(people[cell] for cell in cells) for name, cells in groups.items()}
    unsaid = {name for name in groups if gives_away(inside[name], fewest)}
    spare = sorted((sums[name], name) for name in groups if inside[name] and name not in unsaid)
    while spare and gives_away([sums[name] for name in unsaid], fewest):
        unsaid.add(spare.pop(0)[1])
    return frozenset(unsaid)


def part_shown(whole: int, part: int, fewest: int) -> bool:
    """Whether a part of a number may stand beside it: neither the part nor the rest is small."""
    return all(count == 0 or count >= fewest for count in (part, whole - part))
