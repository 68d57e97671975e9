"""Organisations side by side, and what the release says about each pair."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from django.test import Client

from otdacha.documents.figures import effect_figure, measures
from otdacha.documents.numbers import Numbers
from otdacha.release import Release
from otdacha.site.bank import models
from tests.invented_release import NAMES, TOO_NEW, provider

EN = Numbers("en")


def compared(client: Client, positions: Sequence[int], more: str = "") -> str:
    query = "&".join([*(f"o={provider(at)}" for at in positions), *filter(None, [more])])
    answer = client.get(f"/en/compare/?{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def cells(content: str, caption: str) -> list[list[str]]:
    """The table whose caption has the id `caption`, row by row."""
    body = content.split(f'id="{caption}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    return [
        [said(cell) for cell in re.split(r"</t[hd]>", row)][:-1] for row in body.split("<tr")[1:]
    ]


def said(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", cell).split())


def test_nothing_chosen_explains_what_to_do(client: Client, published: Release) -> None:
    content = compared(client, [])
    assert "Nothing is chosen yet" in content
    assert 'href="/en/organisations/"' in content


def test_every_indicator_stands_side_by_side_with_its_interval(
    client: Client, published: Release
) -> None:
    table = cells(compared(client, [8, 3, TOO_NEW]), "side-caption")
    shown = measures(published, EN)
    assert len(shown) > 2
    effects = {(row["provider"], row["indicator"]): row for row in published.effects.to_dicts()}
    for measure, row in zip(shown, table, strict=False):
        assert row[0].split(">")[-1].strip().startswith(measure.name)
        for at, cell in zip((8, 3), row[1:], strict=False):
            figure = effect_figure(effects[provider(at), measure.id], measure, EN)
            assert cell.endswith(f"{figure.main} {figure.below}")
        assert row[3].endswith("too new")


def test_what_the_release_says_of_each_pair_is_said_in_words(
    client: Client, published: Release
) -> None:
    pairs = published.tables["comparisons"].to_dicts()
    apart = next(row for row in pairs if row["distinguishable"])
    alike = next(row for row in pairs if not row["distinguishable"])
    headline = measures(published, EN)[0]
    names = dict(published.providers.select("provider", "name").rows())
    for row in (apart, alike):
        answer = client.get(f"/en/compare/?o={row['other']}&o={row['provider']}")
        ((_, verdict, difference, probability),) = cells(
            html.unescape(answer.content.decode()), "pairs-caption"
        )
        figure = effect_figure({**row, "posterior_mean": row["difference"]}, headline, EN)
        assert difference.endswith(f"{figure.main} {figure.below}")
        assert probability.endswith(said(EN.probability(row["probability_better"])))
        if row["distinguishable"]:
            better, worse = names[row["provider"]], names[row["other"]]
            if row["difference"] < 0:
                better, worse = worse, better
            assert verdict.endswith(
                f"{better} is better than {worse}: the difference stands out from the noise."
            )
        else:
            assert "Cannot be told apart" in verdict


def test_a_pair_without_a_published_effect_says_whose_and_why(
    client: Client, published: Release
) -> None:
    ((_, verdict, difference, _),) = cells(compared(client, [8, TOO_NEW]), "pairs-caption")
    assert f"{NAMES[TOO_NEW]} has no published effect (too new)" in verdict
    assert difference.endswith("too new")


def test_a_release_that_compares_no_pairs_says_so(client: Client, published: Release) -> None:
    models.Comparisons.objects.all().delete()
    content = compared(client, [8, 3])
    assert "The release does not say whether these two differ." in content


def test_a_seventh_organisation_is_not_compared_and_that_is_said(
    client: Client, published: Release
) -> None:
    content = compared(client, range(8))
    assert "8 organisations are named; the first 6 are compared." in content
    assert len(cells(content, "side-caption")[0]) == 1 + 6
    assert len(cells(content, "pairs-caption")) == 15
    assert "Six are compared, and no more fit" in content


def test_one_named_twice_is_compared_once_and_an_unknown_one_is_named(
    client: Client, published: Release
) -> None:
    content = compared(client, [3, 3], "o=nobody%00<b>")
    assert "This release has no organisation “nobody <b>”." in content
    assert "One organisation is chosen." in content
    raw = client.get("/ru/compare/?o=<b>x</b>").content.decode()
    assert "<b>x" not in raw


def test_organisations_without_a_topic_in_common_are_warned_of(
    client: Client, published: Release
) -> None:
    assert "They teach different things." not in compared(client, [8, 3])
    assert "All of them teach this topic" in compared(client, [8, 3])
    models.Programme.objects.filter(organisation__provider=provider(3)).update(topic="roads")
    models.Bank.objects.update(generation=99)
    content = compared(client, [8, 3])
    assert "They teach different things." in content
    assert f"{NAMES[8]} – {NAMES[3]}" in content


def test_each_can_be_taken_away_and_another_added_by_a_search(
    client: Client, published: Release
) -> None:
    content = compared(client, [8, 3], "q=Лукоморье")
    assert f'<a href="?o={provider(3)}"><span class="visually-hidden">Take away' in content
    added = f"?o={provider(8)}&o={provider(3)}&o={provider(0)}"
    assert f'<a href="{added}">Add {NAMES[0]}</a>' in content


@pytest.mark.parametrize("count", [2, 6])
def test_the_number_of_queries_does_not_depend_on_how_many_are_compared(
    client: Client, published: Release, django_assert_num_queries: object, count: int
) -> None:
    compared(client, [8])
    with django_assert_num_queries(7):  # type: ignore[operator]
        compared(client, range(count))


def test_the_chart_can_be_saved_and_names_those_that_are_compared(
    client: Client, published: Release
) -> None:
    page = client.get(f"/en/compare/?o={provider(0)}&o={provider(3)}").content.decode()
    address = f"/en/charts/comparison.svg?o={provider(0)}&amp;o={provider(3)}"
    assert address in page
    saved = client.get(address.replace("&amp;", "&"))
    assert saved.headers["Content-Type"].startswith("image/svg+xml")
    names = dict(published.providers.select("provider", "name").iter_rows())
    for one in (provider(0), provider(3)):
        assert html.escape(names[one], quote=False) in saved.content.decode()
    assert client.get("/en/charts/comparison.svg?o=nobody").status_code == 404
