"""Linear algebra on one thread: small matrices are done before other threads have begun."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

import scipy.linalg  # noqa: F401  a library that is not loaded yet could not be limited
from threadpoolctl import ThreadpoolController


@cache
def _libraries() -> ThreadpoolController:
    """Looked for once: that takes as long as many a small matrix."""
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Within it the linear algebra of this process works on one thread."""
    limited: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limited
