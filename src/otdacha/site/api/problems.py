"""What went wrong, as a document that a program can read (RFC 9457): sentences, never a trace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from otdacha.language import Text, text

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What went wrong and what can be done, in English.")
    detail_ru: str | None = Field(
        None, description="The same in Russian, where the request has lang=ru."
    )


class Refused(Exception):
    """A request that cannot be answered: the status, and why, for the person who asked."""

    def __init__(self, status: int, why: Text) -> None:
        super().__init__(str(why))
        self.status = status
        self.why = why


USUAL: Mapping[int, Text] = {
    400: text("The request cannot be understood. Look at the address."),
    404: text("There is nothing at this address. /api/v1/openapi.json lists what there is."),
    405: text("This interface is for reading: ask with GET."),
    500: text("A fault of Otdacha itself. It was written down; try again later."),
}
"""What is said of a status where nothing more is known."""


def problem(request: HttpRequest, status: int, why: Text) -> HttpResponse:
    """The answer that says what went wrong."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": why.said("en"),
    }
    if "lang=ru" in request.META.get("QUERY_STRING", "").split("&"):
        content["detail_ru"] = why.said("ru")
    said = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(said, status=status, content_type=MEDIA_TYPE)


def wrong_parameters(faults: Iterable[Mapping[str, Any]]) -> Text:
    """Every wrong parameter with what it should be. faults: as pydantic reports them."""
    said: Text | None = None
    for fault in faults:
        one = text("{parameter}: {why}", parameter=_name(fault), why=_why(fault))
        said = one if said is None else text("{one} {other}", one=said, other=one)
    assert said is not None
    return said


def _name(fault: Mapping[str, Any]) -> str:
    named = [str(part) for part in fault["loc"] if part not in ("query", "path", "place")]
    return named[-1] if named and not named[-1].isdigit() else ".".join(named)


def _why(fault: Mapping[str, Any]) -> Text:
    limits = fault.get("ctx", {})
    match fault["type"]:
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return text("a whole number is wanted.")
        case "bool_parsing" | "bool_type":
            return text("true or false is wanted.")
        case "greater_than_equal":
            return text("it must be at least {least}.", least=limits["ge"])
        case "less_than_equal":
            return text("it can be at most {most}.", most=limits["le"])
        case "string_too_long":
            return text("it can have at most {most} characters.", most=limits["max_length"])
        case "too_long":
            return text("it can be given at most {most} times.", most=limits["max_length"])
        case "too_short":
            return text("it must be given at least {least} times.", least=limits["min_length"])
        case "missing":
            return text("it must be given.")
        case "literal_error" | "enum":
            return text("it must be one of {values}.", values=limits["expected"])
        case _:
            return text("it is not as /api/v1/openapi.json says it must be.")
