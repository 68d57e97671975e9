"""Did results before training move apart already? Joint test of the leads (method.md §7).

Figure: p-value of the clustered Wald test on the headline. detail: the same by indicator.
"""

from __future__ import annotations

import polars as pl

from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, leads_of
from otdacha.effects.gates.gate import Gate, chance, not_testable, outcome
from otdacha.effects.gates.material import Material
from otdacha.effects.reestimate import headline, slopes
from otdacha.language import text

ID = "pre_trends"


def pre_trends(given: Material) -> Gate:
    rules, name = given.rules, given.fixed.headline
    parts = leads(given)
    whole = headline(parts, given.fixed)
    tested = whole.wald()
    if tested is None:
        return not_testable(
            ID,
            text(
                "Whether results moved apart before training cannot be tested: too few "
                "municipalities have people with enough months of work before their training."
            ),
            rules.level,
            name,
        )
    if tested.p_value >= rules.level:
        sentence = text(
            "In the {leads} months before training, the results of those about to be trained "
            "moved as everybody else's did: chance alone gives differences like those found "
            "{chance}.",
            leads=tested.numerator,
            chance=chance(tested.p_value),
        )
    else:
        sentence = text(
            "Already in the {leads} months before training, the results of those about to be "
            "trained moved apart from everybody else's: chance alone gives such differences "
            "{chance}. What was found after training may have begun before it.",
            leads=tested.numerator,
            chance=chance(tested.p_value),
        )
    return Gate(
        ID,
        outcome(tested.p_value >= rules.level),
        sentence,
        tested.p_value,
        rules.level,
        name,
        detail=_by_indicator({**parts, name: whole}),
    )


def leads(given: Material) -> dict[str, Contrasts]:
    """Leads of everybody together, by indicator, in its own unit; the first is the last month."""
    count = given.rules.leads
    told = leads_of(given.before, count, [ALL], None)
    names = [str(-lead) for lead in range(1, count + 1)]
    return slopes(
        given.cells, told, "lead_number", "lead_dummy", names, given.fixed, given.fixed.indicators
    )


def _by_indicator(parts: dict[str, Contrasts]) -> pl.DataFrame:
    tests = [(name, part.wald()) for name, part in parts.items()]
    return pl.DataFrame(
        [
            (name, test.f, test.numerator, test.denominator, test.p_value)
            if test is not None
            else (name, None, None, None, None)
            for name, test in tests
        ],
        schema={
            "indicator": pl.String,
            "f": pl.Float64,
            "leads": pl.Int64,
            "df": pl.Float64,
            "p_value": pl.Float64,
        },
        orient="row",
    )
