"""From the files of an invented union to the list, several times over: is the truth found?

`make evidence` (docs/evidence.md). Truth is what training changed for the people who were trained,
over the months that count; the evaluation never reads it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from otdacha.demo import steps, write_union
from otdacha.effects import impute
from otdacha.panel import build_cells
from otdacha.ranking import rank
from otdacha.records import add, create_workspace

UNIONS = range(1, 9)


def evaluated(folder: Path, seed: int) -> tuple[pl.DataFrame, int, int]:
    """Estimates beside the truth, the length of the list, and how many on it help nobody."""
    union = write_union(folder / "files", seed=seed)
    workspace = create_workspace(folder / "workspace", invented=True)
    for step in steps(union):
        add(workspace, step.table, step.file, constants=step.constants)
    methodology = workspace.methodology()
    panel = build_cells(workspace, methodology)
    effects = impute(panel.cells, panel.exposure, methodology, reach=panel.reach)
    truth = pl.read_parquet(union.truth / "truth.parquet")
    estimates = effects.estimates.filter(pl.col("state") == "estimated").join(
        truth.select("provider", "indicator", "effect"), on=["provider", "indicator"]
    )
    helps = set(truth.filter(pl.col("structural") > 0)["provider"])
    listed = set(rank(effects, methodology).listed)
    return estimates, len(listed), len(listed - helps)


@pytest.mark.long
def test_the_claims_of_the_evidence(tmp_path: Path) -> None:
    tables, shares, places = [], [], 0
    for seed in UNIONS:
        estimates, listed, false = evaluated(tmp_path / str(seed), seed)
        tables.append(estimates)
        shares.append(false / max(listed, 1))
        places += listed
    found = pl.concat(tables).with_columns(error=pl.col("estimate") - pl.col("effect"))
    quantile = stats.t.ppf(0.975, found["df"].to_numpy())
    found = found.with_columns(
        covered=pl.Series(np.abs(found["error"] / found["se"]).to_numpy() <= quantile)
    )
    for name, part in found.group_by("indicator", maintain_order=True):
        print(
            f"| {name[0]} | {part.height} | {part['covered'].mean():.3f} | "
            f"{part['error'].mean() / part['error'].std():+.3f} | "
            f"{np.sqrt((part['se'] ** 2).mean()) / part['error'].std():.2f} |"
        )
    print(f"{len(UNIONS)} unions, {places} places, false discovery rate {np.mean(shares):.3f}")
    assert found["covered"].mean() >= 0.93
    assert np.mean(shares) <= 0.10 + 2 * np.std(shares) / np.sqrt(len(shares))
