"""Invent the whole union in memory: towns, people, courses, effects, cases and their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.demo.people import People, invent_people
from otdacha.demo.scenery import cities, courses, organisations, services
from otdacha.demo.training import Training, hold_courses
from otdacha.demo.truth import Effects, draw_effects, realised
from otdacha.demo.work import Towns, Work, do_the_work, invent_towns

SEED = 20210415
"""The day on which the union's assembly adopted its decision."""


@dataclass(frozen=True)
class Simulation:
    """Everything that is invented, before any file. truth: see `otdacha.demo.truth.realised`."""

    towns: Towns
    people: People
    training: Training
    effects: Effects
    work: Work
    truth: pl.DataFrame


def simulate(seed: int = SEED, *, scale: float = 1.0) -> Simulation:
    """Invent the union in memory. `scale` makes it smaller: 0.1 is a tenth of the people."""
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(5)]
    towns = invent_towns(streams[0], cities(), services())
    people = invent_people(streams[1], cities(), services(), scale)
    training = hold_courses(
        streams[2], cities(), organisations(), courses(), people, towns.difficulty
    )
    city = people.frame["city"].to_numpy()
    effects = draw_effects(streams[3], organisations(), training.records, city)
    work = do_the_work(streams[4], services(), people, towns, effects.monthly)
    months = work.expected.group_by("person", "city", "month").agg(pl.col("cases").sum())
    return Simulation(
        towns, people, training, effects, work, realised(effects, months, training.providers)
    )
