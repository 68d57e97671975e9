"""Public data that nobody here made; it is read where it lies and never copied."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a public data file; the test is skipped, with the reason, where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"public data file {name} is not beside this checkout")
    return path
