"""The program in a process of its own, as a user starts it."""

import subprocess
import sys
from typing import Any

PROGRAM = [sys.executable, "-c", "from otdacha.cli import main; main()"]


ON_A_FULL_DISK = [
    sys.executable,
    "-c",
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "sys.dont_write_bytecode = True;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64));"
    "from otdacha.cli import main; main()",
]
"""The same where no file can grow beyond a few bytes, as on a full disk.

Nothing is compiled for keeps: Python 3.11 would keep the first bytes, which nobody can import.
"""


def otdacha(
    *line: object, program: list[str] = PROGRAM, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Run one command line to its end."""
    return subprocess.run(
        [*program, *map(str, line)], capture_output=True, text=True, check=False, **how
    )
