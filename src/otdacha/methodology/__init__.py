"""What we measure and what counts as enough: versioned files and their typed model."""

from otdacha.methodology.load import (
    DEFAULT,
    default_methodology,
    default_methodology_bytes,
    load_methodology,
)
from otdacha.methodology.model import (
    Against,
    Design,
    Disclosure,
    Gates,
    Indicator,
    Listing,
    Methodology,
    Minimum,
    Named,
    Predicting,
    RankRanges,
    Shrinkage,
    WorkingDays,
)
from otdacha.methodology.settings import (
    SettingsFile,
    first_fault,
    read_settings,
    read_toml,
    toml_in,
)

__all__ = [
    "DEFAULT",
    "Against",
    "Design",
    "Disclosure",
    "Gates",
    "Indicator",
    "Listing",
    "Methodology",
    "Minimum",
    "Named",
    "Predicting",
    "RankRanges",
    "SettingsFile",
    "Shrinkage",
    "WorkingDays",
    "default_methodology",
    "default_methodology_bytes",
    "first_fault",
    "load_methodology",
    "read_settings",
    "read_toml",
    "toml_in",
]
