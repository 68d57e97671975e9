"""Routes: what organisations can be filtered by, and the municipalities."""

from django.http import HttpRequest
from ninja import Field, Query, Schema

from otdacha.language import text
from otdacha.site.api.asking import Part, Place, edition, of, page_of, part
from otdacha.site.api.interface import get
from otdacha.site.api.problems import Refused
from otdacha.site.api.rows import ROWS, told


class Facet(Schema):
    value: str = Field(description="As the release has it.")
    slug: str = Field(description="As filters and addresses name it.")
    organisations: int = Field(description="How many organisations have it.")


class Facets(Schema):
    """The values of one filter, most frequent first."""

    bank: str
    release: str
    items: list[Facet]


class AllFacets(Schema):
    bank: str
    release: str
    topic: list[Facet]
    region: list[Facet]
    form: list[Facet]
    type: list[Facet]
    state: list[Facet]


class TownFilters(Part):
    region: str = Field("", max_length=120, description="Slug of a region, as /regions lists them.")


@get("/facets", AllFacets, tag="filters")
def facets(request: HttpRequest, asked: Query[Place]) -> object:
    """Everything that organisations can be filtered by."""
    found = edition(asked.bank, asked.release)
    return {**of(found), **{name: _facet(found.release.facets[name]) for name in _names()}}


@get("/topics", Facets, tag="filters")
def topics(request: HttpRequest, asked: Query[Place]) -> object:
    """The topics of the programmes."""
    found = edition(asked.bank, asked.release)
    return {**of(found), "items": _facet(found.release.facets["topic"])}


@get("/regions", Facets, tag="filters")
def regions(request: HttpRequest, asked: Query[Place]) -> object:
    """The regions of the organisations."""
    found = edition(asked.bank, asked.release)
    return {**of(found), "items": _facet(found.release.facets["region"])}


@get("/municipalities", page_of(ROWS["municipalities"]), tag="filters")
def municipalities(request: HttpRequest, asked: Query[TownFilters]) -> object:
    """The municipalities of a release, by region and name."""
    found = edition(asked.bank, asked.release)
    chosen = found.release.municipalities.all()
    if asked.region:
        chosen = chosen.filter(region_slug=asked.region)
        if not chosen.exists():
            raise Refused(404, text("No municipality of this release lies in such a region."))
    rows = chosen.only("row", "release")[asked.offset : asked.offset + asked.limit]
    items = (told("municipalities", one.row) for one in rows)
    return part(request, found, asked, chosen.count(), items)


def _names() -> tuple[str, ...]:
    return tuple(name for name in AllFacets.model_fields if name not in ("bank", "release"))


def _facet(values: list[list[object]]) -> list[dict[str, object]]:
    return [{"value": value, "slug": slug, "organisations": count} for value, slug, count in values]
