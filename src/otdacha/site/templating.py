"""The page templates, one environment for each language."""

from __future__ import annotations

from functools import cache

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, PackageLoader, StrictUndefined

from otdacha.documents.numbers import Numbers
from otdacha.language import LANGUAGES, Language, Text, spoken, text
from otdacha.release.states import SENTENCES, WORDS, State
from otdacha.site.beside import WORDS as WORDS_BESIDE

MENU = (
    ("organisations", text("Organisations")),
    ("topics", text("Topics")),
    ("regions", text("Regions")),
    ("map", text("Map")),
    ("trust", text("How far to trust it")),
    ("method", text("Method")),
    ("releases", text("Releases")),
    ("data", text("Open data")),
)
"""The main menu: name of the page, its words."""

PROGRAMME = text("Programme")
"""This entry of the menu leads to the newest plan, which belongs to no data bank."""

KINDS = (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet"), ("json", "JSON"))
"""Formats that a table is given out in."""


@cache
def environment(language: Language) -> Environment:
    """Templates whose texts are the catalogue's, in `language`."""
    made = Environment(
        loader=PackageLoader("otdacha.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def said(value: Text) -> str:
        return value.said(language)

    def state_words(state: str) -> str:
        return WORDS[State(state)].said(language)

    def state_sentence(state: str) -> str:
        return SENTENCES[State(state)].said(language)

    made.globals |= {
        **spoken(language),
        "language": language,
        "languages": LANGUAGES,
        "menu": MENU,
        "programme_words": PROGRAMME,
        "programme_url": reverse("plan", kwargs={"language": language}),
        "beside_words": WORDS_BESIDE,
        "beside_urls": {
            page: reverse(page, kwargs={"language": language}) for page in WORDS_BESIDE
        },
        "kinds": KINDS,
        "numbers": Numbers(language),
        "static": static,
    }
    made.filters |= {"said": said, "state": state_words, "state_sentence": state_sentence}
    return made
