"""The page of one organisation."""

from __future__ import annotations

import datetime as dt
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from otdacha.documents.figures import effect_figure, measures
from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.release import Release
from otdacha.release.figures_file import AskedToRank, rank_file
from otdacha.release.reported import publish_file, rules_for
from otdacha.site.bank.loading import publish
from otdacha.site.bank.models import Bank, Erratum, Organisation, Programme, Reply
from tests.invented_release import FEW_TOWNS, ONE_CLUSTER, TOO_NEW, provider


def page(client: Client, who: str, language: Language = "en", release: str = "") -> str:
    within = f"releases/{release}/" if release else ""
    answer = client.get(f"/{language}/{within}organisations/{who}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def row(release: Release, who: str) -> dict[str, Any]:
    return release.providers.row(by_predicate=pl.col("provider") == who, named=True)


def one(release: Release, *conditions: pl.Expr) -> str:
    found: str = release.providers.filter(pl.col("state") == "published", *conditions)["provider"][
        0
    ]
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_effect_stands_there_with_its_interval_as_the_release_has_it(
    client: Client, published: Release, language: Language
) -> None:
    who = published.listed["provider"][0]
    said = page(client, who, language)
    numbers = Numbers(language)
    for measure in measures(published, numbers):
        effect = published.effects.row(
            by_predicate=(pl.col("provider") == who) & (pl.col("indicator") == measure.id),
            named=True,
        )
        figure = effect_figure(effect, measure, numbers)
        assert f"<strong>{figure.main}</strong>" in said
        assert f"({figure.below}; {measure.unit}, {measure.better})" in said


def test_the_verdict_is_one_sentence_for_each_case(client: Client, published: Release) -> None:
    unlisted = ~pl.col("listed")
    for who, verdict in (
        (published.listed["provider"][0], "On the list of the most effective: after its training"),
        (one(published, unlisted, pl.col("lower") < 0, pl.col("upper") > 0), "no effect:"),
        (provider(ONE_CLUSTER), "Its effect is not published: too little evidence."),
        (provider(TOO_NEW), "Its effect is not published: too new."),
    ):
        said = page(client, who)
        assert said.count('class="verdict-line"') == 1
        assert verdict in said.split('class="verdict-line">')[1].split("</p>")[0]


def test_what_is_better_or_worse_but_not_on_the_list_is_said_so(
    client: Client, published: Release
) -> None:
    found = Organisation.objects.get(
        release__name=published.id,
        provider=one(published, ~pl.col("listed"), pl.col("lower") < 0, pl.col("upper") > 0),
    )
    row = dict(found.row)
    for lower, upper, sentence in (
        (0.01, 0.2, "but that is not certain enough for the list"),
        (-0.2, -0.01, "After its training people work worse than without it."),
    ):
        found.row = row | {"lower": lower, "posterior_mean": (lower + upper) / 2, "upper": upper}
        found.save()
        Bank.objects.update(generation=upper * 100 + 50)
        assert sentence in page(client, found.provider)


def test_places_are_a_range_in_words_and_no_place_stands_alone(
    client: Client, published: Release
) -> None:
    who = one(published, pl.col("rank_low") > 1)
    known = row(published, who)
    count = published.providers.filter(pl.col("state") == "published").height
    sentence = f"Its place lies somewhere between {known['rank_low']} and {known['rank_high']} of"
    assert f"{sentence} {count}:" in page(client, who)


def test_a_state_is_said_in_words_with_its_reason_and_never_blank(
    client: Client, published: Release
) -> None:
    said = page(client, provider(FEW_TOWNS))
    why = row(published, provider(FEW_TOWNS))["reason"]
    assert why == "few_municipalities_to_publish"
    assert "Fewer municipalities stand behind it than may be published." in said
    assert "The figure is known but not shown: so few people or towns" in said
    assert '<span class="state">suppressed</span>' in said
    assert "None" not in said
    assert "<td></td>" not in said.replace(' class="number"', "")
    assert 'id="among-peers"' not in said


def test_its_peers_teach_its_topic_and_have_an_effect(client: Client, published: Release) -> None:
    who = provider(0)
    said = page(client, who)
    table = said.split('id="peers-caption"')[1].split("</table>")[0]
    count = published.providers.filter(pl.col("state") == "published").height
    assert table.count('<th scope="row">') == count
    assert f"and have an effect: {count - 1} (" in said
    own = Organisation.objects.get(release__name=published.id, provider=who).programmes
    own.exclude(topic="этика").update(topic="", topic_slug="")
    Bank.objects.update(generation=90)
    assert "and have an effect: 0 (этика)." in page(client, who)


def test_where_it_names_no_topic_all_others_are_its_peers(
    client: Client, published: Release
) -> None:
    Programme.objects.update(topic="", topic_slug="")
    count = published.providers.filter(pl.col("state") == "published").height
    said = page(client, published.listed["provider"][0])
    assert f"Compared with all others that have an effect: {count - 1}." in said


def test_months_of_all_are_shown_and_called_so_where_it_has_none_of_its_own(
    client: Client, published: Release
) -> None:
    who = published.listed["provider"][0]
    sentence = "The release holds no months of this organisation alone."
    assert sentence in page(client, who)
    months = published.tables["event_study"].filter(pl.col("provider").is_null())
    own = months.with_columns(provider=pl.lit(who), state=pl.col("state").cast(pl.String))
    found = Organisation.objects.get(release__name=published.id, provider=who)
    found.figures = found.figures | {"event_study": own.to_dicts()}
    found.save()
    Bank.objects.update(generation=91)
    said = page(client, who)
    assert sentence not in said
    assert f"Before and after training: {found.name}" in said


def test_every_release_of_the_bank_stands_in_the_history(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    who = published.listed["provider"][0]
    earlier = invented[0]
    said = page(client, who)
    history = said.split('id="history-caption"')[1].split("</table>")[0]
    numbers = Numbers("en")
    headline = measures(published, numbers)[0]
    for release in invented:
        assert effect_figure(row(release, who), headline, numbers).main in history
    assert f'href="/en/releases/{earlier.id}/organisations/{who}/"' in history
    Organisation.objects.get(release__name=earlier.id, provider=who).delete()
    Bank.objects.update(generation=92)
    history = page(client, who).split('id="history-caption"')[1].split("</table>")[0]
    assert "not in this release" in history


def test_what_changed_since_the_last_release_is_said_with_its_cause(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    from otdacha.release.diff import cause_in_words, in_words

    changed = published.changes.filter(pl.col("cause").is_not_null()).row(0, named=True)
    cause = cause_in_words(changed["cause"], changed["state"])
    sentence = f"Since release {invented[0].id}: {in_words(changed['change'])}. Cause: {cause}."
    assert sentence in page(client, changed["provider"])
    first = page(client, changed["provider"], release=invented[0].id)
    assert "Since release" not in first


def test_programmes_say_price_people_and_effect_per_10000_roubles(
    client: Client, published: Release
) -> None:
    said = page(client, provider(0))
    table = said.split('id="programmes-caption"')[1].split("</table>")[0]
    assert "8,000\N{NO-BREAK SPACE}₽" in table
    assert '<span class="state">not collected</span>' in table
    programmes = published.tables["programmes"].filter(provider=provider(0))
    paid = programmes.filter(pl.col("price") > 0).row(0, named=True)
    headline = measures(published, Numbers("en"))[0]
    shown = Numbers("en").signed(headline.shown(paid["effect_per_10000"]), headline.digits + 1)
    assert shown in table


def test_what_was_left_out_stands_there_with_its_reason(client: Client, published: Release) -> None:
    left_out = published.excluded.filter(pl.col("provider").is_not_null()).row(0, named=True)
    said = page(client, left_out["provider"]).split('id="left-out-caption"')[1].split("</table>")[0]
    assert "In this month nobody comparable was untrained" in said


def test_specialists_find_the_estimate_the_errors_and_the_second_opinion(
    client: Client, published: Release
) -> None:
    who = published.listed["provider"][0]
    known = row(published, who)
    said = page(client, who).split('id="details"')[1].split("</section>")[0]
    numbers = Numbers("en")
    assert numbers.signed(known["estimate"], 3) in said
    assert numbers.small(known["q_value"]) in said
    assert f"Grade {known['grade']};" in said
    together = numbers.places(known["rank_low_all"], known["rank_high_all"])
    assert f"{together} where the ranges of all organisations shall hold at once" in said


def test_a_reply_is_shown_with_its_lines_and_nothing_in_it_is_html(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    who = published.listed["provider"][0]
    Reply.objects.create(
        release=published_in(invented[0]),
        provider=who,
        text="First <b>line</b>.\n\nSecond.",
        received=dt.date(2026, 11, 21),
    )
    answer = client.get(f"/en/organisations/{who}/").content.decode()
    assert "<p>First &lt;b&gt;line&lt;/b&gt;.</p><p>Second.</p>" in answer
    assert f"November 21, 2026, on release {invented[0].id}" in answer


def published_in(release: Release) -> Any:
    return Bank.objects.get().releases.get(name=release.id)


def test_an_erratum_stands_above_the_page(client: Client, published: Release) -> None:
    Erratum.objects.create(
        release=published_in(published),
        text_ru="Опечатка.",
        text_en="A misprint.",
        found=dt.date(2026, 11, 22),
    )
    assert "A misprint." in page(client, provider(0))
    assert "Опечатка." in page(client, provider(0), "ru")


def test_a_hostile_name_is_shown_as_it_is_and_harms_nothing(
    client: Client, published: Release
) -> None:
    hostile = '<script>alert("1")</script>"><img src=x onerror=alert(1)>'
    Organisation.objects.filter(provider=provider(0)).update(name=hostile)
    Programme.objects.update(name=hostile, topic=hostile)
    answer = client.get(f"/en/organisations/{provider(0)}/").content.decode()
    assert "<script>alert" not in answer
    assert "<img src=x" not in answer
    snippet = unescape(answer.split("<pre")[1].split("<code>")[1].split("</code>")[0])
    assert "<script>" not in snippet
    assert 'alt="Otdacha: &lt;script&gt;' in snippet


def test_the_badge_can_be_embedded_under_its_whole_address_newest_or_for_good(
    client: Client, published: Release
) -> None:
    said = page(client, provider(0))
    badge = f"organisations/{provider(0)}/badge.svg"
    assert f'src="http://testserver/en/{badge}"' in said
    assert f'src="http://testserver/en/releases/{published.id}/{badge}"' in said


def test_queries_are_few_however_many_programmes_there_are(
    client: Client,
    published: Release,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    who = provider(0)
    page(client, provider(1))
    with django_assert_max_num_queries(8):
        page(client, who)
    found = Organisation.objects.get(release__name=published.id, provider=who)
    first = found.programmes.exclude(topic="").first()
    assert first is not None
    Programme.objects.bulk_create(
        [
            Programme(
                release=found.release, organisation=found, key=f"key{at}", name=f"Programme {at}",
                topic=first.topic, topic_slug=first.topic_slug, form="", hours=None, price=None,
                row=first.row,
            )
            for at in range(150)
        ]
    )  # fmt: skip
    Bank.objects.update(generation=93)
    with django_assert_max_num_queries(8):
        said = page(client, who)
    count = found.programmes.count()
    assert f"These are the first 100 of {count} programmes; the files below hold all." in said


def test_somebody_elses_figures_are_not_called_effects_of_training(
    client: Client, unpublished: None, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    lines = [f"{at},{0.1 * at - 0.6:.2f},0.05" for at in range(12)]
    file.write_text("\n".join(["provider,estimate,se", *lines]))
    asked = AskedToRank("mean", (), ())
    rules, content = rules_for(asked, None)
    found = rank_file(file, asked, rules)
    publish(publish_file(found, tmp_path / "bank", rules, content, about=None).path)
    said = page(client, "11")
    assert "Its figure is better than" in said or "On the list: its figure" in said
    assert "after its training" not in said
    assert "INN" not in said.split("<main")[1]
    assert "Identifier" in said
    assert 'id="before-and-after-heading"' not in said


def test_an_organisation_that_is_not_there_is_not_found(client: Client, published: Release) -> None:
    assert client.get("/en/organisations/0000000000/").status_code == 404


def test_of_many_peers_some_are_shown_evenly_and_it_is_said_how_many(
    client: Client, published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otdacha.site.bank.profile.profile.PEERS_SHOWN", 3)
    who = published.listed["provider"][1]
    Programme.objects.update(topic="", topic_slug="")
    ranked = published.providers.filter(pl.col("state") == "published", pl.col("provider") != who)
    said = page(client, who)
    assert f"have an effect: {ranked.height}. Of them 3 are shown, evenly" in said
    table = said.split('id="peers-caption"')[1].split("</table>")[0]
    assert table.count('<th scope="row">') == 4
    assert ranked["name"][0] in table
    assert ranked["name"][-1] in table
