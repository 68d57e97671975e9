"""How long an answer may take."""

SEARCHING = 60.0
"""Seconds of a search, however long that of the plan was."""
EXPLAINING = 45.0
"""Seconds in which it is found out why no plan is possible."""
