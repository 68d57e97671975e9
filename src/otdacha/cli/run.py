"""Start a verb, and end the run with its exit code."""

from __future__ import annotations

import inspect
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import typer
from typer.main import get_command

from otdacha.cli.faults import Usage, interrupted, report
from otdacha.cli.help import VerbCommand, VerbGroup
from otdacha.cli.settings import UnknownLanguage, taken_from
from otdacha.cli.verb import Verb
from otdacha.cli.verbs import VERBS
from otdacha.cli.voice import Voice
from otdacha.language import text

ABOUT = text(
    "Otdacha finds out which training of municipal servants makes municipal services better, "
    "and says only what is certain enough."
)


def run(line: Sequence[str]) -> int:
    """Run one command line; the exit code."""
    try:
        voice, rest = taken_from(line)
    except UnknownLanguage as fault:
        return report(fault, fault.voice)
    _never_fail_to_speak(voice)
    pressed = _notice_interrupts()
    try:
        code = _started(rest or ["--help"], voice)
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read our output went away (`otdacha show ... | head`): nothing to report
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return report(interrupted(), voice)
    except Exception as fault:  # noqa: BLE001 - the edge: every fault becomes words and a code
        # engines written in other languages turn Ctrl-C into an error of their own
        return report(interrupted() if pressed else fault, voice)
    return code


def _started(line: Sequence[str], voice: Voice) -> int:
    if list(line) == ["--version"]:
        from otdacha import __version__

        print(f"otdacha {__version__}")
        return 0
    command: Any = get_command(application())
    try:
        ended = command.main(list(line), prog_name="otdacha", standalone_mode=False, obj=voice)
    except Exception as fault:
        usage = _usage_problem(fault)
        if usage is None:
            raise
        raise usage from fault
    return ended if isinstance(ended, int) else 0


def application() -> typer.Typer:
    """The Typer application made of the verbs."""
    app = typer.Typer(
        cls=VerbGroup,
        help=ABOUT.template,
        epilog="otdacha demo union",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)
    for verb in VERBS:
        app.command(verb.name, cls=VerbCommand, help=verb.about.template, epilog=verb.example)(
            _callback(verb)
        )
    return app


def _callback(verb: Verb) -> Any:
    """`verb.run` as Typer wants it: the voice comes from the context, the rest from the line."""

    def called(ctx: typer.Context, **written: Any) -> int:
        voice: Voice = ctx.obj
        try:
            answer = verb.run(voice, **written)
        except KeyboardInterrupt:
            # Typer would end the run without a word
            raise interrupted() from None
        voice.answer(answer)
        return answer.exit_code

    signature = inspect.signature(verb.run, eval_str=True)
    _, *parameters = signature.parameters.values()
    context = inspect.Parameter(
        "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    shape = signature.replace(parameters=[context, *parameters])
    vars(called)["__signature__"] = shape
    called.__annotations__ = {p.name: p.annotation for p in shape.parameters.values()}
    return called


def _usage_problem(fault: Exception) -> Usage | None:
    """Typer's complaint about the command line, in our words; None where it is something else."""
    # Typer carries its own copy of Click and names these classes nowhere public
    kind = type(fault).__name__
    context = getattr(fault, "ctx", None)
    command = context.command_path if context else "otdacha"
    parameter = getattr(fault, "param", None)
    if kind == "MissingParameter" and parameter is not None:
        return Usage(
            text(
                "{name} is missing. See: {command} --help",
                name=text(parameter.metavar)
                if parameter.param_type_name == "argument"
                else parameter.opts[0],
                command=command,
            )
        )
    if kind == "NoSuchOption":
        return Usage(
            text(
                "There is no option {option}. See: {command} --help",
                option=getattr(fault, "option_name", ""),
                command=command,
            )
        )
    if kind == "BadOptionUsage":
        return Usage(
            text(
                "Option {option}: its value is missing, or it takes none. See: {command} --help",
                option=getattr(fault, "option_name", ""),
                command=command,
            )
        )
    if hasattr(fault, "format_message"):
        return Usage(
            text(
                "The command line is not understood ({fault}). See: {command} --help",
                fault=fault.format_message(),
                command=command,
            )
        )
    return None


def _never_fail_to_speak(voice: Voice) -> None:
    """A terminal that lacks a letter gets a question mark; a machine always gets UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if voice.machine else None, errors="replace")


def _notice_interrupts() -> list[int]:
    """Remember that Ctrl-C was pressed, besides raising KeyboardInterrupt as ever."""
    pressed: list[int] = []

    def notice(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, notice)
    return pressed
