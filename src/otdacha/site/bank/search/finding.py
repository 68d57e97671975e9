"""Find the organisations of a release that a query asks for, the most fitting first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_

from django.db.models import (
    Aggregate,
    Case,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
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
LOOKED_THROUGH = 1000
"""Organisations that words lead to of which one is enough."""
MANY = 50
"""Words of a term above which they are asked for as a range."""
SHOWN = 6
"""Words named to the reader as searched for in place of one, the commonest."""

_OF_ORGANISATION = Q(organisation=OuterRef("pk"))


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
    organisations = release.organisations.all()
    known = vocabulary(release)
    asked = read(query, known)
    if not asked.terms:
        return Found(organisations, cut=asked.cut)
    terms = sorted(asked.known, key=lambda term: known.leads(term.places))
    fitting = _with_all(release, terms) if terms else organisations.none()
    any_word = len(terms) > 1 and not fitting.exists()
    if any_word:
        fitting = _with_any(release, _telling(terms, known))
    return Found(
        _by_relevance(fitting, terms),
        corrections=tuple(_correction(term, known) for term in asked.known if term.repaired),
        unknown=asked.unknown,
        any_word=any_word,
        cut=asked.cut,
    )


def _with_all(release: Release, terms: Sequence[Term]) -> QuerySet[Organisation]:
    """Those that the first term leads to and every other one too."""
    fitting = _with_any(release, terms[:1])
    for term in terms[1:]:
        (words,) = _words([term])
        fitting = fitting.filter(Exists(Mention.objects.filter(words, _OF_ORGANISATION)))
    return fitting


def _with_any(release: Release, terms: Sequence[Term]) -> QuerySet[Organisation]:
    # by key alone: asked for those of the release too, SQLite reads all of them
    leading = (Mention.objects.filter(words, release=release) for words in _words(terms))
    return Organisation.objects.filter(
        reduce(or_, (Q(pk__in=mentions.values("organisation")) for mentions in leading))
    )


def _telling(terms: Sequence[Term], known: Vocabulary) -> Sequence[Term]:
    """The rarest of the terms, while they lead to no more organisations than anybody looks through.

    What is common brings nobody by itself: it only tells who of those comes first.
    """
    reached = accumulate(known.leads(term.places) for term in terms)
    return [
        term
        for at, (term, count) in enumerate(zip(terms, reached, strict=True))
        if at == 0 or count <= LOOKED_THROUGH
    ]


def _by_relevance(
    organisations: QuerySet[Organisation], terms: Sequence[Term]
) -> QuerySet[Organisation]:
    """Most fitting first: by the sum over the terms of each one's best mention.

    Where every term is one word, its mention is the best there is, and one sum is enough.
    """
    single = [term for term in terms if len(term.places) == 1]
    several = [term for term in terms if len(term.places) > 1]
    parts = [_of_mentions(Max(_weight(term)), [term]) for term in several]
    if single:
        parts.append(_of_mentions(Sum("weight"), single))
    return organisations.alias(relevance=sum(parts, Value(0))).order_by("-relevance", "position")


def _of_mentions(figure: Aggregate, terms: Sequence[Term]) -> Combinable:
    (words,) = _words(terms)
    mentions = Mention.objects.filter(words, _OF_ORGANISATION).order_by()
    found = mentions.values("organisation").annotate(figure=figure).values("figure")
    return Coalesce(Subquery(found), 0)


def _weight(term: Term) -> Combinable:
    if term.exact is None:
        return F("weight")
    more = Case(When(word=term.exact, then=EXACT), default=0, output_field=IntegerField())
    return F("weight") + more


def _words(terms: Sequence[Term]) -> list[Q]:
    """Mentions of the terms' words. Many neighbours in the alphabet stand apart, as a range: mixed
    with others, no index is used for them."""
    few: list[int] = []
    apart: list[Q] = []
    for places in (term.places for term in terms):
        if isinstance(places, range) and len(places) > MANY:
            apart.append(Q(word__range=(places[0], places[-1])))
        else:
            few += places
    return [Q(word__in=few), *apart] if few else apart


def _correction(term: Term, known: Vocabulary) -> Correction:
    commonest = sorted(term.places, key=lambda place: -known.organisations[place])[:SHOWN]
    return Correction(term.asked, tuple(known.forms[place] for place in commonest))
