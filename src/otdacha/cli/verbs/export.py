"""`otdacha export`: tables of a release, a plan, a scenario or of wages in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from otdacha.cli.saving import known_format
from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import Language, text

if TYPE_CHECKING:
    from otdacha.release.export import Format


def export(
    voice: Voice,
    path: Annotated[
        Path, argument(text("Folder of the release, plan, scenario or comparison."), text("FOLDER"))
    ],
    format: Annotated[
        str,
        option(
            "--format",
            text("xlsx: one workbook for people (the default); csv, parquet, json: for programs."),
            "csv|xlsx|parquet|json",
        ),
    ] = "xlsx",
    out: Annotated[
        Path,
        option("--out", text("Folder to write to (otherwise the current one)."), text("DIR")),
    ] = Path(),
) -> Answer:
    from otdacha.pay.scenario import is_scenario
    from otdacha.pay.wages import export_comparison, is_comparison, load_comparison
    from otdacha.programme.plan import is_plan
    from otdacha.release import export as export_release
    from otdacha.release import load

    chosen = known_format(format)
    if is_plan(path):
        written = _plan(path, chosen, out, voice.language)
    elif is_comparison(path):
        comparison = load_comparison(path)
        written = export_comparison(comparison, chosen, out, language=voice.language)
    elif is_scenario(path):
        written = _scenario(path, chosen, out, voice.language)
    else:
        written = export_release(load(path), chosen, out, language=voice.language)
    return Answer(
        {"files": [str(file) for file in written]},
        [text("Written: {file}", file=file) for file in written],
    )


def _plan(path: Path, format: Format, out: Path, language: Language) -> list[Path]:
    """The open data of a plan, with small counts hidden as its workspace says."""
    from otdacha.documents.plan import export_plan
    from otdacha.programme.beside import disclosure_beside
    from otdacha.programme.plan import load_plan

    plan = load_plan(path)
    disclosure = disclosure_beside(plan)
    return export_plan(plan, out, format, language=language, disclosure=disclosure)


def _scenario(path: Path, format: Format, out: Path, language: Language) -> list[Path]:
    """The open data of a scenario, with what is of few people hidden as its workspace says."""
    from otdacha.documents.pay import export_scenario
    from otdacha.pay.scenario import load_scenario
    from otdacha.programme.beside import disclosure_beside

    scenario = load_scenario(path)
    disclosure = disclosure_beside(scenario)
    return export_scenario(scenario, out, format, language=language, disclosure=disclosure)


EXPORT = Verb(
    "export",
    export,
    text(
        "Save the tables of a release, a plan, a scenario or a comparison of wages, as open data.\n"
        "A figure that is withheld carries its state: suppressed, too new, too little evidence; "
        "never a blank, never a zero. Of a plan or a scenario what is of few people is suppressed, "
        "and nobody is in it; more is in its `workbook`."
    ),
    "otdacha export union/releases/2026.1 --format csv --out tables\n"
    "otdacha export union/plans/2026.1 --format csv --out plan\n"
    "otdacha export union/scenarios/2027.1 --format csv --out pay",
)
