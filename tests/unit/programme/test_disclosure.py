"""What of a real plan anybody may have: contracts as they are, people in no table."""

from __future__ import annotations

import polars as pl

from otdacha.programme.disclosure import EXACT, PROTECTED, public
from otdacha.programme.plan import Plan

TELLS_OF_PEOPLE = {"unit", "class", "pair", "run", "person", "need", "by", "by_year"}
"""Columns by which rows belong to a department, a class of people or one of them."""


def test_tables_of_contracts_are_told_as_they_lie_in_the_plan(plan: Plan) -> None:
    told = public(plan, 5).tables
    for name in {*EXACT} & {*plan.tables}:
        assert told[name].equals(plan.tables[name])
    assert {*told} == ({*EXACT} & {*plan.tables}) | {*PROTECTED}


def test_no_public_table_has_a_column_that_leads_to_a_department_or_a_person(plan: Plan) -> None:
    for name, table in public(plan, 5).tables.items():
        assert TELLS_OF_PEOPLE.isdisjoint(table.columns), name


def test_where_nobody_is_left_without_there_is_nothing_to_hide(plan: Plan) -> None:
    """All ten of the three towns are trained: what is needed is what contracts tell."""
    told = public(plan, 5)
    needs = told.tables["needs"]
    assert needs["unmet"].to_list() == [0] * needs.height
    assert needs["needed"].to_list() == needs["planned"].to_list()
    lines = plan.tables["lines"].group_by("municipality", "topic").agg(pl.col("seats").sum())
    assert needs["planned"].sum() == lines["seats"].sum() == 10
    assert told.figures["needed"] == 10
    assert told.tables["unmet"].is_empty()


def test_people_count_under_the_topic_of_their_course(plan: Plan) -> None:
    """Who needs any topic is sent to a course of one; a contract names that one."""
    seats = plan.tables["seats"].with_columns(topic=pl.lit(None, pl.String))
    anything = Plan(
        plan.path, plan.hash, plan.manifest, {**plan.tables, "seats": seats}, plan.problem
    )
    told = public(anything, 5).tables
    assert told["needs"].equals(public(plan, 5).tables["needs"])
    assert None not in told["demands"]["topic"].to_list()
