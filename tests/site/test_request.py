"""Needs entered from the site: checked as the records' door checks, and given back as its file."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from django.test import Client

from otdacha.cli.run import run
from otdacha.programme.plan import Plan
from otdacha.records import add, frame, open_workspace
from otdacha.site.programme import models
from otdacha.site.programme.requests.asked import MOST_NEEDS
from tests.site.read_page import ReadPage, read
from tests.site.small_plan import BUYAN, COMPLAINTS, KITEZH

ASK = "/en/programme/needs/new/"
ONE = {
    "municipality": KITEZH,
    "count": "1",
    "people-1": "3",
    "unit-1": "Отдел обращений",
    "position_group-1": "ведущая",
    "topic-1": COMPLAINTS,
    "reason-1": "request",
    "by-1": "2027-12-31",
    "priority-1": "2",
    "indicator-1": "mkgu_queue",
    "change-1": "0,3",
    "expected_by-1": "2028-06-30",
}
TWO = {**ONE, "count": "2", "reason-2": "legal_duty", "topic-2": "Полёты во сне"}


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "union"
    assert run(["init", str(folder), "--invented"]) == 0
    return folder


def sent(client: Client, form: dict[str, str], do: str = "check") -> ReadPage:
    return ReadPage(client.post(ASK, {**form, "do": do}).content.decode())


@pytest.mark.parametrize(("kind", "language"), [("xlsx", "ru"), ("csv", "ru"), ("csv", "en")])
def test_the_file_goes_through_the_door_as_it_is(
    client: Client, planned: Plan, union: Path, tmp_path: Path, kind: str, language: str
) -> None:
    given = client.post(f"/{language}/programme/needs/new/", {**TWO, "do": kind})
    assert given.headers["Content-Disposition"].endswith(f'otdacha-needs-{KITEZH}.{kind}"')
    file = tmp_path / f"needs.{kind}"
    file.write_bytes(given.content)
    workspace = open_workspace(union)
    batch = add(workspace, "needs", file)
    assert (batch.accepted, batch.rejected) == (2, 0)
    needs = frame(workspace, "needs").filter(frame(workspace, "needs")["_batch"] == batch.id)
    first, second = sorted(needs.to_dicts(), key=lambda row: -row["people"])
    assert {name: str(first[name]) for name in ("municipality", "people", "topic", "reason")} == {
        "municipality": KITEZH,
        "people": "3",
        "topic": COMPLAINTS,
        "reason": "request",
    }
    assert (str(first["by"]), str(first["expected_by"])) == ("2027-12-31", "2028-06-30")
    assert (first["indicator"], first["change"], first["priority"]) == ("mkgu_queue", 0.3, 2)
    assert (second["people"], second["reason"]) == (1, "legal_duty")
    assert second["need"] != first["need"]


def test_what_is_right_is_said_and_nothing_stays_on_the_site(client: Client, planned: Plan) -> None:
    page = sent(client, TWO)
    assert "2 needs are right. Take the file with you." in page.words
    assert "Nobody offers the topic “Полёты во сне” yet" in page.words
    for kind in (models.Plan, models.Need, models.Question, models.Town):
        assert "Полёты" not in str(list(kind.objects.values()))


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("reason-1", "", "The value is missing."),
        ("reason-1", "каприз", "This is no reason of a need"),
        ("people-1", "0", "A need is of at least one person."),
        ("people-1", "трое", "This is not a number."),
        ("by-1", "когда-нибудь", "This is not a date"),
        ("priority-1", "9", "from 1, the most urgent, to 5"),
        ("indicator-1", "", "name the indicator"),
        ("unit-1", "Иванов Иван Иванович", "looks like a name"),
        ("topic-1", "+7 912 345-67-89", "looks like a name, СНИЛС, telephone or e-mail"),
        ("topic-1", "ы" * 201, "More than 200 characters."),
        ("municipality", "99999999", "This municipality is not known here."),
        ("municipality", "", "The value is missing."),
    ],
)
def test_each_mistake_is_said_at_its_field(
    client: Client, planned: Plan, field: str, written: str, said: str
) -> None:
    answer = client.post(ASK, {**ONE, field: written, "do": "xlsx"})
    assert answer.status_code == 400  # no file is made of it
    page = ReadPage(answer.content.decode())
    assert said in page.words
    assert f"#{field}" in page.links
    assert f"{field}-wrong" in page.ids


def test_needs_are_added_and_taken_away_and_the_others_stay(client: Client, planned: Plan) -> None:
    more = sent(client, {**ONE, "reason-1": ""}, "more")
    assert "Need 2" in more.words
    assert "mistake" not in more.words.lower()  # nothing is checked before it is asked for
    three = {**TWO, "count": "3", "topic-3": "Третья"}
    left = sent(client, three, "remove-2")
    assert "Третья" in left.words
    assert "Полёты" not in left.words
    assert "Need 3" not in left.words
    for wrong in ("remove-0", "remove-99", "remove-x", "remove-²"):
        assert "Need 3" in sent(client, three, wrong).words
    full = sent(client, {**ONE, "count": str(MOST_NEEDS)}, "more")
    assert f"Need {MOST_NEEDS + 1}" not in full.words
    assert "/en/programme/needs/template.xlsx" in full.links


def test_the_template_is_there_for_whoever_has_more(client: Client, db: None) -> None:
    given = client.get("/ru/programme/needs/template.xlsx")
    head = pl.read_excel(given.content, read_options={"header_row": 2}, infer_schema_length=0)
    assert head.columns[:2] == ["ОКТМО", "№ потребности"]
    assert client.post("/ru/programme/needs/template.xlsx").status_code == 405


def test_the_same_need_has_the_same_number_and_ones_own_is_kept(
    client: Client, planned: Plan
) -> None:
    def numbers(form: dict[str, str]) -> list[str]:
        content = client.post(ASK, {**form, "do": "csv"}).content.decode("utf-8-sig")
        return [line.split(",")[1] for line in content.splitlines()[1:]]

    first = numbers(ONE)
    assert numbers(ONE) == first
    assert numbers({**ONE, "people-1": "4"}) != first
    assert numbers({**ONE, "need-1": "З-17"}) == ["З-17"]
    twice = {name.replace("-1", "-2"): value for name, value in ONE.items()}
    assert len(set(numbers({**ONE, **twice, "count": "2"}))) == 2


def test_a_number_that_stands_twice_is_a_mistake_of_the_second(
    client: Client, planned: Plan
) -> None:
    page = sent(client, {**TWO, "need-1": "З-17", "need-2": "З-17"})
    assert "A row with the same key stands above" in page.words
    assert "need-2-wrong" in page.ids


def test_a_need_without_a_word_is_told_apart_from_one_with_a_mistake(
    client: Client, planned: Plan
) -> None:
    page = sent(client, {**ONE, "count": "2"})
    assert "1 mistake is to be put right" in page.words
    assert "Need 2, Reason: Nothing is filled in here: fill it in, or take" in page.words
    nothing = sent(client, {"count": "1"})
    assert "2 mistakes are to be put right" in nothing.words  # nor is a municipality chosen


def test_it_can_be_asked_before_the_first_plan(client: Client, unpublished: None) -> None:
    page = read(client, "/ru/programme/needs/new/")
    assert "municipality" in page.ids
    assert (
        "1 потребность заполнена верно"
        in ReadPage(
            client.post("/ru/programme/needs/new/", {**ONE, "do": "check"}).content.decode()
        ).words
    )
    assert "/ru/programme/needs/new/" in read(client, "/ru/programme/").links


def test_the_form_proposes_what_the_site_knows(client: Client, planned: Plan) -> None:
    content = client.get(ASK).content.decode()
    assert f'<option value="{BUYAN}">Буян</option>' in content
    assert f'<option value="{COMPLAINTS}"></option>' in content
    assert ASK in read(client, "/en/programme/needs/").links


def test_only_its_own_form_is_taken_and_hostile_words_are_escaped(planned: Plan) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ASK, ONE).status_code == 403
    page = strict.get(ASK)
    assert "sets one cookie" in page.content.decode()
    assert "csrftoken" in page.cookies
    hostile = Client().post(ASK, {**ONE, "topic-1": "<script>alert(1)</script>"})
    assert "<script>alert" not in hostile.content.decode()
    assert Client().post(ASK, {**ONE, "topic-1": "ы" * 60_000}).status_code == 400
    assert Client().delete(ASK).status_code == 405


def test_nothing_that_is_written_becomes_a_formula(client: Client, planned: Plan) -> None:
    evil = {**ONE, "topic-1": "=HYPERLINK(0)", "unit-1": "@SUM(1)"}
    book = openpyxl.load_workbook(io.BytesIO(client.post(ASK, {**evil, "do": "xlsx"}).content))
    cells = {cell.value: cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert cells["=HYPERLINK(0)"] == cells["@SUM(1)"] == "s"
    lines = client.post(ASK, {**evil, "do": "csv"}).content.decode("utf-8-sig").splitlines()
    assert not [cell for cell in lines[1].split(",") if cell.startswith(("=", "@"))]
