"""Does a release hold what it says, and does it come out the same when it is made again?"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from otdacha.language import Text, text
from otdacha.methodology import load_methodology
from otdacha.progress import Progress, silent
from otdacha.records import (
    TABLES,
    Workspace,
    batch_card,
    batch_of,
    batches,
    open_workspace,
    said_erased,
    stored_rows,
)
from otdacha.records.reading import read_bytes
from otdacha.release.about import About
from otdacha.release.build import contents, evaluate
from otdacha.release.figures_file import asked_of, rank_file
from otdacha.release.manifest import inputs, software
from otdacha.release.release import MANIFEST, METHODOLOGY, load, read_manifest
from otdacha.release.reported import contents_of_file
from otdacha.release.runs import NOTHING_KEPT
from otdacha.release.writing import hash_of, hash_of_file

Kept = Literal["as named", "altered", "missing", "not named"]
"""A file against the manifest: its hash is the one named there, or not; "not named" is a file that
the manifest does not know."""

Remade = Literal["same bytes", "different bytes", "not computed"]


@dataclass(frozen=True)
class FileCheck:
    """One file of a release: against its hash in the manifest, and against its recomputation."""

    name: str
    kept: Kept
    remade: Remade

    @property
    def good(self) -> bool:
        return self.kept == "as named" and self.remade != "different bytes"


@dataclass(frozen=True)
class Verification:
    """What `verify` found.

    files: in the manifest's order, the manifest last. recomputed: whether the release was made anew
    from its records. differences: what differs about code, platform or records, as sentences; they
    explain differing bytes but are no fault of the release by themselves.
    """

    release: str
    files: tuple[FileCheck, ...]
    recomputed: bool
    same_source: bool
    differences: tuple[Text, ...]

    @property
    def intact(self) -> bool:
        """Every file is as the manifest names it."""
        return all(file.kept == "as named" for file in self.files)

    @property
    def good(self) -> bool:
        """Intact, and what could be recomputed came out with the same bytes."""
        return all(file.good for file in self.files)

    @property
    def verdict(self) -> Text:
        """The answer in one sentence."""
        if not self.intact:
            return text(
                "The release {release} is damaged or was altered: files differ from the manifest.",
                release=self.release,
            )
        if not self.recomputed:
            return text(
                "Every file of the release {release} is as the manifest names it. It was not "
                "computed anew.",
                release=self.release,
            )
        if not self.good:
            return text(
                "The release {release} does not come out the same from what it was made of.",
                release=self.release,
            )
        return text(
            "The release {release} was computed anew from what it was made of, and every byte is "
            "the same.",
            release=self.release,
        )


def verify(
    path: Path,
    workspace: Workspace | None = None,
    *,
    file: Path | None = None,
    progress: Progress = silent,
) -> Verification:
    """Check the release in `path` against its manifest, then make it anew and compare the bytes.

    workspace: where the records lie; by default the workspace whose `releases` folder this is. If
    there is none, only the hashes are checked. Batches that were added or withdrawn since are of no
    concern: exactly the manifest's batches are used, in their order. file: of a release of
    somebody's figures, the file that they came in.

    Raises ReleaseProblem where `path` is no release.
    """
    manifest = read_manifest(path)
    kept = _kept(path, manifest)
    made_with = software()
    differences = _other_software(manifest["software"], made_with)
    remade: Mapping[str, bytes] = {}
    if kept.get(METHODOLOGY) != "as named":
        differences.append(
            text("The methodology in the release is not the one that the manifest names.")
        )
    elif manifest["reported"] is not None:
        if lost := [*_lost_file(file, manifest), *_lost_previous(path, manifest)]:
            differences += lost
        elif file is not None:
            remade = _remade_from_file(path, manifest, file, progress)
    else:
        if workspace is None and (path.absolute().parents[1] / "otdacha.toml").is_file():
            workspace = open_workspace(path.absolute().parents[1])
        if workspace is None:
            differences.append(
                text("No workspace with the records was found, so only the hashes were checked.")
            )
        elif lost := [*_lost(workspace, manifest), *_lost_previous(path, manifest)]:
            differences += lost
        else:
            remade = _remade(path, manifest, workspace, progress)
    return Verification(
        release=str(manifest["release"]),
        files=tuple(
            FileCheck(name, state, _compared(path / name, remade)) for name, state in kept.items()
        ),
        recomputed=bool(remade),
        same_source=manifest["software"]["source"] == made_with["source"],
        differences=tuple(differences),
    )


def _kept(path: Path, manifest: Mapping[str, Any]) -> dict[str, Kept]:
    """Every file that is named or there; the manifest itself has nobody to name it."""
    found: dict[str, Kept] = {}
    for name, named in manifest["files"].items():
        if not (path / name).is_file():
            found[name] = "missing"
        else:
            found[name] = "as named" if hash_of_file(path / name) == named["sha256"] else "altered"
    for other in sorted(entry.name for entry in path.iterdir()):
        if other not in found and other != MANIFEST:
            found[other] = "not named"
    found[MANIFEST] = "as named"
    return found


def _other_software(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Text]:
    found = []
    if then["source"] != now["source"]:
        found.append(
            text(
                "The release was made by another version of the code ({then}, source "
                "{then_source}; here {now}, source {now_source}): differing bytes may come from "
                "that.",
                then=then["otdacha"],
                then_source=then["source"][:12],
                now=now["otdacha"],
                now_source=now["source"][:12],
            )
        )
    packages = sorted({*then["packages"], *now["packages"]})
    versions: list[tuple[Text | str, str, str]] = [
        ("Python", then["python"], now["python"]),
        (text("platform"), then["platform"], now["platform"]),
        *(
            (name, then["packages"].get(name, "-"), now["packages"].get(name, "-"))
            for name in packages
        ),
    ]
    return found + [
        text("{what}: {then} then, {now} here.", what=what, then=old, now=new)
        for what, old, new in versions
        if old != new
    ]


def _lost(workspace: Workspace, manifest: Mapping[str, Any]) -> list[Text]:
    """Batches of the release that the workspace no longer holds as they were."""
    found = []
    for batch in manifest["inputs"]:
        rows = stored_rows(workspace, batch["table"], batch["batch"])
        card = batch_card(workspace, batch["batch"])
        if card.is_file() and (known := batch_of(workspace, batch["batch"])).erased is not None:
            found += [
                said_erased(known),
                text("So the release cannot be computed anew."),
            ]
        elif not rows.is_file():
            found.append(
                text(
                    "Batch {batch} of the table {table} is no longer in the workspace, so the "
                    "release cannot be computed anew.",
                    batch=batch["batch"],
                    table=batch["table"],
                )
            )
        elif TABLES[batch["table"]].pseudonyms and _is_since(workspace.key_changed(), manifest):
            changed = workspace.key_changed() or ""
            of_the_key = text(
                "The pseudonym key was changed on {day}, after the release: its people have new "
                "pseudonyms now, so the release cannot be computed anew.",
                day=changed[:10],
            )
            if of_the_key not in found:
                found.append(of_the_key)
        elif hash_of_file(rows) != batch["stored"]:
            found.append(
                text(
                    "Batch {batch} of the table {table} was altered since the release, so the "
                    "release cannot be computed anew.",
                    batch=batch["batch"],
                    table=batch["table"],
                )
            )
    return found


def _is_since(moment: str | None, manifest: Mapping[str, Any]) -> bool:
    """Whether something happened after the release was made, as far as seconds tell."""
    if moment is None:
        return False
    return dt.datetime.fromisoformat(moment) >= dt.datetime.fromisoformat(manifest["created"])


def _lost_previous(path: Path, manifest: Mapping[str, Any]) -> list[Text]:
    """The release before, which this one was compared with, where it is gone or another one."""
    named = manifest["previous"]
    if named is None:
        return []
    before = path.absolute().parent / named["release"] / MANIFEST
    if before.is_file() and hash_of_file(before) == named["manifest"]:
        return []
    return [
        text(
            "The release {release}, with which this one was compared before it was published, does "
            "not stand beside it as it was, so the release cannot be computed anew.",
            release=named["release"],
        )
    ]


def _remade(
    path: Path, manifest: Mapping[str, Any], workspace: Workspace, progress: Progress
) -> dict[str, bytes]:
    """The release's files, computed from its batches by its methodology.

    The manifest is made with the software that the released one names, so that it differs only
    where results do; other software is reported apart.
    """
    methodology = load_methodology(path / METHODOLOGY)
    named = manifest["previous"]
    with tempfile.TemporaryDirectory(prefix="otdacha-verify-") as folder:
        then = _as_it_was(workspace, manifest, Path(folder))
        results = evaluate(then, methodology, NOTHING_KEPT, progress=progress)
        return contents(
            results,
            inputs=inputs(then, batches(then)),
            invented=then.invented,
            methodology=methodology,
            methodology_bytes=(path / METHODOLOGY).read_bytes(),
            release=manifest["release"],
            created=dt.datetime.fromisoformat(manifest["created"]),
            previous=load(path.absolute().parent / named["release"]) if named else None,
            made_with=manifest["software"],
            about=About.model_validate(manifest["about"]),
        )


def _lost_file(file: Path | None, manifest: Mapping[str, Any]) -> list[Text]:
    """The file that the figures came in, where it is not here or another one."""
    if file is None:
        return [
            text(
                "Somebody's figures were ranked. Name the file that they came in (--file), and the "
                "release is computed anew; so far only the hashes were checked."
            )
        ]
    if hash_of(read_bytes(file)) == manifest["reported"]["file"]:
        return []
    return [
        text(
            "{file} is not the file that the release was made from, so the release cannot be "
            "computed anew.",
            file=file,
        )
    ]


def _remade_from_file(
    path: Path, manifest: Mapping[str, Any], file: Path, progress: Progress
) -> dict[str, bytes]:
    """The release's files, computed from the file by its methodology and what was asked then."""
    methodology = load_methodology(path / METHODOLOGY)
    before = manifest["previous"]
    found = rank_file(file, asked_of(manifest["reported"]), methodology, progress=progress)
    return contents_of_file(
        found,
        methodology=methodology,
        methodology_bytes=(path / METHODOLOGY).read_bytes(),
        release=manifest["release"],
        created=dt.datetime.fromisoformat(manifest["created"]),
        previous=load(path.absolute().parent / before["release"]) if before else None,
        made_with=manifest["software"],
        about=About.model_validate(manifest["about"]),
    )


def _as_it_was(workspace: Workspace, manifest: Mapping[str, Any], folder: Path) -> Workspace:
    """A workspace that holds exactly the release's batches: links to them, no copies."""
    for name in ("otdacha.toml", "methodology.toml"):
        shutil.copyfile(workspace.path / name, folder / name)
    for batch in manifest["inputs"]:
        rows = stored_rows(workspace, batch["table"], batch["batch"])
        for original in (rows, batch_card(workspace, batch["batch"])):
            _link(original, workspace, folder)
    if workspace.key_card.is_file():
        _link(workspace.key_card, workspace, folder)
    return open_workspace(folder)


def _link(original: Path, workspace: Workspace, folder: Path) -> None:
    link = folder / original.relative_to(workspace.path)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(original.absolute())


def _compared(released: Path, remade: Mapping[str, bytes]) -> Remade:
    if released.name not in remade or not released.is_file():
        return "not computed"
    same = released.read_bytes() == remade[released.name]
    return "same bytes" if same else "different bytes"
