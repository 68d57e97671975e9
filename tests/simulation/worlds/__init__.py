"""Invented unions with known truth: the worlds behind docs/evidence.md.

`people` and `departments` make unions; `named` says which worlds there are and what each is for.
"""

from tests.simulation.worlds.named import WORLDS, World
from tests.simulation.worlds.union import Union

__all__ = ["WORLDS", "Union", "World"]
