"""How long an answer may take."""

SEARCHING = 50.0
"""Seconds of a search, however long that of the plan was."""
KILLED = 60.0
"""Seconds after which the process that searches is killed."""
EXPLAINING = 45.0
"""Seconds, or a little more, in which it is found out why no plan is possible."""
