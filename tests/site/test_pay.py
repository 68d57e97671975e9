"""A scenario of pay on the site: published whole, without people, and shown as it says."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from otdacha.errors import PayProblem
from otdacha.pay.disclosure import public
from otdacha.pay.scenario import Scenario, is_scenario, write_scenario
from otdacha.pay.tables import TABLES
from otdacha.release import Release
from otdacha.site.pay import models
from otdacha.site.pay.loading import publish_scenario
from otdacha.site.pay.told import MADE, WHOLE
from tests.invented_scenario import BUYAN, KITEZH, PERSON, small_scenario, small_tables
from tests.site.conftest import FEWEST
from tests.site.read_page import read

PAGES = (
    "",
    "measures/",
    "municipalities/",
    "municipalities/?sort=-cost&q=%D0%B6",
    f"municipalities/{KITEZH}/",
    f"municipalities/{BUYAN}/",
    "money/",
    "packages/",
    "distribution/",
    "data/",
)


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The scenario of two invented towns, on disk."""
    return small_scenario(tmp_path_factory.mktemp("scenarios"))


@pytest.fixture
def paid(published: Release, scenario: Scenario) -> Scenario:
    """The same, published beside the releases."""
    publish_scenario(scenario.path, FEWEST)
    return scenario


@pytest.fixture
def hushed(published: Release, tmp_path: Path) -> Scenario:
    """The same with four people in Buyan, published: both towns are hidden."""
    towns = small_tables()["municipalities"]
    groups = small_tables()["distribution"]
    few = pl.when(pl.col("value") == BUYAN).then(pl.lit(4))
    made = small_scenario(
        tmp_path,
        changes={
            "municipalities": towns.with_columns(
                people=pl.when(pl.col("municipality") == BUYAN).then(pl.lit(4)).otherwise("people")
            ),
            "rivals": small_tables()["rivals"].with_columns(
                people=pl.min_horizontal("people", 104)
            ),
            "distribution": groups.with_columns(
                few.otherwise(pl.col(name)).alias(name) for name in ("people", "receive")
            ),
        },
    )
    publish_scenario(made.path, FEWEST)
    return made


def test_before_the_first_scenario_the_page_says_so_and_nothing_leads_there(
    client: Client, published: Release
) -> None:
    assert "Сценарий оплаты труда ещё не опубликован" in read(client, "/ru/pay/").words
    assert "/ru/pay/" not in read(client, "/ru/").links


def test_every_page_leads_to_pay_once_a_scenario_is_published(
    client: Client, published: Release, scenario: Scenario
) -> None:
    """Also a page that was made and kept before."""
    assert "/ru/pay/" not in read(client, "/ru/topics/").links
    publish_scenario(scenario.path, FEWEST)
    assert "/ru/pay/" in read(client, "/ru/topics/").links


def test_a_scenario_is_shown_where_no_release_is_published(
    client: Client, unpublished: None, scenario: Scenario
) -> None:
    publish_scenario(scenario.path, FEWEST)
    assert "/ru/pay/" in read(client, "/ru/").links
    assert "Меры стоят 25,0 млн" in read(client, "/ru/pay/").words


def test_publishing_twice_changes_nothing(paid: Scenario) -> None:
    again = publish_scenario(paid.path, FEWEST)
    assert not again.fresh
    assert (again.scenario, again.municipalities, again.measures, again.hidden) == (
        "2027.1",
        2,
        2,
        0,
    )
    assert models.Scenario.objects.count() == 1


def test_loading_anew_gives_the_same(paid: Scenario) -> None:
    def hashes() -> list[tuple[str, str]]:
        return list(models.File.objects.order_by("name").values_list("name", "hash"))

    before = hashes()
    assert publish_scenario(paid.path, FEWEST, again=True).fresh
    assert hashes() == before


def test_another_scenario_of_the_same_name_is_refused(paid: Scenario, tmp_path: Path) -> None:
    other = small_scenario(tmp_path, changes={"wages": small_tables()["wages"].head(1)})
    with pytest.raises(PayProblem, match="never replaced"):
        publish_scenario(other.path, FEWEST)
    assert models.Scenario.objects.get().hash == paid.hash


def test_a_damaged_scenario_is_not_loaded(db: None, tmp_path: Path) -> None:
    made = small_scenario(tmp_path)
    (made.path / "costs.parquet").write_bytes(b"something else")
    assert is_scenario(made.path)
    with pytest.raises(PayProblem, match="damaged"):
        publish_scenario(made.path, FEWEST)
    assert not models.Scenario.objects.exists()


def test_no_pseudonym_is_in_the_database(paid: Scenario) -> None:
    assert PERSON not in str(list(models.Scenario.objects.values()))
    assert not models.File.objects.filter(name="people.parquet").exists()
    for file in models.File.objects.all():
        assert PERSON.encode() not in bytes(file.content)


def test_the_site_keeps_what_may_be_told_and_nothing_else(paid: Scenario) -> None:
    made = public(paid, FEWEST).tables
    kept = {file.name: bytes(file.content) for file in models.File.objects.all()}
    tables = {name.removesuffix(".parquet") for name in kept if name.endswith(".parquet")}
    assert tables == {*WHOLE, *MADE}
    for name in MADE:
        assert pl.read_parquet(io.BytesIO(kept[f"{name}.parquet"])).equals(made[name]), name
    for name in WHOLE:
        assert kept[f"{name}.parquet"] == (paid.path / f"{name}.parquet").read_bytes()
    assert kept["manifest.json"] == (paid.path / "manifest.json").read_bytes()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_there_and_leads_only_where_something_is(
    client: Client, paid: Scenario, language: str
) -> None:
    found: set[str] = set()
    for page in PAGES:
        said = read(client, f"/{language}/pay/{page}")
        assert "None" not in said.words, page
        assert "2027.1" in said.words, page
        assert ("26 ноября 2026" if language == "ru" else "November 26, 2026") in said.words
        found |= {link.split("#")[0] for link in said.links if link.startswith(f"/{language}/pay/")}
    assert f"/{language}/pay/scenarios/2027.1/money/" in found
    for link in found:
        assert client.get(link).status_code == 200, link


def test_the_first_page_says_what_it_costs_what_it_buys_and_who_is_asked(
    client: Client, paid: Scenario
) -> None:
    page = read(client, "/en/pay/")
    said = page.words
    assert "The measures cost 25.0 million ₽ in the years 2027–2028." in said
    assert "The federal budget is asked for 17.5 million ₽." in said
    assert (
        "Expected: 5.5 fewer people leave in these years (with 95 % confidence 1.0 to 9.0)" in said
    )
    assert "This is of 1 municipality of 2" in said
    rows = page.table("Cost of all measures by source")
    assert [row[0] for row in rows] == ["federal budget", "local budget", "all together"]
    assert rows[-1][-1] == "25,000,000.50 ₽"


def test_where_nothing_could_be_estimated_the_first_page_says_so(
    client: Client, published: Release, tmp_path: Path
) -> None:
    none = small_tables()["packages"].with_columns(
        pl.lit(None, pl.Float64).alias(name)
        for name in ("avoided", "avoided_lower", "avoided_upper")
    )
    publish_scenario(small_scenario(tmp_path, changes={"packages": none}).path, FEWEST)
    said = read(client, "/en/pay/").words
    assert "nobody can say from these records" in said
    assert "fewer people leave" not in said
    assert "too little evidence" in said
    assert (
        "How many exits it avoids could not be estimated" in read(client, "/en/pay/packages/").words
    )


def test_an_interval_that_holds_nothing_is_called_uncertain(
    client: Client, published: Release, tmp_path: Path
) -> None:
    low = small_tables()["packages"].with_columns(avoided_lower=pl.lit(-2.0))
    publish_scenario(small_scenario(tmp_path, changes={"packages": low}).path, FEWEST)
    assert "it is not certain that anybody would stay" in read(client, "/en/pay/").words


def test_measures_stand_in_their_order_with_the_release_that_shows_effect(
    client: Client, paid: Scenario
) -> None:
    rows = read(client, "/en/pay/measures/").table("Who, when, how much")
    assert [row[:2] for row in rows[:2]] == [
        ["1", "Higher salaries"],
        ["2", "Allowance for training that showed effect"],
    ]
    assert "release 2026.1" in rows[1][2]
    assert "federal budget: 70 %" in rows[0][5]
    assert rows[0][7] == "23,000,000.50 ₽"


def test_a_measure_leads_to_the_release_that_it_goes_by(
    client: Client, published: Release, tmp_path: Path
) -> None:
    made = small_scenario(tmp_path / "first")
    own = ("kind", "format", "scenario", "files")
    manifest = {name: said for name, said in made.manifest.items() if name not in own}
    by_release = pl.when(pl.col("release").is_not_null()).then(pl.lit(published.id))
    write_scenario(
        tmp_path / "second",
        {**made.tables, "measures": made.tables["measures"].with_columns(release=by_release)},
        {**manifest, "release": {"id": published.id, "hash": published.hash}},
    )
    publish_scenario(tmp_path / "second" / "2027.1", FEWEST)
    links = read(client, "/en/pay/measures/").links
    (there,) = {link for link in links if link.endswith(f"/releases/{published.id}/")}
    assert client.get(there).status_code == 200


def test_what_is_not_known_of_a_municipality_stands_last_in_both_orders(
    client: Client, paid: Scenario
) -> None:
    def names(order: str) -> list[str]:
        rows = read(client, f"/ru/pay/municipalities/?sort={order}").table("Среднемесячная оплата")
        return [row[0].split()[0] for row in rows]

    assert names("avoided") == names("-avoided") == ["Китеж", "Буян"]
    assert names("gap") == ["Китеж", "Буян"]
    assert names("-gap") == ["Буян", "Китеж"]
    assert names("name") == ["Буян", "Китеж"]


def test_municipalities_say_why_there_is_no_figure(client: Client, paid: Scenario) -> None:
    rows = read(client, "/en/pay/municipalities/?sort=name").table("Mean month")
    buyan = rows[0]
    assert buyan[1:3] == ["50,000 ₽ 55,000 ₽", "48,000 ₽"]
    assert buyan[4] == "too little is known of who leaves"
    assert buyan[6] == "2027: no norm binds it 2028: not known"


def test_a_municipality_that_few_have_left_says_so_and_tells_its_pay(
    client: Client, published: Release, tmp_path: Path
) -> None:
    towns = small_tables()["municipalities"].with_columns(
        exits_seen=pl.when(pl.col("exits_seen").is_not_null()).then(pl.lit(4, pl.Int64))
    )
    made = small_scenario(tmp_path, changes={"municipalities": towns})
    publish_scenario(made.path, FEWEST)
    kitezh = read(client, "/ru/pay/municipalities/").table("Среднемесячная оплата")[0]
    assert kitezh[4] == "уволилось слишком мало людей, чтобы показать"
    page = read(client, f"/en/pay/municipalities/{KITEZH}/").words
    assert "How many would stay is not told" in page
    assert "earns 80 % of the wage next door here" in page
    assert page.count("too few have left to tell") == 1
    assert "5.5 fewer people leave" in read(client, "/en/pay/").words
    assert "of the others nothing can be said" in read(client, "/en/pay/").words  # of Buyan


def test_what_is_asked_of_the_list_in_vain_is_said(client: Client, paid: Scenario) -> None:
    said = read(client, "/en/pay/municipalities/?sort=shoe&region=Atlantis").words
    assert "There is no order “shoe”" in said
    assert "“Atlantis” is not in this scenario" in said
    assert "No municipality fits." in read(client, "/en/pay/municipalities/?q=nowhere").words


def test_a_municipality_shows_its_money_its_pay_and_its_limits(
    client: Client, paid: Scenario
) -> None:
    page = read(client, f"/en/pay/municipalities/{KITEZH}/")
    assert "earns 80 % of the wage next door here, and 89 % with the measures" in page.words
    paid_by = page.table("Cost of all measures here")
    assert paid_by[-1][-1] == "18,000,000.50 ₽"
    parts = {row[0]: row[1:] for row in page.table("Fund of pay of the year")[1:]}
    assert parts["salary of the position"][0] == "30,000,000 ₽"
    assert "Allowance for training that showed effect" not in parts  # it stands with others
    limits = page.table("Article 136")
    assert limits[1][1] == "above the norm"
    assert limits[1][-1] == "2,000,000 ₽"
    buyan = read(client, f"/en/pay/municipalities/{BUYAN}/").table("Article 136")
    assert (buyan[0][4], buyan[0][-1]) == ("no norm binds it", "nothing")
    assert (buyan[1][4], buyan[1][-1]) == ("not in the records", "not in the records")
    fund = page.table("The fund of pay without measures")
    assert fund[0][1] == "12.50 by law 12.00; +1,000,000 ₽"


def test_an_unknown_municipality_is_not_there(client: Client, paid: Scenario) -> None:
    assert client.get("/ru/pay/municipalities/99999999/").status_code == 404
    assert client.get("/ru/pay/scenarios/2027.9/").status_code == 404


def test_of_hidden_towns_no_page_and_no_file_says_what_people_earn(
    client: Client, hushed: Scenario
) -> None:
    town = read(client, f"/en/pay/municipalities/{KITEZH}/")
    assert "What people earn here is not shown" in town.words
    for page in PAGES:
        said = read(client, f"/en/pay/{page}").words
        for figure in ("60,000", "67,000", "50,000", "55,000", "18,000,000", "82,000,000"):
            assert not re.search(rf"(?<![0-9,]){figure}", said), (page, figure)
    rows = client.get("/en/pay/data/municipalities.json").json()["rows"]
    assert {row["pay_before"] for row in rows} == {None}
    assert {row["hidden"] for row in rows} == {"suppressed"}


def test_a_few_people_of_a_group_are_suppressed_and_another_group_with_them(
    client: Client, paid: Scenario
) -> None:
    rows = {row[0]: row[1:] for row in read(client, "/en/pay/distribution/").table("By group")}
    assert set(rows["highest positions"]) == {"suppressed"}
    assert set(rows["leading positions"]) == {"suppressed"}
    assert rows["senior positions"][0] == "77"
    assert list(rows) == ["highest positions", "leading positions", "senior positions"]


def test_money_says_what_is_lacking_and_where_no_sum_was_given(
    client: Client, paid: Scenario
) -> None:
    rows = read(client, "/en/pay/money/").table("By year and source")
    assert rows[1] == [
        "2027", "local budget", "3,750,000.07 ₽", "no sum was given", "no sum was given",
    ]  # fmt: skip


def test_packages_say_which_is_chosen_and_how_sure_that_is(client: Client, paid: Scenario) -> None:
    page = read(client, "/en/pay/packages/")
    assert "Package 3 is chosen" in page.words
    assert "is not certain: the interval of the difference reaches zero. 1 other way" in page.words
    levels = page.table("How much of each measure")
    assert levels[0] == ["package 1", "salary + 5%", "not taken"]
    assert levels[2] == ["package 3", "salary + 10%", "₽3000 a month"]
    assert [row[-1] for row in page.table("Packages, the cheapest first")] == [
        "no cheaper one is as good",
        "a cheaper one is as good",
        "no cheaper one is as good",
    ]


def test_other_ways_to_spend_as_much_stand_below_the_chosen_package_the_best_first(
    client: Client, paid: Scenario
) -> None:
    page = read(client, "/en/pay/packages/")
    rows = page.table("The chosen package and other ways to spend as much")
    assert [row[0].split(":")[0] for row in rows] == [
        "Chosen package",
        "Most for a ruble first again and again whatever keeps most people for a ruble more",
        "The cheapest first what costs least is given first, while there is money",
        "The same measure for all one measure of one size wherever it may be given",
        "Municipalities by the alphabet each in its turn gets as much as may be, while there is "
        "money",
    ]
    assert rows[0][1:] == ["25.0 million ₽", "2", "5.5 1.0 to 9.0", "–", "–"]
    assert rows[1][4:] == ["–", "it is the same package"]
    assert rows[2][4:] == ["0.5 −0.1 to 0.8", "no: the range reaches zero"]
    assert rows[4][1:] == ["18.5 million ₽", "1", "3.5 0.6 to 5.8", "2.0 0.4 to 3.2", "yes"]
    assert "are passed over by the chosen package" not in page.words  # it reaches all two


def test_that_little_known_municipalities_are_passed_over_is_said(
    client: Client, published: Release, tmp_path: Path
) -> None:
    rivals = small_tables()["rivals"].with_columns(municipalities=pl.lit(1, pl.Int64))
    publish_scenario(small_scenario(tmp_path, changes={"rivals": rivals}).path, FEWEST)
    said = read(client, "/en/pay/packages/").words
    assert "exits could not be estimated are passed over by the chosen package" in said


def test_a_way_that_only_a_few_people_would_feel_says_that_it_is_hidden(
    client: Client, hushed: Scenario
) -> None:
    page = read(client, "/en/pay/packages/")
    last = page.table("The chosen package and other ways to spend as much")[-1]
    assert last[1:] == ["suppressed"] * 5
    assert "18.5" not in page.words
    rows = client.get("/en/pay/data/rivals.json").json()["rows"]
    assert {row["rule"] for row in rows if row["cost"] is None} == {"alphabetical"}
    assert all("people" not in row for row in rows)


def test_people_whom_a_measure_passes_over_are_counted_under_its_name(
    client: Client, published: Release, tmp_path: Path
) -> None:
    row = pl.DataFrame([("trained", "too_long_ago", 7)], TABLES["excluded"], orient="row")
    changes = {"excluded": pl.concat([small_tables()["excluded"], row])}
    publish_scenario(small_scenario(tmp_path, changes=changes).path, FEWEST)
    rows = read(client, "/en/pay/data/").table("Rows of the records that were left out")
    assert [one[0] for one in rows] == [
        "List of posts", "Allowance for training that showed effect",
    ]  # fmt: skip


def test_levels_that_differ_are_counted_by_municipality(
    client: Client, published: Release, tmp_path: Path
) -> None:
    levels = small_tables()["levels"]
    salaries = levels.filter(measure="salary", package=3)
    of_towns = pl.concat(
        [
            salaries.with_columns(municipality=pl.lit(KITEZH)),
            salaries.with_columns(
                pl.lit(None, kind).alias(name)
                for name, kind in (("level", pl.Float64), ("amount_ru", pl.String),
                                   ("amount_en", pl.String))
            ).with_columns(municipality=pl.lit(BUYAN)),
        ]
    )  # fmt: skip
    changed = pl.concat(
        [
            levels.filter(~((pl.col("measure") == "salary") & (pl.col("package") == 3))),
            of_towns,
        ]
    )
    by_town = (pl.col("measure") == "salary") & (pl.col("package") == 1)
    changed = changed.with_columns(
        municipality=pl.when(by_town).then(pl.lit(KITEZH)).otherwise("municipality")
    )
    publish_scenario(small_scenario(tmp_path, changes={"levels": changed}).path, FEWEST)
    first, _, row = read(client, "/en/pay/packages/").table("How much of each measure")
    assert first[1:] == ["by municipality, not told", "not taken"]
    assert row[1] == ("salary + 10%, in 1 municipality of 2 not taken, in 1 municipality of 2")
    town = read(client, f"/en/pay/municipalities/{KITEZH}/").words
    assert "Higher salaries: salary + 10%" in town


def test_where_there_was_nothing_to_choose_no_other_way_is_told(
    client: Client, published: Release, tmp_path: Path
) -> None:
    nothing = {name: small_tables()[name].clear() for name in ("rivals", "levels")}
    publish_scenario(small_scenario(tmp_path, changes=nothing).path, FEWEST)
    said = read(client, "/en/pay/packages/").words
    assert "Packages were not worked out" in said
    assert "spent otherwise" not in said


def test_tables_are_given_in_four_formats_and_private_ones_to_nobody(
    client: Client, paid: Scenario
) -> None:
    for kind in ("csv", "xlsx", "json", "parquet"):
        assert client.get(f"/ru/pay/data/costs.{kind}").status_code == 200
    assert "8300000,25" not in client.get("/en/pay/data/costs.csv").content.decode()
    money = client.get("/ru/pay/data/money.csv").content.decode("utf-8-sig")
    assert "8750000,18" in money
    kept = json.loads(client.get("/en/pay/data/money.json").content)
    assert (kept["scenario"], kept["manifest"]) == ("2027.1", paid.hash)
    for closed in ("people", "nothing"):
        assert client.get(f"/ru/pay/data/{closed}.csv").status_code == 404
        assert client.get(f"/ru/pay/files/{closed}.parquet").status_code == 404
    assert client.get("/ru/pay/files/costs.parquet").status_code == 404
    given = client.get("/ru/pay/files/wages.parquet").content
    assert given == (paid.path / "wages.parquet").read_bytes()


def test_a_newer_scenario_takes_the_place_and_the_older_keeps_its_address(
    client: Client, paid: Scenario
) -> None:
    newer = small_scenario(paid.path.parent)
    assert newer.id == "2027.2"
    publish_scenario(newer.path, FEWEST)
    assert "2027.2" in read(client, "/ru/pay/").words
    old = read(client, "/ru/pay/scenarios/2027.1/")
    assert "Это сценарий 2027.1" in old.words
    assert "/ru/pay/" in old.links


def test_names_are_escaped(client: Client, published: Release, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    towns = small_tables()["municipalities"].with_columns(name=pl.lit(bad))
    measures = small_tables()["measures"].with_columns(name_en=pl.lit(bad))
    made = small_scenario(tmp_path, changes={"municipalities": towns, "measures": measures})
    publish_scenario(made.path, FEWEST)
    for page in PAGES:
        assert "<script>alert" not in client.get(f"/en/pay/{page}").content.decode(), page


def test_the_same_page_is_sent_once(client: Client, paid: Scenario) -> None:
    first = client.get("/ru/pay/money/")
    again = client.get("/ru/pay/money/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.post("/ru/pay/money/").status_code == 405
