"""What the pieces of an address may be, and how names are written in them.

Whoever imports this module may call them language, release and piece.
"""

from __future__ import annotations

from django.urls import register_converter

LONGEST_NAME = 255
"""Characters of an organisation's id: those of other countries are not ours to limit further."""


class LanguageConverter:
    regex = "ru|en"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ReleaseConverter(LanguageConverter):
    regex = r"\d{4}\.\d{1,6}"


class PieceConverter:
    """An id, whatever it is made of: a slash in it is written ~1 and a tilde ~0.

    A slash cannot be written as %2F: servers read that as a slash before anybody sees it. The
    signs are those of JSON Pointer (RFC 6901).
    """

    regex = rf"(?:[^/~]|~[01]){{1,{LONGEST_NAME}}}"

    def to_python(self, value: str) -> str:
        return value.replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        return value.replace("~", "~0").replace("/", "~1")


register_converter(LanguageConverter, "language")
register_converter(ReleaseConverter, "release")
register_converter(PieceConverter, "piece")
