"""The law of pay with dates: `pay/*.toml` of a workspace, and the federal law that ships."""

from otdacha.pay.parameters.entries import OTHERS, folded
from otdacha.pay.parameters.file import federal_bytes, law_in, load_law, template_bytes
from otdacha.pay.parameters.law import Law, RegionalLaw

__all__ = [
    "OTHERS",
    "Law",
    "RegionalLaw",
    "federal_bytes",
    "folded",
    "law_in",
    "load_law",
    "template_bytes",
]
