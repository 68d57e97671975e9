"""What training cost, so that it can be said what is lost when those who had it leave."""

from __future__ import annotations

import polars as pl

from otdacha.pay.effect.training import TRAINING, planned_training
from otdacha.pay.kopecks import RUBLES
from otdacha.programme.plan import load_plan, plans
from otdacha.records import Workspace, frame


def prices_paid(workspace: Workspace) -> pl.DataFrame:
    """Training of the records with the price of its programme, and the training that the newest
    plan holds for named people (schema `TRAINING`).

    A course whose programme has no price in the records has no value here: it is left out, and what
    is kept is rather said too low.
    """
    prices = (
        frame(workspace, "programmes")
        .drop_nulls("price")
        .select("provider", "programme", "price")
        .unique(["provider", "programme"], keep="last", maintain_order=True)
    )
    done = (
        frame(workspace, "training")
        .join(prices, on=["provider", "programme"])
        .select("person", "finished", price=pl.col("price").round(2).cast(RUBLES))
        .match_to_schema(TRAINING)
    )
    there = plans(workspace)
    if not there:
        return done
    tables = load_plan(there[-1]).tables
    return pl.concat([done, planned_training(tables["people"], tables["offers"])])
