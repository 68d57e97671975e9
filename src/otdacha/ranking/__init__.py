"""What may be said: shrinkage, the list, grades, rank ranges; does it predict, other weights."""

from otdacha.ranking.grades import GRADE_PATH
from otdacha.ranking.rank import rank, told_apart
from otdacha.ranking.result import RANKING, Prior, Ranking
from otdacha.ranking.weights import WeightSweep, sweep_weights

__all__ = [
    "GRADE_PATH",
    "RANKING",
    "Prior",
    "Ranking",
    "WeightSweep",
    "rank",
    "sweep_weights",
    "told_apart",
]
