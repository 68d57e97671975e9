"""What works a panel out: DuckDB, a Spark cluster or PostgreSQL, each behind the same three verbs."""

from otdacha.panel.engines.engine import Engine, connection_of, working_on
from otdacha.panel.engines.opened import opened

__all__ = ["Engine", "connection_of", "opened", "working_on"]
