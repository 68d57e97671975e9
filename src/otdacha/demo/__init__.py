"""A synthetic union of cities with a known truth: real places, invented everything else."""

from otdacha.demo.cells import InventedCells, invent_cells
from otdacha.demo.faults import Fault
from otdacha.demo.scenery import cities
from otdacha.demo.simulation import SEED, Simulation, simulate
from otdacha.demo.union import Step, Union, steps, write_union

__all__ = [
    "SEED",
    "Fault",
    "InventedCells",
    "Simulation",
    "Step",
    "Union",
    "cities",
    "invent_cells",
    "simulate",
    "steps",
    "write_union",
]
