"""`otdacha serve`: the site of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from otdacha.cli.verb import Answer, Verb, argument, option
from otdacha.cli.voice import Voice
from otdacha.language import text


def serve(
    voice: Voice,
    workspace: Annotated[Path, argument(text("Folder of the workspace."), text("WORKSPACE"))],
    port: Annotated[int, option("--port", text("Port that it listens on."), text("NUMBER"))] = 8000,
    host: Annotated[
        str,
        option(
            "--host",
            text("Address that it listens on; 0.0.0.0 is every address of this machine."),
            text("ADDRESS"),
        ),
    ] = "127.0.0.1",
    workers: Annotated[
        int, option("--workers", text("Processes that answer at the same time."), text("NUMBER"))
    ] = 2,
) -> Answer:
    from otdacha.records import open_workspace
    from otdacha.site.serving import serve as run
    from otdacha.site.starting import start

    start(open_workspace(workspace))
    address = f"http://{host}:{port}/"
    voice.tell(text("The site is open at {address}. Ctrl+C ends it.", address=address))
    run(host, port, workers)
    return Answer({"address": address}, [text("The site is closed.")])


SERVE = Verb(
    "serve",
    serve,
    text(
        "Open the site of a workspace in a browser.\n"
        "It shows the releases that were published; it needs no other server. What it keeps lies "
        "in site.sqlite3 of the workspace, or in PostgreSQL by one line of its otdacha.toml."
    ),
    "otdacha serve union",
)
