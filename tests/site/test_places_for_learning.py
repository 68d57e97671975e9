"""A plan says how organisations of which too little is known come by their seats."""

from __future__ import annotations

from django.test import Client

from otdacha.programme.plan import Plan
from otdacha.site.programme import models
from tests.site.read_page import read


def said(client: Client, share: float) -> str:
    plan = models.Plan.objects.get()
    plan.manifest["parameters"]["learning_share"] = share
    plan.save()
    return read(client, "/ru/programme/").words


def test_a_share_is_told_where_one_is_kept(client: Client, planned: Plan) -> None:
    assert "10 % мест оставлено организациям" in said(client, 0.1)


def test_where_none_is_kept_seats_are_worth_what_is_learnt(client: Client, planned: Plan) -> None:
    told = said(client, 0.0)
    assert "мест оставлено" not in told
    assert "узнанное о них даст следующим планам больше, чем стоят эти места" in told
