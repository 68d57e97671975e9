"""Search: what people write leads to what they mean, and to nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from otdacha.site.bank.models import Bank, Organisation, Programme, Release
from otdacha.site.bank.search import Correction, Found, find, index

ORGANISATIONS = {
    "Академия «Жар-птица»": ("9900000001", "университет", "Тридевятый край"),
    "АНО ДПО «Школа закупок»": ("9900000002", "АНО ДПО", "Китежская область"),
    "Институт «Конёк-Горбунок»": ("9900000003", "институт", "Китежская область"),
    "Центр «Skillbridge»": ("9900000004", "учебный центр", "Тридевятый край"),
    "Центр муниципального управления": ("9900000005", "учебный центр", "Буянская область"),
    "Школа «Царевна-лягушка»": ("9900000006", "учебный центр", "Лукоморье"),
}
PROGRAMMES = (
    ("9900000001", "Лягушкинские чтения", "Обращения граждан"),
    ("9900000003", "Управление муниципальными закупками", "Закупки"),
    ("9900000003", "Щедрость и честность в работе с жителями", "Обращения граждан"),
    ("9900000005", "Центральные закупки: 44-ФЗ", "Закупки"),
    ("9900000006", "Проектное управление", "Проекты"),
)


@pytest.fixture
def release(db: None) -> Release:
    """Six organisations in the order above."""
    made = bare_release()
    organisations = {
        provider: Organisation(
            release=made, provider=provider, position=position, name=name, type=kind,
            region=region, state="estimated", listed=False,
            row={"ogrn": f"10{provider}7", "licence": None}, figures={},
        )
        for position, (name, (provider, kind, region)) in enumerate(ORGANISATIONS.items(), 1)
    }  # fmt: skip
    Organisation.objects.bulk_create(organisations.values())
    programmes = [
        Programme(
            release=made, organisation=organisations[provider], key=str(at), name=name,
            topic=topic, form="очная", row={},
        )
        for at, (provider, name, topic) in enumerate(PROGRAMMES)
    ]  # fmt: skip
    Programme.objects.bulk_create(programmes)
    index(made, organisations.values(), programmes)
    return made


def bare_release(name: str = "2026.1") -> Release:
    bank, _ = Bank.objects.get_or_create(slug="invented")
    return Release.objects.create(
        bank=bank, name=name, year=2026, number=1, hash="0" * 64,
        created=dt.datetime(2026, 11, 20, tzinfo=dt.UTC), manifest={}, facets={},
    )  # fmt: skip


def names(found: Found) -> list[str]:
    return [one.name for one in found.organisations]


@pytest.mark.parametrize("query", ["академия", "академии", "Академией", "АКАДЕМИЯМИ"])
def test_all_forms_of_a_word_are_one(release: Release, query: str) -> None:
    assert names(find(release, query)) == ["Академия «Жар-птица»"]


def test_words_of_topics_and_programmes_lead_to_who_teaches_them(release: Release) -> None:
    assert names(find(release, "муниципальных закупок")) == [
        "Центр муниципального управления",
        "Институт «Конёк-Горбунок»",
    ]


def test_the_name_tells_more_than_the_topic_and_that_more_than_a_programme(
    release: Release,
) -> None:
    assert names(find(release, "закупки"))[0] == "АНО ДПО «Школа закупок»"
    assert names(find(release, "управление")) == [
        "Центр муниципального управления",
        "Институт «Конёк-Горбунок»",
        "Школа «Царевна-лягушка»",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "конёк",
        "конек",
        "КОНЁК",
        "Конек-Горбунок",
        "конёкгорбунок",
        "«Конёк–Горбунок»",
        "коне\u0308к",
    ],
)
def test_e_with_dots_hyphens_quotes_and_case_do_not_matter(release: Release, query: str) -> None:
    assert names(find(release, query)) == ["Институт «Конёк-Горбунок»"]


@pytest.mark.parametrize("query", ["жар птица", "жарптица", "жар-птицы", "птица жар"])
def test_a_compound_is_found_however_it_is_written(release: Release, query: str) -> None:
    found = find(release, query)
    assert names(found) == ["Академия «Жар-птица»"]
    assert found.corrections == ()


@pytest.mark.parametrize("query", ["skill bridge", "Skill-Bridge", "skillbridge"])
def test_a_word_is_found_when_it_was_written_in_two(release: Release, query: str) -> None:
    assert names(find(release, query)) == ["Центр «Skillbridge»"]


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ("акадмия", "академия"),  # left out
        ("акаддемия", "академия"),  # put in
        ("окадемия", "академия"),  # replaced
        ("каадемия", "академия"),  # exchanged
        ("акодимия", "академия"),  # two slips in eight letters
        ("птеца", "птица"),
    ],
)
def test_slips_of_the_pen_are_corrected_and_told(release: Release, query: str, used: str) -> None:
    found = find(release, query)
    assert names(found) == ["Академия «Жар-птица»"]
    assert found.corrections == (Correction(query, (used,)),)
    (sentence,) = found.sentences
    assert query in sentence.said("ru")
    assert used in sentence.said("ru")


@pytest.mark.parametrize("query", ["акодимея", "пчтеца", "жвр"])
def test_what_has_more_slips_than_its_length_allows_is_not_guessed(
    release: Release, query: str
) -> None:
    found = find(release, query)
    assert (names(found), found.unknown) == ([], (query,))


@pytest.mark.parametrize(
    "query",
    ["akademia", "akademiya", "akademija", "akademiia", "AKADEMIYA zhar ptitsa", "jar-ptica",
     "zhar-ptitca", "frfltvbz", "Frfltvbz ;fh-gnbwf", ";fh-gnbwf", "akademya"],
)  # fmt: skip
def test_latin_letters_are_read_as_sounds_and_as_keys(release: Release, query: str) -> None:
    found = find(release, query)
    assert names(found) == ["Академия «Жар-птица»"]
    assert found.corrections


@pytest.mark.parametrize(
    "query", ["shchedrost", "schedrost'", "shhedrost", "chestnost zhitelyami", "jiteljami"]
)
def test_letters_that_have_several_spellings(release: Release, query: str) -> None:
    assert names(find(release, query)) == ["Институт «Конёк-Горбунок»"]


def test_latin_names_are_found_when_they_were_typed_with_the_russian_keyboard(
    release: Release,
) -> None:
    found = find(release, "ылшддикшвпу")
    assert names(found) == ["Центр «Skillbridge»"]
    assert found.corrections == (Correction("ылшддикшвпу", ("skillbridge",)),)


@pytest.mark.parametrize(
    "query", ["9900000004", "99 00 000 004", "9900-000-004", "1099000000047", "990000000 4"]
)
def test_a_number_names_one_organisation(release: Release, query: str) -> None:
    assert names(find(release, query)) == ["Центр «Skillbridge»"]


def test_numbers_are_never_guessed(release: Release) -> None:
    found = find(release, "9900000094")
    assert (names(found), found.unknown) == ([], ("9900000094",))


def test_abbreviations_stand_as_they_are(release: Release) -> None:
    assert names(find(release, "АНО ДПО")) == ["АНО ДПО «Школа закупок»"]
    assert names(find(release, "44-фз")) == ["Центр муниципального управления"]


def test_the_last_word_may_be_unfinished_and_whole_words_come_first(release: Release) -> None:
    assert find(release, "жар пт").unknown == ("пт",)
    assert names(find(release, "жар пти")) == ["Академия «Жар-птица»"]
    assert names(find(release, "китежская инст")) == ["Институт «Конёк-Горбунок»"]
    # though the other stands before it in the release
    assert names(find(release, "лягушк")) == ["Школа «Царевна-лягушка»", "Академия «Жар-птица»"]
    assert names(find(release, "лягушка")) == ["Школа «Царевна-лягушка»"]


def test_any_of_the_words_is_enough_where_nobody_has_all(release: Release) -> None:
    found = find(release, "академия лягушка")
    assert found.any_word
    assert set(names(found)) == {"Академия «Жар-птица»", "Школа «Царевна-лягушка»"}
    assert len(found.sentences) == 1


def test_a_word_that_nothing_resembles_is_named_and_left_out(release: Release) -> None:
    found = find(release, "академия щъыщъы")
    assert names(found) == ["Академия «Жар-птица»"]
    assert found.unknown == ("щъыщъы",)
    assert "щъыщъы" in found.sentences[0].said("ru")


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "«»", "'\";--", "🙂", "и", "\0", "\u202e"])
def test_a_query_without_words_leaves_everything_in_order(release: Release, query: str) -> None:
    found = find(release, query)
    assert names(found) == list(ORGANISATIONS)
    assert found.sentences == ()


@pytest.mark.parametrize("query", ["🙂" * 2_500, "[" * 300, "%" * 10_000])
def test_a_long_query_without_words_leaves_everything_too(release: Release, query: str) -> None:
    found = find(release, query)
    assert (names(found), found.cut) == (list(ORGANISATIONS), True)


@pytest.mark.parametrize(
    "query",
    ["щъыщъы", "qqzzxx", "%академ%", "_кадемия", "' OR 1=1 --", "академия\0", "\u202eакадемия",
     "академия🙂", "a" * 10_000, "ъ " * 5_000, "سلام", "½ ² Ⅻ"],
)  # fmt: skip
def test_hostile_queries_find_little_and_break_nothing(release: Release, query: str) -> None:
    assert len(names(find(release, query))) <= 1


def test_of_a_long_query_the_words_that_tell_most_are_used(release: Release) -> None:
    said = "центр центра школа институт область край китежская тридевятый закупки управление жар"
    found = find(release, said)
    assert found.cut
    assert find(release, "академия " + "ъ" * 300).cut
    assert not find(release, "академия жар птица").cut
    assert "Академия «Жар-птица»" in names(found)


def test_what_is_found_can_be_filtered_counted_and_sliced(release: Release) -> None:
    found = find(release, "управление").organisations
    assert found.count() == 3
    assert found[1].name == "Институт «Конёк-Горбунок»"
    assert [one.name for one in found.filter(region="Лукоморье")] == ["Школа «Царевна-лягушка»"]
    assert found.order_by("-position")[0].name == "Школа «Царевна-лягушка»"


def test_releases_do_not_see_each_other(release: Release) -> None:
    other = bare_release("2026.2")
    only = Organisation.objects.create(
        release=other, provider="9900000009", position=1, name="Академия «Репка»",
        state="estimated", listed=False, row={}, figures={},
    )  # fmt: skip
    index(other, [only], [])
    assert names(find(other, "академия")) == ["Академия «Репка»"]
    assert names(find(release, "академия")) == ["Академия «Жар-птица»"]
    assert names(find(release, "репка")) == []


def test_one_word_takes_one_query_of_the_database_and_several_take_two(
    release: Release, django_assert_num_queries: Callable[[int], object]
) -> None:
    find(release, "")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        names(find(release, "академия"))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        names(find(release, "акодемия жар птица"))


@pytest.mark.django_db
def test_a_published_release_is_findable(published: object) -> None:
    newest = Release.objects.first()
    assert newest is not None
    found = find(newest, "семимильным сапогам")
    assert [one.name.endswith("Семимильные сапоги”»") for one in found.organisations] == [True]
