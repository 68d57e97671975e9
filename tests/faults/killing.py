"""Kill a running verb at a chosen moment, and count what was found then."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.faults import bystander
from tests.unit.cli.processes import PROGRAM

State = Callable[[Path], bool]
"""What a workspace looks like from outside at some moment of the work."""

_LONGEST = 600.0


@dataclass(frozen=True)
class Moment:
    """When to strike: so long after the start, or so long after a state has been seen."""

    name: str
    after: float
    state: State | None = None


@dataclass
class Tally:
    """What all kills have come to. phases: kills by what had been done. violations: none, ever."""

    phases: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(self.phases.values())

    def count(self, phase: str, killed: bool) -> None:
        """One more run: killed in this phase, or ended before its moment came."""
        if killed:
            self.phases[phase] += 1
        else:
            self.outcomes["had ended before the blow"] += 1

    def table(self, title: str) -> str:
        lines = [f"{title}: {self.kills} kills"]
        lines += [f"  struck {phase}: {count}" for phase, count in self.phases.items()]
        lines += [f"  {outcome}: {count}" for outcome, count in self.outcomes.items()]
        return "\n".join([*lines, f"  violations: {len(self.violations)}", *self.violations])


def strike(line: list[str], workspace: Path, moment: Moment) -> bool:
    """Start a verb and kill it with SIGKILL at the moment; False where it had ended before."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*PROGRAM, *line], stdout=quiet, stderr=quiet) as process:
        until = time.monotonic() + _LONGEST
        while moment.state is not None and not moment.state(workspace):
            if process.poll() is not None or time.monotonic() > until:
                break
            os.sched_yield()
        try:
            process.wait(timeout=moment.after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
    return False


def moments(seed: int, longest: float, states: dict[str, tuple[State, float]]) -> Iterator[Moment]:
    """Moments by turns, without end: one at any time of `longest` seconds, one after each state, so
    long at most after it as stands beside it; always the same."""
    chance = random.Random(seed)
    for name in cycle(["any time", *states]):
        if name == "any time":
            yield Moment(name, chance.uniform(0, longest))
        else:
            state, within = states[name]
            yield Moment(name, chance.uniform(0, within), state)


def copied(workspace: Path, place: Path) -> Path:
    """A copy of a workspace to be struck."""
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(workspace, place)


def again(line: list[str]) -> int:
    """The same command to its end; its exit code."""
    return subprocess.run([*PROGRAM, *line], capture_output=True, check=False).returncode


def kill_adding(
    workspace: Path,
    file: Path,
    acknowledged: dict[str, Path],
    undisturbed: Path,
    moments: Iterator[Moment],
    place: Path,
    *,
    kills: int,
) -> Tally:
    """Kill `add` of a file to the table of cases; after each kill look, and add the file again.

    A run that has ended before its moment is looked at too, but is no kill.

    undisturbed: the workspace as it is after an addition that nobody disturbed.
    """
    tally = Tally()
    wanted = bystander.records_of(undisturbed)
    while tally.kills < kills:
        moment = next(moments)
        struck = copied(workspace, place)
        line = ["add", str(struck), "cases", str(file)]
        killed = strike(line, struck, moment)
        phase = adding_phase(struck, len(acknowledged))
        tally.count(phase, killed)
        tally.violations += bystander.seen(struck, acknowledged)
        code = again(line)
        if code != 0:
            tally.violations.append(f"{moment}: adding again ended with {code}")
        tally.violations += bystander.seen(struck, acknowledged)
        same = bystander.records_of(struck) == wanted
        tally.outcomes["added again, the same bytes" if same else "other bytes"] += 1
        if not same:
            tally.violations.append(f"{moment}: other bytes than undisturbed")
        if list(struck.rglob(".*.part")):
            tally.violations.append(f"{moment}: leftovers stay")
    return tally


def kill_evaluating(
    workspace: Path,
    acknowledged: dict[str, Path],
    undisturbed: Path,
    moments: Iterator[Moment],
    place: Path,
    *,
    kills: int,
    in_a_row: int,
) -> Tally:
    """Kill `evaluate`; look after each kill, and after `in_a_row` kills of one workspace evaluate.

    undisturbed: a release that nobody disturbed.
    """
    tally = Tally()
    wanted = bystander.content_of(undisturbed)
    struck = copied(workspace, place)
    line = ["evaluate", str(struck)]
    while tally.kills < kills:
        moment = next(moments)
        left = frozenset((struck / "releases").glob(".landing-*"))
        killed = strike(line, struck, moment)
        phase = evaluating_phase(struck, left)
        tally.count(phase, killed)
        tally.violations += bystander.seen(struck, acknowledged)
        landed = bystander.releases(struck)
        if landed or tally.kills % in_a_row == 0:
            if not landed and (code := again(line)) != 0:
                tally.violations.append(f"{moment}: evaluating again ended with {code}")
            tally.violations += bystander.seen(struck, acknowledged)
            found = [bystander.content_of(one) for one in bystander.releases(struck)]
            same = found == [wanted]
            tally.outcomes["one release, the same bytes" if same else "another release"] += 1
            if not same:
                tally.violations.append(f"{moment}: another release than undisturbed")
            struck = copied(workspace, place)
    return tally


def adding_phase(workspace: Path, acknowledged: int) -> str:
    """What a killed `add` had done, seen from outside."""
    records = workspace / "records"
    cards = len(bystander.cards(workspace))
    if cards > acknowledged:
        return "after the card"
    if more_rows_there(workspace):
        return "between rows and card"
    return "while rows were written" if list(records.rglob(".*.part")) else "before the first byte"


def evaluating_phase(workspace: Path, left: frozenset[Path]) -> str:
    """What a killed `evaluate` had done, seen from outside. left: by those that were killed before
    in this workspace; their finished steps are this one's too."""
    if bystander.releases(workspace):
        return "after the landing"
    if {*(workspace / "releases").glob(".landing-*")} - left:
        return "while the release landed"
    if effects_kept(workspace):
        return "during ranking and checks"
    if panel_kept(workspace):
        return "during effects"
    return "during the panel" if (workspace / ".evaluating").exists() else "before the start"


def rows_begun(workspace: Path) -> bool:
    return any((workspace / "records" / "cases").glob(".*.part"))


def more_rows_there(workspace: Path) -> bool:
    """Rows of a second file of cases are there; that of the union is the first."""
    return len([*(workspace / "records" / "cases").glob("[!.]*.parquet")]) > 1


def card_begun(workspace: Path) -> bool:
    return any((workspace / "records" / "batches").glob(".*.part"))


def panel_begun(workspace: Path) -> bool:
    return (workspace / ".evaluating").exists()


def panel_kept(workspace: Path) -> bool:
    return any((workspace / "runs").glob("*/panel"))


def effects_kept(workspace: Path) -> bool:
    return any((workspace / "runs").glob("*/effects"))


def landing(workspace: Path) -> bool:
    return any((workspace / "releases").glob(".landing-*"))


def landed(workspace: Path) -> bool:
    return bool(bystander.releases(workspace))
