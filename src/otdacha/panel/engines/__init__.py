"""What works a panel out: DuckDB, a Spark cluster or PostgreSQL, behind the same few verbs."""

from otdacha.panel.engines.engine import Engine, connection_of, working_on

__all__ = ["Engine", "connection_of", "working_on"]
