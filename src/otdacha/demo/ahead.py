"""The years ahead of the union: what it needs, what it is offered and what it can pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from otdacha.demo.budgets import invent_budgets
from otdacha.demo.needs import invent_needs
from otdacha.demo.offers import end_licences, invent_offers
from otdacha.demo.simulation import Simulation


@dataclass(frozen=True)
class Ahead:
    """The material of a plan. Columns: see `invent_needs`, `invent_offers`, `invent_budgets`.

    licences: number (of the provider), licence_until; only those that end.
    """

    needs: pl.DataFrame
    offers: pl.DataFrame
    budgets: pl.DataFrame
    licences: pl.DataFrame

    @property
    def unlicensed(self) -> pl.DataFrame:
        """Offers that end when their organisation has no licence any more."""
        ending = self.offers.join(self.licences, on="number")
        return ending.filter(pl.col("finished") > pl.col("licence_until"))


def look_ahead(seed: int, made: Simulation) -> Ahead:
    """Invent it from streams of chance of its own, so that nothing that was invented changes."""
    streams = np.random.SeedSequence([seed, 2]).spawn(4)
    for_needs, for_offers, for_budgets, for_licences = map(np.random.default_rng, streams)
    needs = invent_needs(for_needs, made)
    offers = invent_offers(for_offers, made)
    budgets = invent_budgets(for_budgets, needs, offers)
    return Ahead(needs, offers, budgets, end_licences(for_licences, offers))
