"""From what is needed, offered, paid for and believed to the problem that is decided."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from otdacha.programme.evidence.learning import learning_value
from otdacha.programme.material import Material
from otdacha.programme.offers import admissible
from otdacha.programme.people.roster import folded_topic
from otdacha.programme.problem import Caution, Learning, Problem

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]


def problem_of(material: Material) -> Problem:
    """The problem of this material.

    What a seat brings is the provider's effect × the cases that one person of the class answers for
    in the months that an effect is known to last, less for later years. Without evidence it is the
    priority of the need. Whom no run can take is not mandatory here: no money and no plan would
    change that, and the plan says so (table `unmet`).
    """
    choices = material.parameters.plan
    classes, runs, evidence = material.classes, material.runs, material.evidence
    towns = tuple(material.towns["municipality"])
    place = {name: at for at, name in enumerate(towns)}
    of_class = np.array([place[name] for name in classes.municipality], dtype=np.int64)
    pairs = _pairs(material)
    pair_class, pair_run = pairs["class"].to_numpy(), pairs["run"].to_numpy()
    legs, pair_leg = np.unique(of_class[pair_class] * len(runs) + pair_run, return_inverse=True)
    first = np.unique(pair_leg, return_index=True)[1]
    providers = tuple(runs["provider"].unique(maintain_order=True))
    known = {name: at for at, name in enumerate(evidence.providers)}
    believed = np.array([known[name] for name in providers], dtype=np.int64)
    of_provider = {name: at for at, name in enumerate(providers)}
    run_provider = np.array([of_provider[name] for name in runs["provider"]], dtype=np.int64)
    run_year = runs["year"].to_numpy().astype(np.int64)

    lasting = (
        choices.horizon_months
        / 12
        * (1 - choices.yearly_discount) ** (run_year - material.years[0])
    )
    cases = material.volumes.of_classes(classes.frame)
    volume = cases[pair_class] * lasting[pair_run]
    evident = evidence.release is not None
    benefit = (
        evidence.mean[believed][run_provider[pair_run]] * volume
        if evident
        else _priority(material)[pair_class] * lasting[pair_run]
    )
    reached = np.zeros(len(classes.people), dtype=np.bool_)
    reached[pair_class] = True
    needed = np.bincount(of_class, classes.people * reached, len(towns))
    unproven = ~evidence.proven[believed] if evident else np.zeros(len(providers), dtype=np.bool_)
    regions = tuple(material.towns["region"].unique(maintain_order=True))
    at_region = {name: at for at, name in enumerate(regions)}
    return Problem(
        municipalities=towns,
        regions=regions,
        providers=providers,
        years=material.years,
        region=np.array([at_region[name] for name in material.towns["region"]], dtype=np.int64),
        class_names=classes.names,
        class_municipality=of_class,
        people=classes.people,
        mandatory=classes.mandatory & reached,
        run_names=tuple(_run_names(runs)),
        run_provider=run_provider,
        run_year=run_year,
        fee=runs["fee"].to_numpy(),
        least=runs["minimum"].to_numpy(),
        places=runs["places"].to_numpy(),
        groups=runs["groups"].to_numpy(),
        pair_class=pair_class,
        pair_run=pair_run,
        pair_leg=pair_leg,
        benefit=benefit,
        volume=volume if evident else np.zeros_like(volume),
        leg_municipality=legs // max(len(runs), 1),
        leg_run=legs % max(len(runs), 1),
        travel=pairs["travel"].to_numpy()[first],
        fund_names=material.funds.fund_names,
        fund_source=material.funds.fund_source,
        fund_year=material.funds.fund_year,
        amount=material.funds.amount,
        fee_limit=material.funds.fee_limit,
        pays_fee=material.funds.pays_fee,
        pays_travel=material.funds.pays_travel,
        wallet_municipality=material.funds.wallet_municipality,
        wallet_fund=material.funds.wallet_fund,
        unproven=unproven,
        draws=evidence.draws[:, believed] if evident else np.zeros((0, len(providers))),
        floors=np.floor(choices.fairness_floor * needed + 1e-9).astype(np.int64),
        held=np.zeros(len(runs), dtype=np.int64),
        shares=material.funds.shares,
        learning_share=choices.learning_share if unproven.any() else 0.0,
        learning=_learning(material, providers, run_provider, cases, pairs) if evident else (),
        caution=Caution(choices.caution.weight if evident else 0.0, choices.caution.tail),
    )


def _pairs(material: Material) -> pl.DataFrame:
    topic = folded_topic("topic").alias("topic")
    wanted = material.classes.frame.with_columns(topic)
    return admissible(wanted, material.runs.with_columns(topic))


def _run_names(runs: pl.DataFrame) -> pl.Series:
    return runs.select(pl.concat_str("provider", "offer", "year", separator="/").alias("run"))[
        "run"
    ]


def _priority(material: Material) -> Vector:
    """(C,) the mean priority of the needs of each class."""
    weights = material.parameters.priority.model_dump()
    weighed = material.needs.select(
        "municipality",
        "need",
        weight=pl.col("reason").cast(pl.String).replace_strict(weights, return_dtype=pl.Float64),
    )
    of_class = material.classes.frame.select("class", "municipality")
    mean = (
        material.classes.members.join(of_class, on="class")
        .join(weighed, on=["municipality", "need"])
        .group_by("class")
        .agg(pl.col("weight").mean())
    )
    joined = of_class.join(mean, on="class", how="left", maintain_order="left")
    return joined["weight"].fill_null(1.0).to_numpy()


def _learning(
    material: Material,
    providers: tuple[str, ...],
    run_provider: Whole,
    cases: Vector,
    pairs: pl.DataFrame,
) -> tuple[Learning, ...]:
    """What places with each unproven provider are worth for the plans after this one.

    Next year's places with it reach as many cases as its places of one year, at the mean person
    who could take them; no more places count than there are people who could. Its rivals teach the
    same topics.
    """
    if material.law is None:
        return ()
    proven = dict(zip(material.evidence.providers, material.evidence.proven, strict=True))
    topics = material.runs.group_by("provider").agg(pl.col("topic").unique())
    taught = {name: set(known) for name, known in topics.iter_rows()}
    room = (material.runs["places"] * material.runs["groups"]).to_numpy()
    pair_class = pairs["class"].to_numpy()
    of_pair = run_provider[pairs["run"].to_numpy()]
    found = []
    for place, name in enumerate(providers):
        if proven[name] or not (of_pair == place).any():
            continue
        able = pair_class[of_pair == place]
        wanted = material.classes.people[np.unique(able)].sum()
        seats = int(min(room[run_provider == place].sum(), wanted))
        per_case = float(cases[able].mean())
        value = learning_value(
            material.evidence,
            name,
            material.law,
            material.minimum,
            reach=seats / len(material.years) * per_case,
            most=seats,
            rivals=[other for other in providers if taught[other] & taught[name]],
        )
        if value.values[-1] > 0:
            found.append(Learning(place, value.seats[1:], value.values[1:], 1 / value.clusters))
    return tuple(found)
