"""Which worlds there are, and what each breaks of what the method assumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.simulation.worlds.departments import DepartmentWorld
from tests.simulation.worlds.people import PeopleWorld
from tests.simulation.worlds.union import Union


@dataclass(frozen=True)
class World:
    """settings: what the unions are like. breaks: why the design's assumptions do not hold here;
    empty where they do. Where they do not nothing is claimed, and what happens is reported.
    npmle: lists are made with that prior too."""

    settings: PeopleWorld | DepartmentWorld
    breaks: str = ""
    npmle: bool = False

    def union(self, seed: int) -> Union:
        return self.settings.union(seed)


RECOVERS = "people would have recovered without training"
OUTLASTS = "what was learnt outlasts the horizon and is taken for the work of later courses"

WORLDS: Mapping[str, World] = {
    "staggered growing effects": World(PeopleWorld()),
    "no differences between towns": World(PeopleWorld(between_towns=0.0)),
    "strong town shocks and differences": World(PeopleWorld(between_towns=0.2, town_shock=0.4)),
    "persistent town shocks": World(PeopleWorld(persistence=0.9)),
    "every provider in 3-9 towns": World(PeopleWorld(many=(3, 9))),
    "heavy tails, autocorrelated people and towns": World(
        PeopleWorld(heavy_tails=True, person_shock=0.4)
    ),
    "large providers are better": World(PeopleWorld(effect=0.2, larger_is_better=0.3)),
    "half have none, the others 0.3 ± 0.3": World(PeopleWorld(zero_share=0.5), npmle=True),
    "nine in ten have none": World(PeopleWorld(zero_share=0.9, effect=0.5), npmle=True),
    "half have none, strong town shocks": World(
        PeopleWorld(zero_share=0.5, town_shock=0.4), npmle=True
    ),
    "nobody has an effect": World(PeopleWorld(effect=0.0, between_towns=0.0)),
    "nobody has an effect but by town": World(PeopleWorld(effect=0.0), npmle=True),
    "providers differ in intake only": World(
        PeopleWorld(effect=0.0, between_towns=0.0, intake=0.5)
    ),
    "half have none, intake differs": World(PeopleWorld(zero_share=0.5, intake=0.5)),
    "weak people are sent": World(PeopleWorld(zero_share=0.5, sent="weak people")),
    "a dip before training, left out": World(PeopleWorld(zero_share=0.5, dip=0.4, left_out=3)),
    "a dip before training, 1 of 3 months left out": World(
        PeopleWorld(zero_share=0.5, dip=0.4, left_out=1), RECOVERS
    ),
    "a dip before training, not left out": World(PeopleWorld(zero_share=0.5, dip=0.4), RECOVERS),
    "people are sent after a bad spell": World(
        PeopleWorld(zero_share=0.5, person_shock=0.4, left_out=1, sent="after a bad spell"),
        RECOVERS,
    ),
    "departments, shares, several providers": World(DepartmentWorld(zero_share=0.5)),
    "departments, effects that last": World(DepartmentWorld(zero_share=0.5, lasts=48), OUTLASTS),
}
