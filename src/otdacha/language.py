"""Texts for people, in the language they asked for.

Texts are written in English in the code and translated by the gettext catalogues in `locale/`.
A text that is made far from the person who reads it is kept as a `Text` (a template and its
values) and put into words at the edge, where the language is known.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
MINUS = "\N{MINUS SIGN}"
"""A sign; a hyphen is none."""


@cache
def catalogue(language: Language) -> _gettext.NullTranslations:
    """The translations of one language; English texts are the templates themselves."""
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation("otdacha", str(files("otdacha") / "locale"), languages=[language])


@dataclass(frozen=True)
class Text:
    """A sentence that is not yet in anybody's language.

    `template` is an English `str.format` template and the catalogue's key; `plural`, where it is
    given, is its form for many, chosen by the value called `count`. Values may be `Text` too.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None

    def said(self, language: Language) -> str:
        """The sentence in `language`."""
        known = catalogue(language)
        values = {
            name: value.said(language) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        if self.plural is None:
            return known.gettext(self.template).format(**values)
        chosen = known.ngettext(self.template, self.plural, int(self.values["count"]))
        return chosen.format(**values)

    def __str__(self) -> str:
        return self.said("en")


def text(template: str, /, **values: Any) -> Text:
    """A sentence to be said later; the call marks the template for the catalogue."""
    return Text(template, values)


def ntext(template: str, plural: str, /, *, count: int, **values: Any) -> Text:
    """A sentence with a number that decides its form; `count` is one of the values."""
    return Text(template, {"count": count, **values}, plural)


def spoken(language: Language) -> dict[str, Callable[..., str]]:
    """What templates of pages say their texts with: `_("... {x}", x=...)` and `ngettext`, whose
    form is chosen by `count`."""

    def said(template: str, **values: Any) -> str:
        return Text(template, values).said(language)

    def counted(template: str, plural: str, count: int, **values: Any) -> str:
        return Text(template, {"count": count, **values}, plural).said(language)

    return {"_": said, "ngettext": counted}
