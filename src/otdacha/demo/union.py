"""Write a synthetic union of cities as files, and what is true of it apart from them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from xlsxwriter.exceptions import XlsxFileError

from otdacha.demo import faults, files, paperwork, truth
from otdacha.demo.ahead import Ahead, look_ahead
from otdacha.demo.faults import Fault
from otdacha.demo.files import decimal_comma
from otdacha.demo.identifiers import invented_phones
from otdacha.demo.pay_files import (
    FINANCES,
    LAW,
    MEASURES,
    POSTS,
    WAGES,
    write_pay_files,
    write_pay_truth,
)
from otdacha.demo.pay_terms import Terms
from otdacha.demo.scenery import PLAN_YEARS, cities, wording
from otdacha.demo.simulation import SEED, Simulation, simulate
from otdacha.demo.training import Training
from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.progress import Progress, silent

MUNICIPALITIES = "муниципалитеты.xlsx"
PROVIDERS = "организации.xlsx"
PROGRAMMES = "программы.csv"
ROSTER = "сотрудники.xlsx"
REGISTER = "обучение.csv"
CASE_LOG = "дела.csv"
PARAMETERS = "programme.toml"
"""The union's rules of money and duty, for the plan; no table."""
LICENCES = "лицензии.xlsx"
OFFERS = "предложения.csv"
BUDGETS = "бюджеты.xlsx"
NEEDS = "потребности.xlsx"
_SHORTEST_SEARCH = 3
"""Seconds."""
_SEARCHED_WHOLE = 8
"""From an eighth of the union on a plan is searched for as long as for the whole."""


@dataclass(frozen=True)
class Union:
    """A union that was written to disk.

    files: the folder with what towns sent. truth: the folder with what is true, which no command
    reads. cases, training: rows in all case logs and registers, faulty ones included. faults: every
    planted fault, by file and kind; the status "Отменено" is among them.
    """

    folder: Path
    seed: int
    people: int
    organisations: int
    cases: int
    training: int
    faults: tuple[Fault, ...]

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def parameters(self) -> Path:
        """The union's own rules of money and duty, for `otdacha plan`."""
        return self.files / PARAMETERS

    @property
    def pay(self) -> Path:
        """The folder of the samples of pay law, for `otdacha pay`."""
        return self.files / LAW

    @property
    def measures(self) -> Path:
        """The measures that the union weighs, for `otdacha pay`."""
        return self.files / MEASURES

    @property
    def truth(self) -> Path:
        return self.folder / "truth"

    def planted(self, table: str, kind: str) -> int:
        """How many rows of one kind of fault there are in all files of a table."""
        return sum(each.rows for each in self.faults if (each.table, each.kind) == (table, kind))


class Step(NamedTuple):
    """One file that is to be added to a workspace."""

    table: str
    file: Path
    constants: Mapping[str, str]


def steps(union: Union) -> list[Step]:
    """What to add to a workspace, in order; constants are what the file has no column for.

    First what was, then what a plan for the years ahead is made from, then what pay is. In a very
    small union there may be towns where nobody was trained, or that ask for nothing: they send no
    such file.
    """
    found = [
        Step("municipalities", union.files / MUNICIPALITIES, {}),
        Step("providers", union.files / PROVIDERS, {}),
        Step("programmes", union.files / PROGRAMMES, {}),
    ]
    for city in cities():
        town = {"municipality": city.municipality}
        found += [
            Step("staff", union.files / city.name / ROSTER, town),
            Step("training", union.files / city.name / REGISTER, town),
            Step("cases", union.files / city.name / CASE_LOG, town),
        ]
    found += [
        Step("providers", union.files / LICENCES, {}),
        Step("offers", union.files / OFFERS, {}),
        Step("budgets", union.files / BUDGETS, {}),
    ]
    found += [
        Step("needs", union.files / city.name / NEEDS, {"municipality": city.municipality})
        for city in cities()
    ]
    found += [
        Step("posts", union.files / city.name / POSTS, {"municipality": city.municipality})
        for city in cities()
    ]
    found += [
        Step("finances", union.files / FINANCES, {}),
        Step("statistics", union.files / WAGES, {}),
    ]
    return [step for step in found if step.file.exists()]


def write_union(
    folder: Path, *, seed: int = SEED, scale: float = 1.0, progress: Progress = silent
) -> Union:
    """Write the synthetic union: `files/` as towns would send them, `truth/` apart.

    Deterministic: the same seed and scale give the same bytes. Existing files are written over.
    `scale` makes the union smaller: 0.2 is a fifth of the people. Truth is told as
    `otdacha.demo.truth.realised` says: per provider and indicator, plus is better.
    Raises WorkspaceProblem where the folder cannot be written.
    """
    total = len(cities()) + 2
    progress(text("Inventing people, courses and cases"), 0, total)
    made = simulate(seed, scale=scale)
    try:
        union = _write(folder, seed, scale, made, progress, total)
    except (OSError, XlsxFileError) as fault:
        raise WorkspaceProblem(
            text(
                "{folder}: the invented union cannot be written there ({fault}).",
                folder=folder,
                fault=fault,
            )
        ) from fault
    progress(text("The files of the union are written"), total, total)
    return union


def _write(
    folder: Path, seed: int, scale: float, made: Simulation, progress: Progress, total: int
) -> Union:
    rng = np.random.default_rng([seed, 1])
    (folder / "files").mkdir(parents=True, exist_ok=True)
    progress(text("Writing the lists of the union"), 1, total)
    planted = _write_lists(folder / "files", made.training)
    in_cases, in_training = _plan_faults(rng, made)
    phones = pl.Series(invented_phones(rng, 10_000))
    cases = training = 0
    for number, city in enumerate(cities()):
        progress(text("Writing the files of {city}", city=city.name), number + 2, total)
        place = folder / "files" / city.name
        place.mkdir(exist_ok=True)
        roster = paperwork.roster(made.people, number)
        files.write_roster(roster, place / ROSTER, city.name)

        register = paperwork.register(made, number)
        short = paperwork.short_programmes(made.training)
        false = paperwork.FALSE_INN
        register = faults.plant_in_training(rng, register, in_training[number], false, short)
        _write_register(register, place / REGISTER)
        training += register.height

        log = paperwork.case_log(rng, made, number, phones)
        cancelled = {"cancelled": log.height - log["cancelled"].null_count()}
        log = faults.plant_in_cases(rng, log, in_cases[number])
        if city.case_log_names == "department":
            log = log.drop("executor")
        encoding = "cp1251" if number % 2 else "utf-8-sig"
        files.write_text(log, files.CASE_LOG, place / CASE_LOG, encoding)
        cases += log.height

        planted += _faults("cases", f"{city.name}/{CASE_LOG}", {**in_cases[number], **cancelled})
        planted += _faults("training", f"{city.name}/{REGISTER}", in_training[number])
    planted += _write_ahead(folder / "files", seed, scale, made)
    pay = write_pay_files(folder / "files", seed, made.people, cities())
    for (table, file), rows in pay.planted.items():
        planted += _faults(table, file, rows)
    union = Union(
        folder,
        seed,
        people=made.people.frame.height,
        organisations=made.training.providers.height,
        cases=cases,
        training=training,
        faults=tuple(planted),
    )
    _write_truth(union, made, pay.terms)
    return union


def _write_register(register: pl.DataFrame, file: Path) -> None:
    """The numbered register; a town where nobody was trained sends none."""
    if register.is_empty():
        file.unlink(missing_ok=True)
    else:
        numbered = register.with_row_index("number", offset=1)
        files.write_text(numbered, files.REGISTER, file, "cp1251")


def _plan_faults(
    rng: np.random.Generator, made: Simulation
) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """How many faults of each kind the case log and the register of each town get."""
    names_executor = [city.case_log_names == "executor" for city in cities()]
    cases = np.bincount(made.work.cases["city"], minlength=len(cities()))
    home = made.people.frame["city"].to_numpy()
    trained = np.bincount(home[made.training.records["person"]], minlength=len(cities()))
    # half of the cases: a fault is made of a case that is closed, and not all are
    in_cases = faults.spread(rng, faults.CASES, np.where(names_executor, cases // 2, 0))
    return in_cases, faults.spread(rng, faults.TRAINING, trained)


def _write_lists(folder: Path, training: Training) -> list[Fault]:
    """Municipalities, organisations and programmes."""
    title = "Города союза"
    towns = paperwork.municipalities()
    files.write_sheet(towns, files.MUNICIPALITIES, folder / MUNICIPALITIES, title)
    title = f"Организации, обучающие муниципальных служащих ({wording('note')})"
    providers = paperwork.providers(training)
    files.write_sheet(providers, files.PROVIDERS, folder / PROVIDERS, title)
    programmes = paperwork.programmes(training)
    files.write_text(programmes, files.PROGRAMMES, folder / PROGRAMMES, "cp1251")
    return [
        *_faults("providers", PROVIDERS, {"bad_inn": 1}),
        *_faults("programmes", PROGRAMMES, {"short_programme": len(faults.SHORT_COURSES)}),
    ]


def _parameters(scale: float) -> str:
    """The union's rules; for a plan of a small union is not searched as long as for a whole one."""
    rules = (resources("otdacha.demo") / PARAMETERS).read_text("utf-8")
    (seconds,) = re.findall(r"^seconds = (\d+)$", rules, re.MULTILINE)
    shorter = max(_SHORTEST_SEARCH, round(int(seconds) * min(1.0, _SEARCHED_WHOLE * scale)))
    return rules.replace(f"seconds = {seconds}\n", f"seconds = {shorter}\n")


def _write_ahead(folder: Path, seed: int, scale: float, made: Simulation) -> list[Fault]:
    """Licences, offers, budgets and the needs of each town."""
    ahead = look_ahead(seed, made)
    rng = np.random.default_rng([seed, 3])
    title = "Организации, у которых заканчивается срок действия лицензии"
    ending = paperwork.licences(made.training, ahead)
    files.write_sheet(ending, files.LICENCES, folder / LICENCES, title)
    (folder / PARAMETERS).write_text(_parameters(scale), "utf-8", newline="\n")

    offers = faults.plant_in_offers(rng, paperwork.offers(ahead), faults.OFFERS)
    priced = offers.with_columns(decimal_comma("price", 2))
    files.write_text(priced, files.OFFERS, folder / OFFERS, "utf-8-sig")

    budgets = faults.plant_in_budgets(rng, paperwork.budgets(ahead), faults.BUDGETS)
    title = f"Средства на обучение муниципальных служащих, {PLAN_YEARS[0]}–{PLAN_YEARS[-1]} годы"
    files.write_sheet(budgets, files.BUDGETS, folder / BUDGETS, title)

    in_needs = _write_needs(folder, rng, ahead, made)
    return [
        *_faults("offers", OFFERS, {**faults.OFFERS, "licence_ended": ahead.unlicensed.height}),
        *_faults("budgets", BUDGETS, faults.BUDGETS),
        *in_needs,
    ]


def _write_needs(
    folder: Path, rng: np.random.Generator, ahead: Ahead, made: Simulation
) -> list[Fault]:
    by_town = [ahead.needs.filter(city=number) for number in range(len(cities()))]
    single = [
        asked.filter(pl.col("person").is_not_null(), pl.col("indicator").is_null()).height
        for asked in by_town
    ]
    planned = faults.spread(rng, faults.NEEDS, np.array(single))
    topics = ahead.needs["topic"].unique().sort().to_list()
    planted: list[Fault] = []
    for number, (city, asked) in enumerate(zip(cities(), by_town, strict=True)):
        file = folder / city.name / NEEDS
        if asked.is_empty():
            file.unlink(missing_ok=True)
            continue
        with_faults = faults.plant_in_needs(rng, asked, planned[number], topics)
        title = f"Потребность в обучении муниципальных служащих: {city.name}"
        rows = paperwork.needs(with_faults, made.people, number)
        files.write_sheet(rows, files.NEEDS, file, title)
        planted += _faults("needs", f"{city.name}/{NEEDS}", planned[number])
    return planted


def _faults(table: str, file: str, planted: Mapping[str, int]) -> list[Fault]:
    return [
        Fault(table, file, kind, faults.STAGES.get(kind, "records"), rows)
        for kind, rows in planted.items()
        if rows
    ]


def _write_truth(union: Union, made: Simulation, terms: Terms) -> None:
    union.truth.mkdir(parents=True, exist_ok=True)
    made.truth.write_parquet(union.truth / truth.FILE)
    told = {
        "what": "True effects of the invented organisations. No command of Otdacha reads this.",
        "effect": "mean over person-months 1-12 months after completion of the people it trained;"
        " plus is better; shares as shares, duration in working days",
        "structural": "mean of the same over the horizon for the mean person",
        "seed": union.seed,
        "people": union.people,
        "organisations": union.organisations,
        "rows": {"cases": union.cases, "training": union.training},
        "faults": [asdict(fault) for fault in union.faults],
        "providers": made.truth.to_dicts(),
    }
    content = json.dumps(told, ensure_ascii=False, indent=1)
    (union.truth / "truth.json").write_text(content + "\n", "utf-8")
    write_pay_truth(union.truth, terms)
