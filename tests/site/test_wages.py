"""Wages next door on the site: published whole, filtered, ordered, drawn, given away."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from otdacha.errors import PayProblem
from otdacha.pay.wages import Comparison, make_comparison
from otdacha.site.wages import models
from otdacha.site.wages.drawn import Point, drawn
from otdacha.site.wages.loading import publish_wages
from otdacha.site.wages.words import gap_of, short
from tests.invented_wages import BUYAN, BUYAN_BEFORE, GRAD, KITEZH, LUKA, wages_workspace
from tests.site.read_page import read

PAGES = (
    "",
    "?region=morskaya-oblast&gap=unknown&sort=-all",
    f"municipalities/{KITEZH}/",
    f"municipalities/{LUKA}/",
    "comparisons/2024.1/",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return make_comparison(wages_workspace(tmp_path_factory.mktemp("wages")))


@pytest.fixture
def compared(db: None, made: Comparison) -> Comparison:
    publish_wages(made.path)
    return made


def names(client: Client, query: str = "") -> list[str]:
    """The municipalities of the list, in its order, by the first word that tells them apart."""
    rows = read(client, f"/en/wages/{query}").table("1–")
    return [row[0].split(" Китежская")[0].split(" Морская")[0].split()[-1] for row in rows]


def test_before_the_first_comparison_the_page_says_so(client: Client, db: None) -> None:
    assert "No comparison of wages is published yet" in read(client, "/en/wages/").words


def test_the_answer_is_a_sentence_and_says_that_it_rests_on_a_proxy(
    client: Client, compared: Comparison
) -> None:
    said = read(client, "/en/wages/").words
    assert "In 1 of 2 municipalities whose wages are told for 2024" in said
    assert "It is a proxy." in said
    assert "are invented" in said


def test_every_municipality_stands_in_the_table_with_figures_or_its_state(
    client: Client, compared: Comparison
) -> None:
    rows = {row[0]: row[1:] for row in read(client, "/en/wages/").table("1–7 of 7")}
    assert len(rows) == 7
    kitezh = rows["городской округ Китеж Китежская область"]
    assert kitezh == ["80,000 ₽", "100,000 ₽", "−20,000 ₽", "0.80"]
    grad = rows["городской округ Град Китежская область"]
    assert grad[0] == grad[2] == grad[3] == "no wage of public administration"
    assert set(rows["городской округ Лука Морская область"]) == {"no wage told"}


def test_states_stand_last_whichever_way_the_list_is_ordered(
    client: Client, compared: Comparison
) -> None:
    assert names(client)[:2] == ["Китеж", "округ"]  # 0.80, then Буянский муниципальный округ
    assert names(client, "?sort=-ratio")[:2] == ["округ", "Китеж"]
    by_wage = names(client, "?sort=all")
    assert by_wage[:3] == ["округ", "Град", "Китеж"]
    assert names(client, "?sort=-all")[:3] == ["Китеж", "Град", "округ"]


def test_the_list_is_narrowed_by_region_gap_state_and_name(
    client: Client, compared: Comparison
) -> None:
    assert len(names(client, "?region=morskaya-oblast")) == 4
    assert names(client, "?gap=much-less") == ["Китеж"]
    assert names(client, "?gap=much-more") == ["округ"]
    assert len(names(client, "?gap=unknown")) == 5
    assert names(client, "?state=no+wage") == ["Лука"]
    assert names(client, "?q=КИТЕЖ") == ["Китеж"]
    assert names(client, f"?q={GRAD}") == ["Град"]
    nobody = read(client, "/en/wages/?q=нет").words
    assert "No municipality fits all that was chosen." in nobody


def test_what_cannot_be_followed_is_said(client: Client, compared: Comparison) -> None:
    said = read(client, "/en/wages/?region=atlantis&sort=weight&q=" + "я" * 200).words
    assert "“atlantis” is not in this comparison" in said
    assert "no such order" in said
    assert "longer than 100 characters" in said


def test_the_map_has_one_path_for_each_size_of_gap() -> None:
    """Sochi, Moscow, Norilsk, Anadyr: from west to east, the last across the 180th meridian."""
    points = [
        Point(43.6, 39.7, 0.5),
        Point(55.8, 37.6, 1.0),
        Point(69.3, 88.2, None),
        Point(64.7, 177.5, 1.5),
        Point(66.0, -173.0, 1.5),
    ]
    svg = drawn(40 * points, "four <towns>")  # too many to be drawn one by one
    assert svg.count("<path") == 4
    assert 'aria-label="four &lt;towns&gt;"' in svg
    (east,) = [part for part in svg.split("<path") if "wages-much-more" in part]
    assert east.count("h0") == 2
    assert int(east.split('d="m')[1].split("-")[0].split()[0]) > 700  # right of the middle


def test_on_the_map_of_a_region_each_point_leads_to_its_municipality(
    client: Client, compared: Comparison
) -> None:
    page = client.get("/en/wages/?region=kitezhskaya-oblast").content.decode()
    assert "<title>городской округ Китеж: 0.80</title>" in page
    assert "<title>городской округ Град: no wage of public administration</title>" in page
    assert page.count('class="chart-link" href="/en/wages/municipalities/') == 3


def test_too_few_places_make_no_map() -> None:
    assert drawn([Point(55.0, 37.0, 1.0)] * 5, "") == ""


def test_points_of_a_country_are_light() -> None:
    points = [Point(45 + at % 50 / 2, 30 + at / 20, 0.7 + at % 7 / 10) for at in range(2594)]
    assert len(drawn(points, "")) < 40_000


@pytest.mark.parametrize(
    ("ratio", "gap"),
    [
        (0.8, "much-less"),
        (0.81, "less"),
        (0.999, "less"),
        (1.0, "more"),
        (1.2, "much-more"),
        (None, "unknown"),
    ],
)
def test_sizes_of_gaps_meet_without_a_hole(ratio: float | None, gap: str) -> None:
    assert gap_of(ratio) == gap


def test_a_part_of_a_city_is_called_without_the_words_that_all_of_them_share() -> None:
    inner = "внутригородская территория города федерального значения муниципальный округ Гавань"
    assert short(inner) == "муниципальный округ Гавань"


def test_a_municipality_has_a_page_with_its_years_and_quarters(
    client: Client, compared: Comparison
) -> None:
    page = read(client, f"/en/wages/municipalities/{KITEZH}/")
    assert "all activities 100,000 ₽: 20,000 ₽ less." in page.words
    assert len(page.table("Mean month of January–December")) == 2
    quarters = page.table("Mean month of the quarter")
    assert "below half or above twice the mean itself" in page.words
    assert quarters[2] == ["quarter 2 of 2024", "does not follow", "100,000 ₽"]
    before = read(client, f"/en/wages/municipalities/{BUYAN}/").words
    assert f"told under the code {BUYAN_BEFORE}" in before
    assert client.get("/en/wages/municipalities/99999999/").status_code == 404


def test_statistics_without_a_municipality_are_listed_with_their_reason(
    client: Client, compared: Comparison
) -> None:
    rows = read(client, "/en/wages/").table("5 numbers of the source")
    unknown = "no municipality of the register has this number"
    assert ["77", "not in the register", unknown, "1"] in rows


def test_what_is_shown_is_given_away_filtered_and_ordered_alike(
    client: Client, compared: Comparison
) -> None:
    answer = client.get("/en/wages/data/years.csv?region=kitezhskaya-oblast&sort=-all")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row[0], row[3]) for row in rows[1:]] == [
        (code, year) for code in (KITEZH, GRAD, BUYAN) for year in ("2024", "2023")
    ]
    assert rows[3][6] == "no wage of O"
    book = client.get("/ru/wages/data/years.xlsx?q=Китеж")
    sheet = pl.read_excel(io.BytesIO(book.content), sheet_id=2)
    assert sheet.height == 2
    said = json.loads(client.get("/ru/wages/data/years.json?q=Китеж").content)
    assert said["rows"][0]["ratio"] == 0.8
    assert client.get("/ru/wages/data/quarters.parquet").status_code == 200
    assert client.get("/ru/wages/data/people.csv").status_code == 404


def test_the_files_of_the_comparison_are_given_byte_for_byte(
    client: Client, compared: Comparison
) -> None:
    for name in ("manifest.json", "wages.csv", "years.parquet"):
        sent = client.get(f"/ru/wages/files/{name}")
        assert sent.content == (compared.path / name).read_bytes(), name


def test_publishing_twice_changes_nothing_and_another_one_of_the_name_is_refused(
    compared: Comparison, tmp_path: Path
) -> None:
    again = publish_wages(compared.path)
    assert (again.fresh, again.wages, again.municipalities) == (False, "2024.1", 7)
    assert publish_wages(compared.path, again=True).fresh
    assert models.Town.objects.count() == 7
    # of the same statistics, but not of the same moment
    moment = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    other = make_comparison(wages_workspace(tmp_path), made=moment)
    with pytest.raises(PayProblem, match="never replaced"):
        publish_wages(other.path)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_there_in_both_languages(
    client: Client, compared: Comparison, language: str
) -> None:
    for page in PAGES:
        assert read(client, f"/{language}/wages/{page}").words
    assert client.get(f"/{language}/wages/comparisons/2023.1/").status_code == 404
    assert client.post(f"/{language}/wages/").status_code == 405


def test_an_unchanged_page_is_not_sent_again(client: Client, compared: Comparison) -> None:
    tag = client.get("/ru/wages/").headers["ETag"]
    assert client.get("/ru/wages/", headers={"If-None-Match": tag}).status_code == 304
