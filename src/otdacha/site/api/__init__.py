"""The interface for programs, /api/v1: the rows of a release with their typed states, read-only."""
