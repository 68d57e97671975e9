"""A synthetic union of cities with a known truth: real places, invented everything else."""

from otdacha.demo.ahead import Ahead, look_ahead
from otdacha.demo.cells import InventedCells, invent_cells
from otdacha.demo.faults import Fault
from otdacha.demo.instance import PlanningInstance, country_instance, planning_instance
from otdacha.demo.scenery import EXPORTED, cities
from otdacha.demo.simulation import SEED, Simulation, simulate
from otdacha.demo.union import Step, Union, steps, write_union

__all__ = [
    "EXPORTED",
    "SEED",
    "Ahead",
    "Fault",
    "InventedCells",
    "PlanningInstance",
    "Simulation",
    "Step",
    "Union",
    "cities",
    "country_instance",
    "invent_cells",
    "look_ahead",
    "planning_instance",
    "simulate",
    "steps",
    "write_union",
]
