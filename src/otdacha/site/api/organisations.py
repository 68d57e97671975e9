"""Routes: organisations, their programmes, their differences."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any, Literal

from django.http import HttpRequest, QueryDict
from ninja import Field, Query, Schema

from otdacha.language import text
from otdacha.release.states import State
from otdacha.site.api.asking import Part, Place, edition, of, page_of, part
from otdacha.site.api.interface import get
from otdacha.site.api.problems import Refused
from otdacha.site.api.rows import ROWS, answer_type, many, told
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.listing import listing
from otdacha.site.bank.loading import OF_PROVIDERS
from otdacha.site.bank.models import Comparisons, Organisation, Programme
from otdacha.site.pieces import LONGEST_NAME

MOST_COMPARED = 6
_FACETS = {"topic": "/api/v1/topics", "region": "/api/v1/regions"}
"""Filter → the address that lists its values."""

OWN = tuple(name for name in OF_PROVIDERS if name in ROWS)
"""The tables with rows of each organisation."""

UNASKED: Any = None
"""Where nothing is asked. It is no value of the parameter: nobody can ask for null."""
Sort = Literal["effect", "-effect", "name", "-name", "price", "-price", "trained", "-trained"]


class Filters(Part):
    """The same filters as the list of organisations on the site has."""

    q: str = Field("", max_length=200, description="Words: name, programme or topic; typos pass.")
    topic: str = Field("", max_length=120, description="Slug of a topic, as /topics lists them.")
    region: str = Field("", max_length=120, description="Slug of a region, as /regions lists them.")
    form: str = Field("", max_length=200, description="Form of training.")
    type: str = Field("", max_length=200, description="Type of the organisation.")
    state: State = Field(UNASKED, description="State of the effect.")
    price: int = Field(
        UNASKED, ge=1, le=10**9, description="A programme for so many roubles at most."
    )
    listed: bool = Field(False, description="true: only the list of the most effective.")
    sort: Sort = Field(
        UNASKED,
        description="Order; a minus turns it round. What has no figure stands last in both. "
        "Default: what fits the words best; without words, the greatest effect first.",
    )


class ProgrammeFilters(Part):
    provider: str = Field("", max_length=LONGEST_NAME, description="Id of the organisation.")
    topic: str = Field("", max_length=120, description="Slug of a topic, as /topics lists them.")
    form: str = Field("", max_length=200, description="Form of training.")


class Pair(Place):
    o: Annotated[list[str], Field(min_length=2, max_length=MOST_COMPARED)] = Field(
        description="Ids of two to six organisations: o=…&o=…"
    )


class ReplyAnswer(Schema):
    received: dt.date
    text: str


ProgrammeAnswer = answer_type(
    "ProgrammeAnswer",
    ROWS["programmes"],
    key=(str, Field(description="Stable key of the programme: names it in addresses.")),
    topic_slug=(str, Field(description="Slug of its topic; empty: it has none.")),
)
OrganisationAnswer = answer_type(
    "OrganisationAnswer",
    bank=(str, ...),
    release=(str, ...),
    organisation=(ROWS["providers"], Field(description="Its row of the table providers.")),
    programmes=(many(ProgrammeAnswer), ...),
    tables=(
        answer_type("TablesOfOrganisation", **{name: (many(ROWS[name]), ...) for name in OWN}),
        Field(description="Its rows of the other tables."),
    ),
    replies=(list[ReplyAnswer], Field(description="What it says about its figures.")),
    page_ru=(str, Field(description="Its page in Russian; the address stays for good.")),
    page_en=(str, Field(description="Its page in English; the address stays for good.")),
)
ComparisonsAnswer = answer_type(
    "ComparisonsAnswer",
    bank=(str, ...),
    release=(str, ...),
    items=(
        many(ROWS["comparisons"]),
        Field(description="A row for each pair that the release compares."),
    ),
)


@get("/organisations", page_of(ROWS["providers"]), tag="organisations")
def organisations(request: HttpRequest, asked: Query[Filters]) -> object:
    """Organisations, filtered and sorted as on the site: their rows of the table providers."""
    found = edition(asked.bank, asked.release)
    _refuse_unknown(found, asked, ("topic", "region", "form", "type"))
    if asked.state and asked.state not in {slug for _, slug, _ in found.release.facets["state"]}:
        return part(request, found, asked, 0, [])  # a state like any other, which nobody has here
    chosen = listing(found.release, _query(asked))
    if chosen.problems:
        raise Refused(422, chosen.problems[0])
    rows = chosen.queryset.only("row", "release")[asked.offset : asked.offset + asked.limit]
    items = (told("providers", one.row) for one in rows)
    return part(request, found, asked, chosen.filtered.count(), items)


@get("/organisations/{piece:provider}", OrganisationAnswer, tag="organisations")
def organisation(request: HttpRequest, provider: str, asked: Query[Place]) -> object:
    """All that a release tells of one organisation. In its id a slash is written ~1, a tilde ~0."""
    found = edition(asked.bank, asked.release)
    one = found.release.organisations.filter(provider=provider).first()
    if one is None:
        raise _no_organisation()
    return {
        **of(found),
        "organisation": told("providers", one.row),
        "programmes": [_programme(programme) for programme in one.programmes.all()],
        "tables": {name: [told(name, row) for row in one.figures.get(name, [])] for name in OWN},
        "replies": [
            {"received": reply.received, "text": reply.text}
            for reply in found.release.replies.filter(provider=provider)
        ],
        **{
            f"page_{language}": request.build_absolute_uri(
                replace(found, language=language).pinned_url("organisation", provider=provider)
            )
            for language in ("ru", "en")
        },
    }


@get("/programmes", page_of(ProgrammeAnswer), tag="organisations")
def programmes(request: HttpRequest, asked: Query[ProgrammeFilters]) -> object:
    """Programmes of all organisations, by name."""
    found = edition(asked.bank, asked.release)
    _refuse_unknown(found, asked, ("topic", "form"))
    chosen = found.release.programmes.all()
    if asked.provider:
        chosen = chosen.filter(organisation__provider=asked.provider)
        if not found.release.organisations.filter(provider=asked.provider).exists():
            raise _no_organisation()
    if asked.topic:
        chosen = chosen.filter(topic_slug=asked.topic)
    if asked.form:
        chosen = chosen.filter(form=asked.form)
    rows = chosen[asked.offset : asked.offset + asked.limit]
    return part(request, found, asked, chosen.count(), map(_programme, rows))


@get("/comparisons", ComparisonsAnswer, tag="organisations")
def comparisons(request: HttpRequest, asked: Query[Pair]) -> object:
    """Which differences between the given organisations can be told from noise."""
    found = edition(asked.bank, asked.release)
    providers = set(asked.o)
    chosen = Organisation.objects.filter(release=found.release, provider__in=providers)
    if chosen.count() < len(providers):
        raise _no_organisation()
    known = Comparisons.objects.filter(organisation__in=chosen).order_by("organisation__position")
    items = [
        told("comparisons", row)
        for one in known
        for other, row in one.rows.items()
        if other in providers
    ]
    return {**of(found), "items": items}


def _query(asked: Filters) -> QueryDict:
    """What is asked, as the list of organisations on the site is asked for it."""
    named = {
        "q": asked.q,
        "topic": asked.topic,
        "region": asked.region,
        "form": asked.form,
        "type": asked.type,
        "state": asked.state.value if asked.state else "",
        "price": str(asked.price or ""),
        "listed": "1" if asked.listed else "",
        "sort": asked.sort or "",
    }
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in named.items() if value})
    return query


def _refuse_unknown(found: Edition, asked: Schema, names: tuple[str, ...]) -> None:
    """A value that no organisation of the release has names nothing: it is not passed over."""
    for name in names:
        given = getattr(asked, name)
        if given and given not in {slug for _, slug, _ in found.release.facets[name]}:
            raise Refused(
                404,
                text(
                    "No {name} of this release is called “{value}”. They are listed at {place}.",
                    name=name,
                    value=given[:60],
                    place=_FACETS.get(name, "/api/v1/facets"),
                ),
            )


def _no_organisation() -> Refused:
    return Refused(
        404,
        text("There is no such organisation in this release: /api/v1/organisations lists them."),
    )


def _programme(one: Programme) -> dict[str, Any]:
    return {**told("programmes", one.row), "key": one.key, "topic_slug": one.topic_slug}
