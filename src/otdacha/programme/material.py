"""What a plan is made from, read from a workspace and a release."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from otdacha.errors import ProgrammeProblem
from otdacha.language import text
from otdacha.methodology.model import Minimum
from otdacha.programme.evidence.learning import ErrorLaw, error_law
from otdacha.programme.evidence.posterior import Evidence, evidence_of, no_evidence
from otdacha.programme.money.funds import Funds, funds
from otdacha.programme.needs import Gathered, NeedRules, gather, needs_of
from otdacha.programme.needs.classes import Classes, classes_of
from otdacha.programme.offers import Runs, runs_of
from otdacha.programme.parameters.entries import Parameters
from otdacha.programme.people.roster import read_roster
from otdacha.programme.people.volume import Volumes, volumes_of
from otdacha.programme.people.work import read_work
from otdacha.progress import Progress, silent
from otdacha.records import Workspace, frame
from otdacha.release import Release

_STEPS = 5


@dataclass(frozen=True)
class Material:
    """What a plan is made from; every frame is in the order of the problem's arrays.

    towns: municipality, name, region. gathered: all needs, each person and topic once; looked_at:
    who was looked at by rule. law: how errors fall with people; None without a release.
    """

    towns: pl.DataFrame
    providers: pl.DataFrame
    gathered: Gathered
    looked_at: pl.DataFrame
    classes: Classes
    offered: Runs
    funds: Funds
    volumes: Volumes
    evidence: Evidence
    law: ErrorLaw | None
    minimum: Minimum
    parameters: Parameters
    years: tuple[int, ...]

    @property
    def needs(self) -> pl.DataFrame:
        """Schema `otdacha.programme.needs.NEEDS`."""
        return self.gathered.needs

    @property
    def runs(self) -> pl.DataFrame:
        """Schema `otdacha.programme.offers.RUNS`."""
        return self.offered.runs


def read_material(
    workspace: Workspace,
    release: Release | None,
    parameters: Parameters,
    *,
    today: dt.date,
    first_year: int | None = None,
    progress: Progress = silent,
) -> Material:
    """Needs, offers, money and evidence of a workspace, for a plan made on `today`.

    first_year: by default the earliest year that there is a budget for and that is not over.
    release: None where there is none yet; the plan then goes by the priority of needs. Raises
    ProgrammeProblem where there is nothing to plan (no needs, no offers, no money) and what reading
    records and release raises.
    """
    progress(text("Reading work and staff"), 0, _STEPS)
    methodology = workspace.methodology()
    work = read_work(workspace, methodology)
    roster = read_roster(workspace, work.last_day)
    budgets, offers = frame(workspace, "budgets"), frame(workspace, "offers")
    years = _years(budgets, parameters, today, first_year)
    progress(text("Looking for needs"), 1, _STEPS)
    by_rule = needs_of(
        roster,
        work,
        NeedRules(duties=parameters.duties_on(dt.date(years[0], 1, 1)), topics=parameters.topics),
        methodology,
        dt.date(years[-1], 12, 31),
    )
    gathered = gather(frame(workspace, "needs"), by_rule.needs, roster)
    classes = classes_of(gathered.needs, roster, years)
    _refuse_empty(classes, offers, budgets)
    progress(text("Reading offers and money"), 2, _STEPS)
    providers = frame(workspace, "providers")
    offered = runs_of(
        offers,
        frame(workspace, "programmes"),
        providers,
        years=years,
        price_index=parameters.price_index,
        today=today,
        training_hours=methodology.minimum.training_hours,
    )
    towns = _towns(workspace, classes)
    progress(text("Reading the evidence"), 3, _STEPS)
    asked = offered.runs["provider"].unique(maintain_order=True)
    draws = parameters.plan.caution.draws
    seed = parameters.plan.caution.seed
    evidence = (
        evidence_of(release, asked, draws=draws, seed=seed)
        if release is not None
        else no_evidence(asked, draws=draws)
    )
    progress(text("Everything is read"), _STEPS, _STEPS)
    return Material(
        towns=towns,
        providers=providers,
        gathered=gathered,
        looked_at=by_rule.looked_at,
        classes=classes,
        offered=offered,
        funds=funds(budgets, parameters, towns, years),
        volumes=volumes_of(roster, work),
        evidence=evidence,
        law=None if release is None or evidence.release is None else error_law(release),
        minimum=methodology.minimum,
        parameters=parameters,
        years=years,
    )


def _years(
    budgets: pl.DataFrame, parameters: Parameters, today: dt.date, first: int | None
) -> tuple[int, ...]:
    ahead = budgets.filter(pl.col("year") >= today.year)["year"].min()
    begin = first or (int(str(ahead)) if ahead is not None else today.year + 1)
    return tuple(range(begin, begin + parameters.plan.years))


def _refuse_empty(classes: Classes, offers: pl.DataFrame, budgets: pl.DataFrame) -> None:
    lacking = [
        said
        for frame, said in (
            (classes.frame, text("needs")),
            (offers, text("offers")),
            (budgets, text("budgets")),
        )
        if frame.is_empty()
    ]
    if lacking:
        raise ProgrammeProblem(
            text(
                "There is nothing to plan: the records hold no {table}. Add a file: otdacha add "
                "DIR {command} FILE; a template for it: otdacha template {command}.",
                table=lacking[0],
                command=lacking[0].said("en"),
            )
        )


def _towns(workspace: Workspace, classes: Classes) -> pl.DataFrame:
    """The towns with needs, as the register names them last; else a code is the name."""
    register = (
        frame(workspace, "municipalities")
        .sort("valid_from", nulls_last=False, maintain_order=True)
        .unique("municipality", keep="last", maintain_order=True)
    )
    return (
        pl.DataFrame({"municipality": sorted(set(classes.municipality))})
        .join(register.select("municipality", "name", "region"), on="municipality", how="left")
        .sort("municipality")
        .with_columns(
            name=pl.coalesce("name", "municipality"), region=pl.coalesce("region", "municipality")
        )
    )
