"""HiGHS at work on a linear programme, and a process for work that must be possible to kill.

A mixed-integer search may overrun its own time limit, and it must stop when its user wants it to.
So it runs in a process of its own, which tells every better solution; whatever ends it, the best
one so far is there, with the bound that nothing can beat.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from otdacha.programme.deciding.linear_program import LinearProgram

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
Status = Literal["optimal", "limit", "infeasible", "unbounded"]
Tell = Callable[[Vector | None, float], None]
"""Told of a search while it runs: a better solution, if there is one, and the bound."""
Done = Callable[[float, float], bool]
"""Asked of a search while it runs, with the best gain so far and the bound: whether it may end."""

_DUAL, _PRIMAL = 1, 4
_HEURISTICS = ("feasibility_jump", "rens", "rins", "root_reduced_cost", "shifting", "zi_round")
_TELLS = 0.2
"""Seconds between two words on the bound."""


@dataclass(frozen=True)
class Outcome:
    """What a search came to.

    status: optimal (within the gap), limit (time ran out), infeasible, unbounded. solution:
    (columns,), None where none was found. gain: of it; bound: nothing gains more. prices: (rows,)
    of a linear programme, what one more of a row's bound would gain; None of a mixed-integer one.
    """

    status: Status
    solution: Vector | None
    gain: float
    bound: float
    prices: Vector | None = None


def solve_linear(program: LinearProgram, *, method: str = "choose") -> Outcome:
    """The programme without its whole numbers, with its prices. method: choose, simplex or ipm."""
    solver = _loaded(program, whole=False)
    solver.setOptionValue("solver", method)
    solver.run()
    status = _status(solver.getModelStatus())
    if status != "optimal":
        return Outcome(status, None, -np.inf, np.inf)
    found = solver.getSolution()
    solution = np.array(found.col_value)
    gain = float(program.gain @ solution)
    return Outcome("optimal", solution, gain, gain, np.array(found.row_dual))


def nearly_solve_linear(program: LinearProgram, *, within: float) -> Outcome:
    """Solution and prices of a large programme without its whole numbers, about right: an interior
    point `within` a relative gap, and not moved to a vertex.

    They come from the middle of what is best, where one vertex of many would tell of itself alone.
    Rules are kept about as well. The outcome has no bound: make it of the prices.
    """
    solver = _loaded(program, whole=False)
    solver.setOptionValue("solver", "ipx")
    solver.setOptionValue("run_crossover", "off")
    solver.setOptionValue("ipm_optimality_tolerance", within)
    solver.run()
    status = _status(solver.getModelStatus())
    found = solver.getSolution()
    if status not in ("optimal", "limit") or not found.dual_valid:
        return Outcome(status, None, -np.inf, np.inf)
    solution = np.array(found.col_value)
    return Outcome(
        status, solution, float(program.gain @ solution), np.inf, np.array(found.row_dual)
    )


class Warm:
    """The programme without its whole numbers, solved again and again with small changes: each time
    the simplex method begins where it ended.

    method: of the first time; an interior point is quicker where nothing is known yet.
    """

    def __init__(self, program: LinearProgram, *, method: str = "simplex") -> None:
        self._program = program
        self._gain = program.gain.copy()
        self._solver = _loaded(program, whole=False)
        self._solver.setOptionValue("solver", method)

    def begin_at(self, other: Warm) -> None:
        """Begin where another programme of as many variables and rows ended."""
        self._solver.setBasis(other._solver.getBasis())

    def solve(self, *, seconds: float = np.inf) -> Outcome:
        """The best solution as things stand, with its prices."""
        solver = self._solver
        # HiGHS counts the time of a solver from its first run
        solver.setOptionValue("time_limit", solver.getRunTime() + max(seconds, 0.01))
        solver.run()
        solver.setOptionValue("solver", "simplex")
        status = _status(solver.getModelStatus())
        if status != "optimal":
            return Outcome(status, None, -np.inf, np.inf)
        found = solver.getSolution()
        solution = np.array(found.col_value)
        gain = float(self._gain @ solution)
        return Outcome("optimal", solution, gain, gain, np.array(found.row_dual))

    def gains(self, gain: Vector, block: str | None = None) -> None:
        """Let the variables of `block`, or all of them, gain something else."""
        where = self._program.columns[block] if block else slice(0, len(self._gain))
        columns = np.arange(where.start, where.stop, dtype=np.int32)
        self._gain[where] = gain
        self._solver.changeColsCost(len(columns), columns, np.asarray(gain, dtype=np.float64))
        # what was found for another gain is still possible: the primal method goes on from there
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)

    def hold(self, columns: Whole, value: Vector) -> None:
        """Let variables have no other values than these."""
        self._solver.changeColsBounds(len(columns), columns.astype(np.int32), value, value)
        self._solver.setOptionValue("simplex_strategy", _DUAL)

    def at_most(self, row: int, upper: float) -> None:
        """Let a row reach another upper bound."""
        self._solver.changeRowBounds(row, self._program.row_lower[row], upper)
        self._solver.setOptionValue("simplex_strategy", _DUAL)

    def also(self, variable: Whole, other: Whole, most: Vector) -> None:
        """Add the rows `variable <= most × other`, given as columns."""
        count = len(most)
        self._solver.addRows(
            count,
            np.full(count, -np.inf),
            np.zeros(count),
            2 * count,
            np.arange(0, 2 * count, 2, dtype=np.int32),
            np.stack([variable, other], axis=1).ravel().astype(np.int32),
            np.stack([np.ones(count), -most], axis=1).ravel(),
        )
        self._solver.setOptionValue("simplex_strategy", _DUAL)


def solve_mixed(
    program: LinearProgram,
    *,
    gap: float,
    seconds: float,
    start: Vector | None = None,
    branch: bool = True,
    look: bool = True,
    done: Done = lambda gain, bound: False,
    tell: Tell = lambda solution, bound: None,
) -> Outcome:
    """The programme with its whole numbers, to a relative `gap`, in about `seconds`.

    start: a solution to begin with, (columns,). branch: go on after the root of the tree. look:
    look for solutions as well, and not for the bound alone. done: asked while it runs whether it
    may end. HiGHS may overrun: use `in_process`.
    """
    solver = _loaded(program, whole=True)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    # a restart begins anew what was cut away already: here it never paid
    solver.setOptionValue("mip_allow_restart", False)
    if not branch:
        solver.setOptionValue("mip_max_nodes", 1)
    for heuristic in () if look else _HEURISTICS:
        solver.setOptionValue(f"mip_heuristic_run_{heuristic}", False)
    told = [0.0]

    def better(event: Any) -> None:
        tell(np.array(event.data_out.mip_solution), float(event.data_out.mip_dual_bound))

    def running(event: Any) -> None:
        now = time.monotonic()
        if now - told[0] > _TELLS:
            told[0] = now
            tell(None, float(event.data_out.mip_dual_bound))
        data = event.data_out
        if done(float(data.mip_primal_bound), float(data.mip_dual_bound)):
            event.interrupt()

    solver.cbMipImprovingSolution.subscribe(better)
    solver.cbMipInterrupt.subscribe(running)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(start)
        solver.setSolution(given)
    solver.run()
    status = _status(solver.getModelStatus())
    info = solver.getInfo()
    held = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = np.array(solver.getSolution().col_value) if held else None
    gain = -np.inf if solution is None else float(program.gain @ solution)
    return Outcome(status, solution, gain, float(info.mip_dual_bound))


def within(
    program: LinearProgram, bounds: Mapping[str, tuple[Vector | float, Vector | float]]
) -> LinearProgram:
    """The same programme with its blocks of variables held between other bounds."""
    lower, upper = program.lower.copy(), program.upper.copy()
    for name, (low, high) in bounds.items():
        lower[program.columns[name]] = low
        upper[program.columns[name]] = high
    return replace(program, lower=lower, upper=upper)


def in_process(work: Callable[..., None], *given: Any, seconds: float) -> Iterator[Any]:
    """What `work(send, *given)` sends, from a process that is killed after `seconds`.

    work: a function of a module, `send` takes anything that can be pickled. The seconds count from
    the first word: starting Python is not the search's time. Whatever ends the reading of this
    iterator (an exception, an interruption from the keyboard) ends the process. A process that
    fails raises RuntimeError here, once what it sent was read.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(work, there, given), daemon=True)
    worker.start()
    there.close()
    deadline = None
    try:
        while here.poll(None if deadline is None else max(0.0, deadline - time.monotonic())):
            try:
                word = here.recv()
            except EOFError:
                worker.join()
                if worker.exitcode:
                    raise RuntimeError(f"the search ended with code {worker.exitcode}") from None
                return
            deadline = deadline or time.monotonic() + seconds
            yield word
    finally:
        worker.kill()
        worker.join()
        here.close()


def _work(work: Callable[..., None], there: Any, given: tuple[Any, ...]) -> None:
    work(there.send, *given)
    there.close()


def _loaded(program: LinearProgram, *, whole: bool) -> highspy.Highs:
    lp = highspy.HighsLp()
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.num_col_, lp.num_row_ = len(program.gain), len(program.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.gain, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(each)] for each in program.whole]
    solver = _Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # all solvers of a process share one scheduler: with another number of threads than the first
    # one had, a later solver does not run at all (`otdacha.ranking.certificate` has one as well)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver


class _Silent(highspy.Highs):
    """HiGHS without the line that it prints when its first callback is set."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS names it
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _status(status: highspy.HighsModelStatus) -> Status:
    known = highspy.HighsModelStatus
    if status == known.kOptimal:
        return "optimal"
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return "infeasible"
    if status == known.kUnbounded:
        return "unbounded"
    return "limit"
