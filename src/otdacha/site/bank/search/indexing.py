"""Make a release findable: which words lead to which of its organisations, and how strongly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from otdacha.site.bank.models import Mention, Organisation, Programme, Release, Word
from otdacha.site.bank.search.words import stem, words

IDENTIFIER = 10
NAME = 8
TOPIC = 4
PLACE_AND_TYPE = 3
PROGRAMME = 2
"""What a mention weighs, by where it is: an organisation's number names it and nothing else; its
own name says more than what it teaches, that more than where it is; a programme's name, of which
there are many, says least."""

IDENTIFIERS = ("ogrn", "licence")
"""Columns of the released row that name an organisation, beside its provider."""
AT_ONCE = 4000


def index(
    release: Release, organisations: Iterable[Organisation], programmes: Iterable[Programme]
) -> None:
    """Make the organisations and programmes of a release findable.

    They are saved already. An organisation has one mention for each stem that leads to it, with the
    greatest weight of the places it stands in.
    """
    weights: dict[int, dict[str, int]] = defaultdict(dict)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for organisation, said, weight in _said(organisations, programmes):
        known = weights[organisation]
        for word in words(said):
            one = stem(word)
            forms[one][word] += 1
            known[one] = max(weight, known.get(one, 0))
    leads = Counter(one for known in weights.values() for one in known)
    places = {one: place for place, one in enumerate(sorted(forms))}
    Word.objects.bulk_create(
        (
            Word(
                release=release,
                place=place,
                stem=one,
                form=min(forms[one], key=lambda form: (-forms[one][form], form)),
                organisations=leads[one],
            )
            for one, place in places.items()
        ),
        batch_size=AT_ONCE,
    )
    Mention.objects.bulk_create(
        (
            Mention(release=release, organisation_id=organisation, word=places[one], weight=weight)
            for organisation, known in weights.items()
            for one, weight in known.items()
        ),
        batch_size=AT_ONCE,
    )


def _said(
    organisations: Iterable[Organisation], programmes: Iterable[Programme]
) -> Iterator[tuple[int, str, int]]:
    """Organisation, what is said of it, and what that weighs."""
    for one in organisations:
        yield one.pk, one.name, NAME
        yield one.pk, f"{one.region} {one.type}", PLACE_AND_TYPE
        yield one.pk, one.provider, IDENTIFIER
        for column in IDENTIFIERS:
            yield one.pk, one.row.get(column) or "", IDENTIFIER
    for programme in programmes:
        yield programme.organisation_id, programme.topic, TOPIC
        yield programme.organisation_id, programme.name, PROGRAMME
