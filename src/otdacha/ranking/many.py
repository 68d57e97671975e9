"""Many rankings of the same size: several at once on the cores, their results always the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import polars as pl

from otdacha.effects.one_thread import one_thread

MANY_SCORES = 100_000
"""Clusters x providers below which one worker is faster than waking several."""


@contextmanager
def one_by_one(scores: int) -> Iterator[ThreadPoolExecutor]:
    """Workers for rankings that each rest on so many scores (clusters x providers).

    Each ranking is made by one worker whose products of matrices use one core, so its digits are
    the same for any number of workers.
    """
    workers = pl.thread_pool_size() if scores >= MANY_SCORES else 1
    with one_thread(), ThreadPoolExecutor(workers) as pool:
        yield pool
