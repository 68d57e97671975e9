"""The programme on the site: published whole, without people, and shown as the plan has it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from otdacha.errors import ProgrammeProblem
from otdacha.programme.disclosure import public
from otdacha.programme.plan import Plan, is_plan
from otdacha.release import Release
from otdacha.site.programme import models
from otdacha.site.programme.loading import publish_plan
from tests.site.conftest import FEWEST
from tests.site.read_page import ReadPage, read
from tests.site.small_plan import BUYAN, COMPLAINTS, KITEZH, PERMITS, PERSON, small_plan

PAGES = (
    "",
    "needs/",
    f"needs/?municipality={KITEZH}",
    "runs/",
    "plan/",
    f"plan/?municipality={KITEZH}&year=2027&source=federal",
    "municipalities/",
    f"municipalities/{KITEZH}/",
    "frontier/",
    "what-if/",
)


def test_before_the_first_plan_the_page_says_so(client: Client, published: Release) -> None:
    assert "Программа ещё не опубликована" in read(client, "/ru/programme/").words


def test_a_plan_is_shown_where_no_release_is_published(
    client: Client, unpublished: None, tmp_path: Path
) -> None:
    publish_plan(small_plan(tmp_path, evidence=False).path, FEWEST)
    said = read(client, "/ru/programme/").words
    assert "Выбор опирается только на срочность потребностей" in said
    assert "Выпуска ещё нет." in said


def test_publishing_twice_changes_nothing(planned: Plan) -> None:
    again = publish_plan(planned.path, FEWEST)
    assert not again.fresh
    assert (again.plan, again.lines, again.people) == ("2027.1", 3, 22)
    assert models.Plan.objects.count() == 1


def test_loading_anew_gives_the_same(planned: Plan) -> None:
    def rows() -> list[object]:
        return list(models.Need.objects.values_list("municipality", "topic", "needed", "planned"))

    before = rows()
    assert publish_plan(planned.path, FEWEST, again=True).fresh
    assert rows() == before


def test_another_plan_of_the_same_name_is_refused(planned: Plan, tmp_path: Path) -> None:
    other = small_plan(tmp_path, hostile=" иначе")
    with pytest.raises(ProgrammeProblem, match="never replaced"):
        publish_plan(other.path, FEWEST)
    assert models.Plan.objects.get().hash == planned.hash


def test_a_damaged_plan_is_not_loaded(db: None, tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    (plan.path / "lines.parquet").write_bytes(b"something else")
    with pytest.raises(ProgrammeProblem, match="damaged"):
        publish_plan(plan.path, FEWEST)
    assert not models.Plan.objects.exists()


def test_the_manifest_tells_a_plan_from_a_release(planned: Plan, published: Release) -> None:
    assert is_plan(planned.path)
    assert not is_plan(Path(published.path))
    assert not is_plan(Path(published.path) / "nowhere")


def test_no_pseudonym_and_no_unit_is_in_the_database(planned: Plan) -> None:
    for kind in (models.Plan, models.Line, models.Need, models.Demand, models.Town):
        said = str(list(kind.objects.values()))
        assert PERSON not in said
        assert "Отдел" not in said
    names = set(models.File.objects.values_list("name", flat=True))
    assert names.isdisjoint({"people.parquet", "seats.parquet"})
    for file in models.File.objects.exclude(name="problem.npz"):
        assert PERSON.encode() not in bytes(file.content)
        assert "Отдел".encode() not in bytes(file.content)


def test_the_site_tells_what_the_rule_tells_and_nothing_else(planned: Plan) -> None:
    """The files that anybody gets are the tables that the open data has, and so are the pages."""
    told = public(planned, FEWEST)
    for file in models.File.objects.filter(name__endswith=".parquet"):
        name = file.name.removesuffix(".parquet")
        assert pl.read_parquet(io.BytesIO(bytes(file.content))).equals(told.tables[name]), name

    def rows(table: str, *columns: str) -> list[tuple[object, ...]]:
        names = pl.col(pl.String).fill_null("")
        return told.tables[table].select(columns).with_columns(names).rows()

    needs = models.Need.objects.values_list("municipality", "topic", "planned", "needed")
    assert {*needs} == {*rows("needs", "municipality", "topic", "planned", "needed")}
    towns = models.Town.objects.values_list("code", "needed", "planned")
    assert {*towns} == {*rows("municipalities", "municipality", "needed", "planned")}
    assert not models.Town.objects.exclude(mandatory=None).exists()
    demands = models.Demand.objects.values_list("topic", "reason", "needed", "planned")
    assert {*demands} == {*rows("demands", "topic", "reason", "needed", "planned")}
    assert models.Plan.objects.get().manifest["figures"] == told.figures


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_there_and_leads_only_where_something_is(
    client: Client, planned: Plan, language: str
) -> None:
    found: set[str] = set()
    for page in PAGES:
        found |= {
            link.split("#")[0]
            for link in read(client, f"/{language}/programme/{page}").links
            if link.startswith(f"/{language}/programme/")
        }
    assert {f"/{language}/programme/plans/2027.1/needs/"} <= found
    for link in found:
        assert client.get(link).status_code == 200, link


def test_the_first_page_says_what_is_planned_for_how_much_and_who_pays(
    client: Client, planned: Plan
) -> None:
    page = read(client, "/ru/programme/")
    assert "Обучат 22 из 35 человек, которым нужно обучение, за 208 001 ₽." in page.words
    assert "Ожидаемое улучшение: 102" in page.words
    assert "по выпуску 2026.2" in page.words
    paid = page.table("Сколько потратит каждый бюджет")
    assert [row[0] for row in paid] == ["федеральный бюджет", "местный бюджет"]
    assert paid[1][1] == "58 001 ₽ из 60 000 ₽"


def test_needs_of_few_people_are_suppressed(client: Client, planned: Plan) -> None:
    """In Kitezh 3 are left without one topic, 10 without the other; with one number the other would
    follow from that of all. Contracts tell how many are sent; not that Buyan must send its 8."""
    page = read(client, f"/en/programme/needs/?municipality={KITEZH}")
    there = page.table("Китеж")
    assert [row[2:] for row in there] == [["suppressed", "2"], ["suppressed", "12"]]
    assert "Need training 27" in page.words
    everywhere = read(client, "/en/programme/needs/").table("All municipalities")
    assert everywhere == [
        [PERMITS, "all reasons together", "suppressed", "2"],
        [COMPLAINTS, "all reasons together", "suppressed", "20"],
    ]


def test_whom_the_law_obliges_is_said_of_all_together_and_of_no_town(
    client: Client, planned: Plan
) -> None:
    page = read(client, f"/en/programme/municipalities/{BUYAN}/")
    assert "of them by legal duty suppressed" in page.words
    assert "of them by legal duty, at least 8" in read(client, "/en/programme/").words


def test_a_plan_of_a_few_people_tells_not_even_its_sums(
    client: Client, db: None, tmp_path: Path
) -> None:
    """Of 13 who are left nothing may be said where 100 are the fewest; 22 are sent by contracts."""
    publish_plan(small_plan(tmp_path, evidence=False).path, 100)
    page = read(client, "/en/programme/")
    assert "22 people are trained, for 208,001" in page.words
    assert "Need training and get none suppressed" in page.words
    assert not [link for link in page.links if link.endswith("manifest.json")]
    assert client.get("/en/programme/files/manifest.json").status_code == 404
    assert models.Plan.objects.get().manifest["figures"]["needed"] is None


def test_lines_are_filtered_and_summed(client: Client, planned: Plan) -> None:
    page = read(client, f"/en/programme/plan/?municipality={KITEZH}&source=municipal")
    rows = page.table("1–2 of 2 lines")
    assert [row[3] for row in rows] == ["12", "2"]
    assert "128,001" in page.words
    assert "local budget 28,001" in page.words


def test_a_filter_that_names_nothing_is_said_and_not_followed(
    client: Client, planned: Plan
) -> None:
    page = read(client, "/en/programme/plan/?year=1999&topic=%00%27%3Cscript%3E&page=999")
    assert "Year: “1999” is not in this plan" in page.words
    assert len(page.table("1–3 of 3 lines")) == 3


def test_what_is_chosen_is_what_is_downloaded(client: Client, planned: Plan) -> None:
    asked = f"?municipality={BUYAN}"
    table = client.get(f"/ru/programme/data/lines.csv{asked}")
    rows = pl.read_csv(io.BytesIO(table.content), separator=";", infer_schema=False)
    assert rows.select("municipality", "seats", "cost").rows() == [(BUYAN, "8", "80000,0")]
    said = json.loads(client.get(f"/ru/programme/data/lines.json{asked}").content)
    assert [row["seats"] for row in said["rows"]] == [8]
    book = client.get(f"/ru/programme/data/lines.xlsx{asked}")
    assert pl.read_excel(io.BytesIO(book.content))["seats"].to_list() == [8]


def test_files_are_given_byte_for_byte_and_closed_ones_to_nobody(
    client: Client, planned: Plan
) -> None:
    for name in ("manifest.json", "lines.parquet"):
        given = client.get(f"/ru/programme/files/{name}")
        assert given.content == (planned.path / name).read_bytes()
    for name in ("people.parquet", "seats.parquet", "unmet.parquet", "problem.npz"):
        assert client.get(f"/ru/programme/files/{name}").status_code == 404
    for table in ("people", "seats"):
        assert client.get(f"/ru/programme/data/{table}.csv").status_code == 404


def test_a_municipality_says_what_is_left_and_why(client: Client, planned: Plan) -> None:
    page = read(client, f"/en/programme/municipalities/{KITEZH}/")
    assert [row[0] for row in page.table("2 lines of the plan")] != []
    unmet = page.table("People who need training and get none")
    assert unmet == [
        [
            topic,
            "all reasons together",
            "Several reasons; by each of them it would be a few people: suppressed",
        ]
        for topic in (PERMITS, COMPLAINTS)
    ]
    assert client.get("/en/programme/municipalities/nowhere/").status_code == 404
    assert client.get("/en/programme/needs/?municipality=nowhere").status_code == 404


def test_every_course_that_was_offered_is_there_and_why_it_is_not_chosen(
    client: Client, planned: Plan
) -> None:
    rows = {row[0]: row for row in read(client, "/en/programme/runs/").table("1–4 of 4 courses")}
    chosen, travelled, dear, undated = (
        next(row for name, row in rows.items() if name.startswith(course))
        for course in ("Ответы гражданам", "Разрешения", "Письма", "D1")
    )
    assert chosen[3:] == ["10,000 ₽", "20 people"]
    assert travelled[2].endswith("at a distance 10 places")
    assert dear[2].endswith("2 groups of 25 places, a group is held from 10 people on")
    assert travelled[3] == "4,000.50 ₽ travel from another municipality: 1,500 ₽"
    assert dear[4] == ("not chosen Other runs bring more for the same money")
    assert undated[2:] == [
        "not collected Китеж",
        "not collected",
        "not chosen It is not said when it begins and ends.",
    ]


def test_courses_are_filtered_by_whether_they_are_chosen(client: Client, planned: Plan) -> None:
    page = read(client, "/en/programme/runs/?chosen=no")
    assert [row[0].split()[0] for row in page.table("1–1 of 1 courses")] == ["Письма"]
    other = read(client, "/en/programme/runs/?chosen=maybe&topic=1")
    assert "Chosen or not: “maybe” is not in this plan" in other.words
    assert len(other.table("1–4 of 4 courses")) == 4
    none = f"/en/programme/runs/?chosen=no&topic={PERMITS}"
    assert "No course fits all that was chosen." in read(client, none).words


def test_a_plan_of_an_earlier_version_says_that_it_kept_no_offers(
    client: Client, planned: Plan
) -> None:
    models.File.objects.filter(name="offers.parquet").delete()
    assert "made by an earlier version" in read(client, "/en/programme/runs/").words


def test_a_line_says_why_it_is_chosen_and_what_the_next_best_would_lose(
    client: Client, planned: Plan
) -> None:
    rows = read(client, f"/en/programme/municipalities/{KITEZH}/").table("2 lines of the plan")
    assert rows[0][1].endswith(
        "Every municipality gets a part of what it needs. "
        "Brings more than any other run that could take them. "
        "Next best: Письма, Школа «Гамма», 2027; it would lose 6.5 of the improvement."
    )
    assert rows[1][1].endswith("about which little is known. No other run could take them.")


def test_improvements_stand_with_their_interval(client: Client, planned: Plan) -> None:
    lines = read(client, f"/en/programme/plan/?municipality={KITEZH}")
    assert [row[-1] for row in lines.table("1–2 of 2 lines")] == [
        "60.0 30.0 to 90.0",
        "2.0 1.0 to 3.0",
    ]
    assert "35.0 to 90.0" in lines.words  # of the municipality: not the sum of its lines
    towns = read(client, "/en/programme/municipalities/").table("Who needs training")
    assert towns[0][-1] == "40.0 20.0 to 60.0"
    some = read(client, f"/en/programme/plan/?municipality={KITEZH}&source=municipal").words
    assert "How sure the sum of just these lines is was not worked out" in some


def test_an_organisation_leads_to_its_evidence_in_the_release_of_the_plan(
    client: Client, planned: Plan, published: Release
) -> None:
    provider = published.providers["provider"][0]
    links = read(client, "/en/programme/runs/").links
    assert f"/en/releases/2026.2/organisations/{provider}/" in links
    assert not [link for link in links if link.endswith("/organisations/beta/")]


def test_names_are_escaped(client: Client, db: None, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    publish_plan(small_plan(tmp_path, evidence=False, hostile=hostile).path, FEWEST)
    for page in ("runs/", "plan/", f"municipalities/{KITEZH}/"):
        assert "<script>alert" not in client.get(f"/ru/programme/{page}").content.decode()


def test_a_newer_plan_takes_the_place_and_the_older_keeps_its_address(
    client: Client, planned: Plan, tmp_path: Path
) -> None:
    publish_plan(small_plan(tmp_path, "2027.2", evidence=False).path, FEWEST)
    assert "План 2027.2" in read(client, "/ru/programme/").words
    older = read(client, "/ru/programme/plans/2027.1/")
    assert "Есть более новый: 2027.2." in older.words
    assert client.get("/ru/programme/plans/2027.9/").status_code == 404


def test_what_was_worked_out_is_shown_and_what_was_not_is_said(
    client: Client, db: None, tmp_path: Path
) -> None:
    missing = "It was not worked out for this plan."
    publish_plan(small_plan(tmp_path, evidence=False).path, FEWEST)
    assert read(client, "/en/programme/frontier/").words.count(missing) == 3
    frontier = pl.DataFrame(
        {
            "share": [0.1, 0.5, 1.0, 2.0],
            "state": ["infeasible", "no_plan_in_time", "planned", "planned"],
            "budget": [21_000.0, 105_000.0, 210_000.0, 420_000.0],
            "benefit": [None, None, 102.0, 130.0],
            "lower": [None, None, 60.0, None],
            "upper": [None, None, 140.0, None],
        }
    )
    shadow = pl.DataFrame(
        {
            "source": ["municipal", "federal", "own"],
            "holder": [KITEZH, None, None],
            "year": [2027] * 3,
            "added": [100_000.0] * 3,
            "gained": [31.0, 0.0, 0.0],
            "why": [None, "left_over", "no_plan_in_time"],
            "lower": [20.0, 0.0, None],
            "upper": [44.0, 7.0, None],
        }
    )
    later = small_plan(
        tmp_path, "2027.2", evidence=False, more={"frontier": frontier, "shadow": shadow}
    )
    publish_plan(later.path, FEWEST)
    page = read(client, "/en/programme/frontier/")
    drawn = page.table("What the money brings")
    assert "no plan keeps the rules" in str(drawn[0])
    assert "not found in time" in str(drawn[1])
    assert "102" in str(drawn[2])
    assert "60 to 140" in str(drawn[2])
    assert "130" in str(drawn[3])
    local, federal, own = page.table("What more money from one source")
    assert local == ["local budget Китеж", "2027", "100,000 ₽", "31.0 20.0 to 44.0"]
    assert federal[-1] == (
        "0.0 0.0 to 7.0 The source has money left that finds nobody whom it may pay for"
    )
    assert own[-1] == "No plan was found in the time given"
    assert page.words.count(missing) == 1


@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_plan(
    client: Client, planned: Plan, django_assert_max_num_queries: object, page: str
) -> None:
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        ReadPage(client.get(f"/ru/programme/{page}").content.decode())


def test_pages_are_only_read(client: Client, planned: Plan) -> None:
    for page in ("", "plan/", "needs/"):
        assert client.post(f"/ru/programme/{page}").status_code == 405


def test_the_same_page_is_sent_once(client: Client, planned: Plan) -> None:
    first = client.get("/ru/programme/plan/")
    again = client.get("/ru/programme/plan/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
