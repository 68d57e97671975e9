"""The results of New Jersey as a second data bank, labelled as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from otdacha.release import Release
from otdacha.site.bank.loading import publish
from tests.known_answers.examples import example
from tests.known_answers.shared_data import shared


@pytest.fixture(scope="module")
def new_jersey(tmp_path_factory: pytest.TempPathFactory) -> Release:
    module = example("new_jersey")
    table = module.providers(shared("new_jersey/outcomes.csv"))
    release, _ = module.released(table, tmp_path_factory.mktemp("bank"))
    found: Release = release
    return found


@pytest.fixture(scope="module")
def _second_kept(
    _kept: None, django_db_blocker: DjangoDbBlocker, new_jersey: Release
) -> Iterator[None]:
    """Published once for these tests, in a transaction that ends after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish(Path(new_jersey.path))
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def both(_second_kept: None, published: Release, new_jersey: Release) -> Release:
    return new_jersey


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_the_second_bank_says_what_its_figures_are_not(
    client: Client, both: Release, language: str
) -> None:
    note = getattr(both.about.note, language)
    provider = both.providers["provider"][0]
    for page in ("", "organisations/", f"organisations/{provider}/", "trust/", "data/"):
        answer = client.get(f"/{language}/banks/new-jersey/{page}")
        assert answer.status_code == 200
        assert note in answer.content.decode()
        assert "State of New Jersey" in answer.content.decode()


def test_the_first_bank_leads_to_the_second_and_keeps_its_own_addresses(
    client: Client, both: Release, published: Release
) -> None:
    first = client.get("/en/").content.decode()
    assert 'href="/en/banks/new-jersey/"' in first
    assert all(name in first for name in published.listed["name"].head(5))


def test_its_shares_are_said_as_levels_with_their_intervals(client: Client, both: Release) -> None:
    best = both.providers.row(0, named=True)
    page = client.get(f"/en/banks/new-jersey/organisations/{best['provider']}/").content.decode()
    assert f"{100 * best['posterior_mean']:.1f}" in page
    assert f"+{100 * best['posterior_mean']:.1f}" not in page


def test_what_its_source_kept_back_is_a_state_and_no_zero(client: Client, both: Release) -> None:
    hidden = both.providers.filter(pl.col("state") == "suppressed")["provider"][0]
    page = client.get(f"/en/banks/new-jersey/organisations/{hidden}/").content.decode()
    assert "suppressed" in page
