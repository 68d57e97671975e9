"""Help pages in the user's language, drawn from what the verbs declare."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from otdacha.cli.faults import Usage
from otdacha.language import Language, Text, catalogue, text

COMMON = (
    ("--lang ru|en", text("Language (otherwise the workspace's, otherwise Russian).")),
    ("--json", text("One JSON document instead of sentences and tables.")),
    ("--help", text("Show this page.")),
)
VERSION = ("--version", text("Show the version."))


class VerbCommand(TyperCommand):
    """A verb whose help page and usage errors are put into the user's language."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest:
            raise Usage(
                text(
                    "Too many arguments: {arguments}. See: {command} --help",
                    arguments=" ".join(rest),
                    command=ctx.command_path,
                )
            )
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        words = _Words(ctx)
        arguments = [
            (words.said(parameter.metavar), words.said(_about(parameter)))
            for parameter in self.params
            if parameter.param_type_name == "argument"
        ]
        options = [
            (
                " ".join([parameter.opts[0], words.said(parameter.metavar)]).strip(),
                words.said(_about(parameter)),
            )
            for parameter in self.params
            if parameter.param_type_name == "option"
        ]
        pieces = [
            metavar if parameter.required else f"[{metavar}]"
            for (metavar, _), parameter in zip(arguments, self.params, strict=False)
        ]
        words.usage(formatter, ctx.command_path, [*pieces, words.say(text("[OPTIONS]"))])
        words.paragraph(formatter, words.said(self.help))
        words.section(formatter, text("Arguments"), arguments)
        common = [(name, words.say(about)) for name, about in COMMON]
        words.section(formatter, text("Options"), [*options, *common])
        formatter.write(f"\n{words.say(text('Example'))}:\n")
        for line in (self.epilog or "").splitlines():
            formatter.write(f"  {line}\n")


class VerbGroup(TyperGroup):
    """`otdacha` itself: the list of its verbs, in the order in which they are used."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.commands, n=1)
            if near:
                raise Usage(
                    text(
                        "There is no verb {name}. Did you mean {near}?", name=args[0], near=near[0]
                    )
                )
            raise Usage(text("There is no verb {name}. See: otdacha --help", name=args[0]))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        words = _Words(ctx)
        rest = [words.say(text("VERB")), words.say(text("[OPTIONS]"))]
        words.usage(formatter, ctx.command_path, rest)
        words.paragraph(formatter, words.said(self.help))
        verbs = [
            (name, words.said(command.help).partition("\n")[0])
            for name, command in self.commands.items()
        ]
        words.section(formatter, text("Verbs"), verbs)
        common = [(name, words.say(about)) for name, about in (*COMMON, VERSION)]
        words.section(formatter, text("Options"), common)
        formatter.write(f"\n{words.say(text('Example'))}:\n  {self.epilog}\n")


def _about(parameter: Any) -> str | None:
    about: str | None = parameter.help
    return about


class _Words:
    """Writes parts of a help page in the language of the voice that the context carries."""

    def __init__(self, ctx: Any) -> None:
        self.language: Language = ctx.find_root().obj.language

    def say(self, sentence: Text) -> str:
        return sentence.said(self.language)

    def said(self, template: str | None) -> str:
        """A text that Typer carried as a string: the template is the catalogue's key."""
        return catalogue(self.language).gettext(template) if template else ""

    def usage(self, formatter: Any, command: str, pieces: list[str]) -> None:
        formatter.write_usage(command, " ".join(pieces), prefix=f"{self.say(text('Usage'))}: ")

    def paragraph(self, formatter: Any, said: str) -> None:
        formatter.write("\n")
        for line in said.splitlines():
            formatter.write_text(line)

    def section(self, formatter: Any, title: Text, rows: list[tuple[str, str]]) -> None:
        if rows:
            with formatter.section(self.say(title)):
                formatter.write_dl(rows)
