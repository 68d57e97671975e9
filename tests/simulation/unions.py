"""A simulated union of people with known truth in one call (see `tests.simulation.worlds`)."""

from __future__ import annotations

from typing import Any

from tests.simulation.worlds.people import PeopleWorld
from tests.simulation.worlds.union import Union

__all__ = ["Union", "simulated_union"]


def simulated_union(seed: int, **settings: Any) -> Union:
    """The union of `PeopleWorld(**settings)` with this seed."""
    return PeopleWorld(**settings).union(seed)
