"""What a stored row of the programme's tables is: needs, offers, money, and what became of them."""

# ruff: noqa: N805 (dataframely calls a rule with the schema: `cls` is its right name)

from __future__ import annotations

import dataframely as dy
import polars as pl

from otdacha.records.schemas import Stored, not_before


class Needs(Stored):
    municipality = dy.String()
    need = dy.String()
    person = dy.String(nullable=True)
    person_by_name = dy.String(nullable=True)
    badge = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    position_group = dy.String(nullable=True)
    people = dy.Int64()
    topic = dy.String(nullable=True)
    reason = dy.String()
    by = dy.Date(nullable=True)
    indicator = dy.String(nullable=True)
    change = dy.Float64(nullable=True)
    expected_by = dy.Date(nullable=True)
    priority = dy.Int64(nullable=True)

    @dy.rule()
    def nobody_needed(cls) -> pl.Expr:
        return pl.col("people") >= 1

    @dy.rule()
    def one_person_is_one(cls) -> pl.Expr:
        somebody = pl.col("person").is_not_null() | pl.col("badge").is_not_null()
        return ~somebody | (pl.col("people") <= 1)

    @dy.rule()
    def change_of_nothing(cls) -> pl.Expr:
        return pl.col("change").is_null() | pl.col("indicator").is_not_null()

    @dy.rule()
    def priority_out_of_range(cls) -> pl.Expr:
        return pl.col("priority").is_between(1, 5)


class Offers(Stored):
    provider = dy.String()
    offer = dy.String()
    programme = dy.String(nullable=True)
    name = dy.String(nullable=True)
    topic = dy.String(nullable=True)
    hours = dy.Float64(nullable=True)
    form = dy.String(nullable=True)
    price = dy.Float64()
    started = dy.Date()
    finished = dy.Date()
    town = dy.String(nullable=True)
    minimum_group = dy.Int64(nullable=True)
    places = dy.Int64()
    groups = dy.Int64(nullable=True)
    travel = dy.Float64(nullable=True)
    yearly = dy.Bool(nullable=True)

    @dy.rule()
    def finished_before_started(cls) -> pl.Expr:
        return not_before("finished", "started")

    @dy.rule()
    def negative_hours(cls) -> pl.Expr:
        return pl.col("hours") >= 0

    @dy.rule()
    def negative_price(cls) -> pl.Expr:
        return pl.col("price") >= 0

    @dy.rule()
    def negative_travel(cls) -> pl.Expr:
        return pl.col("travel") >= 0

    @dy.rule()
    def no_minimum_group(cls) -> pl.Expr:
        return pl.col("minimum_group") >= 1

    @dy.rule()
    def no_places(cls) -> pl.Expr:
        return pl.col("places") >= 1

    @dy.rule()
    def no_groups(cls) -> pl.Expr:
        return pl.col("groups") >= 1

    # where there are no places at all, that is what is said
    @dy.rule()
    def minimum_above_places(cls) -> pl.Expr:
        return (pl.col("minimum_group") <= pl.col("places")) | (pl.col("places") < 1)


class Budgets(Stored):
    source = dy.String()
    holder = dy.String(nullable=True)
    year = dy.Int64()
    code = dy.String(nullable=True)
    amount = dy.Float64()
    pays_for = dy.String(nullable=True)

    @dy.rule()
    def negative_amount(cls) -> pl.Expr:
        return pl.col("amount") >= 0


class Contracts(Stored):
    municipality = dy.String()
    contract = dy.String()
    provider = dy.String()
    offer = dy.String()
    seats = dy.Int64()
    source = dy.String()
    code = dy.String(nullable=True)
    amount = dy.Float64()
    signed = dy.Date()

    @dy.rule()
    def no_seats(cls) -> pl.Expr:
        return pl.col("seats") >= 1

    @dy.rule()
    def negative_amount(cls) -> pl.Expr:
        return pl.col("amount") >= 0


class Attendance(Stored):
    municipality = dy.String()
    person = dy.String()
    person_by_name = dy.String(nullable=True)
    badge = dy.String(nullable=True)
    provider = dy.String()
    offer = dy.String()
    status = dy.String()
    finished = dy.Date(nullable=True)
    hours = dy.Float64(nullable=True)

    @dy.rule()
    def finished_without_date(cls) -> pl.Expr:
        return (pl.col("status") != "finished") | pl.col("finished").is_not_null()

    @dy.rule()
    def date_without_finish(cls) -> pl.Expr:
        return (pl.col("status") == "finished") | pl.col("finished").is_null()

    @dy.rule()
    def negative_hours(cls) -> pl.Expr:
        return pl.col("hours") >= 0


class Payments(Stored):
    municipality = dy.String()
    payment = dy.String()
    contract = dy.String()
    source = dy.String()
    code = dy.String(nullable=True)
    paid = dy.Date()
    amount = dy.Float64()

    @dy.rule()
    def negative_amount(cls) -> pl.Expr:
        return pl.col("amount") >= 0
