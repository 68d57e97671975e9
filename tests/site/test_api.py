"""The interface for programs: what it tells, how it refuses, what it promises about itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from otdacha.release import Release
from otdacha.release.columns import ROW
from otdacha.release.states import WITH_FIGURE, State
from otdacha.release.tables import TABLES
from otdacha.site.bank import models
from otdacha.site.bank.listing import listing


def got(client: Client, address: str) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    return json.loads(answer.content)


def refused(client: Client, address: str, status: int) -> dict[str, Any]:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    content: dict[str, Any] = json.loads(answer.content)
    assert content["status"] == status
    assert content["detail"].endswith(".")
    return content


def same(table: str, told: dict[str, Any], released: dict[str, Any]) -> None:
    """The row of the interface says what the released row says, figure by figure."""
    states = {column.state for column in TABLES[table]} - {None, ROW}
    for column in TABLES[table]:
        if column.name in states:
            continue
        if column.state is None:
            assert told[column.name] == released[column.name]
            continue
        figure = told[column.name]
        assert figure == {"value": released[column.name], "state": released[column.state]}
        if figure["state"] not in WITH_FIGURE:
            assert figure["value"] is None


@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_is_told_as_it_was_released(
    client: Client, published: Release, table: str
) -> None:
    rows = published.tables[table].to_dicts()
    content = got(client, f"tables/{table}?limit=200")
    assert content["total"] == len(rows)
    assert len(content["items"]) == min(200, len(rows))
    for told, released in zip(content["items"], rows, strict=False):
        same(table, told, released)


def test_an_organisation_is_told_with_all_its_rows(client: Client, published: Release) -> None:
    for released in published.providers.iter_rows(named=True):
        content = got(client, f"organisations/{released['provider']}")
        same("providers", content["organisation"], released)
        effects = published.effects.filter(provider=released["provider"]).to_dicts()
        assert len(content["tables"]["effects"]) == len(effects)
        for told, effect in zip(content["tables"]["effects"], effects, strict=True):
            same("effects", told, effect)
        assert content["page_ru"].startswith(f"http://testserver/ru/releases/{published.id}/")


def test_states_are_values_in_the_place_of_the_figure(client: Client, published: Release) -> None:
    items = got(client, "organisations?limit=200")["items"]
    withheld = [item for item in items if item["state"] not in WITH_FIGURE]
    assert withheld
    for item in withheld:
        assert item["posterior_mean"] == {"value": None, "state": item["state"]}


def test_filters_and_order_are_those_of_the_list_on_the_site(
    client: Client, published: Release
) -> None:
    release = models.Release.objects.get(name=published.id)
    region = release.facets["region"][0][1]
    for asked in ("", "sort=-name", "sort=trained", "state=published", f"region={region}"):
        wanted = listing(release, QueryDict(asked)).queryset.values_list("provider", flat=True)
        found = got(client, f"organisations?limit=200&{asked}")["items"]
        assert [item["provider"] for item in found] == list(wanted)
    listed = got(client, "organisations?listed=true")["items"]
    assert [item["provider"] for item in listed] == published.listed["provider"].to_list()


def test_a_state_that_nobody_has_is_found_with_nobody(client: Client, published: Release) -> None:
    absent = set(State) - set(published.providers["state"])
    assert absent
    for state in absent:
        assert got(client, f"organisations?state={state.value}")["total"] == 0


def test_pages_lead_from_one_to_the_next_and_back(client: Client, published: Release) -> None:
    address, seen, before = "organisations?limit=5&lang=ru", [], None
    while address:
        content = got(client, address)
        assert content["previous"] == before
        seen += [item["provider"] for item in content["items"]]
        onwards = content["next"] or ""
        address = onwards.removeprefix("http://testserver/api/v1/")
        before = (
            f"http://testserver/api/v1/organisations?limit=5&lang=ru&offset={content['offset']}"
        )
    assert seen == published.providers["provider"].to_list()
    assert content["total"] == len(seen)


def test_an_earlier_release_is_told_under_its_name(
    client: Client, published: Release, invented: tuple[Release, Release]
) -> None:
    first = invented[0]
    best = first.providers.row(0, named=True)
    content = got(client, f"organisations/{best['provider']}?release={first.id}")
    assert content["release"] == first.id
    same("providers", content["organisation"], best)
    names = [item["name"] for item in got(client, "releases")["items"]]
    assert names == [published.id, first.id]
    assert got(client, "banks")["items"][0]["releases"] == names


def test_a_release_names_its_files_by_hash_and_they_are_there(
    client: Client, published: Release
) -> None:
    content = got(client, f"releases/{published.id}")
    assert content["manifest"] == published.hash
    hashes = {file["name"]: file["sha256"] for file in content["files"]}
    wanted = {name: file["sha256"] for name, file in published.manifest["files"].items()}
    assert hashes == wanted | {"manifest.json": published.hash}
    for file in content["files"]:
        assert client.get(file["address"].removeprefix("http://testserver")).status_code == 200


def test_tables_tell_what_their_columns_mean(client: Client, published: Release) -> None:
    for table in got(client, "tables")["items"]:
        columns = TABLES[table["name"]]
        assert table["rows"] == published.tables[table["name"]].height
        assert [column["meaning"]["ru"] for column in table["columns"]] == [
            column.meaning.said("ru") for column in columns
        ]


def test_filters_municipalities_and_programmes_are_told(client: Client, published: Release) -> None:
    facets = got(client, "facets")
    release = models.Release.objects.get(name=published.id)
    for name, values in release.facets.items():
        assert [[f["value"], f["slug"], f["organisations"]] for f in facets[name]] == values
    assert got(client, "topics")["items"] == facets["topic"]
    assert got(client, "regions")["items"] == facets["region"]
    assert got(client, "programmes")["total"] == published.tables["programmes"].height
    towns = got(client, "municipalities?limit=200")
    assert towns["total"] == published.tables["municipalities"].height
    for topic in facets["topic"]:
        found = got(client, f"programmes?topic={topic['slug']}&limit=200")
        assert {item["topic"] for item in found["items"]} == {topic["value"]}


def test_differences_are_told_of_the_pairs_that_are_asked_for(
    client: Client, published: Release
) -> None:
    table = published.tables["comparisons"]
    assert table.height
    three = published.providers["provider"].to_list()[:3]
    content = got(client, "comparisons?" + "&".join(f"o={one}" for one in three))
    wanted = [row for row in table.to_dicts() if row["provider"] in three and row["other"] in three]
    assert len(content["items"]) == len(wanted) == 3
    for told in content["items"]:
        same(
            "comparisons",
            told,
            next(
                row
                for row in wanted
                if (row["provider"], row["other"]) == (told["provider"], told["other"])
            ),
        )


def test_the_queries_do_not_grow_with_the_rows(
    client: Client, published: Release, django_assert_max_num_queries: Any
) -> None:
    for address in ("organisations?limit=2", "organisations?limit=200"):
        with django_assert_max_num_queries(7):
            got(client, address)
    provider = published.providers["provider"][0]
    with django_assert_max_num_queries(7):
        got(client, f"organisations/{provider}")
    with django_assert_max_num_queries(7):
        got(
            client,
            "comparisons?" + "&".join(f"o={one}" for one in published.providers["provider"][:6]),
        )


def test_an_answer_that_the_reader_has_is_not_sent_again(
    client: Client, published: Release
) -> None:
    first = client.get("/api/v1/organisations")
    for tag in (first.headers["ETag"], f"W/{first.headers['ETag']}"):
        again = client.get("/api/v1/organisations", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert "max-age" in first.headers["Cache-Control"]
    pinned = client.get(f"/api/v1/organisations?release={published.id}")
    assert pinned.headers["Cache-Control"] == "public, max-age=86400"


def test_another_site_may_read_and_nobody_may_write(client: Client, published: Release) -> None:
    assert client.get("/api/v1/banks").headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options("/api/v1/banks", headers={"origin": "https://example.org"})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    head = client.head("/api/v1/banks")
    assert head.status_code == 200
    assert head.content == b""
    for method in (client.post, client.put, client.patch, client.delete):
        answer = method("/api/v1/banks")
        assert answer.status_code == 405
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "GET" in answer.headers["Allow"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("nothing", 404, "nothing at this address"),
        ("", 404, "openapi.json"),
        ("docs", 404, "nothing at this address"),
        ("organisations/1", 404, "no such organisation"),
        ("organisations/%00", 404, "nothing at this address"),
        ("organisations?bank=nobody", 404, "/api/v1/banks"),
        ("organisations?release=1999.1", 404, "/api/v1/releases"),
        ("releases/" + "9" * 300, 404, "/api/v1/releases"),
        ("organisations?topic=nothing", 404, "/api/v1/topics"),
        ("organisations?limit=0", 422, "limit: it must be at least 1."),
        ("organisations?limit=201", 422, "limit: it can be at most 200."),
        ("organisations?limit=many", 422, "limit: a whole number is wanted."),
        ("organisations?offset=99999999999999999999999", 422, "offset: it can be at most"),
        ("organisations?state=wonderful", 422, "state: it must be one of"),
        ("organisations?listed=perhaps", 422, "listed: true or false"),
        ("organisations?q=" + "x" * 201, 422, "at most 200 characters"),
        ("organisations?limt=5", 422, "no parameter limt"),
        ("comparisons", 422, "o: it must be given"),
        ("comparisons?o=1", 422, "at least 2 times"),
        ("comparisons?o=1&o=2", 404, "no such organisation"),
        ("programmes?provider=1", 404, "no such organisation"),
        ("tables/nothing", 404, "nothing at this address"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    client: Client, published: Release, address: str, status: int, said: str
) -> None:
    content = refused(client, address, status)
    assert said in content["detail"]
    assert "detail_ru" not in content


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("organisations?limit=0&lang=ru", "не меньше 1"),
        ("organisations/1?lang=ru", "нет такой организации"),
        ("nothing?lang=ru", "ничего нет"),
    ],
)
def test_a_refusal_is_said_in_russian_too_where_that_is_asked_for(
    client: Client, published: Release, address: str, said: str
) -> None:
    content = json.loads(client.get(f"/api/v1/{address}").content)
    assert said in content["detail_ru"]
    assert content["detail"].isascii()


def test_of_a_table_that_an_older_release_does_not_have_the_interface_says_so(
    client: Client, published: Release
) -> None:
    release = models.Release.objects.get(name=published.id)
    del release.manifest["files"]["programmes.parquet"]
    release.save()
    release.files.filter(name="programmes.parquet").delete()
    assert "before there was such a table" in refused(client, "tables/programmes", 404)["detail"]
    assert "programmes" not in [table["name"] for table in got(client, "tables")["items"]]
    assert client.get("/en/data/programmes.csv").status_code == 404
    assert b"/en/data/programmes.csv" not in client.get("/en/data/").content


def test_before_anything_is_published_the_interface_says_so(
    client: Client, unpublished: None
) -> None:
    assert got(client, "banks") == {"items": []}
    assert "Nothing is published" in refused(client, "organisations", 404)["detail"]


def test_the_description_tells_every_parameter_and_every_figure(
    client: Client, published: Release
) -> None:
    content = got(client, "openapi.json")
    for address, path in content["paths"].items():
        assert list(path) == ["get"], address
        for parameter in path["get"]["parameters"]:
            told = parameter.get("description")
            assert told or parameter["in"] == "path", (address, parameter["name"])
        assert path["get"]["description"], address
        problem = path["get"]["responses"]["404"]["content"]
        assert list(problem) == ["application/problem+json"]
    figure = content["components"]["schemas"]["ProvidersRow"]["properties"]["posterior_mean"]
    assert "NumberFigure" in json.dumps(figure)
    assert "standard deviations" in figure["description"]


def test_no_page_of_the_interface_loads_a_script(client: Client, published: Release) -> None:
    for address in ("", "docs", "redoc"):
        assert b"<script" not in client.get(f"/api/v1/{address}").content
