"""What holds for every test."""

import os
import sys
from collections.abc import Iterator

import pytest

# The programs that tests start by the dozen keep what they compiled, also where the machine says
# PYTHONDONTWRITEBYTECODE: each of them would compile all that it imports anew, for seconds.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def _one_thread_of_algebra() -> Iterator[None]:
    """Workers share the cores: more threads for small matrices would only wait for each other.

    Programs that tests start have all of them, as users have.
    """
    import scipy.linalg  # noqa: F401  what is not loaded yet could not be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield
