"""Does the effect rest on a dip just before training? (Ashenfelter 1978)

The last months before training are left out and the overall effect is estimated again, on the same
exposed cells. Figure: p-value of the difference, whose standard error is exact: it comes from the
difference of the scores.
"""

from __future__ import annotations

import polars as pl

from otdacha.effects.gates.gate import Gate, chance, decimal, not_testable, outcome
from otdacha.effects.gates.material import Material
from otdacha.effects.observed import Question
from otdacha.language import text

ID = "donut"


def donut(given: Material) -> Gate:
    rules, name = given.rules, given.fixed.headline
    near = (pl.col("lead") <= rules.donut_months).fill_null(False)
    observed = given.observed
    still_compared = given.before.filter(~near).select("unit").unique()
    exposed = observed.exposed & observed.only(
        given.months.join(still_compared, on="unit", how="semi")["place"]
    )
    far = observed.clean & ~observed.only(given.before.filter(near)["place"])
    whole = given.overall_of(Question(observed.clean, exposed, given.together))
    without = given.overall_of(Question(far, exposed, given.together))
    difference = without.minus(whole)
    if not difference.known.all():
        return not_testable(
            ID,
            text(
                "Whether the effect rests on a dip just before training cannot be tested: without "
                "the last {months} months before training too little is left to compare with.",
                months=rules.donut_months,
            ),
            rules.level,
            name,
        )
    p = float(difference.p_values()[0])
    figures = {
        "months": rules.donut_months,
        "without": decimal(float(without.estimate[0])),
        "whole": decimal(float(whole.estimate[0])),
        "chance": chance(p),
    }
    sentence = (
        text(
            "Without the last {months} months before training the overall effect is {without} "
            "instead of {whole} standard deviations, and chance alone gives such a difference "
            "{chance}: the effect does not rest on a dip before training.",
            **figures,
        )
        if p >= rules.level
        else text(
            "Without the last {months} months before training the overall effect is {without} "
            "instead of {whole} standard deviations, and chance alone gives such a difference "
            "{chance}. People seem to be sent when their results are unusual, or their "
            "results change beforehand.",
            **figures,
        )
    )
    return Gate(ID, outcome(p >= rules.level), sentence, p, rules.level, name)
