"""The passport of the programme as a Word file that can be edited and signed."""

from __future__ import annotations

from pathlib import Path

from otdacha.documents.landing import put
from otdacha.documents.plan.fields import Fields
from otdacha.documents.plan.passport_content import content
from otdacha.documents.plan.passport_pictures import drawings_of
from otdacha.documents.plan.passport_template import PICTURES, passport_template
from otdacha.documents.plan.writing import made
from otdacha.documents.word_file import Form, word_file
from otdacha.errors import ProgrammeProblem
from otdacha.language import Language, text
from otdacha.programme.plan import Plan
from otdacha.release import Release

_STRANGE = text(
    "{file}: the template asks for something that a passport does not have ({fault}). Compare it "
    "with a new one.",
    file="",
    fault="",
)


def write_passport(
    plan: Plan,
    path: Path,
    language: Language = "ru",
    fields: Fields | None = None,
    template: Path | None = None,
    *,
    release: Release | None = None,
) -> Path:
    """Write the passport of a plan's programme as a Word file to `path`, and give back its path.

    fields: what only the union knows (`load_fields`); what is not given is a highlighted place to
    fill in. template: a Word file made with `write_passport_template` and changed; by default the
    one that ships. release: the one the plan was made from, for figures of it in the text. The same
    plan and fields give the same bytes.

    Raises FileProblem where the template is no Word file or names what a passport does not have,
    ProgrammeProblem where the release is not the plan's, WorkspaceProblem where the file cannot be
    written.
    """
    if release is not None:
        _refuse_another(plan, release)
    said = content(plan, language, fields or Fields(), release)
    form = Form(passport_template(language), template, PICTURES, _STRANGE)
    drawings = drawings_of(plan, language)
    return put(path, word_file(form, said, drawings, said["title"], made(plan), language))


def _refuse_another(plan: Plan, release: Release) -> None:
    known = plan.manifest["release"]
    if known is None or known["hash"] != release.hash:
        raise ProgrammeProblem(
            text(
                "Plan {plan} was not made from this release {release}. Give the one that its "
                "manifest names.",
                plan=plan.id,
                release=release.id,
            )
        )
