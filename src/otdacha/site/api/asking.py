"""What every request may ask: which data bank and release, and which part of a long answer."""

# Types are looked up when routes are made, so they are no strings here and in the modules of routes

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from ninja import Field, Schema

from otdacha.language import text
from otdacha.site.api.problems import Refused
from otdacha.site.api.rows import answer_type, many
from otdacha.site.bank.edition import Edition, edition_of

LARGEST_PAGE = 200
FARTHEST = 1_000_000


class Asked(Schema):
    """What every request may ask."""

    lang: Literal["en", "ru"] = Field(
        "en", description="ru: problems are told in Russian too. Rows are the same in both."
    )


class OfBank(Asked):
    bank: str = Field(
        "", max_length=80, description="Id of the data bank. Default: the first of this site."
    )


class Place(OfBank):
    release: str = Field(
        "", max_length=20, description="Name of the release, as 2026.1. Default: the newest."
    )


class Part(Place):
    limit: int = Field(50, ge=1, le=LARGEST_PAGE, description="How many items at most.")
    offset: int = Field(0, ge=0, le=FARTHEST, description="How many items are passed over.")


def edition(bank: str, release: str = "") -> Edition:
    """The release that is asked for, empty: the first bank, the newest release.

    Raises Refused (404) where there is none.
    """
    try:
        found = edition_of("en", bank or None, release or None)
    except Http404 as fault:
        raise Refused(
            404,
            text(
                "There is no such data bank or release here: /api/v1/banks and /api/v1/releases "
                "list them."
            ),
        ) from fault
    if found is None:
        raise Refused(404, text("Nothing is published here yet."))
    return found


def page_of(row: type[Schema]) -> type[Schema]:
    """The type of one part of a list of `row`."""
    fields: dict[str, Any] = {
        "bank": (str, Field(description="Id of the data bank.")),
        "release": (str, Field(description="Name of the release.")),
        "total": (int, Field(description="How many items there are in all parts.")),
        "limit": (int, ...),
        "offset": (int, ...),
        "next": (str | None, Field(description="Address of the part after this one.")),
        "previous": (str | None, Field(description="Address of the part before this one.")),
        "items": (many(row), ...),
    }
    return answer_type(f"{row.__name__}Page", **fields)


def part(
    request: HttpRequest, found: Edition, asked: Part, total: int, items: Iterable[Any]
) -> dict[str, Any]:
    """One part of a list, with the addresses of its neighbours. items: those of this part."""
    after, before = asked.offset + asked.limit, max(0, asked.offset - asked.limit)
    return {
        **of(found),
        "total": total,
        "limit": asked.limit,
        "offset": asked.offset,
        "next": _address(request, after) if after < min(total, FARTHEST) else None,
        "previous": _address(request, before) if asked.offset else None,
        "items": list(items),
    }


def of(found: Edition) -> dict[str, str]:
    """Which bank and release an answer is about."""
    return {"bank": found.bank.slug, "release": found.release.name}


def _address(request: HttpRequest, offset: int) -> str:
    named = [(key, value) for key, values in request.GET.lists() for value in values]
    kept = [(key, value) for key, value in named if key != "offset"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, ('offset', offset)])}")
