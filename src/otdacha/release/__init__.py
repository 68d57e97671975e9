"""One immutable published result: build, disclosure control, states, manifest, verify, export."""

from otdacha.release.build import build
from otdacha.release.diff import diff
from otdacha.release.export import FORMATS, export, table_bytes
from otdacha.release.figures_file import AskedForValueAdded, AskedToRank
from otdacha.release.release import Release, load, releases
from otdacha.release.reported import release_file
from otdacha.release.states import State
from otdacha.release.verify import FileCheck, Verification, verify

__all__ = [
    "FORMATS",
    "AskedForValueAdded",
    "AskedToRank",
    "FileCheck",
    "Release",
    "State",
    "Verification",
    "build",
    "diff",
    "export",
    "load",
    "release_file",
    "releases",
    "table_bytes",
    "verify",
]
