"""Save a frame as the file that the user asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

from otdacha.cli.faults import Usage
from otdacha.cli.tables import only_the_first
from otdacha.cli.verb import option
from otdacha.language import Text, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.release.export import Format

FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet", "json")

MethodologyFile: TypeAlias = Annotated[
    Path | None,
    option(
        "--methodology",
        text("Another methodology file (otherwise the one that ships)."),
        text("FILE"),
    ),
]
SavedFormat: TypeAlias = Annotated[
    str | None,
    option(
        "--format",
        text("Format of the saved file (otherwise its ending says)."),
        "csv|xlsx|parquet|json",
    ),
]
SavedFile: TypeAlias = Annotated[
    Path | None,
    option("--out", text("Save the whole ranking to this file."), text("FILE")),
]
ReleaseFolder: TypeAlias = Annotated[
    Path | None,
    option(
        "--release",
        text(
            "Folder of a data bank of its own: the ranking becomes the next release there. Without "
            "--methodology it is then made by the one that ships for such figures."
        ),
        text("FOLDER"),
    ),
]
"""Options of the verbs that rank without a workspace."""
AboutFile: TypeAlias = Annotated[
    Path | None,
    option(
        "--about",
        text(
            "What the data bank is called and what its figures are (otherwise as in its last "
            "release)."
        ),
        "FILE.toml",
    ),
]


def new_file(path: Path, ending: str) -> Path:
    """The path, refused where it has another ending or a file is there: it may have been edited."""
    from otdacha.errors import FileProblem

    if path.suffix.lower() != ending:
        raise FileProblem(
            text("{file}: call the file something{ending}.", file=path, ending=ending)
        )
    if path.exists():
        raise FileProblem(
            text(
                "{file} is there already, and may have been edited: choose another name.", file=path
            )
        )
    return path


def known_format(written: str) -> Format:
    """The format, refused where it is none of ours."""
    for known in FORMATS:
        if known == written:
            return known
    raise Usage(
        text(
            "Format “{written}” is not known. Known: {known}.",
            written=written,
            known=", ".join(FORMATS),
        )
    )


def saved_or_begun(frame: pl.DataFrame, shown: int, out: Path | None, name: str) -> list[Text]:
    """What to say below a table that shows the first `shown` rows of a frame.

    The whole of it is saved to `out`, or, where it is longer, how to have it as `name`.
    """
    if out is not None:
        save(frame, out)
        return [text("All {count} are in {file}.", count=frame.height, file=out)]
    return only_the_first(shown, frame.height, name)


def save(frame: pl.DataFrame, out: Path, format: str | None = None) -> None:
    """Write `frame` to `out` whole or not at all; the ending of `out` decides the format."""
    from otdacha.records.formulas import without_formulas

    chosen = known_format(format or out.suffix.removeprefix(".").lower())
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            match chosen:
                case "csv":
                    # Excel reads UTF-8 only where it is marked
                    without_formulas(frame).write_csv(file, include_bom=True)
                case "xlsx":
                    frame.write_excel(file, autofit=True)
                case "parquet":
                    frame.write_parquet(file)
                case _:
                    frame.write_json(file)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
