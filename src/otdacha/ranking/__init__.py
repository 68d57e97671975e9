"""What may be said: shrinkage, the list, grades, rank ranges."""

from otdacha.ranking.rank import rank
from otdacha.ranking.result import RANKING, Prior, Ranking

__all__ = ["RANKING", "Prior", "Ranking", "rank"]
