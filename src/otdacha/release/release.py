"""A published result: an immutable folder, and what is read from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from otdacha.errors import ReleaseProblem
from otdacha.language import text
from otdacha.methodology import Methodology, first_fault, load_methodology
from otdacha.records.cards import BATCH_NAME
from otdacha.records.tables import TABLES as RECORDS
from otdacha.release.about import About, about_workspace
from otdacha.release.tables import TABLES

FORMAT = 3
"""The version of the folder's layout. A reader refuses a newer one."""

NEW_TABLES = ("comparisons", "programmes", "municipalities", "changes")
"""Tables that came with the present format."""

READS = (2, FORMAT)
"""The formats that are read. What format 2 did not hold yet (tables, columns) is empty: the next
release must be compared with it."""

MANIFEST = "manifest.json"
METHODOLOGY = "methodology.toml"


@dataclass(frozen=True)
class Release:
    """One release, as it lies on disk.

    tables: those of `otdacha.release.tables` by name. hash: SHA-256 of the manifest, which names
    every other file by hash.
    """

    path: Path
    hash: str
    manifest: Mapping[str, Any]
    methodology: Methodology
    tables: Mapping[str, pl.DataFrame]

    @property
    def id(self) -> str:
        return str(self.manifest["release"])

    @property
    def about(self) -> About:
        """What the data bank is called and what its figures are."""
        return About.model_validate(self.manifest["about"])

    @property
    def reported(self) -> bool:
        """Whether somebody else made the figures: there are no records behind them."""
        return self.manifest["reported"] is not None

    @property
    def of_levels(self) -> bool:
        """Whether the figures are no changes but levels: somebody's shares of n."""
        reported = self.manifest["reported"]
        return reported is not None and reported["shape"] == "successes"

    @property
    def change(self) -> str | None:
        """What kind of release it is after the previous one: major, minor or patch."""
        change: str | None = self.manifest["change"]
        return change

    @property
    def changes(self) -> pl.DataFrame:
        """What became of every provider since the previous release; empty where there is none."""
        return self.tables["changes"]

    @property
    def providers(self) -> pl.DataFrame:
        """Every provider with its headline, best first, then those without a figure."""
        return self.tables["providers"]

    @property
    def effects(self) -> pl.DataFrame:
        """Every provider on every indicator."""
        return self.tables["effects"]

    @property
    def excluded(self) -> pl.DataFrame:
        """What was left out, counted by reason."""
        return self.tables["excluded"]

    @property
    def gates(self) -> pl.DataFrame:
        """The checks of the method with their outcomes."""
        return self.tables["gates"]

    @property
    def failed(self) -> pl.DataFrame:
        """The checks that failed; one is enough to withhold the ranking."""
        return self.gates.filter(pl.col("outcome") == "failed")

    @property
    def headline(self) -> str:
        """The indicator that is ranked: an indicator's id, or "composite"."""
        return str(self.manifest["evaluation"]["headline"])

    @property
    def expected(self) -> pl.DataFrame:
        """What moved the headline's prior mean: term, coefficient, se; often nothing."""
        return self.tables["prior_mean"].filter(pl.col("indicator") == self.headline)

    @property
    def reference(self) -> Mapping[str, str]:
        """Covariate → its largest level, which the intercept of `expected` stands for."""
        return dict(self.manifest["evaluation"]["prior"]["reference"])

    @property
    def left_out(self) -> pl.DataFrame:
        """Rows left out: stage, reason, indicator (null: all), rows, shown (whether rows is known).

        A total that was published is taken; where only counts by provider were, they are added up
        as published, without those that are suppressed.
        """
        total = pl.col("provider").is_null()
        return self.excluded.group_by("stage", "reason", "indicator", maintain_order=True).agg(
            rows=pl.when(total.any())
            .then(pl.col("rows").filter(total).sum())
            .otherwise(pl.col("rows").sum()),
            shown=pl.when(total.any())
            .then(pl.col("rows").filter(total).is_not_null().any())
            .otherwise(pl.col("rows").is_not_null().any()),
        )

    @property
    def listed(self) -> pl.DataFrame:
        """The rows of the most effective providers, best first; none is a valid result."""
        return self.providers.filter(pl.col("listed").fill_null(False))


def load(path: Path) -> Release:
    """The release in the folder `path`. Its hashes are not checked here: `verify` does.

    Raises ReleaseProblem where the folder is no release, is damaged, or is of a newer format.
    """
    content = read_manifest(path)
    try:
        frames = {name: table_of(content, name, path.joinpath) for name in TABLES}
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise ReleaseProblem(
            text(
                "{folder}: a table of the release cannot be read ({fault}). Fetch the release "
                "anew, or run `otdacha verify` to see which files are damaged.",
                folder=path,
                fault=fault,
            )
        ) from fault
    return Release(
        path=path,
        hash=sha256((path / MANIFEST).read_bytes()).hexdigest(),
        manifest=completed(content),
        methodology=load_methodology(path / METHODOLOGY),
        tables=frames,
    )


def table_of(
    manifest: Mapping[str, Any], name: str, file_of: Callable[[str], Path | BytesIO]
) -> pl.DataFrame:
    """A table of a release; what its format did not hold yet has no rows or is null.

    file_of: what the file of a name is read from.
    """
    wanted = pl.Schema({column.name: column.type for column in TABLES[name]})
    if manifest["format"] != FORMAT and name in NEW_TABLES:
        return wanted.to_frame()
    held = pl.read_parquet(file_of(f"{name}.parquet"))
    if manifest["format"] == FORMAT:
        return held
    return held.select(
        pl.col(column) if column in held.columns else pl.lit(None, kind).alias(column)
        for column, kind in wanted.items()
    )


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of the release in `path`; raises ReleaseProblem where there is none."""
    try:
        content = json.loads((path / MANIFEST).read_text("utf-8"))
        version = content["format"]
    except FileNotFoundError as fault:
        raise ReleaseProblem(
            text(
                "{folder} is not a release: it holds no {file}. Name a folder like "
                "releases/2026.1.",
                folder=path,
                file=MANIFEST,
            )
        ) from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ReleaseProblem(
            text(
                "{file} cannot be read ({fault}). The release is damaged: fetch it anew.",
                file=path / MANIFEST,
                fault=fault,
            )
        ) from fault
    if isinstance(version, int) and version < min(READS):
        raise ReleaseProblem(
            text(
                "{folder} has format {found}, which this program no longer reads. Make the release "
                "anew from its records, or use the version of Otdacha that made it.",
                folder=path,
                found=version,
            )
        )
    if version not in READS:
        raise ReleaseProblem(
            text(
                "{folder} has format {found}, this program reads format {known}. Use a version of "
                "Otdacha that is as new as the release.",
                folder=path,
                found=version,
                known=FORMAT,
            )
        )
    _refuse_paths(path, content)
    if version == FORMAT:
        _refuse_unlabelled(path, content)
    return dict(content)


def completed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with what its format did not say yet: a label, and that it is of records."""
    known = dict(manifest)
    if "about" not in known:
        known["about"] = about_workspace(str(known["methodology"]["id"])).model_dump()
    # behind what is there: the order of keys is part of a manifest's bytes
    return known | {key: known.get(key) for key in ("reported", "change")}


def _refuse_unlabelled(path: Path, manifest: Mapping[str, Any]) -> None:
    """Whoever reads a release asks what it is and what it was made from; it must say so."""
    try:
        About.model_validate(manifest["about"])
        reported, change = manifest["reported"], manifest["change"]
        if reported is not None:
            _ = reported["file"], reported["verb"], {**reported["asked"]}, [*reported["windows"]]
        known = change in (None, "major", "minor", "patch")
    except ValidationError as fault:
        raise ReleaseProblem(first_fault(fault, str(path / MANIFEST))) from fault
    except (KeyError, TypeError, AttributeError) as fault:
        raise _not_a_manifest(path, fault) from fault
    if not known:
        raise _not_a_manifest(path, change)


def _not_a_manifest(path: Path, fault: object) -> ReleaseProblem:
    return ReleaseProblem(
        text(
            "{file}: this is not the manifest of a release ({fault}).",
            file=path / MANIFEST,
            fault=fault,
        )
    )


def _refuse_paths(path: Path, manifest: Mapping[str, Any]) -> None:
    """A release may come from a stranger: no name in it may lead out of its folder."""
    try:
        named = [manifest["release"]]
        named += [manifest["previous"]["release"]] if manifest["previous"] else []
        batches = [batch["batch"] for batch in manifest["inputs"]]
        plain = (
            all(re.fullmatch(r"\d{4}\.\d+", name) for name in named)
            and all(re.fullmatch(r"\w[\w.-]*", name) for name in manifest["files"])
            and all(re.fullmatch(BATCH_NAME, name) for name in batches)
            and all(batch["table"] in RECORDS for batch in manifest["inputs"])
        )
    except (KeyError, TypeError) as fault:
        raise _not_a_manifest(path, fault) from fault
    if not plain:
        raise ReleaseProblem(
            text(
                "{file}: the manifest names things by names that no release has. Whoever made it "
                "may have wanted files outside the release to be touched; nothing was. Fetch the "
                "release anew from where you trust it.",
                file=path / MANIFEST,
            )
        )


def releases(folder: Path) -> list[Path]:
    """The releases in `folder`, oldest first; a folder that does not exist holds none."""
    found = [
        (int(match[1]), int(match[2]), entry)
        for entry in (folder.iterdir() if folder.is_dir() else ())
        if (match := re.fullmatch(r"(\d{4})\.(\d+)", entry.name)) and entry.is_dir()
    ]
    return [entry for _, _, entry in sorted(found)]
