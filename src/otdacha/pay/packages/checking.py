"""Whether a package keeps every rule, counted in whole kopecks by somebody who knows no solver."""

from __future__ import annotations

from otdacha.pay.packages.limits import NO_LIMIT
from otdacha.pay.packages.money import LOCAL, SOURCES
from otdacha.pay.packages.options import Package
from otdacha.pay.packages.wanted import Wanted


def broken(package: Package, wanted: Wanted) -> list[str]:
    """The rules that a package breaks, each with where and by how many kopecks; none where it is
    sound."""
    options, cost = package.options, package.cost
    found = []

    def held(rule: str, spent: int, most: int) -> None:
        if most != NO_LIMIT and spent > most:
            found.append(f"{rule}: {spent - most}")

    for at_year, year in enumerate(options.years):
        for at_source, source in enumerate(SOURCES):
            spent = sum(int(cost[town, at_year, at_source]) for town in range(len(options.towns)))
            held(f"sum {source} {year}", spent, int(wanted.sums.amount[at_year, at_source]))
        for at, town in enumerate(options.towns):
            own = int(cost[at, at_year, LOCAL])
            held(f"own money {town} {year}", own, int(wanted.sums.local[at, at_year]))
            pay = int(options.fund[package.chosen[at], at, at_year])
            held(f"norm {town} {year}", pay, int(wanted.ceilings[at, at_year]))
    held("at most", package.total, wanted.at_most)
    for at, lever in enumerate(options.levers):
        levels = {options.combinations[way][at] for way in package.chosen}
        if lever.everywhere and len(levels) > 1:
            found.append(f"everywhere {lever.key}: {len(levels)} levels")
    return found
