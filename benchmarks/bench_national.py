"""The national panel end to end: `otdacha evaluate` on a workspace of 10⁸ cases, one command.

The union is that of `national_workspace`: 2,594 municipalities, about 300,000 servants on dated
staff lists, 8 departments a town, 4 services a department, 60 months, 800 providers, the shipped
methodology with its three indicators. In most systems results are known by department x service x
month, so that is what the cases name; `--people` makes them name the executor instead, and then a
unit is a person x service: eight times as many units of a dozen cases a month less each.

For each size the workspace is written, the command runs in a child process (wall time and the
child's own peak of memory), and its release is compared with the truth. `--steps` runs the same
evaluation with a listener that adds up where the time goes. `--seed=N`: another union.

Run: python benchmarks/bench_national.py [cases ...] [--people] [--steps] [--seed=N]
     (default 1e6 1e7)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from national_workspace import write
from scipy import stats

from otdacha.language import Text

ME = Path(__file__).resolve()


def evaluated(folder: Path, *, steps: bool) -> tuple[float, float]:
    """Seconds and gigabytes of the child that evaluates the workspace."""
    line = [str(Path(sys.executable).with_name("otdacha")), "evaluate", str(folder)]
    if steps:
        line = [sys.executable, str(ME), "inside", str(folder)]
    began = time.perf_counter()
    child = subprocess.Popen(line, stdout=None if steps else subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the evaluation ended with {child.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024**2


def inside(folder: Path) -> None:
    """The same evaluation, and how long each step took, by what the command line would show."""
    from otdacha.records import open_workspace
    from otdacha.release import build

    spent: dict[str, float] = {}
    step, since = "Opening", time.perf_counter()

    def listen(said: Text, done: int, total: int) -> None:
        nonlocal step, since
        now = time.perf_counter()
        spent[step] = spent.get(step, 0.0) + now - since
        step, since = said.said("en"), now

    build(open_workspace(folder), progress=listen)
    spent[step] = spent.get(step, 0.0) + time.perf_counter() - since
    for name, seconds in spent.items():
        print(f"    {seconds:7.1f} s  {name}")


def against_the_truth(folder: Path, truth: pl.DataFrame) -> str:
    """How the published effects on the share on time lie around the true ones."""
    release = max((folder / "releases").glob("[!.]*"))
    table = pl.read_parquet(release / "effects.parquet").filter(
        pl.col("indicator") == "on_time", pl.col("estimate").is_not_null()
    )
    if table.is_empty():
        gates = pl.read_parquet(release / "gates.parquet").filter(pl.col("outcome") == "failed")
        return f"withheld by {', '.join(gates['gate'])}"
    both = table.join(truth, on="provider")
    error = (both["estimate"] - both["on_time"]).to_numpy()
    half = stats.t.ppf(0.975, both["df"].to_numpy()) * both["se"].to_numpy()
    inside = np.abs(error) <= half
    return (
        f"{len(both)} providers with an effect, mean error {1e4 * np.mean(error):+.1f} basis "
        f"points, correlation with the truth "
        f"{np.corrcoef(both['estimate'], both['on_time'])[0, 1]:.2f}, "
        f"intervals hold the truth of {inside.mean():.0%}"
    )


def main(sizes: list[int], *, people: bool, steps: bool, seed: int) -> None:
    for cases in sizes:
        folder = Path(tempfile.mkdtemp(prefix="otdacha-national-"))
        try:
            began = time.perf_counter()
            truth = write(folder / "union", cases, people=people, seed=seed)
            made = time.perf_counter() - began
            seconds, memory = evaluated(folder / "union", steps=steps)
            print(
                f"{cases:,} cases, results of {'people' if people else 'departments'}: "
                f"{seconds:.0f} s, peak {memory:.2f} GB (written in {made:.0f} s)"
            )
            print(f"  {against_the_truth(folder / 'union', truth)}", flush=True)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(Path(sys.argv[2]))
    else:
        asked = [round(float(word)) for word in sys.argv[1:] if not word.startswith("--")]
        seeds = [int(word.split("=")[1]) for word in sys.argv if word.startswith("--seed=")]
        main(
            asked or [1_000_000, 10_000_000],
            people="--people" in sys.argv,
            steps="--steps" in sys.argv,
            seed=(seeds or [1])[0],
        )
