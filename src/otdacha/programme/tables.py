"""The tables of a plan: what was decided, in the words and numbers of the people it is for."""

from __future__ import annotations

import numpy as np
import polars as pl

from otdacha.programme.deciding.settle import PAYS_FIRST, Decision
from otdacha.programme.explain import Prices, choices, prices_of, unmet
from otdacha.programme.explain.worth import Vector, bands_of_legs, bands_of_towns
from otdacha.programme.explained import results_table
from otdacha.programme.line_reasons import line_reasons
from otdacha.programme.material import Material
from otdacha.programme.needs.naming import name_people, name_the_rest
from otdacha.programme.offered import evidence_of_runs, offers_table
from otdacha.programme.people.roster import folded_topic
from otdacha.programme.problem import Problem, Whole

KOPECKS = 100
SOURCES = PAYS_FIRST


def plan_tables(
    material: Material,
    problem: Problem,
    decision: Decision,
    enrolled: pl.DataFrame | None = None,
    aside: Whole | None = None,
) -> dict[str, pl.DataFrame]:
    """Every table of a plan but those that plan anew to explain it, by name; `people` is private.

    Money is in rubles with two decimals, exact from kopecks. Effect figures are in the unit of the
    benefit. Of a plan that is made anew: enrolled: class, run, member who sit there already; aside:
    (F,) kopecks that contracts bind for what is no line.
    """
    funding = _funding(material, problem, decision)
    prices = prices_of(problem, decision)
    seats = _seats(material, problem, decision, prices)
    lines = _lines(material, problem, decision, funding, line_reasons(seats))
    return {
        "lines": lines,
        "funding": funding.select(
            "municipality", "year", "provider", "offer", "source", "code", "fee", "travel", "amount"
        ),
        "groups": _groups(material, problem, decision),
        "offers": offers_table(material, problem, decision, prices),
        "seats": seats,
        "unmet": _unmet(material, problem, decision, prices),
        "results": results_table(material, problem, decision),
        "left_out": _left_out(material),
        "budgets": _budgets(problem, decision, material, aside),
        "municipalities": _municipalities(material, problem, decision, lines),
        "people": _people(material, seats, enrolled),
    }


def _rubles(column: str) -> pl.Expr:
    return (pl.col(column) / KOPECKS).alias(column)


def _run_columns(material: Material) -> pl.DataFrame:
    names = material.providers.unique("provider", keep="last").select(
        "provider", provider_name="name"
    )
    return material.runs.join(names, on="provider", how="left", maintain_order="left")


def _legs(material: Material, problem: Problem) -> pl.DataFrame:
    """Every leg with its town and run, in the problem's order."""
    runs = _run_columns(material)[problem.leg_run]
    towns = material.towns[problem.leg_municipality].select(
        "municipality", "region", municipality_name="name"
    )
    return pl.concat([towns, runs.drop("travel")], how="horizontal").with_columns(
        leg=pl.int_range(pl.len(), dtype=pl.Int64), travel=pl.Series(problem.travel)
    )


def _funding(material: Material, problem: Problem, decision: Decision) -> pl.DataFrame:
    funds = pl.DataFrame(
        {
            "fund": np.arange(len(problem.fund_names)),
            "source": problem.fund_source,
            "code": material.funds.frame["code"],
        }
    )
    return (
        decision.lines.join(funds, on="fund")
        .join(
            _legs(material, problem).select("leg", "municipality", "year", "provider", "offer"),
            on="leg",
        )
        .with_columns(amount=pl.col("fee") + pl.col("travel"))
        .sort("leg", "fund")
        .with_columns(_rubles("fee"), _rubles("travel"), _rubles("amount"))
    )


def _lines(
    material: Material,
    problem: Problem,
    decision: Decision,
    funding: pl.DataFrame,
    reasons: pl.DataFrame,
) -> pl.DataFrame:
    benefit = np.bincount(problem.pair_leg, problem.benefit * decision.pairs, len(problem.leg_run))
    by_source = (
        decision.lines.with_columns(
            source=pl.Series(np.array(problem.fund_source)[decision.lines["fund"].to_numpy()])
        )
        .group_by("leg", "source")
        .agg(amount=(pl.col("fee") + pl.col("travel")).sum())
        .pivot("source", index="leg", values="amount")
    )
    lacking = [pl.lit(0, pl.Int64).alias(name) for name in SOURCES if name not in by_source.columns]
    evidence = pl.Series(evidence_of_runs(material, problem), dtype=pl.String)
    return (
        _legs(material, problem)
        .with_columns(
            seats=pl.Series(decision.seats),
            benefit=pl.Series(benefit),
            **_band(bands_of_legs(problem, decision.pairs)),
            evidence=evidence.gather(problem.leg_run),
        )
        .filter(pl.col("seats") > 0)
        .join(by_source.with_columns(lacking), on="leg", how="left", maintain_order="left")
        .join(reasons, on=["municipality", "run"], how="left", maintain_order="left")
        .with_columns(pl.col(*SOURCES).fill_null(0))
        # seats × price, but for contracts, which say themselves what they cost
        .with_columns(cost=pl.sum_horizontal(SOURCES))
        .with_columns(_rubles(name) for name in ("fee", "travel", "cost", *SOURCES))
        .select(
            "municipality",
            "municipality_name",
            "region",
            "year",
            "provider",
            "provider_name",
            "offer",
            "programme",
            "name",
            "topic",
            "form",
            "hours",
            "started",
            "finished",
            "town",
            "seats",
            "fee",
            "travel",
            "cost",
            *SOURCES,
            "benefit",
            "lower",
            "upper",
            "evidence",
            "why",
            "runner_up_provider",
            "runner_up_offer",
            "runner_up_year",
            "runner_up_loss",
        )
        .sort("municipality", "year", "started", "provider", "offer")
    )


def _band(ends: tuple[Vector, Vector] | None) -> dict[str, pl.Expr | pl.Series]:
    """Nine of ten joint draws lie between `lower` and `upper`; null without evidence."""
    if ends is None:
        return dict.fromkeys(("lower", "upper"), pl.lit(None, pl.Float64))
    return {"lower": pl.Series(ends[0]), "upper": pl.Series(ends[1])}


def _groups(material: Material, problem: Problem, decision: Decision) -> pl.DataFrame:
    seats = np.bincount(problem.leg_run, decision.seats, material.runs.height).astype(np.int64)
    return (
        material.runs.with_columns(
            offered=pl.col("groups"), groups=pl.Series(decision.groups), seats=pl.Series(seats)
        )
        .filter(pl.col("seats") > 0)
        .select(
            "year",
            "provider",
            "offer",
            "started",
            "finished",
            "town",
            "minimum",
            "places",
            "offered",
            "groups",
            "seats",
        )
        .sort("year", "started", "provider", "offer")
    )


def _reason() -> pl.Expr:
    return (
        pl.when("mandatory").then(pl.lit("legal_duty")).otherwise(pl.lit("other")).alias("reason")
    )


def _seats(
    material: Material, problem: Problem, decision: Decision, prices: Prices
) -> pl.DataFrame:
    why = choices(problem, decision, prices)
    runs = material.runs.select(
        runner_up_provider="provider", runner_up_offer="offer", runner_up_year="year"
    )
    second = why.select("pair", "why", "why_here", "runner_up_run", "runner_up_loss").join(
        runs.with_columns(runner_up_run=pl.int_range(pl.len(), dtype=pl.Int64)),
        on="runner_up_run",
        how="left",
        maintain_order="left",
    )
    chosen = np.flatnonzero(decision.pairs)
    classes = material.classes.frame[problem.pair_class[chosen]]
    runs = material.runs[problem.pair_run[chosen]].select("run", "year", "provider", "offer")
    return (
        pl.concat([classes.drop("people"), runs], how="horizontal")
        .with_columns(
            _reason(),
            pair=pl.Series(chosen),
            people=pl.Series(decision.pairs[chosen]),
            benefit=pl.Series((problem.benefit * decision.pairs)[chosen]),
        )
        .select(
            "municipality",
            "unit",
            "topic",
            "reason",
            "by_year",
            "by",
            "class",
            "run",
            "pair",
            "year",
            "provider",
            "offer",
            "people",
            "benefit",
        )
        .join(
            second.select(
                "pair",
                "why",
                "why_here",
                "runner_up_provider",
                "runner_up_offer",
                "runner_up_year",
                "runner_up_loss",
            ),
            on="pair",
            maintain_order="left",
        )
        .sort("class", "run")
    )


def _unmet(
    material: Material, problem: Problem, decision: Decision, prices: Prices
) -> pl.DataFrame:
    offered = material.runs.select(topic=folded_topic("topic"))["topic"].unique().to_list()
    taught = pl.col("topic").is_null() | folded_topic("topic").is_in(offered)
    late = (pl.col("why") == "no_run") & taught & pl.lit(bool(offered))
    return (
        material.classes.frame.drop("people")
        .join(unmet(problem, decision, prices), on="class", maintain_order="left")
        .with_columns(_reason(), why=pl.when(late).then(pl.lit("too_late")).otherwise("why"))
        .select("municipality", "unit", "topic", "reason", "by_year", "class", "people", "why")
    )


def _left_out(material: Material) -> pl.DataFrame:
    """What was not planned with, counted by reason: whose sentences stand in the modules that give
    them."""
    needs = material.classes.left_out.group_by("reason").agg(rows=pl.col("needs").sum())
    merged = (
        material.gathered.merged.select(reason=pl.lit("same_person_and_topic"), rows="needs")
        .group_by("reason")
        .agg(pl.col("rows").sum())
    )
    offers = material.offered.counted.select("reason", "rows")
    budgets = material.funds.excluded.select("reason", "rows")
    return pl.concat(
        [
            frame.select(
                what=pl.lit(what),
                reason=pl.col("reason").cast(pl.String),
                rows=pl.col("rows").cast(pl.Int64),
            )
            for what, frame in (
                ("needs", needs),
                ("needs", merged),
                ("offers", offers),
                ("budgets", budgets),
            )
        ]
    ).sort("what", "rows", "reason", descending=[False, True, False])


def _budgets(
    problem: Problem, decision: Decision, material: Material, aside: Whole | None
) -> pl.DataFrame:
    spent = decision.paid(problem) + (0 if aside is None else aside)
    return material.funds.frame.with_columns(
        amount=pl.Series(problem.amount / KOPECKS),
        planned=pl.Series(spent / KOPECKS),
        left=pl.Series((problem.amount - spent) / KOPECKS),
    )


def _municipalities(
    material: Material, problem: Problem, decision: Decision, lines: pl.DataFrame
) -> pl.DataFrame:
    towns = len(problem.municipalities)
    needed = np.bincount(problem.class_municipality, problem.people, towns).astype(np.int64)
    must = np.bincount(
        problem.class_municipality, problem.people * problem.mandatory, towns
    ).astype(np.int64)
    planned = lines.group_by("municipality").agg(
        pl.col("seats").sum().alias("planned"), pl.col("cost", *SOURCES, "benefit").sum()
    )
    return (
        material.towns.with_columns(
            needed=pl.Series(needed),
            mandatory=pl.Series(must),
            floor=pl.Series(problem.floors),
            **_band(bands_of_towns(problem, decision.pairs)),
        )
        .join(planned, on="municipality", how="left", maintain_order="left")
        .with_columns(pl.col("planned", "cost", *SOURCES, "benefit").fill_null(0))
        .with_columns(pl.col("cost", *SOURCES).round(2))
        .select(
            "municipality",
            "name",
            "region",
            "needed",
            "mandatory",
            "planned",
            "floor",
            "cost",
            *SOURCES,
            "benefit",
            "lower",
            "upper",
        )
    )


def _people(material: Material, seats: pl.DataFrame, enrolled: pl.DataFrame | None) -> pl.DataFrame:
    """Who sits on each seat. Pseudonyms: this table never leaves the workspace."""
    runs = material.runs.select("run", "started", "finished")
    free = seats.select("class", "run", seats="people")
    named = (
        name_people(material.classes, free, runs)
        if enrolled is None
        else name_the_rest(material.classes, free, runs, enrolled)
    )
    of_class = material.classes.frame.select("class", "municipality", "unit", "topic")
    return (
        named.join(of_class, on="class", how="left")
        .join(material.runs.select("run", "year", "provider", "offer"), on="run", how="left")
        .join(material.classes.members.select("member", "by"), on="member", how="left")
        .select(
            "municipality",
            "unit",
            "topic",
            "class",
            "year",
            "provider",
            "offer",
            "person",
            "need",
            "by",
            "state",
            "reason",
        )
        .sort("municipality", "year", "provider", "offer", "class", "need", nulls_last=True)
    )
