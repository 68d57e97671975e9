"""What is new, for feed readers: releases, errata, replies of organisations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from otdacha.language import text
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.models import Erratum, Release, Reply
from otdacha.site.bank.page import page

MOST = 100
"""Entries of a feed: the newest."""
_BEGAN = "2026"
"""The year from which the tags hold (RFC 4151): it never changes, or every entry would be new."""


@dataclass(frozen=True)
class Entry:
    """One thing that is new. tag: names it for good within the bank."""

    tag: str
    title: str
    said: str
    page: str
    when: dt.datetime


@page
def feed(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The feed of a data bank, newest first: Atom, RFC 4287."""
    authority = request.get_host().partition(":")[0]
    place = f"tag:{authority},{_BEGAN}:{edition.bank.slug}"
    made = Atom1Feed(
        title=edition.title,
        link=request.build_absolute_uri(edition.latest_url("home")),
        description="",
        subtitle=text("Releases, errata and replies of organisations").said(edition.language),
        language=edition.language,
        author_name=edition.title,
        feed_url=request.build_absolute_uri(request.path),
        feed_copyright=edition.bank.licence or None,
        feed_guid=f"{place}/{edition.language}",
    )
    for entry in sorted(_entries(edition), key=lambda one: (one.when, one.tag), reverse=True)[
        :MOST
    ]:
        made.add_item(
            title=_written(entry.title),
            link=request.build_absolute_uri(entry.page),
            description=escape(_written(entry.said)),  # readers take it for HTML
            unique_id=f"{place}/{edition.language}/{entry.tag}",
            pubdate=entry.when,
            updateddate=entry.when,
        )
    response = HttpResponse(
        made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _entries(edition: Edition) -> Iterator[Entry]:
    releases = list(edition.bank.releases.defer("manifest", "facets"))
    for release in releases:
        yield _published(edition, release)
    for erratum in Erratum.objects.filter(release__in=releases).select_related("release"):
        yield _erratum(edition, erratum)
    names = dict(edition.latest.organisations.values_list("provider", "name"))
    replies = Reply.objects.filter(release__in=releases).select_related("release")
    for reply in replies.order_by("-received", "-id")[:MOST]:
        yield _reply(edition, reply, names.get(reply.provider, reply.provider))


def _published(edition: Edition, release: Release) -> Entry:
    return Entry(
        tag=f"releases/{release.name}",
        title=text("Release {release}", release=release.name).said(edition.language),
        said=text(
            "Release {release} of {day} is published.",
            release=release.name,
            day=edition.numbers.day(release.created),
        ).said(edition.language),
        page=edition.in_release(release.name, "home"),
        when=release.created,
    )


def _erratum(edition: Edition, erratum: Erratum) -> Entry:
    release = erratum.release.name
    return Entry(
        tag=f"releases/{release}/errata/{erratum.pk}",
        title=text("Erratum in release {release}", release=release).said(edition.language),
        said=erratum.text_ru if edition.language == "ru" else erratum.text_en,
        page=edition.in_release(release, "releases"),
        when=_midnight(erratum.found),
    )


def _reply(edition: Edition, reply: Reply, name: str) -> Entry:
    release = reply.release.name
    return Entry(
        tag=f"releases/{release}/replies/{reply.pk}",
        title=text("Reply: {name}", name=name).said(edition.language),
        said=reply.text,
        page=edition.in_release(release, "organisation", provider=reply.provider),
        when=_midnight(reply.received),
    )


def _written(words: str) -> str:
    """The words without the signs that no XML document may hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", words)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
