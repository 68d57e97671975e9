"""The letter with proposals as a Word file that can be edited and signed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from otdacha.documents.drawings import numbered
from otdacha.documents.landing import put
from otdacha.documents.pay.charts import money_of_years, packages_of, pay_of
from otdacha.documents.pay.fields import Fields
from otdacha.documents.pay.letter_content import content
from otdacha.documents.pay.letter_template import PICTURES, letter_template
from otdacha.documents.word_file import Drawing, Form, word_file
from otdacha.errors import PayProblem
from otdacha.language import Language, Text, text
from otdacha.methodology import Disclosure, default_methodology
from otdacha.pay.disclosure import Told, public
from otdacha.pay.scenario import Scenario
from otdacha.release import Release

_STRANGE = text(
    "{file}: the template asks for something that a letter does not have ({fault}). Compare it "
    "with a new one.",
    file="",
    fault="",
)
_CAPTIONS: Mapping[str, Text] = {
    "funding_picture": text("Who pays in each year"),
    "pay_picture": text("Pay before and after, and the wage next door"),
    "packages_picture": text("What packages of measures cost and bring"),
}


def write_letter(
    scenario: Scenario,
    path: Path,
    language: Language = "ru",
    fields: Fields | None = None,
    template: Path | None = None,
    *,
    release: Release | None = None,
    disclosure: Disclosure | None = None,
) -> Path:
    """Write the letter with the proposals of a scenario as a Word file to `path`; gives back its
    path.

    fields: what only the union knows (`load_fields`); what is not given is a highlighted place to
    fill in. template: a Word file made with `write_letter_template` and changed; by default the one
    that ships. release: the one whose list the scenario uses, for figures of it. disclosure: the
    workspace's, by default that of the methodology that ships. The same scenario and fields give
    the same bytes.

    Raises FileProblem where the template is no Word file or names what a letter does not have,
    PayProblem where the release is not the scenario's, WorkspaceProblem where the file cannot be
    written.
    """
    if release is not None:
        _refuse_another(scenario, release)
    told = public(scenario, (disclosure or default_methodology().disclosure).people)
    said = content(scenario, told, language, fields or Fields(), release)
    form = Form(letter_template(language), template, PICTURES, _STRANGE)
    drawings = _drawings(scenario, told, language)
    title = f"{said['subject']}. {said['years']}"
    return put(path, word_file(form, said, drawings, title, scenario.made, language))


def _drawings(scenario: Scenario, told: Told, language: Language) -> dict[str, Drawing]:
    charts = {
        "funding_picture": money_of_years(scenario, language),
        "pay_picture": pay_of(told, language),
        "packages_picture": packages_of(told, language),
    }
    return numbered(charts, _CAPTIONS, language)


def _refuse_another(scenario: Scenario, release: Release) -> None:
    known = scenario.manifest["release"]
    if known is None or known["hash"] != release.hash:
        raise PayProblem(
            text(
                "Scenario {scenario} does not use this release {release}. Give the one that its "
                "manifest names.",
                scenario=scenario.id,
                release=release.id,
            )
        )
