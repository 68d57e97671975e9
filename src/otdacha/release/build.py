"""From a workspace to a release: cells, effects, ranking, disclosure, files, in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.effects import estimate
from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.methodology import Methodology, load_methodology
from otdacha.panel import build_cells
from otdacha.progress import Progress, silent
from otdacha.ranking import rank
from otdacha.records import Workspace, batches, frame, links, successions
from otdacha.records.store import refuse_damaged
from otdacha.release.about import About, about_workspace, load_about
from otdacha.release.folder import assembled, following, land
from otdacha.release.manifest import evaluation, inputs, manifest, software
from otdacha.release.programmes import programmes
from otdacha.release.publish import Results, publish
from otdacha.release.release import Release, load
from otdacha.release.runs import Run, alone, run_of
from otdacha.release.towns import towns, with_towns
from otdacha.release.verdict import verdict


def build(
    workspace: Workspace,
    methodology: Path | None = None,
    *,
    progress: Progress = silent,
    created: dt.datetime | None = None,
    folder: Path | None = None,
    about: Path | None = None,
) -> Release:
    """Evaluate a workspace and land the result as `releases/<year>.<n>`, whole or not at all.

    methodology: a TOML file, by default the workspace's own; its exact bytes become part of the
    release. created: by default now. folder: where releases stand, by default in the workspace; the
    newest one there is what this one is compared with before anything is published. about: a TOML
    file with the label of the data bank (`otdacha.release.about`), by default that of the last
    release.

    Steps that an interrupted evaluation of the same records finished are not done again
    (docs/decisions/0002-runs.md).

    Raises NothingToEstimate, MethodologyProblem, FileProblem (the label), and WorkspaceProblem
    where the disk is full or the records change while they are evaluated.
    """
    source = methodology or workspace.methodology_path
    rules = load_methodology(source)
    label = load_about(about, about_workspace(rules)) if about else None
    created = (created or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    folder = folder or workspace.releases
    made_with = software()
    with alone(workspace):
        refuse_damaged(workspace)
        return _landed(workspace, source, rules, label, created, folder, made_with, progress)


def _landed(
    workspace: Workspace,
    source: Path,
    rules: Methodology,
    about: About | None,
    created: dt.datetime,
    folder: Path,
    made_with: Mapping[str, Any],
    progress: Progress,
) -> Release:
    found = batches(workspace)
    key = workspace.key_generation()
    run = run_of(
        workspace.runs, [batch.id for batch in found], key, rules.hash, made_with["source"]
    )
    try:
        results = evaluate(workspace, rules, run, progress=progress)
        if (batches(workspace), workspace.key_generation()) != (found, key):
            run.forget()
            raise WorkspaceProblem(
                text(
                    "{folder}: records were added or withdrawn, or the pseudonym key was changed, "
                    "while the evaluation ran, so it is not sure what it rests on. Nothing was "
                    "published. Run it again.",
                    folder=workspace.path,
                )
            )
        name, previous = following(folder, created)
        content = contents(
            results,
            inputs=inputs(workspace, found),
            invented=workspace.invented,
            methodology=rules,
            methodology_bytes=source.read_bytes(),
            release=name,
            created=created,
            previous=previous,
            made_with=made_with,
            about=about or (previous.about if previous else None),
        )
        path = land(content, folder / name, progress)
    except OSError as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the release cannot be written ({fault}). Nothing was published. Make "
                "room or mend the rights and run the evaluation again: it goes on where it "
                "stopped.",
                folder=folder,
                fault=fault.strerror or fault,
            )
        ) from fault
    run.forget()
    return load(path)


def evaluate(
    workspace: Workspace, methodology: Methodology, run: Run, *, progress: Progress = silent
) -> Results:
    """Cells, effects, a ranking for each indicator and the verdict; nothing is withheld yet."""
    panel = run.panel(lambda: build_cells(workspace, methodology, coded=True, progress=progress))
    effects = run.effects(
        lambda: estimate(
            panel.cells, panel.exposure, methodology, reach=panel.reach, progress=progress
        )
    )
    organisations = _organisations(workspace)
    rankings = {
        indicator: rank(
            effects,
            methodology,
            indicator=indicator,
            covariates=organisations,
            # only the headline's grades are published
            certify=indicator == effects.headline,
            progress=progress,
        )
        for indicator in effects.indicators
    }
    asked = verdict(
        panel,
        effects,
        methodology,
        order=rankings[effects.headline].frame["provider"].to_list(),
        organisations=organisations,
        progress=progress,
    )
    return Results(
        panel,
        effects,
        rankings,
        asked,
        organisations,
        links=links(workspace).counts(),
        **_taught(workspace, panel.cells["municipality"].unique()),
    )


def contents(
    results: Results,
    *,
    inputs: list[dict[str, Any]],
    invented: bool,
    methodology: Methodology,
    methodology_bytes: bytes,
    release: str,
    created: dt.datetime,
    previous: Release | None,
    made_with: Mapping[str, Any],
    about: About | None = None,
) -> dict[str, bytes]:
    """Every file of a release by name, the manifest last."""
    tables = publish(results, methodology, previous)
    return assembled(
        tables,
        manifest(
            release=release,
            created=created,
            previous=previous,
            made_with=made_with,
            about=about or about_workspace(methodology),
            inputs=inputs,
            reported=None,
            invented=invented,
            methodology=methodology,
            evaluation=evaluation(results, methodology, tables),
        ),
        methodology,
        methodology_bytes,
        previous,
    )


def _organisations(workspace: Workspace) -> pl.DataFrame:
    """The organisations that stand for themselves: what has merged is found at its successor."""
    register = frame(workspace, "providers")
    merged = list(successions(register, "provider").into)
    return register.filter(~pl.col("provider").is_in(merged)).select(
        "provider", "name", "type", "region", "ogrn", "licence"
    )


def _taught(workspace: Workspace, at_work: pl.Series) -> dict[str, pl.DataFrame]:
    """The parts of `Results` that the training records tell: trainings, programmes, municipalities.

    Training by an organisation that has merged counts for its successor. at_work: municipalities
    with work results.
    """
    organisations = successions(frame(workspace, "providers"), "provider")
    register = frame(workspace, "municipalities")
    training = frame(workspace, "training")
    if training["municipality"].null_count():
        training = with_towns(training, frame(workspace, "staff"))
    return {
        "trainings": training.group_by(organisations.followed("provider"))
        .agg(pl.col("finished").min())
        .sort("provider"),
        "programmes": programmes(frame(workspace, "programmes"), training, organisations),
        "municipalities": towns(
            register, training, successions(register, "municipality"), organisations, at_work
        ),
    }
