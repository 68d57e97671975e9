"""Finished steps of an evaluation that was interrupted, kept until its release lands.

`runs/<name>/panel` and `runs/<name>/effects` in the workspace. The name is made from everything
that the steps depend on, so what is found under it may be used. See docs/decisions/0002-runs.md.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import polars as pl
from polars.exceptions import PolarsError
from scipy import sparse

from otdacha.effects import Effects
from otdacha.effects.result import Scores
from otdacha.errors import WorkspaceProblem
from otdacha.language import text
from otdacha.panel.frames import Panel
from otdacha.records import Workspace
from otdacha.records.locking import locking
from otdacha.release.writing import hash_of, parquet_bytes

_LOCK = ".evaluating"
_PANEL = ("cells", "exposure", "reach", "excluded", "mergers")

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Run:
    """The place of one evaluation's finished steps; without a folder nothing is kept."""

    folder: Path | None

    def panel(self, build: Callable[[], Panel]) -> Panel:
        """The cells as they were kept, else built now and kept."""
        return self._step("panel", build, _save_panel, _load_panel)

    def effects(self, estimate: Callable[[], Effects]) -> Effects:
        """The effects as they were kept, else estimated now and kept."""
        return self._step("effects", estimate, _save_effects, _load_effects)

    def forget(self) -> None:
        """Remove what was kept: the release has landed."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _step(
        self,
        name: str,
        work: Callable[[], _Result],
        save: Callable[[_Result, Path], None],
        load: Callable[[Path], _Result],
    ) -> _Result:
        if self.folder is None:
            return work()
        place = self.folder / name
        if place.is_dir():
            # a power cut may have left a step without its bytes: it is done again
            with suppress(OSError, ValueError, LookupError, EOFError, BadZipFile, PolarsError):
                return load(place)
            shutil.rmtree(place)
        result = work()
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.folder))
        try:
            save(result, beside)
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return result


NOTHING_KEPT = Run(None)


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """One evaluation of a workspace at a time: two would take each other's steps away.

    Raises WorkspaceProblem where another one is running; the lock falls with its process.
    """
    with locking(workspace, workspace.path / _LOCK, wait=False) as held:
        if not held:
            raise WorkspaceProblem(
                text(
                    "{folder}: another evaluation of this workspace is running. Wait until it is "
                    "done, and give the same command again.",
                    folder=workspace.path,
                )
            )
        yield


def run_of(
    runs: Path, batches: Iterable[str], key_generation: int, methodology: str, source: str
) -> Run:
    """The run that these batches, this methodology and this source code make.

    runs: the folder of all runs. batches: ids in order of arrival. key_generation: of the key that
    the kept pseudonyms are made with. methodology, source: hashes. What other runs left is removed:
    they are made of records or rules that no longer hold, and can be made again.
    """
    parts = [*batches, str(key_generation), methodology, source]
    name = hash_of("\n".join(parts).encode())[:32]
    for other in runs.glob("*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return Run(runs / name)


def _save_panel(panel: Panel, folder: Path) -> None:
    for name in _PANEL:
        _keep(getattr(panel, name), folder / f"{name}.parquet")


def _keep(frame: pl.DataFrame, file: Path) -> None:
    """Write by way of memory: a full disk is then told by the system's own words, not by those of
    whoever makes Parquet."""
    file.write_bytes(parquet_bytes(frame))


def _load_panel(folder: Path) -> Panel:
    return Panel(**{name: pl.read_parquet(folder / f"{name}.parquet") for name in _PANEL})


def _save_effects(effects: Effects, folder: Path) -> None:
    _keep(effects.estimates, folder / "estimates.parquet")
    _keep(effects.excluded, folder / "excluded.parquet")
    if effects.comparison is not None:
        _keep(effects.comparison, folder / "comparison.parquet")
    arrays: dict[str, Any] = {}
    for name, scores in effects.scores.items():
        if sparse.issparse(scores):
            arrays |= {
                f"{name}.data": scores.data,
                f"{name}.indices": scores.indices,
                f"{name}.indptr": scores.indptr,
                f"{name}.shape": np.array(scores.shape),
            }
        else:
            arrays[name] = scores
    np.savez(folder / "scores.npz", **arrays)
    rest = {
        "design": effects.design,
        "providers": effects.providers,
        "clusters": effects.clusters,
        "indicators": effects.indicators,
        "scales": dict(effects.scales),
        "diagnostics": {name: dict(found) for name, found in effects.diagnostics.items()},
    }
    (folder / "effects.json").write_text(json.dumps(rest, default=_plain), "utf-8")


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as JSON has them."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{type(value)} has no place in a run's diagnostics")


def _load_effects(folder: Path) -> Effects:
    compared = folder / "comparison.parquet"
    rest = json.loads((folder / "effects.json").read_text("utf-8"))
    with np.load(folder / "scores.npz") as arrays:
        scores = {name: _scores(arrays, name) for name in rest["indicators"]}
    return Effects(
        design=rest["design"],
        providers=tuple(rest["providers"]),
        clusters=tuple(rest["clusters"]),
        estimates=pl.read_parquet(folder / "estimates.parquet"),
        scores=scores,
        scales=rest["scales"],
        excluded=pl.read_parquet(folder / "excluded.parquet"),
        diagnostics=rest["diagnostics"],
        comparison=pl.read_parquet(compared) if compared.exists() else None,
    )


def _scores(arrays: Any, name: str) -> Scores:
    if name in arrays:
        return np.asarray(arrays[name], dtype=np.float64)
    parts = (arrays[f"{name}.data"], arrays[f"{name}.indices"], arrays[f"{name}.indptr"])
    return sparse.csr_array(parts, shape=tuple(arrays[f"{name}.shape"]))
