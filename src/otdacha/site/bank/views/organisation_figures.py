"""Everything that the release says of an organisation, as one file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from otdacha.release.export_provider import KINDS, provider_bytes
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.files.sending import MEDIA, to_keep
from otdacha.site.bank.page import page
from otdacha.site.bank.profile import profile_of


@page
def organisation_figures(
    request: HttpRequest, edition: Edition, provider: str, kind: str
) -> HttpResponse:
    wanted = next((one for one in KINDS if one == kind), None)
    if wanted is None:
        raise Http404
    profile = profile_of(edition, provider)
    content = provider_bytes(edition.published, provider, wanted, language=edition.language)
    answer = HttpResponse(content, content_type=MEDIA[wanted])
    return to_keep(answer, edition, f"{profile.file_stem}-figures", kind)
