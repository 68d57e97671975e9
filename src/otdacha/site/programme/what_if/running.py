"""Keep the process that answers questions running beside the site, for as long as the site runs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN_AFTER = 10.0
"""Seconds until a process that ended is started again."""


@contextmanager
def answering() -> Iterator[None]:
    """Inside, a process answers questions; one that dies is started again after a while.

    The processes of the web server are forked inside: what ends there ends nothing here.
    """
    owner = os.getpid()
    ended = threading.Event()
    started: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            process = _started()
            started[:] = [process]
            process.wait()
            ended.wait(AGAIN_AFTER)

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        if os.getpid() == owner:
            ended.set()
            for process in started:
                process.terminate()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "otdacha.site.programme.what_if.worker"], stdin=subprocess.PIPE
    )
