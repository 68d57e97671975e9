"""What pages about a plan, a scenario or a comparison of wages share: which one an address names,
the addresses of its pages, how long an answer is kept. They stand beside the data bank, whose menu
is above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from otdacha.documents.numbers import Numbers
from otdacha.language import Language
from otdacha.site.bank.edition import Edition, edition_of
from otdacha.site.bank.files.sending import MEDIA
from otdacha.site.bank.models import Bank, Release
from otdacha.site.bank.page import LATEST_SECONDS, PINNED_SECONDS, kept_answer


class Named(Protocol):
    """A model of which there may be many, each with a name."""

    pk: Any
    name: Any
    hash: Any


Kept = TypeVar("Kept", bound=Named)


@dataclass(frozen=True)
class Published(Generic[Kept]):
    """Something published as it is read in `language`.

    kept: what the pages are about; latest: the newest of its kind. pinned: the address names it, so
    it stays for good. bank: the newest edition of the site's data bank, None where there is none.
    word: what addresses call it; model: where it lies, the newest first; files: what the names of
    its files begin with.
    """

    word: ClassVar[str]
    model: ClassVar[Any]
    files: ClassVar[str]

    kept: Kept
    latest: Kept
    language: Language
    pinned: bool
    bank: Edition | None

    @classmethod
    def asked(cls, language: Language, name: str | None) -> Self | None:
        """The one that an address names, the newest where it names none; None before the first.

        Raises Http404 for one that is not there.
        """
        known = list(cls.model.objects.all())
        if not known:
            return None
        found = known[0] if name is None else next((one for one in known if one.name == name), None)
        if found is None:
            raise Http404
        return cls(
            kept=found,
            latest=known[0],
            language=language,
            pinned=name is not None,
            bank=edition_of(language, None, None),
        )

    @property
    def outdated(self) -> bool:
        """There is a newer one than the one shown."""
        return bool(self.kept.pk != self.latest.pk)

    @property
    def beside(self) -> str:
        """Names what its pages lead to: every release of every bank."""
        if self.bank is None:
            return ""
        return str(list(Bank.objects.values_list("pk", "generation").order_by("pk")))

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.language)

    def url(self, page: str, **named: Any) -> str:
        """The address of a page of this one."""
        return reverse(page, kwargs={**self._place(self.pinned), **named})

    def pinned_url(self, page: str, **named: Any) -> str:
        """The address under which the page stays for good."""
        return reverse(page, kwargs={**self._place(True), **named})

    def latest_url(self, page: str, **named: Any) -> str:
        return reverse(page, kwargs={**self._place(False), **named})

    def _place(self, pinned: bool) -> dict[str, str]:
        place: dict[str, str] = {"language": self.language}
        return {**place, self.word: self.kept.name} if pinned else place

    def for_good(self, request: HttpRequest) -> str:
        """The address under which the page that is asked for stays for good."""
        match = request.resolver_match
        assert match is not None
        assert match.url_name is not None
        around = ("language", self.word)
        named = {name: value for name, value in match.kwargs.items() if name not in around}
        address = self.pinned_url(match.url_name, **named)
        asked = request.META.get("QUERY_STRING", "")
        return f"{address}?{asked}" if asked else address

    def edition_of_release(self, named: Mapping[str, str] | None) -> Edition | None:
        """The edition of a release that a manifest names; None where it is not published here."""
        if not named:
            return None
        found = Release.objects.select_related("bank").filter(hash=named["hash"]).first()
        return edition_of(self.language, found.bank.slug, found.name) if found else None

    def to_keep(self, name: str, content: bytes) -> HttpResponse:
        """The content as a file to keep, under a name that says what it is of. name: with its
        ending, one of `MEDIA`."""
        answer = HttpResponse(content, content_type=MEDIA[name.rsplit(".", 1)[1]])
        plain = f"otdacha-{self.files}-{self.kept.name}-{name}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
        return answer


View = Callable[..., HttpResponse]
Nothing = Callable[[HttpRequest, Language], HttpResponse]


def kept_page(kind: type[Published[Any]], nothing: Nothing) -> Callable[[View], View]:
    """Makes pages of views that take the request and an edition of this kind.

    An answer is kept until what it is about, or what stands around it, changes. nothing: the page
    before the first is published.
    """

    def page(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, language: Language, **named: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            edition = kind.asked(language, named.pop(kind.word, None))
            if edition is None:
                return nothing(request, language)
            return kept_answer(
                request,
                (edition.kept.hash, edition.latest.hash, edition.beside),
                PINNED_SECONDS if edition.pinned else LATEST_SECONDS,
                lambda: view(request, edition, **named),
            )

        return answered

    return page
