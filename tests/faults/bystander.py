"""Somebody who looks at a workspace from outside: JSON, hashes and pyarrow, none of our readers.

Whatever is visible must be whole, and whatever was acknowledged must be there.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyarrow import parquet

CARD = re.compile(r"[0-9a-f]{20}(-\d+)?\.json")


def hash_of(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def cards(workspace: Path) -> dict[str, dict[str, Any]]:
    """The batches that exist, by name."""
    folder = workspace / "records" / "batches"
    found = {}
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if CARD.fullmatch(file.name):
            found[file.stem] = json.loads(file.read_text("utf-8"))
    return found


def seen(workspace: Path, acknowledged: dict[str, Path]) -> list[str]:
    """What is wrong with a workspace. acknowledged: by batch the file whose rows were promised."""
    wrong = []
    there = cards(workspace)
    for name, source in acknowledged.items():
        if name not in there:
            wrong.append(f"batch {name} was acknowledged and is gone")
        elif there[name]["source_hash"] != hash_of(source):
            wrong.append(f"batch {name} is not of the file that was given")
    for name, card in there.items():
        wrong += _batch(workspace, name, card)
    wrong += _files(workspace)
    wrong += [fault for release in releases(workspace) for fault in _release(release)]
    return wrong


def _batch(workspace: Path, name: str, card: dict[str, Any]) -> list[str]:
    rows = workspace / "records" / card["table"] / f"{name}.parquet"
    rejected = workspace / "records" / "rejected" / f"{name}.parquet"
    if not (rows.is_file() and rejected.is_file()):
        return [f"batch {name} has a card but not its rows"]
    wrong = []
    if hash_of(rows) != card["rows_hash"]:
        wrong.append(f"batch {name}: the rows are not those of the card")
    table = parquet.read_table(rows)
    if table.num_rows != card["accepted"]:
        wrong.append(f"batch {name}: {table.num_rows} rows, {card['accepted']} in the card")
    if table.num_rows and set(table["_batch"].unique().to_pylist()) != {name}:
        wrong.append(f"batch {name}: rows of another batch")
    told = len(parquet.read_table(rejected)["row"].unique())
    if told != card["rejected"]:
        wrong.append(f"batch {name}: {told} rejected rows, {card['rejected']} in the card")
    return wrong


def _files(workspace: Path) -> list[str]:
    """Every file under a name that a reader looks for can be read to its end."""
    wrong = []
    for file in workspace.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(workspace).parts)
        if hidden or not file.is_file():
            continue
        try:
            if file.suffix == ".parquet":
                parquet.read_table(file)
            elif file.suffix == ".json":
                json.loads(file.read_text("utf-8"))
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is half a file
            wrong.append(f"{file.name} is half a file: {fault}")
    return wrong


def releases(workspace: Path) -> list[Path]:
    """The releases that a reader sees."""
    folder = workspace / "releases"
    found = folder.iterdir() if folder.is_dir() else iter(())
    return sorted(one for one in found if re.fullmatch(r"\d{4}\.\d+", one.name))


def _release(release: Path) -> list[str]:
    if not (release / "manifest.json").is_file():
        return [f"release {release.name} has no manifest"]
    named = json.loads((release / "manifest.json").read_text("utf-8"))["files"]
    wrong = [
        f"release {release.name}: {name} is not as named"
        for name, told in named.items()
        if not (release / name).is_file() or hash_of(release / name) != told["sha256"]
    ]
    others = {file.name for file in release.iterdir()} - {*named, "manifest.json"}
    return wrong + [f"release {release.name}: {name} is not named" for name in others]


def records_of(workspace: Path) -> dict[str, str]:
    """The hash of everything that adding a file leaves, but for when and in which order it came."""
    found = {}
    for file in sorted((workspace / "records").rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(workspace).parts)
        if not file.is_file() or hidden:
            continue
        name = file.relative_to(workspace).as_posix()
        if file.parent.name == "batches":
            card = json.loads(file.read_text("utf-8"))
            kept = {key: value for key, value in card.items() if key not in ("added", "order")}
            found[name] = sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
        else:
            found[name] = hash_of(file)
    return found


def content_of(release: Path) -> dict[str, str]:
    """The hash of every file of a release; of the manifest, but for the moment it was made."""
    found = {file.name: hash_of(file) for file in sorted(release.iterdir())}
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    del manifest["created"]
    found["manifest.json"] = sha256(json.dumps(manifest).encode()).hexdigest()
    return found
