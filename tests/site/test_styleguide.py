"""The style guide shows every component, before anything is published too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from jinja2 import Environment, nodes

from otdacha import site
from otdacha.language import LANGUAGES, Language
from otdacha.release.states import SENTENCES, WITH_FIGURE, WORDS, State
from otdacha.site.bank.views.styleguide import COLOURS
from tests.site.read_page import read

SITE = Path(site.__file__).parent


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_stands_there_with_its_meaning(client: Client, language: Language) -> None:
    words = read(client, f"/{language}/styleguide/").words
    for state in set(State) - set(WITH_FIGURE):
        assert WORDS[state].said(language) in words
        assert SENTENCES[state].said(language) in words


def test_every_part_of_pages_is_shown() -> None:
    reader = Environment(extensions=["jinja2.ext.i18n"])
    parts = reader.parse((SITE / "templates/parts.html.j2").read_text("utf-8"))
    guide = reader.parse((SITE / "templates/styleguide.html.j2").read_text("utf-8"))
    made = {macro.name for macro in parts.find_all(nodes.Macro)}
    used = {
        call.node.attr
        for call in guide.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr)
    }
    assert made - used == set()


def test_every_colour_is_shown() -> None:
    tokens = (SITE / "styles/_tokens.scss").read_text("utf-8")
    named = set(re.findall(r"--([a-z-]+): #", tokens))
    shown = set(COLOURS)
    assert named - shown <= {"focus-ink", "brand-ink"}
    assert shown <= named


@pytest.mark.django_db
def test_every_kind_of_chart_is_shown_with_its_table(client: Client) -> None:
    content = client.get("/ru/styleguide/").content.decode()
    charts = content.count('<figure class="drawing">')
    assert charts == content.count("То же в виде таблицы") == 12


@pytest.mark.django_db
def test_the_guide_needs_no_query_and_takes_no_other_method(client: Client) -> None:
    assert client.post("/ru/styleguide/").status_code == 405
