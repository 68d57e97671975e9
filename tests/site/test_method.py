"""The method: rules of this release's file, and the pages that explain it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from otdacha.documents.method_pages import PARTS, Part, as_html, folder, headings
from otdacha.documents.numbers import Numbers
from otdacha.documents.rules import rules
from otdacha.methodology import Methodology, default_methodology
from otdacha.release import Release
from tests.site.read_page import read

ROOT = Path(__file__).parents[2]


def test_every_rule_of_the_file_is_told_with_its_value(client: Client, published: Release) -> None:
    words = read(client, "/en/method/").words
    told = [rule for part in rules(published.methodology, Numbers("en")) for rule in part.rules]
    for rule in told:
        assert f"{rule.name} {rule.key} {rule.value} {rule.meaning}" in words


def test_no_field_of_a_methodology_is_passed_over() -> None:
    methodology = default_methodology()
    told = {rule.key for part in rules(methodology, Numbers("en")) for rule in part.rules}
    parts = set(Methodology.model_fields) - {"id", "version", "title", "indicators"}
    fields = {
        f"{part}.{field}"
        for part in parts
        for field in type(getattr(methodology, part)).model_fields
    }
    assert told == fields


def test_values_are_said_as_people_say_them() -> None:
    said = {
        rule.key: rule.value
        for part in rules(default_methodology(), Numbers("ru"))
        for rule in part.rules
    }
    assert said["design.horizon_months"] == "12 мес."
    assert said["design.stratum"] == "та же услуга, тот же макрорегион"
    assert said["list.error_rate"] == "10\N{NO-BREAK SPACE}%"
    assert said["shrinkage.gap"] == "1e-8"
    assert said["list.against"] == "нет эффекта"
    assert said["ranks.seed"] == "20210415"
    assert said["shrinkage.covariates"] == "нет"


def test_every_indicator_says_who_made_it_who_checked_it_and_when(
    client: Client, published: Release
) -> None:
    words = read(client, "/en/method/").words
    for one in published.methodology.indicators:
        assert one.name.en in words
        assert one.why.en in words
        assert f"Author: {one.author}. Checked by: {one.checked_by}." in words
    assert "weight 50%" in words


def test_the_pages_on_the_site_are_those_of_the_documentation_in_the_same_order() -> None:
    written = {path.stem for path in folder().glob("*.md")} - {"README"}
    assert {part.file for part in PARTS} == written
    index = (folder() / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| \[(?:\d+\. )?(.+?)\]\((.+?)\.md\) \| (.+?) \|$", index, re.M)
    assert [(str(part.title), part.file, str(part.question)) for part in PARTS] == listed


@pytest.mark.parametrize("part", PARTS, ids=[part.slug for part in PARTS])
def test_a_page_of_the_method_leads_nowhere_that_is_not_there(
    client: Client, published: Release, part: Part
) -> None:
    page = read(client, f"/en/method/{part.slug}/")
    content = client.get(f"/en/method/{part.slug}/").content.decode()
    article = content.split("<article")[1].split("</article>")[0]
    for address in re.findall(r'href="([^"#]+)"', article):
        assert client.get(address).status_code == 200
    for picture in re.findall(r'src="/static/([^"?]+)', article):
        assert find(picture) is not None
    assert article.count("<img") == (folder() / f"{part.file}.md").read_text("utf-8").count("![")
    assert all(heading.anchor in page.ids for heading in headings(part))


def test_tables_code_and_formulas_are_what_they_are(client: Client, published: Release) -> None:
    content = client.get("/en/method/01-cells/").content.decode()
    assert content.count("<table") == 1
    assert '<pre class="python"' in content
    assert '<pre class="output"' in content
    shrinkage = client.get("/en/method/07-shrinkage/").content.decode()
    assert '<pre class="formula"' in shrinkage
    assert "w = τ² / (τ² + s²)" in shrinkage


def test_a_russian_reader_is_told_that_the_text_is_english_and_gets_a_summary(
    client: Client, published: Release
) -> None:
    for part in PARTS:
        content = client.get(f"/ru/method/{part.slug}/").content.decode()
        before, after = content.split('<article class="writing" lang="en">')
        assert part.summary.said("ru") in before
        assert part.summary.said("ru") != part.summary.said("en")
        assert "Текст ниже — на английском" in before
        assert after


def test_html_in_a_page_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "otdacha.documents.method_pages.written",
        lambda part: "<script>alert(1)</script>\n\n[x](javascript:alert(1)) `<b>`\n",
    )
    made = as_html(PARTS[0], page=str, picture=str)
    assert "<script" not in made
    assert "<b>" not in made
    assert "href" not in made


def test_the_pages_are_packed_into_the_wheel() -> None:
    from hatchling.builders.wheel import WheelBuilder

    builder = WheelBuilder(str(ROOT))
    packed = builder.config.build_config
    assert packed["hooks"]["custom"]["path"] == "hatch_build.py"
    hook = builder.get_build_hooks(str(ROOT / "dist"))["custom"]
    standard: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize("standard", standard)
    assert standard["force_include"] == {"docs/method": "otdacha/documents/method"}
    editable: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize("editable", editable)
    assert editable["force_include"] == {}


def test_a_part_that_is_not_there_is_not_found(client: Client, published: Release) -> None:
    assert client.get("/en/method/readme/").status_code == 404
