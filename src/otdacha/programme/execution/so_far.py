"""The plan so far, as a decision of the problem as it is made today."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from otdacha.programme.deciding.settle import Decision, only_seats
from otdacha.programme.execution.matching import RUN
from otdacha.programme.execution.seating import Leg, meant_by
from otdacha.programme.material import Material
from otdacha.programme.problem import Problem, Whole


def plan_so_far(
    material: Material, problem: Problem, tables: Mapping[str, pl.DataFrame]
) -> Decision:
    """The plan with `tables` (`lines`, `seats`, `groups`) by the places of `problem`, which was
    made from `material`.

    Classes are found again by what their people have in common, runs by their names; those that
    are gone, and pairs that are not possible any more, lose their people. It may break rules of
    this problem. Who pays is not said (no lines), nor how good it is.
    """
    legs: list[Leg] = [
        (problem.municipalities[town], run)
        for town, run in zip(
            problem.leg_municipality.tolist(), problem.leg_run.tolist(), strict=True
        )
    ]
    meant = meant_by(tables["seats"], material)
    pairs = [
        meant.get(legs[leg], {}).get(of_class, 0)
        for leg, of_class in zip(
            problem.pair_leg.tolist(), problem.pair_class.tolist(), strict=True
        )
    ]
    seats = {
        (town, run): count
        for town, run, count in _with_runs(tables["lines"], material)
        .select("municipality", "run_now", "seats")
        .iter_rows()
    }
    return only_seats(
        problem,
        seats=np.array([seats.get(leg, 0) for leg in legs], dtype=np.int64),
        groups=_groups(material, tables["groups"]),
        pairs=np.array(pairs, dtype=np.int64),
    )


def _groups(material: Material, groups: pl.DataFrame) -> Whole:
    """(O,) groups of each run of the material."""
    found = np.zeros(material.runs.height, dtype=np.int64)
    there = _with_runs(groups, material)
    found[there["run_now"].to_numpy()] = there["groups"].to_numpy()
    return found


def _with_runs(rows: pl.DataFrame, material: Material) -> pl.DataFrame:
    """rows with `run_now`, the place of their run in the material; without those that have none."""
    return rows.join(material.runs.select(*RUN, run_now="run"), on=RUN)
