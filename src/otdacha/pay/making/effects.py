"""What measures bring once they are paid out: the estimate applied to everybody's pay."""

from __future__ import annotations

import datetime as dt

from otdacha.pay.effect import Effect, VacancyCost, effect
from otdacha.pay.leaving import Leaving
from otdacha.pay.making.material import Material
from otdacha.pay.making.paid import PaidOut


def effect_of(material: Material, found: Leaving, paid: PaidOut) -> Effect:
    """The effect of what was paid out, by town and in all."""
    return effect(
        found,
        material.posts,
        paid.by_post,
        material.wages,
        vacancy_costs(material),
        material.training,
        material.horizon,
    )


def vacancy_costs(material: Material) -> dict[str, VacancyCost]:
    """What an empty post costs in each region, as its law of pay says on the first day.

    Contributions are those below the yearly ceiling, which hardly anybody's pay exceeds.
    """
    day = dt.date(material.years[0], 1, 1)
    insured = material.law.contributions_on(day)
    costs = {}
    for region in material.posts["region"].unique().sort():
        said = material.law.of(region).vacancy_on(day)
        costs[region] = VacancyCost(
            months=said.months,
            hiring_salaries=said.hiring_salaries,
            learning_months=said.learning_months,
            learning_loss=said.learning_loss,
            contributions=insured.rate + insured.injury,
        )
    return costs
