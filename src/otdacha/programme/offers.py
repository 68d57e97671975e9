"""Offers of providers as runs of the plan's years, and which people may take them.

An offer is one run of a course with its dates, places and price; a yearly one is offered again in
each later year, a year later and dearer. A run is what a plan decides on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from otdacha.language import Text, text

KOPECKS = 100

RUNS = pl.Schema(
    {
        "run": pl.Int64,  # 0, 1, ...: the row's number
        "provider": pl.String,
        "offer": pl.String,
        "programme": pl.String,
        "name": pl.String,
        "topic": pl.String,
        "hours": pl.Float64,
        "form": pl.String,
        "year": pl.Int64,
        "started": pl.Date,
        "finished": pl.Date,
        "town": pl.String,  # null: at a distance
        "fee": pl.Int64,  # kopecks for one person, at the prices of the year
        "travel": pl.Int64,  # kopecks for one person from another municipality
        "minimum": pl.Int64,  # people that a group begins with
        "places": pl.Int64,  # of one group
        "groups": pl.Int64,
    }
)
"""One run of an offer in one year of the plan, by year, provider and offer."""

_NAMING = ["provider", "offer", "year"]
LEFT_OUT = pl.Schema(
    [
        *((name, RUNS[name]) for name in _NAMING),
        ("reason", pl.String()),
        *((name, kind) for name, kind in RUNS.items() if name not in ("run", *_NAMING)),
    ]
)
"""An offer, or its run of one year, that no plan may use, with the first reason that holds and what
is known of it; the fee and travel of a whole offer are those of its own year."""

PAIRS = pl.Schema({"class": pl.Int64, "run": pl.Int64, "travel": pl.Int64})
"""A class of people and a run that it may take; travel in kopecks for one of them."""

REASONS: Mapping[str, Text] = {
    "no_date": text("It is not said when it begins and ends."),
    "ends_before_it_begins": text("It ends before it begins."),
    "no_price": text("It has no price, or one below zero."),
    "no_places": text("It has no places."),
    "minimum_above_places": text(
        "Its group begins with more people than it has places for, so it never begins."
    ),
    "unknown_provider": text("Its organisation is not in the table of providers."),
    "no_topic": text(
        "Neither it nor its programme has a topic, so it is not known which need it meets."
    ),
    "hours_unknown": text(
        "Neither it nor its programme says how many hours it takes, so it is not known whether it "
        "counts as professional development."
    ),
    "too_few_hours": text("It takes fewer hours than professional development does by law."),
    "outside_the_plan": text("It is held in no year of the plan."),
    "already_begun": text("It has begun already."),
    "too_late_to_sign": text("It begins before a contract for it could be signed."),
    "licence_ends_before": text("The licence of its organisation ends before it does."),
}


@dataclass(frozen=True)
class Runs:
    """runs: schema `RUNS`. left_out: schema `LEFT_OUT`."""

    runs: pl.DataFrame
    left_out: pl.DataFrame

    @property
    def counted(self) -> pl.DataFrame:
        """reason, rows, offers: what was left out by reason, most first."""
        return (
            self.left_out.group_by("reason")
            .agg(
                rows=pl.len().cast(pl.Int64),
                offers=pl.struct("provider", "offer").n_unique().cast(pl.Int64),
            )
            .sort(["rows", "reason"], descending=[True, False])
        )


def runs_of(
    offers: pl.DataFrame,
    programmes: pl.DataFrame,
    providers: pl.DataFrame,
    *,
    years: Sequence[int],
    price_index: Callable[[int, int], Fraction],
    today: dt.date,
    training_hours: float,
) -> Runs:
    """Every run of `offers` in the plan's `years`, at the prices of its year.

    offers, programmes, providers: the tables of the records by those names. A topic, hours, name
    and form that an offer does not have are those of its programme. years: of the plan.
    price_index: from a year, to a later one → how many times as dear (`Parameters.price_index`);
    fees and travel are rounded once, to the nearest kopeck, half upwards. training_hours: the
    methodology's least (`minimum.training_hours`). The licence of a provider without
    `licence_until` is taken to last.

    Raises what `price_index` raises where it does not know a year's prices.
    """
    described = _described(offers, programmes, providers)
    whole = described.with_columns(reason=_fault_of_offer(years, training_hours))
    dated = whole.filter(pl.col("reason").is_null()).with_columns(
        year=pl.when("yearly")
        .then(pl.lit(sorted(years), pl.List(pl.Int64)))
        .otherwise(pl.concat_list(pl.col("first_year")))
    )
    each = _in_its_year(
        dated.explode("year", empty_as_null=False).filter(pl.col("year") >= pl.col("first_year")),
        price_index,
    ).with_columns(reason=_fault_of_run(today))
    kept = each.filter(pl.col("reason").is_null()).sort("year", "provider", "offer")
    left = pl.concat(
        [
            whole.filter(pl.col("reason").is_not_null()).with_columns(
                year=pl.col("first_year"), fee=_kopecks("price")
            ),
            each.filter(pl.col("reason").is_not_null()),
        ],
        how="diagonal",
    )
    return Runs(
        kept.with_columns(run=pl.int_range(pl.len(), dtype=pl.Int64))
        .select(RUNS.names())
        .cast(RUNS),
        left.select(LEFT_OUT.names()).cast(LEFT_OUT).sort("provider", "offer", "year"),
    )


def admissible(
    classes: pl.DataFrame, runs: pl.DataFrame, reachable: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The runs that each class of people may take (schema `PAIRS`), by class and run.

    classes: columns class (its number), municipality, topic (null: any), by (the last day on which
    the training may end; null: any). runs: schema `RUNS`. reachable: columns municipality, town:
    where people of a municipality may travel to, beside their own town; without it anywhere.

    Nobody travels to a run in the own town or at a distance. Everything is joined on topic (and on
    the town, where `reachable` is given): work and memory grow with the pairs, not with classes
    times runs.
    """
    wanted = classes.lazy().select("class", "municipality", "topic", "by")
    offered = runs.lazy().select("run", "topic", "town", "finished", "travel")
    if reachable is None:
        joined = [_same_topic(wanted, offered, [])]
    else:
        own = classes.select("municipality", town=pl.col("municipality"))
        towns = pl.concat([own, reachable.select("municipality", "town")]).drop_nulls().unique()
        near = wanted.join(towns.lazy(), on="municipality")
        joined = [
            _same_topic(near, offered.filter(pl.col("town").is_not_null()), ["town"]),
            _same_topic(wanted, offered.filter(pl.col("town").is_null()), []),
        ]
    at_home = pl.col("town").is_null() | (pl.col("town") == pl.col("municipality"))
    pairs = [
        found.filter(pl.col("by").is_null() | (pl.col("finished") <= pl.col("by"))).select(
            "class", "run", travel=pl.when(at_home).then(0).otherwise("travel")
        )
        for found in joined
    ]
    return pl.concat(pairs).cast(PAIRS).collect().sort("class", "run")


def _same_topic(wanted: pl.LazyFrame, offered: pl.LazyFrame, on: list[str]) -> pl.LazyFrame:
    """wanted and offered joined on the columns `on` and the topic; a class without a topic takes
    any. Columns class, municipality, by, run, town, finished, travel."""
    named = wanted.filter(pl.col("topic").is_not_null()).join(offered, on=[*on, "topic"])
    anything = wanted.filter(pl.col("topic").is_null()).drop("topic")
    others = offered.drop("topic")
    free = anything.join(others, on=on) if on else anything.join(others, how="cross")
    columns = ["class", "municipality", "by", "run", "town", "finished", "travel"]
    return pl.concat([named.select(columns), free.select(columns)])


def _described(
    offers: pl.DataFrame, programmes: pl.DataFrame, providers: pl.DataFrame
) -> pl.DataFrame:
    """Offers with what their programmes and providers say, and `known`: is there a provider."""
    own = ["name", "topic", "hours", "form"]
    told = programmes.select("provider", "programme", *own).unique(
        ["provider", "programme"], keep="last", maintain_order=True
    )
    licences = providers.group_by("provider").agg(pl.col("licence_until").max())
    return (
        offers.join(told, on=["provider", "programme"], how="left", suffix="_told")
        .join(licences.with_columns(known=True), on="provider", how="left")
        .with_columns(
            *(pl.coalesce(name, f"{name}_told").alias(name) for name in own),
            pl.col("yearly", "known").fill_null(False),
            minimum=pl.col("minimum_group").fill_null(1),
            groups=pl.col("groups").fill_null(1),
            travel=_kopecks("travel").fill_null(0),
            first_year=pl.col("started").dt.year().cast(pl.Int64),
        )
    )


def _fault_of_offer(years: Sequence[int], training_hours: float) -> pl.Expr:
    """The first reason why no run of an offer can be used, or null."""
    in_plan = (
        pl.when("yearly")
        .then(pl.col("first_year") <= max(years, default=0))
        .otherwise(pl.col("first_year").is_in(list(years)))
    )
    faults = {
        "no_date": pl.col("started").is_null() | pl.col("finished").is_null(),
        "ends_before_it_begins": pl.col("finished") < pl.col("started"),
        "no_price": pl.col("price").is_null() | (pl.col("price") < 0),
        "no_places": (pl.col("places").fill_null(0) < 1) | (pl.col("groups") < 1),
        "minimum_above_places": pl.col("minimum") > pl.col("places"),
        "unknown_provider": ~pl.col("known"),
        "no_topic": pl.col("topic").is_null(),
        "hours_unknown": pl.col("hours").is_null(),
        "too_few_hours": pl.col("hours") < training_hours,
        "outside_the_plan": ~in_plan,
    }
    return _first(faults)


def _fault_of_run(today: dt.date) -> pl.Expr:
    """The first reason why a run of one year cannot be used, or null."""
    return _first(
        {
            "already_begun": pl.col("started") < pl.lit(today),
            "licence_ends_before": pl.col("licence_until") < pl.col("finished"),
        }
    )


def _first(faults: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.coalesce(
        *(pl.when(fault).then(pl.lit(reason)) for reason, fault in faults.items()),
        pl.lit(None, pl.String),
    )


def _in_its_year(offers: pl.DataFrame, price_index: Callable[[int, int], Fraction]) -> pl.DataFrame:
    """Dates, fee and travel of each row in its `year`; a 29th of February becomes the 28th."""
    later = pl.format("{}y", pl.col("year") - pl.col("first_year"))
    spans = offers.select("first_year", "year").unique()
    dearer = {span: price_index(*span) for span in spans.iter_rows()}
    raised = pl.DataFrame(
        [
            (_nearest(fee * dearer[first, year]), _nearest(travel * dearer[first, year]))
            for fee, travel, first, year in offers.select(
                _kopecks("price"), "travel", "first_year", "year"
            ).iter_rows()
        ],
        schema={"fee": pl.Int64, "travel": pl.Int64},
        orient="row",
    )
    return offers.with_columns(
        pl.col("started", "finished").dt.offset_by(later), *raised.get_columns()
    )


def _nearest(kopecks: Fraction) -> int:
    """Rounded once, half upwards, as `Parameters.raised` rounds."""
    return int(kopecks + Fraction(1, 2))


def _kopecks(rubles: str) -> pl.Expr:
    """Rubles of at most two decimals as whole kopecks."""
    return (pl.col(rubles) * KOPECKS).round().cast(pl.Int64)
