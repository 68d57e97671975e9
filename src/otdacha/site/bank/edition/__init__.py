"""One release of one data bank in one language, and what is said of it as a whole."""

from otdacha.site.bank.edition.edition import Edition, edition_of

__all__ = ["Edition", "edition_of"]
