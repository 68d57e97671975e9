"""Laws of search: who has a name is found by it, mistyped or not, whatever the name is."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otdacha.site.bank.models import Organisation, Release
from otdacha.site.bank.search import find, index
from otdacha.site.bank.search.words import stem, words
from tests.site.test_search import bare_release

KINDS = ("Академия", "Институт", "Университет", "Школа", "Учебный центр", "АНО ДПО")
FIRST = "Золотой Серебряный Хрустальный Заветный Волшебный Каменный Медный Ледяной Лунный Дальний"
SECOND = (
    "петушок ключ мост колодец клубок терем сундук гребень корабль журавль зеркальце самовар "
    "кувшин колокол фонарь светлячок башмачок перстень кафтан перекрёсток"
)
NAMES = [
    f"{KINDS[at % len(KINDS)]} «{first} {second}»"
    for at, (first, second) in enumerate(
        (first, second) for first in FIRST.split() for second in SECOND.split()
    )
] + [
    f"Центр «{second.capitalize()}-{kind.lower()}»"
    for second in SECOND.split()
    for kind in KINDS[:5]
]
LAWS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def release(db: None) -> Release:
    """Three hundred organisations with different names, which share their words."""
    assert len(set(NAMES)) == len(NAMES) == 300
    made = bare_release()
    return with_names(made, NAMES)


def with_names(made: Release, names: list[str]) -> Release:
    rows = [
        Organisation(
            release=made, provider=f"{9900000000 + at}", position=at, name=name, type="", region="",
            state="estimated", listed=False, row={}, figures={},
        )
        for at, name in enumerate(random.Random(1).sample(names, len(names)))
    ]  # fmt: skip
    index(made, Organisation.objects.bulk_create(rows), [])
    return made


@LAWS
@given(name=st.sampled_from(NAMES), change=st.sampled_from([str.upper, str.lower, str.title, str]))
def test_an_organisation_is_found_by_its_own_name(
    release: Release, name: str, change: Callable[[str], str]
) -> None:
    """Before it is only who has all of its words in a longer name."""
    found = [one.name for one in find(release, change(name)).organisations]
    assert all(stems(other) >= stems(name) for other in found[: found.index(name)])


def stems(name: str) -> set[str]:
    return set(map(stem, words(name)))


@LAWS
@given(name=st.sampled_from(NAMES), draw=st.randoms(use_true_random=False))
def test_an_organisation_is_found_by_its_name_with_a_slip(
    release: Release, name: str, draw: random.Random
) -> None:
    query = mistyped(name, draw)
    assert name in [one.name for one in find(release, query).organisations[:10]], query


def mistyped(name: str, draw: random.Random) -> str:
    """One letter of it left out, put in, replaced or exchanged with the next, in a word of five
    letters or more: «люч» stands one letter from too many words to be «Ключ» for sure."""
    long = {at for word in re.finditer(r"\w{5,}", name) for at in range(*word.span())}
    at = draw.choice([at for at in sorted(long) if name[at : at + 2].isalpha()])
    letter = draw.choice("абвгдежзийклмнопрстуфхцчшщъыьэюя")
    before, this, following, after = name[:at], name[at], name[at + 1], name[at + 2 :]
    return (
        before
        + draw.choice([following, letter + this + following, letter + following, following + this])
        + after
    )


@pytest.mark.django_db
@LAWS
@given(query=st.text(max_size=300))
def test_no_query_breaks_the_search_or_finds_what_is_not_there(
    release: Release, query: str
) -> None:
    found = find(release, query)
    assert len(found.organisations) <= len(NAMES)
    assert all(sentence.said("ru") for sentence in found.sentences)
