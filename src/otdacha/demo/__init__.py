"""A synthetic union of cities with a known truth: real places, invented everything else."""

from otdacha.demo.faults import Fault
from otdacha.demo.simulation import SEED, Simulation, simulate
from otdacha.demo.union import Step, Union, steps, write_union

__all__ = ["SEED", "Fault", "Simulation", "Step", "Union", "simulate", "steps", "write_union"]
