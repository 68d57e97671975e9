"""One organisation of an edition: its figures, charts, tables, and what is said of it in words."""

from otdacha.site.bank.profile.profile import Past, Peers, Profile, profile_of

__all__ = ["Past", "Peers", "Profile", "profile_of"]
