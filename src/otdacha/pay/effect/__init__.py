"""What measures bring: people who stay, vacancies that are spared, training that is kept."""

from otdacha.pay.effect.avoided import AVOIDED, SHARED, avoided, sums_of_towns
from otdacha.pay.effect.distribution import distribution
from otdacha.pay.effect.effect import TOWNS, Effect, effect
from otdacha.pay.effect.exits import EXITS, expected_exits
from otdacha.pay.effect.training import TRAINING, planned_training, training_value
from otdacha.pay.effect.vacancies import VacancyCost

__all__ = [
    "AVOIDED",
    "EXITS",
    "SHARED",
    "TOWNS",
    "TRAINING",
    "Effect",
    "VacancyCost",
    "avoided",
    "distribution",
    "effect",
    "expected_exits",
    "planned_training",
    "sums_of_towns",
    "training_value",
]
