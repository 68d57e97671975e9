"""The door: tables, readers, mapping profiles, checks, pseudonyms, the record store."""

from otdacha.records.add import add
from otdacha.records.current import columns_of, current, frame
from otdacha.records.findings import Finding, check
from otdacha.records.profiles import Profile, load_profile, shipped_profiles
from otdacha.records.reading import Reading, read_cells
from otdacha.records.reasons import FINDINGS, REASONS
from otdacha.records.saved_profile import save_profile
from otdacha.records.store import (
    Batch,
    batch_card,
    batches,
    rejected_rows,
    stored_rows,
    withdraw,
)
from otdacha.records.successions import Successions, successions
from otdacha.records.suggest import Suggestion, suggest, suggested_columns
from otdacha.records.tables import TABLES, Table
from otdacha.records.template import write_template
from otdacha.records.workspace import Workspace, create_workspace, open_workspace

__all__ = [
    "FINDINGS",
    "REASONS",
    "TABLES",
    "Batch",
    "Finding",
    "Profile",
    "Reading",
    "Successions",
    "Suggestion",
    "Table",
    "Workspace",
    "add",
    "batch_card",
    "batches",
    "check",
    "columns_of",
    "create_workspace",
    "current",
    "frame",
    "load_profile",
    "open_workspace",
    "read_cells",
    "rejected_rows",
    "save_profile",
    "shipped_profiles",
    "stored_rows",
    "successions",
    "suggest",
    "suggested_columns",
    "withdraw",
    "write_template",
]
