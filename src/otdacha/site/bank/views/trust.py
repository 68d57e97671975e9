"""How far to trust it: checks, months, luck, prediction, other weights, what was left out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from otdacha.documents.left_out import handed_in, indicators_left_out
from otdacha.documents.trust import (
    checks,
    foretold,
    grades_by_price,
    prediction,
    weighed,
    whatever_the_weights,
)
from otdacha.release.checks import summary
from otdacha.site.bank.edition import Edition
from otdacha.site.bank.edition.charts import (
    release_density,
    release_event_study,
    release_funnel,
)
from otdacha.site.bank.page import page, shown


@page
def trust(request: HttpRequest, edition: Edition) -> HttpResponse:
    release, numbers, language = edition.published, edition.numbers, edition.language
    by_weights = weighed(release, numbers)
    indicators, left_out = indicators_left_out(release, numbers)
    return shown(
        request,
        edition,
        "trust.html.j2",
        release=release,
        failed=not release.failed.is_empty(),
        summary=summary(release).said(language),
        checks=checks(release, numbers),
        event_study=None
        if release.tables["event_study"].is_empty()
        else release_event_study(edition),
        density=release_density(edition),
        funnel=release_funnel(edition),
        prediction=prediction(release, numbers),
        foretold=foretold(release, numbers),
        other_weights=not release.tables["weights"].is_empty(),
        weighed=by_weights,
        whatever_the_weights=whatever_the_weights(by_weights).said(language),
        grades=grades_by_price(release, numbers),
        handed_in=handed_in(release, numbers),
        indicators=indicators,
        left_out=left_out,
        reported=bool(release.manifest.get("reported")),
    )
