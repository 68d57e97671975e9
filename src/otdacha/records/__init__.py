"""The door: tables, readers, mapping profiles, checks, pseudonyms, the record store."""

from otdacha.records.add import add
from otdacha.records.cards import Batch, batch_card, batch_of, batches, said_erased
from otdacha.records.current import columns_of, current, frame
from otdacha.records.findings import Checked, Finding, check, checked
from otdacha.records.graduates import NOT_TAKEN, Graduates, finish_training
from otdacha.records.links import CONFIDENCE, DOUBTS, Links, links
from otdacha.records.named import Names, names_from_roster
from otdacha.records.numbers import with_numbers
from otdacha.records.profiles import Profile, load_profile, shipped_profiles
from otdacha.records.reading import Reading, read_cells
from otdacha.records.reasons import FINDINGS, REASONS
from otdacha.records.rejected_file import Written, corrected_since, write_corrections
from otdacha.records.rotation import rotate_key
from otdacha.records.saved_profile import save_profile
from otdacha.records.store import rejected_rows, steady, stored_rows, withdraw
from otdacha.records.successions import Successions, successions
from otdacha.records.suggest import Suggestion, suggest, suggested_columns
from otdacha.records.tables import TABLES, Table
from otdacha.records.template import template_bytes, write_template
from otdacha.records.trial import Fault, Trial, tried
from otdacha.records.workspace import Workspace, create_workspace, open_workspace

__all__ = [
    "CONFIDENCE",
    "DOUBTS",
    "FINDINGS",
    "NOT_TAKEN",
    "REASONS",
    "TABLES",
    "Batch",
    "Checked",
    "Fault",
    "Finding",
    "Graduates",
    "Links",
    "Names",
    "Profile",
    "Reading",
    "Successions",
    "Suggestion",
    "Table",
    "Trial",
    "Workspace",
    "Written",
    "add",
    "batch_card",
    "batch_of",
    "batches",
    "check",
    "checked",
    "columns_of",
    "corrected_since",
    "create_workspace",
    "current",
    "finish_training",
    "frame",
    "links",
    "load_profile",
    "names_from_roster",
    "open_workspace",
    "read_cells",
    "rejected_rows",
    "rotate_key",
    "said_erased",
    "save_profile",
    "shipped_profiles",
    "steady",
    "stored_rows",
    "successions",
    "suggest",
    "suggested_columns",
    "template_bytes",
    "tried",
    "with_numbers",
    "withdraw",
    "write_corrections",
    "write_template",
]
