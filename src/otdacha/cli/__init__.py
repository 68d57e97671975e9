"""The command line: one thin command per verb, and nothing that computes."""

import sys
from collections.abc import Sequence


def main(line: Sequence[str] | None = None) -> None:
    """The program `otdacha`: runs one verb and exits with its code (docs/cli.md)."""
    try:
        from otdacha.cli.run import run
    except KeyboardInterrupt:
        # pressed before the first of our own words could be loaded
        sys.exit(130)
    sys.exit(run(sys.argv[1:] if line is None else line))
