"""Finished steps survive an interruption, and nothing stale is taken for fresh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from tests.invented_release import invented_results

from otdacha.effects import COMPARISON, Effects
from otdacha.release.publish import Results
from otdacha.release.runs import NOTHING_KEPT, Run, run_of


@pytest.fixture(scope="module")
def results() -> Results:
    return invented_results()


def _nothing() -> Effects:
    raise AssertionError("the step was done again")


def same(one: Effects, other: Effects) -> bool:
    def dense(scores: object) -> np.ndarray:
        return scores.toarray() if sparse.issparse(scores) else np.asarray(scores)

    return (
        one.estimates.equals(other.estimates)
        and one.excluded.equals(other.excluded)
        and (one.design, one.providers, one.clusters)
        == (other.design, other.providers, other.clusters)
        and dict(one.scales) == dict(other.scales)
        and one.indicators == other.indicators
        and (one.comparison is None) == (other.comparison is None)
        and (one.comparison is None or one.comparison.equals(other.comparison))
        and all(np.array_equal(dense(one.scores[k]), dense(other.scores[k])) for k in one.scores)
    )


def test_effects_come_back_to_the_last_bit_dense_or_sparse(
    results: Results, tmp_path: Path
) -> None:
    effects = replace(
        results.effects,
        scores={k: sparse.csr_array(np.asarray(v)) for k, v in results.effects.scores.items()},
        diagnostics={"on_time": {"clean_cells": np.int64(7), "weights": np.array([0.1, 0.2])}},
        comparison=COMPARISON.to_frame(),
    )
    for at, one in enumerate((results.effects, effects)):
        run = Run(tmp_path / str(at))
        assert same(run.effects(lambda one=one: one), one)
        assert same(run.effects(_nothing), one)
    assert run.effects(_nothing).diagnostics["on_time"]["weights"] == [0.1, 0.2]


def test_cells_come_back_as_they_were(results: Results, tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.panel(lambda: results.panel)
    kept = run.panel(_nothing)  # type: ignore[arg-type]
    for name in ("cells", "exposure", "reach", "excluded"):
        assert getattr(kept, name).equals(getattr(results.panel, name))
        assert getattr(kept, name).schema == getattr(results.panel, name).schema


def test_a_step_that_was_interrupted_is_not_there(results: Results, tmp_path: Path) -> None:
    def interrupted() -> Effects:
        raise KeyboardInterrupt

    run = Run(tmp_path)
    run.panel(lambda: results.panel)
    with pytest.raises(KeyboardInterrupt):
        run.effects(interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["panel"]


def test_a_step_that_cannot_be_saved_leaves_no_half(results: Results, tmp_path: Path) -> None:
    unsavable = replace(results.effects, diagnostics={"on_time": {"odd": object()}})
    with pytest.raises(TypeError):
        Run(tmp_path).effects(lambda: unsavable)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("changed", ["batches", "key_generation", "methodology", "source"])
def test_what_was_kept_is_used_for_the_same_records_rules_and_code_only(
    results: Results, tmp_path: Path, changed: str
) -> None:
    of = {"batches": ["a", "b"], "key_generation": 1, "methodology": "m", "source": "s"}
    runs = tmp_path / "runs"
    run = run_of(runs, **of)  # type: ignore[arg-type]
    run.panel(lambda: results.panel)
    assert run_of(runs, **of) == run  # type: ignore[arg-type]
    another = {"batches": ["a"], "key_generation": 2}.get(changed, "x")
    other = run_of(runs, **{**of, changed: another})  # type: ignore[arg-type]
    assert other != run
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_is_forgotten_when_its_release_has_landed(results: Results, tmp_path: Path) -> None:
    run = run_of(tmp_path / "runs", ["a"], 1, "m", "s")
    run.panel(lambda: results.panel)
    run.forget()
    assert list((tmp_path / "runs").iterdir()) == []


def test_without_a_place_nothing_is_kept(results: Results) -> None:
    assert NOTHING_KEPT.effects(lambda: results.effects) is results.effects
    NOTHING_KEPT.forget()
