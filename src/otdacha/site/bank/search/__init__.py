"""Find organisations by what people write: word forms, ё and е, typos, Latin letters."""

from otdacha.site.bank.search.finding import Correction, Found, find
from otdacha.site.bank.search.indexing import index

__all__ = ["Correction", "Found", "find", "index"]
