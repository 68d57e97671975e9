"""Find the organisations of a release that a query asks for, the most fitting first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import (
    Case,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from otdacha.language import Text, text
from otdacha.site.bank.models import Mention, Organisation, Release
from otdacha.site.bank.search.terms import MOST_CHARACTERS, MOST_WORDS, Term, read
from otdacha.site.bank.search.vocabulary import Vocabulary, vocabulary

EXACT = 10
"""What a mention of the word itself weighs more than one of a longer word that begins with it:
as much as the heaviest, so that it comes first wherever it stands."""
SHOWN = 6
"""Words named to the reader as searched for in place of one, the commonest."""


@dataclass(frozen=True)
class Correction:
    """What was asked, and the words of the release that were searched for in its place."""

    asked: str
    used: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a query leads to.

    organisations: most fitting first, then in the release's order; to be filtered, counted and
    sliced further. corrections: mistyped words, other letters, another keyboard. unknown: words
    that nothing in the release resembles; they are left out. any_word: no organisation has all of
    the words, so those that have some are found. cut: only a part of a long query was used.
    """

    organisations: QuerySet[Organisation]
    corrections: tuple[Correction, ...] = ()
    unknown: tuple[str, ...] = ()
    any_word: bool = False
    cut: bool = False

    @property
    def sentences(self) -> tuple[Text, ...]:
        """What a reader must know about how the query was understood."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterable[Text]:
        if self.cut:
            yield text(
                "The query is long: its first {characters} characters and {words} words that tell "
                "most were searched for.",
                characters=MOST_CHARACTERS,
                words=MOST_WORDS,
            )
        for one in self.corrections:
            yield text(
                "No name has the word “{asked}”: searched for “{used}” instead.",
                asked=one.asked,
                used=", ".join(one.used),
            )
        if self.unknown:
            yield text(
                "No name has a word like “{words}”: it was left out of the search.",
                words=", ".join(self.unknown),
            )
        if self.any_word:
            yield text("No organisation has all of these words; these have some of them.")


def find(release: Release, query: str) -> Found:
    """The organisations of `release` that `query` asks for; all of them, as they are, if for none.

    Each word of the query must lead to an organisation: through its name, type, region or number,
    or a topic or name of its programmes. Where none has them all, any of the words is enough.
    """
    organisations = Organisation.objects.filter(release=release)
    known = vocabulary(release)
    asked = read(query, known)
    if not asked.terms:
        return Found(organisations, cut=asked.cut)
    terms = asked.known
    fitting = _with_all(organisations, terms, release) if terms else organisations.none()
    any_word = len(terms) > 1 and not fitting.exists()
    if any_word:
        fitting = _with_any(organisations, terms, release)
    return Found(
        _by_relevance(fitting, terms),
        corrections=tuple(_correction(term, known) for term in terms if term.repaired),
        unknown=asked.unknown,
        any_word=any_word,
        cut=asked.cut,
    )


def _with_all(
    organisations: QuerySet[Organisation], terms: Iterable[Term], release: Release
) -> QuerySet[Organisation]:
    for term in terms:
        leading = Mention.objects.filter(_said(term), release=release)
        organisations = organisations.filter(pk__in=leading.values("organisation"))
    return organisations


def _with_any(
    organisations: QuerySet[Organisation], terms: Iterable[Term], release: Release
) -> QuerySet[Organisation]:
    leading = Mention.objects.filter(reduce(or_, map(_said, terms)), release=release)
    return organisations.filter(pk__in=leading.values("organisation"))


def _by_relevance(
    organisations: QuerySet[Organisation], terms: Iterable[Term]
) -> QuerySet[Organisation]:
    """Most fitting first: by the sum over the terms of each one's best mention."""
    relevance = sum((_best_mention(term) for term in terms), Value(0))
    return organisations.alias(relevance=relevance).order_by("-relevance", "position")


def _best_mention(term: Term) -> Combinable:
    weight: Combinable = F("weight")
    if term.exact is not None and len(term.places) > 1:
        weight += Case(When(word=term.exact, then=EXACT), default=0, output_field=IntegerField())
    mentions = Mention.objects.filter(_said(term), organisation=OuterRef("pk")).order_by()
    best = mentions.values("organisation").annotate(best=Max(weight)).values("best")
    return Coalesce(Subquery(best), 0)


def _said(term: Term) -> Q:
    """Mentions of the term's words; neighbours in the alphabet as a range, however many."""
    if isinstance(term.places, range):
        return Q(word__range=(term.places[0], term.places[-1]))
    return Q(word__in=term.places)


def _correction(term: Term, known: Vocabulary) -> Correction:
    commonest = sorted(term.places, key=lambda place: -known.organisations[place])[:SHOWN]
    return Correction(term.asked, tuple(known.forms[place] for place in commonest))
