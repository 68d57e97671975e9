"""An invented planning instance as the arrays that are decided on."""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.demo.instance import PlanningInstance
from otdacha.demo.instance_supply import TRUE_MEAN, TRUE_SD
from otdacha.programme.problem import Caution, Problem, Share

DISCOUNT, PRICE_RISE, HORIZON = 0.97, 1.05, 1.0
DRAWS = 100
FLOOR, LEARNING_SHARE, AT_MOST = 0.25, 0.1, 0.8


def planning_problem(
    instance: PlanningInstance, *, years: int = 3, caution: float = 0.0, seed: int = 0
) -> Problem:
    """Who may go where: the same topic, in time, at a distance or within the town's region."""
    where, needs, offers = instance.municipalities, instance.needs, instance.offers
    towns, taught = where["municipality"].to_list(), instance.providers
    place = {town: at for at, town in enumerate(towns)}
    regions = where["region"].unique(maintain_order=True).to_list()
    region = np.array([regions.index(each) for each in where["region"]])
    home = dict(enumerate(region.tolist()))
    first = int(offers["started"].dt.year().min())  # type: ignore[arg-type]
    ahead = np.arange(first, first + years)

    runs = pl.concat(
        [
            offers.filter(pl.lit(late == 0) | pl.col("yearly")).with_columns(
                year=pl.lit(first + late, pl.Int64),
                fee=(pl.col("price") * PRICE_RISE**late * 100).round(0).cast(pl.Int64),
            )
            for late in range(years)
        ]
    ).with_row_index("run")
    classes = (
        needs.with_row_index("class")
        .join(instance.volume, on=["municipality", "unit"], how="left", maintain_order="left")
        .with_columns(
            town=pl.col("municipality").replace_strict(place, return_dtype=pl.Int64),
            until=pl.col("by").dt.year(),
            share=pl.col("cases") / pl.col("staff"),
        )
        .with_columns(home=pl.col("town").replace_strict(home, return_dtype=pl.Int64))
    )
    held = runs.select(
        "run",
        "topic",
        "year",
        "provider",
        at=pl.col("town").replace_strict(place, default=-1, return_dtype=pl.Int64),
        away="travel",
    ).with_columns(place=pl.col("at").replace_strict(home, default=None, return_dtype=pl.Int64))
    pairs = (
        classes.select("class", "topic", "town", "home", "until", "share")
        .join(held, on="topic")
        .filter(
            (pl.col("place").is_null() | (pl.col("place") == pl.col("home")))
            & (pl.col("year") <= pl.col("until"))
        )
        .sort("class", "run")
    )
    legs = (
        pairs.select("town", "run", "at", "away")
        .unique(["town", "run"])
        .sort("town", "run")
        .with_row_index("leg")
    )
    pairs = pairs.join(legs.select("town", "run", "leg"), on=["town", "run"], maintain_order="left")

    known = taught["proven"].to_numpy()
    error = taught["error"].fill_null(np.inf).to_numpy()
    weight = TRUE_SD**2 / (TRUE_SD**2 + error**2)
    mean = TRUE_MEAN + weight * (taught["estimate"].fill_null(TRUE_MEAN).to_numpy() - TRUE_MEAN)
    spread = TRUE_SD * np.sqrt(1 - weight)
    draws = mean + spread * np.random.default_rng(seed).standard_normal((DRAWS, len(mean)))
    number = {each: at for at, each in enumerate(taught["provider"])}
    provider = np.array([number[each] for each in runs["provider"]])
    pair_run = pairs["run"].to_numpy().astype(np.int64)
    late = runs["year"].to_numpy()[pair_run] - first
    volume = pairs["share"].to_numpy() * HORIZON * DISCOUNT**late

    funds = instance.budgets.sort("source", "holder", "year", nulls_last=False)
    holders = funds["holder"].to_list()
    in_region = [np.flatnonzero(region == each) for each in range(len(regions))]

    def pays_for(holder: str | None) -> np.ndarray:
        if holder is None:
            return np.arange(len(towns))
        return in_region[regions.index(holder)] if holder in regions else np.array([place[holder]])

    wallets = [pays_for(holder) for holder in holders]
    fund = np.repeat(np.arange(len(holders)), [len(each) for each in wallets])
    people = needs["people"].to_numpy().astype(np.int64)
    town = classes["town"].to_numpy()
    leg_run = legs["run"].to_numpy().astype(np.int64)
    abroad = (legs["at"] >= 0).to_numpy() & (legs["at"] != legs["town"]).to_numpy()
    must = (needs["reason"] == "legal_duty").to_numpy()
    can = np.zeros(len(people), dtype=np.bool_)
    can[pairs["class"].unique().to_numpy()] = True
    zeros = np.zeros(runs.height, dtype=np.int64)
    count = len(holders)
    return Problem(
        municipalities=tuple(towns),
        regions=tuple(regions),
        providers=tuple(taught["provider"]),
        years=tuple(int(year) for year in ahead),
        region=region,
        class_names=tuple(needs["need"]),
        class_municipality=town,
        people=people,
        mandatory=must & can,
        run_names=tuple(runs["offer"]),
        run_provider=provider,
        run_year=runs["year"].to_numpy(),
        fee=runs["fee"].to_numpy(),
        least=runs["minimum_group"].to_numpy().astype(np.int64),
        places=runs["places"].to_numpy().astype(np.int64),
        groups=runs["groups"].to_numpy().astype(np.int64),
        pair_class=pairs["class"].to_numpy().astype(np.int64),
        pair_run=pair_run,
        pair_leg=pairs["leg"].to_numpy().astype(np.int64),
        benefit=mean[provider[pair_run]] * volume,
        volume=volume,
        leg_municipality=legs["town"].to_numpy(),
        leg_run=leg_run,
        travel=np.where(abroad, np.rint(legs["away"].to_numpy() * 100), 0).astype(np.int64),
        fund_names=tuple(f"{row[0]} {row[1]} {row[2]}" for row in funds.iter_rows()),
        fund_source=tuple(funds["source"]),
        fund_year=funds["year"].to_numpy(),
        amount=np.rint(funds["amount"].to_numpy() * 100).astype(np.int64),
        fee_limit=np.full(count, 10**12),
        pays_fee=np.ones(count, dtype=np.bool_),
        pays_travel=np.ones(count, dtype=np.bool_),
        wallet_municipality=np.concatenate(wallets),
        wallet_fund=fund,
        unproven=~known,
        draws=draws,
        floors=np.floor(FLOOR * np.bincount(town, people * can, len(towns))).astype(np.int64),
        held=zeros,
        shares=tuple(
            Share(name, "federal", int(year), in_region[at], at_most=AT_MOST)
            for at, name in enumerate(regions)
            for year in ahead
        ),
        learning_share=LEARNING_SHARE,
        caution=Caution(caution, 0.1),
    )
