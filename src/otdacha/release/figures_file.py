"""From a file of somebody's figures, or of people's results, to a ranking, with no workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError

from otdacha.effects import Effects, value_added
from otdacha.effects.reported import COLUMNS, reported
from otdacha.errors import FileProblem, ReleaseProblem
from otdacha.language import text
from otdacha.methodology import Against, Methodology, first_fault
from otdacha.progress import Progress, silent
from otdacha.ranking import Ranking, rank
from otdacha.records import read_cells, with_numbers
from otdacha.release.writing import hash_of_file

KNOWN = ("name", "type", "region")
"""Columns of a file that say who an organisation is, where the file has them."""


@dataclass(frozen=True)
class AskedToRank:
    """What is asked of a file of figures (design D).

    against: what "better" is measured against; otherwise the methodology's choice for estimates
    with standard errors, and the mean for shares and windows. covariates: columns that move the
    prior mean, instead of the methodology's; amounts: those of them that are numbers.
    """

    against: Against | None = None
    covariates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedForValueAdded:
    """What is asked of a file of people's results (design C): names of columns, and the method."""

    outcome: str
    provider: str
    intake: str | None = None
    covariates: tuple[str, ...] = ()
    crossed: tuple[str, ...] = ()
    reml: bool = False


Asked = AskedToRank | AskedForValueAdded


@dataclass(frozen=True)
class RankedFile:
    """What a file says of providers.

    organisations: provider, name, type, region; null where the file does not say. people: provider,
    people: how many stand behind a figure, null where nobody knows. at_least: whether people counts
    rows, of which one person may have several. windows: what the figures are of, where they are of
    windows. file: SHA-256.
    """

    asked: Asked
    file: str
    effects: Effects
    ranking: Ranking
    organisations: pl.DataFrame
    people: pl.DataFrame
    at_least: bool = False
    windows: tuple[str, ...] = ()

    @property
    def card(self) -> dict[str, Any]:
        """What the manifest says of the file and of what was asked of it."""
        fit = self.effects.diagnostics[self.ranking.indicator]
        return {
            "file": self.file,
            "verb": "rank" if isinstance(self.asked, AskedToRank) else "value-added",
            "asked": _as_json(asdict(self.asked)),
            "windows": list(self.windows),
            "shape": fit.get("shape"),
        }


def asked_of(card: Mapping[str, Any]) -> Asked:
    """What a manifest says was asked of a file; ReleaseProblem where it says no such thing."""
    asked = card["asked"]
    try:
        if card["verb"] == "rank":
            return TypeAdapter(AskedToRank).validate_python(asked)
        return TypeAdapter(AskedForValueAdded).validate_python(asked)
    except ValidationError as fault:
        raise ReleaseProblem(first_fault(fault, "manifest.json")) from fault


def rank_file(
    file: Path, asked: Asked, methodology: Methodology, *, progress: Progress = silent
) -> RankedFile:
    """Rank the providers of a file: figures that somebody made, or value added to people.

    Raises FileProblem and NothingToEstimate as `otdacha.effects.reported` and
    `otdacha.effects.value_added` do, and FileProblem for a covariate that is not there or that says
    different things of one provider.
    """
    if isinstance(asked, AskedToRank):
        return _ranked_figures(file, asked, methodology, progress)
    return _ranked_people(file, asked, methodology, progress)


def _ranked_figures(
    file: Path, asked: AskedToRank, methodology: Methodology, progress: Progress
) -> RankedFile:
    chosen = _expected_by(methodology, asked.covariates)
    known = {name for columns in COLUMNS.values() for name in columns} | set(asked.covariates)
    cells, reading = read_cells(file, known=known, progress=progress)
    # what is no amount is a category, also where its codes are numbers
    numbered = with_numbers(cells, asked.amounts, [], file.name, reading.header_row)
    effects = reported(cells, chosen)
    (fit,) = effects.diagnostics.values()
    against = asked.against if fit["shape"] == "estimates" else asked.against or "mean"
    ranking = rank(
        effects,
        _measured_against(chosen, against),
        covariates=_known_of_providers(numbered, chosen.shrinkage.covariates, file),
        progress=progress,
    )
    said = [name for name in KNOWN if name in cells.columns]
    windows = cells["window"].drop_nulls().unique().sort() if fit["shape"] == "windows" else ()
    return RankedFile(
        asked=asked,
        file=hash_of_file(file),
        effects=effects,
        ranking=ranking,
        organisations=_with_all_known(
            effects, _known_of_providers(cells, said, file) if said else None
        ),
        people=effects.estimates.select("provider", people="cases"),
        windows=tuple(windows),
    )


def _ranked_people(
    file: Path, asked: AskedForValueAdded, methodology: Methodology, progress: Progress
) -> RankedFile:
    numeric = [asked.outcome, *([asked.intake] if asked.intake else [])]
    columns = [*numeric, asked.provider, *asked.covariates, *asked.crossed]
    cells, reading = read_cells(file, known=columns, progress=progress)
    rows = with_numbers(cells, numeric, asked.covariates, file.name, reading.header_row)
    effects = value_added(
        rows,
        outcome=asked.outcome,
        intake=asked.intake,
        provider=asked.provider,
        covariates=asked.covariates,
        crossed=asked.crossed,
        method="reml" if asked.reml else "ml",
        minimum_n=methodology.minimum.people,
    )
    return RankedFile(
        asked=asked,
        file=hash_of_file(file),
        effects=effects,
        ranking=rank(effects, _measured_against(methodology, "mean"), progress=progress),
        organisations=_with_all_known(effects, _agreed_of_providers(cells, asked)),
        people=effects.estimates.select("provider", people="units"),
        at_least=bool(asked.crossed),
    )


def _expected_by(methodology: Methodology, covariates: Sequence[str]) -> Methodology:
    """The methodology with other columns that move the prior mean."""
    if not covariates:
        return methodology
    shrinkage = methodology.shrinkage.model_copy(update={"covariates": tuple(covariates)})
    return methodology.model_copy(update={"shrinkage": shrinkage})


def _measured_against(methodology: Methodology, against: Against | None) -> Methodology:
    """The methodology with another answer to "better than what?"."""
    if against is None:
        return methodology
    listing = methodology.list.model_copy(update={"against": against})
    return methodology.model_copy(update={"list": listing})


def _known_of_providers(
    cells: pl.DataFrame, columns: Sequence[str], file: Path
) -> pl.DataFrame | None:
    """One row per provider with `columns` of its rows; None where none are asked for.

    Raises FileProblem for a column that is not there, and for a provider whose rows say different
    things.
    """
    if not columns:
        return None
    missing = [name for name in columns if name not in cells.columns]
    if missing:
        raise FileProblem(
            text(
                "{file} has no column {columns}. It has: {present}.",
                file=file,
                columns=", ".join(missing),
                present=", ".join(cells.columns),
            )
        )
    rows = cells.select(*dict.fromkeys(("provider", *columns))).unique(maintain_order=True)
    twice = rows.filter(pl.col("provider").is_duplicated())
    if not twice.is_empty():
        raise FileProblem(
            text(
                "{file}: rows of {provider} say different things in {columns}. One value for each "
                "provider was expected.",
                file=file,
                provider=twice["provider"][0],
                columns=", ".join(columns),
            )
        )
    return rows


def _agreed_of_providers(cells: pl.DataFrame, asked: AskedForValueAdded) -> pl.DataFrame | None:
    """Type and region of providers in a file of people, where they are the providers'.

    A column in which people of one provider differ is about people. A column `name` is never taken:
    in such a file it holds names of people.
    """
    by = pl.col(asked.provider)
    agreed = [
        name
        for name in KNOWN[1:]
        if name in cells.columns
        and name != asked.provider
        and cells.group_by(by).agg(pl.col(name).n_unique())[name].max() == 1
    ]
    if not agreed:
        return None
    return cells.group_by(by.alias("provider"), maintain_order=True).agg(pl.col(agreed).first())


def _with_all_known(effects: Effects, said: pl.DataFrame | None) -> pl.DataFrame:
    """Every provider of `effects` with name, type and region, as far as `said` has them."""
    providers = pl.Series("provider", effects.providers, pl.String).to_frame()
    known = providers if said is None else providers.join(said, on="provider", how="left")
    return known.with_columns(
        pl.lit(None, pl.String).alias(name) for name in KNOWN if name not in known.columns
    ).select("provider", *KNOWN)


def _as_json(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asked.items()}
