"""Effects where there can be none: before training, and on what training cannot change.

Figure of both: p-value. For dates it is twice the smaller one of two tests, of the overall effect
and of the largest provider's; for outcomes that of the largest times the number of outcomes.
"""

from __future__ import annotations

import polars as pl

from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, grouped
from otdacha.effects.gates.gate import Gate, chance, decimal, not_testable, outcome
from otdacha.effects.gates.material import Material
from otdacha.effects.observed import Bools, Question
from otdacha.effects.reestimate import as_one, headline, numbered, reestimated, statements
from otdacha.language import text

DATES = "placebo_dates"
OUTCOMES = "placebo_outcomes"


def placebo_dates(given: Material) -> Gate:
    """Training pretended some months earlier; months after the real one are left out."""
    rules, name = given.rules, given.fixed.headline
    observed = given.observed
    pretended = pl.col("lead") <= rules.placebo_months
    near = given.before.filter(pretended.fill_null(False))
    seen = near.drop_nulls("first_exposed")
    clean = observed.clean & ~observed.only(near["place"])
    exposed = observed.only(seen["place"])
    exposure = seen.select("first_exposed", now="place").join(
        given.exposure, left_on="first_exposed", right_on="place"
    )
    exposure = exposure.select("provider", "share", "staff", place="now")
    overall = given.overall_of(Question(clean, exposed, as_one(grouped(exposure, None))))
    if not overall.known.all():
        return not_testable(
            DATES,
            text(
                "Training pretended {months} months earlier cannot be tested: too few people have "
                "results from before those months.",
                months=rules.placebo_months,
            ),
            rules.level,
            name,
        )
    each = by_provider(given, clean, exposed, exposure)
    p, provider = with_largest(given, overall, each)
    figures = {
        "months": rules.placebo_months,
        "effect": decimal(float(overall.estimate[0])),
        "chance": chance(p),
    }
    sentence = (
        text(
            "If training is pretended {months} months earlier, the overall effect is {effect} "
            "standard deviations; chance alone gives as much, overall or with some provider, "
            "{chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "If training is pretended {months} months earlier, there is an effect where there "
            "can be none: {effect} standard deviations overall, and chance alone gives as "
            "much, overall or with some provider, only {chance}.",
            **figures,
        )
    )
    return Gate(
        DATES, outcome(p >= rules.level), sentence, p, rules.level, name, provider, each_told(each)
    )


def by_provider(given: Material, clean: Bools, exposed: Bools, exposure: pl.DataFrame) -> Contrasts:
    """Effects of the providers on the headline when other months are asked about."""
    providers = given.providers
    own = grouped(exposure, {provider: provider for provider in providers})
    found = reestimated(
        given.observed,
        Question(clean, exposed, numbered(own, "group", providers)),
        max(len(providers), 1),
        given.fixed,
        given.fixed.indicators,
    )
    return headline(statements(found, providers or [ALL], given.fixed), given.fixed)


def with_largest(given: Material, overall: Contrasts, each: Contrasts) -> tuple[float, str | None]:
    """p-value of the overall effect and the largest provider's together, and that provider.

    Bonferroni over the two; the provider is named where its test is the one that decides.
    """
    p = float(overall.p_values()[0])
    largest = each.largest_t(draws=given.rules.draws, seed=given.rules.seed)
    if largest is None:
        return p, None
    place, p_largest = largest
    both = min(1.0, 2 * min(p, p_largest))
    return both, each.names[place] if p_largest < min(p, given.rules.level) else None


def each_told(each: Contrasts) -> pl.DataFrame:
    """One row per statement: provider, estimate, se, df, p_value; nulls where it is not known."""
    return pl.DataFrame(
        {
            "provider": list(each.names),
            "estimate": each.estimate,
            "se": each.se,
            "df": each.df,
            "p_value": each.p_values(),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def placebo_outcomes(given: Material) -> Gate:
    """The overall effect on indicators that the methodology calls placebo."""
    rules = given.rules
    marked = [
        one
        for one in given.methodology.indicators
        if one.placebo and (given.observed.cells["indicator"] == one.id).any()
    ]
    if not marked:
        return not_testable(
            OUTCOMES,
            text(
                "The methodology names no outcome that training cannot change, or there are no "
                "records of one, so this was not tested."
            ),
            rules.level,
        )
    question = Question(given.observed.clean, given.observed.exposed, given.together)
    found = reestimated(given.observed, question, 1, given.fixed, marked)
    parts = {
        name: part
        for name, part in statements(found, [ALL], given.fixed).items()
        if found[name].varies and part.known.all()
    }
    if not parts:
        return not_testable(
            OUTCOMES,
            text("There is too little evidence on the outcomes that training cannot change."),
            rules.level,
        )
    p_values = {name: float(part.p_values()[0]) for name, part in parts.items()}
    worst = min(p_values, key=lambda name: p_values[name])
    p = min(1.0, p_values[worst] * len(parts))
    figures = {
        "count": len(parts),
        "effect": decimal(float(parts[worst].estimate[0]) / found[worst].scale),
        "chance": chance(p),
    }
    sentence = (
        text(
            "Outcomes that training cannot change were looked at ({count}): the most striking "
            "effect on one is {effect} standard deviations, and chance alone gives as much "
            "{chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "Training seems to change what it cannot change (such outcomes: {count}): by "
            "{effect} standard deviations, and chance alone gives as much {chance}. Something "
            "else changed with training.",
            **figures,
        )
    )
    return Gate(OUTCOMES, outcome(p >= rules.level), sentence, p, rules.level, worst)
