"""The process that answers questions, one after the other: `python -m` this module.

Its parent is the site; it ends when the site does. Nothing of Django is imported at the head of
this module: the process that searches begins by importing it, and needs no database.
"""

from __future__ import annotations

import os
import sys
import threading
import time

PAUSE = 0.5
"""Seconds between two looks into the queue."""
SIGN = 3.0
"""Seconds between two signs of life."""


def main() -> None:
    """Answer questions until the parent ends, which the closed standard input tells."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import django

    django.setup()
    try:
        while True:
            if not _answer_next():
                time.sleep(PAUSE)
    except KeyboardInterrupt:
        return


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _answer_next() -> bool:
    """Answer one question, giving signs of life meanwhile; False where none waits."""
    from otdacha.site.programme.what_if import queue
    from otdacha.site.programme.what_if.signs import Signs

    queue.alive(None, None)
    question = queue.take()
    if question is None:
        return False
    from otdacha.site.programme.what_if.computing import compute

    with Signs(question, every=SIGN) as signs:
        compute(question, signs.say)
    return True


if __name__ == "__main__":
    main()
