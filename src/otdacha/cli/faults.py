"""How a run ends: exit codes, and the words for what went wrong."""

from __future__ import annotations

import errno
import os
import sys
import traceback

from otdacha.cli.voice import Voice, as_json
from otdacha.errors import OtdachaError, WorkspaceProblem
from otdacha.language import Text, text

USAGE = 2
ATTENTION = 8
"""The work was done, and something serious was found: see what was printed."""
UNEXPECTED = 70
INTERRUPTED = 130

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_WORDS = tuple(
    words for code in NO_ROOM for words in (os.strerror(code), f"(os error {code})")
)
"""How engines that raise errors of their own kind (Polars, DuckDB) quote the system's."""


class Usage(OtdachaError):
    """A command line that cannot be understood."""

    exit_code = USAGE


class Interrupted(OtdachaError):
    """The user pressed Ctrl-C."""

    exit_code = INTERRUPTED


def interrupted() -> Interrupted:
    return Interrupted(text("Interrupted. What was finished is kept; repeat the command to go on."))


def report(fault: Exception, voice: Voice) -> int:
    """Say on stderr what went wrong, in the user's words; the exit code of the run."""
    known = understood(fault)
    if known is None:
        _say(voice, type(fault).__name__, UNEXPECTED, _unexpected(fault))
        if not voice.machine:
            traceback.print_exception(fault, file=sys.stderr)
        return UNEXPECTED
    _say(voice, type(known).__name__, known.exit_code, known.message)
    return known.exit_code


def understood(fault: Exception) -> OtdachaError | None:
    """The fault as one that the user can mend, if it is one."""
    if isinstance(fault, OtdachaError):
        return fault
    if _no_room(fault):
        file = getattr(fault, "filename", None)
        return WorkspaceProblem(
            text(
                "There is no room left on the disk{where}. Free some space and repeat the "
                "command: what was finished is kept.",
                where=f" ({file})" if file else "",
            )
        )
    if isinstance(fault, OSError) and fault.filename is not None and fault.strerror is not None:
        return WorkspaceProblem(
            text(
                "{file}: the system does not allow this ({fault}).",
                file=fault.filename,
                fault=fault.strerror,
            )
        )
    return None


def _no_room(fault: Exception) -> bool:
    if isinstance(fault, OSError) and fault.errno is not None:
        return fault.errno in NO_ROOM
    return any(words in str(fault) for words in _NO_ROOM_WORDS)


def _unexpected(fault: Exception) -> Text:
    return text(
        "This is a fault of Otdacha, not yours ({kind}: {fault}). Nothing half-written was left "
        "behind. Please send the developers the command and the lines below; look first that no "
        "personal data stands in them.",
        kind=type(fault).__name__,
        fault=fault,
    )


def _say(voice: Voice, kind: str, code: int, message: Text) -> None:
    said = voice.say(message)
    if voice.machine:
        fault = {"error": {"kind": kind, "exit_code": code, "message": said}}
        print(as_json(fault), file=sys.stderr)
    else:
        print(voice.say(text("Error: {message}", message=said)), file=sys.stderr)
