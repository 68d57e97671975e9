"""The demonstration's plan with all its explanations, beside what is true: how long, and what.

Makes a plan of a folder that `otdacha demo` made, prints how long each part took (seconds of the
processor, processes of the search included, and by the clock), and every table of explanations;
last, what each way to spend the money would truly bring.

Run: otdacha demo union && python benchmarks/explained_plan.py union [SECONDS]
(SECONDS: of the search for the plan itself, otherwise those of the union's own parameters.)
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import polars as pl

from otdacha.demo import EXPORTED
from otdacha.demo.true_benefit import true_benefit
from otdacha.language import Text
from otdacha.programme.parameters.file import load_parameters
from otdacha.programme.plan import make_plan, newest_release
from otdacha.records import open_workspace

EXPLANATIONS = ("shadow", "frontier", "sensitivity", "robustness", "rivals", "rival_seats")


def processor() -> float:
    """Seconds of the processor so far, of this process and of those that it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


class Clock:
    """Prints, for each kind of step, when it begins."""

    def __init__(self) -> None:
        self._said, self._words = "", 0
        self._begun, self._used = time.monotonic(), processor()

    def __call__(self, step: Text, done: int, total: int) -> None:
        self._words += 1
        if step.template != self._said:
            self._said = step.template
            self.tell(str(step))

    def tell(self, what: str) -> None:
        clock, used = time.monotonic() - self._begun, processor() - self._used
        print(f"{clock:7.1f} s by the clock, {used:6.1f} s of the processor: {what}", flush=True)


def main(folder: Path, seconds: float | None) -> None:
    workspace = open_workspace(folder / "workspace")
    release = newest_release(workspace)
    if release is None:
        raise SystemExit(f"{folder}: no release; make it with otdacha demo")
    parameters = load_parameters(folder / "files" / "programme.toml")
    if seconds is not None:
        choices = parameters.plan.model_copy(update={"seconds": seconds})
        parameters = parameters.model_copy(update={"plan": choices})
    clock = Clock()
    plan = make_plan(workspace, release, parameters, today=EXPORTED, explained=True, progress=clock)
    clock.tell("done")
    print(plan.path, dict(plan.figures))
    pl.Config.set_tbl_rows(-1).set_tbl_cols(-1).set_tbl_width_chars(200)
    for name in EXPLANATIONS:
        print(name, plan.tables[name])
    for rule, benefit in true_benefit(plan, release, folder / "truth").items():
        print(f"{rule}: truly {benefit:.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else None)
