"""Load a comparison of wages into the site, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import Text, text
from otdacha.pay.wages import Comparison, load_comparison
from otdacha.progress import Progress, silent
from otdacha.release.release import MANIFEST
from otdacha.release.writing import hash_of
from otdacha.site.bank.slugs import alphabetical, slugs
from otdacha.site.publishing import all_or_nothing, refuse_another, refuse_unaddressable
from otdacha.site.wages import models
from otdacha.site.wages.words import short

AT_ONCE = 500
_MONEY = ("wage_all", "wage_o", "difference")
_OF_YEAR = ("state", *_MONEY, "ratio", "place", "share_below")


@dataclass(frozen=True)
class Loaded:
    """What a publication did. fresh: it changed something; otherwise the comparison was there."""

    wages: str
    fresh: bool
    municipalities: int


def publish_wages(path: Path, *, again: bool = False, progress: Progress = silent) -> Loaded:
    """Load the comparison in the folder `path`; the site shows it when all of it is there.

    One that is there already is left as it is, or with `again` loaded anew. Raises PayProblem where
    the folder holds no sound comparison or another one of its name is published, WorkspaceProblem
    where the database cannot be written.
    """
    comparison = load_comparison(path)
    with all_or_nothing():
        return _loaded(path, comparison, again, progress)


def _loaded(path: Path, comparison: Comparison, again: bool, progress: Progress) -> Loaded:
    codes = comparison.tables["municipalities"]["municipality"]
    refuse_unaddressable(_named(comparison), codes, PayProblem)
    step = text("Loading the comparison into the site")
    there = models.Comparison.objects.filter(name=comparison.id).first()
    if there is not None:
        refuse_another(_named(comparison), there.hash, comparison.hash, PayProblem)
        if not again:
            return Loaded(there.name, fresh=False, municipalities=there.towns.count())
        there.delete()
    progress(step, 0, 2)
    made = _comparison(comparison)
    for name in (*comparison.manifest["files"], MANIFEST):
        content = (path / name).read_bytes()
        models.File.objects.create(
            comparison=made, name=name, hash=hash_of(content), content=content
        )
    progress(step, 1, 2)
    _towns(made, comparison)
    progress(step, 2, 2)
    return Loaded(made.name, fresh=True, municipalities=made.towns.count())


def _named(comparison: Comparison) -> Text:
    return text("Comparison {wages}", wages=comparison.id)


def _comparison(comparison: Comparison) -> models.Comparison:
    year, number = map(int, comparison.id.split("."))
    regions = Counter(_region(one) for one in comparison.tables["municipalities"]["region"])
    named = slugs({name for name in regions if name})
    return models.Comparison.objects.create(
        name=comparison.id,
        year=year,
        number=number,
        hash=comparison.hash,
        made=comparison.made.astimezone(dt.UTC),
        manifest=dict(comparison.manifest),
        regions=[[named[name], name, regions[name]] for name in sorted(named, key=alphabetical)],
    )


def _towns(made: models.Comparison, comparison: Comparison) -> None:
    tables = comparison.tables
    by_year = _rows_of(tables["years"])
    by_quarter = _rows_of(tables["quarters"])
    named = {name: slug for slug, name, _ in made.regions}
    models.Town.objects.bulk_create(
        (
            _town(made, row, by_year[row["municipality"]], by_quarter[row["municipality"]], named)
            for row in tables["municipalities"].iter_rows(named=True)
        ),
        batch_size=AT_ONCE,
    )


def _town(
    made: models.Comparison,
    row: Mapping[str, Any],
    years: list[dict[str, Any]],
    quarters: list[dict[str, Any]],
    regions: Mapping[str, str],
) -> models.Town:
    newest = next(one for one in years if one["year"] == made.year)
    name, region = row["name"] or row["municipality"], _region(row["region"])
    return models.Town(
        comparison=made,
        code=row["municipality"],
        name=name,
        alphabetical=alphabetical(short(name)),
        sought=f"{alphabetical(name)} {row['municipality']}",
        region=region,
        region_slug=regions.get(region, ""),
        latitude=row["latitude"],
        longitude=row["longitude"],
        **{column: newest[column] for column in _OF_YEAR},
        years=years,
        quarters=quarters,
    )


def _region(name: str | None) -> str:
    return name or ""


def _rows_of(table: pl.DataFrame) -> defaultdict[str, list[dict[str, Any]]]:
    """The rows of each municipality, as JSON keeps them: money in kopecks, states in words."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        code = row.pop("municipality")
        found[code].append({name: _kept(value) for name, value in row.items()})
    return found


def _kept(value: Any) -> Any:
    return int(value * 100) if isinstance(value, Decimal) else value
