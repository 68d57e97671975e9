"""Ask for training: the needs of a municipality as a form, which gives back a checked file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.views.decorators.http import require_safe

from otdacha.language import Language, Text
from otdacha.records import template_bytes
from otdacha.site.bank.files.sending import MEDIA
from otdacha.site.programme.edition import PlanEdition
from otdacha.site.programme.page import fresh_page, shown_beside
from otdacha.site.programme.requests import files
from otdacha.site.programme.requests.asked import MOST_NEEDS, Asked, Need, asked, nothing_yet
from otdacha.site.programme.requests.checking import Looked, looked_at
from otdacha.site.programme.requests.fields import (
    TABLE,
    Known,
    groups,
    known,
    town_field,
)

FILES = {"xlsx": files.workbook, "csv": files.csv}


@dataclass(frozen=True)
class Shown:
    """One need on the page. wrong: field → what is wrong there; open: its fields are in sight."""

    number: int
    values: Need
    people: str
    wrong: Mapping[str, list[Text]]
    open: bool


@fresh_page
def request(request: HttpRequest, language: Language, edition: PlanEdition | None) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return _form(request, language, edition, nothing_yet())
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form, wanted = asked(request.POST), request.POST.get("do", "check")
    if wanted == "more" and len(form.needs) < MOST_NEEDS:
        return _form(request, language, edition, form.with_another())
    if wanted.startswith("remove-"):
        number = wanted.removeprefix("remove-")
        place = int(number) - 1 if number.isdecimal() and len(number) < 3 else -1
        if place in range(len(form.needs)):
            form = form.without(place)
        return _form(request, language, edition, form)
    there = known(language, edition)
    looked = looked_at(form, there)
    if looked.wrong or wanted not in FILES:
        return _form(request, language, edition, form, looked)
    content = FILES[wanted](looked.rows, language)
    return _to_keep(f"otdacha-needs-{form.municipality}.{wanted}", content)


@require_safe
def template(request: HttpRequest, language: Language, plan: str | None = None) -> HttpResponse:
    """The template of needs, to be filled in without the site."""
    return _to_keep("otdacha-needs.xlsx", template_bytes(TABLE, language=language))


def _to_keep(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA[name.rsplit(".", 1)[1]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _form(
    request: HttpRequest,
    language: Language,
    edition: PlanEdition | None,
    form: Asked,
    looked: Looked | None = None,
) -> HttpResponse:
    there = known(language, edition)
    wrong = looked.wrong if looked else ()
    return shown_beside(
        request,
        language,
        edition,
        "plan/request.html.j2",
        status=400 if wrong else 200,
        guard=csrf_input(request),
        town=town_field(there),
        municipality=form.municipality,
        of_all=[one.said for one in wrong if one.need is None],
        needs=[_shown(form, place, looked) for place in range(len(form.needs))],
        groups=groups(there),
        labels=_labels(there),
        wrong=wrong,
        unusual=looked.unusual if looked else (),
        ready=looked is not None and not wrong,
        most=MOST_NEEDS,
        empty=reverse("plan_template", kwargs={"language": language}),
    )


def _shown(form: Asked, place: int, looked: Looked | None) -> Shown:
    wrong: dict[str, list[Text]] = {}
    for one in looked.wrong if looked else ():
        if one.need == place and one.field is not None:
            wrong.setdefault(one.field, []).append(one.said)
    need = form.needs[place]
    in_sight = bool(wrong) or (looked is None and place == len(form.needs) - 1)
    return Shown(place + 1, need, need["people"] or "1", wrong, in_sight)


def _labels(there: Known) -> dict[str, Text]:
    fields = [town_field(there), *(one for group in groups(there) for one in group.fields)]
    return {one.name: one.label for one in fields}
