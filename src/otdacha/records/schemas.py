"""What a stored row of each table is: its typed columns and the rules that it keeps by itself."""

# ruff: noqa: N805 (dataframely calls a rule with the schema: `cls` is its right name)

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import dataframely as dy
import polars as pl


class Stored(dy.Schema):
    """What every stored row carries: the batch it came with and its row in the source file."""

    batch = dy.String(alias="_batch")
    row = dy.Int64(alias="_row")


def not_before(later: str, earlier: str) -> pl.Expr:
    """True, or unknown where one of the two days is unknown: unknown breaks no rule."""
    return pl.col(later) >= pl.col(earlier)


class Municipalities(Stored):
    municipality = dy.String()
    name = dy.String()
    region = dy.String()
    macroregion = dy.String(nullable=True)
    latitude = dy.Float64(nullable=True)
    longitude = dy.Float64(nullable=True)
    valid_from = dy.Date(nullable=True)
    valid_to = dy.Date(nullable=True)
    training_known_from = dy.Date(nullable=True)
    successor = dy.String(nullable=True)
    territory = dy.String(nullable=True)
    formed_by = dy.String(nullable=True)
    ended_by = dy.String(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return not_before("valid_to", "valid_from")

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("municipality")

    # the limits are Russia's, so that latitude and longitude that were exchanged are found out
    @dy.rule()
    def latitude_out_of_range(cls) -> pl.Expr:
        return pl.col("latitude").is_between(41, 82)

    @dy.rule()
    def longitude_out_of_range(cls) -> pl.Expr:
        return pl.col("longitude").is_between(19, 180) | (pl.col("longitude") <= -168)


class Statistics(Stored):
    municipality = dy.String()
    indicator = dy.String()
    begins = dy.Date()
    ends = dy.Date()
    breakdown = dy.String(nullable=True)
    value = dy.Float64()
    measured_in = dy.String(nullable=True)
    source = dy.String(nullable=True)
    proxy = dy.Bool(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return not_before("ends", "begins")


class Units(Stored):
    municipality = dy.String()
    unit = dy.String()
    name = dy.String(nullable=True)
    valid_from = dy.Date(nullable=True)
    valid_to = dy.Date(nullable=True)
    successor = dy.String(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return not_before("valid_to", "valid_from")

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("unit")


class Staff(Stored):
    municipality = dy.String()
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    badge = dy.String(nullable=True)
    unit = dy.String()
    position_group = dy.String(nullable=True)
    started = dy.Date()
    ended = dy.Date(nullable=True)

    @dy.rule()
    def ended_before_started(cls) -> pl.Expr:
        return not_before("ended", "started")


class Training(Stored):
    municipality = dy.String(nullable=True)
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    provider = dy.String()
    programme = dy.String(nullable=True)
    started = dy.Date()
    finished = dy.Date()
    hours = dy.Float64()

    @dy.rule()
    def finished_before_started(cls) -> pl.Expr:
        return not_before("finished", "started")


class Cases(Stored):
    municipality = dy.String()
    case = dy.String()
    unit = dy.String()
    executor = dy.String(nullable=True)
    service = dy.String()
    opened = dy.Date()
    due = dy.Date(nullable=True)
    limit_days = dy.Int64(nullable=True)
    day_kind = dy.String(nullable=True)
    closed = dy.Date(nullable=True)
    cancelled = dy.Date(nullable=True)
    is_cancelled = dy.Bool(nullable=True)
    refused = dy.Bool(nullable=True)
    repeated = dy.Bool(nullable=True)
    rating = dy.Int64(nullable=True)

    @dy.rule()
    def closed_before_opened(cls) -> pl.Expr:
        return not_before("closed", "opened")

    @dy.rule()
    def cancelled_before_opened(cls) -> pl.Expr:
        return not_before("cancelled", "opened")

    @dy.rule()
    def due_before_opened(cls) -> pl.Expr:
        return not_before("due", "opened")

    @dy.rule()
    def negative_duration(cls) -> pl.Expr:
        return pl.col("limit_days") >= 0

    @dy.rule()
    def rating_out_of_range(cls) -> pl.Expr:
        return pl.col("rating").is_between(1, 5)


class Results(Stored):
    municipality = dy.String()
    unit = dy.String()
    service = dy.String()
    month = dy.Date()
    indicator = dy.String()
    n = dy.Int64()
    mean = dy.Float64()
    sd = dy.Float64(nullable=True)

    @dy.rule()
    def negative_count(cls) -> pl.Expr:
        return pl.col("n") >= 0

    @dy.rule()
    def negative_spread(cls) -> pl.Expr:
        return pl.col("sd") >= 0


class Providers(Stored):
    provider = dy.String()
    name = dy.String()
    ogrn = dy.String(nullable=True)
    type = dy.String(nullable=True)
    region = dy.String(nullable=True)
    licence = dy.String(nullable=True)
    successor = dy.String(nullable=True)
    merged_on = dy.Date(nullable=True)
    licence_until = dy.Date(nullable=True)

    @dy.rule()
    def own_successor(cls) -> pl.Expr:
        return pl.col("successor") != pl.col("provider")


class Programmes(Stored):
    provider = dy.String()
    programme = dy.String()
    name = dy.String(nullable=True)
    topic = dy.String(nullable=True)
    hours = dy.Float64(nullable=True)
    form = dy.String(nullable=True)
    price = dy.Float64(nullable=True)

    @dy.rule()
    def negative_hours(cls) -> pl.Expr:
        return pl.col("hours") >= 0

    @dy.rule()
    def negative_price(cls) -> pl.Expr:
        return pl.col("price") >= 0


RULE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "finished_before_started": "finished",
        "closed_before_opened": "closed",
        "cancelled_before_opened": "cancelled",
        "due_before_opened": "due",
        "negative_duration": "limit_days",
        "rating_out_of_range": "rating",
        "negative_count": "n",
        "negative_spread": "sd",
        "negative_hours": "hours",
        "negative_price": "price",
        "own_successor": "successor",
        "latitude_out_of_range": "latitude",
        "longitude_out_of_range": "longitude",
        "one_person_is_one": "people",
        "nobody_needed": "people",
        "priority_out_of_range": "priority",
        "change_of_nothing": "indicator",
        "minimum_above_places": "minimum_group",
        "no_minimum_group": "minimum_group",
        "no_places": "places",
        "no_groups": "groups",
        "negative_travel": "travel",
        "negative_amount": "amount",
        "no_seats": "seats",
        "finished_without_date": "finished",
        "date_without_finish": "finished",
        "negative_salary": "salary",
        "rate_out_of_range": "special_rate",
        "share_out_of_range": "share",
        "class_out_of_range": "pay_class",
        "hired_before_birth": "started",
        "served_before_birth": "service_from",
        "north_before_birth": "north_from",
        "grants_out_of_range": "grants_share",
        "negative_norm": "norm",
        "negative_available": "available",
    }
)
"""The column that a broken rule is reported at (`ended_before_started`: see `Table.ends`)."""
