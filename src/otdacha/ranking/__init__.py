"""What may be said: shrinkage, the list, grades, rank ranges."""

from otdacha.ranking.rank import rank, told_apart
from otdacha.ranking.result import RANKING, Prior, Ranking

__all__ = ["RANKING", "Prior", "Ranking", "rank", "told_apart"]
