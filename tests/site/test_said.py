"""What is said about releases: replies and errata."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from otdacha.errors import ReleaseProblem
from otdacha.release import Release
from otdacha.site.bank import said
from otdacha.site.bank.models import Bank
from tests.invented_release import provider

DAY = dt.date(2026, 11, 20)


def test_a_reply_changes_the_kept_page_and_its_removal_changes_it_back(
    client: Client, published: Release
) -> None:
    address = f"/ru/organisations/{provider(0)}/"
    before = client.get(address)
    made = said.add_reply(published.id, provider(0), "Мы исправились.\r\nЖдите.\n", DAY)
    assert made.text == "Мы исправились.\nЖдите."
    after = client.get(address)
    assert "<p>Мы исправились.</p><p>Ждите.</p>" in after.content.decode()
    assert after.headers["ETag"] != before.headers["ETag"]
    assert [one.pk for one in said.replies()] == [made.pk]
    said.remove_reply(made.pk)
    assert said.replies() == []
    assert client.get(address).content == before.content


def test_an_erratum_stands_on_every_page_of_its_release_and_on_no_other(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    made = said.add_erratum(published.id, "Ошибка в городе.", "An error in a town.", DAY)
    page = f"organisations/{provider(1)}/"
    assert "An error in a town." in client.get(f"/en/{page}").content.decode()
    assert "Ошибка в городе." in client.get("/ru/").content.decode()
    earlier = client.get(f"/en/releases/{invented[0].id}/{page}").content.decode()
    assert "An error in a town." not in earlier
    said.remove_erratum(made.pk)
    assert "An error in a town." not in client.get(f"/en/{page}").content.decode()


def test_everything_said_raises_the_generation_of_its_bank(published: Release) -> None:
    first = Bank.objects.get().generation
    made = said.add_reply(published.id, provider(0), "Текст", DAY)
    said.remove_reply(made.pk)
    said.add_erratum(published.id, "Ошибка", "Error", DAY)
    assert Bank.objects.get().generation == first + 3


@pytest.mark.parametrize(
    ("release", "who", "words", "bank", "fault"),
    [
        ("2030.1", provider(0), "text", None, "has no release 2030.1 on the site. Published: "),
        ("2026.2", "0000000000", "text", None, "has no organisation 0000000000"),
        ("2026.2", provider(0), " \n\x00", None, "There is no text to be shown."),
        ("2026.2", provider(0), "x" * 4001, None, "4001 characters; at most 4000 are shown"),
        ("2026.2", provider(0), "text", "mars", "has no data bank mars. Published: "),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(
    published: Release, release: str, who: str, words: str, bank: str | None, fault: str
) -> None:
    with pytest.raises(ReleaseProblem) as found:
        said.add_reply(release, who, words, DAY, bank=bank)
    assert fault in str(found.value)
    assert said.replies() == []


def test_a_reply_of_the_longest_length_is_taken(published: Release) -> None:
    assert len(said.add_reply(published.id, provider(0), "я" * 4000, DAY).text) == 4000


def test_signs_that_steer_a_terminal_or_turn_the_text_around_are_left_out(
    published: Release,
) -> None:
    made = said.add_reply(published.id, provider(0), "a\x1b[31m\u202eb\tc", DAY)
    assert made.text == "a[31mb\tc"


def test_what_is_not_there_cannot_be_removed(published: Release) -> None:
    for remove in (said.remove_reply, said.remove_erratum):
        with pytest.raises(ReleaseProblem, match="nothing of number 77"):
            remove(77)
