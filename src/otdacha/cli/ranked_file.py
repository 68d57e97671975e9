"""Rank a file with no workspace, and make a release of the ranking where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otdacha.cli.faults import Usage
from otdacha.language import Text, text

if TYPE_CHECKING:
    from otdacha.cli.voice import Voice
    from otdacha.effects import Effects
    from otdacha.methodology import Methodology
    from otdacha.ranking import Ranking
    from otdacha.release import Release
    from otdacha.release.figures_file import Asked


@dataclass(frozen=True)
class Found:
    """What a file says of providers, and the release that was made of it, if any."""

    effects: Effects
    ranking: Ranking
    methodology: Methodology
    release: Release | None


def ranked(
    voice: Voice,
    file: Path,
    asked: Asked,
    methodology: Path | None,
    folder: Path | None,
    about: Path | None,
) -> Found:
    """Rank the file, and land a release in `folder` where one is named.

    Without a methodology the one for work results is taken, as ever; for a release the one that
    ships for such figures, because a release must say what its figure is.
    """
    from otdacha.methodology import default_methodology, load_methodology
    from otdacha.release.figures_file import rank_file
    from otdacha.release.reported import publish_file, rules_for

    if folder is None and about is not None:
        raise Usage(text("--about says what a release is called: name its folder with --release."))
    release = None
    with voice.progress() as progress:
        if folder is None:
            rules = load_methodology(methodology) if methodology else default_methodology()
            found = rank_file(file, asked, rules, progress=progress)
        else:
            rules, content = rules_for(asked, methodology)
            found = rank_file(file, asked, rules, progress=progress)
            release = publish_file(found, folder, rules, content, about=about, progress=progress)
    return Found(found.effects, found.ranking, rules, release)


def saved(out: Path) -> Text:
    """Where the ranking is."""
    return text("The whole ranking is in {file}.", file=out)


def landed(release: Release | None) -> tuple[dict[str, Any], list[Text]]:
    """Where the release is, for a machine and for people; nothing where none was asked for."""
    if release is None:
        return {}, []
    ready = text(
        "The release {release} is ready: {path}", release=release.path.name, path=release.path
    )
    document = {"release": {"id": release.id, "path": str(release.path), "hash": release.hash}}
    return document, [ready]
