"""What may be said: shrinkage, the list, grades, rank ranges."""

from otdacha.ranking.rank import rank, told_apart
from otdacha.ranking.result import RANKING, Prior, Ranking
from otdacha.ranking.weights import WeightSweep, sweep_weights

__all__ = ["RANKING", "Prior", "Ranking", "WeightSweep", "rank", "sweep_weights", "told_apart"]
