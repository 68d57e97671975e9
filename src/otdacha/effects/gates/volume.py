"""Did training change how many cases people handle, or which? Then their results are of other work.

y = log of the cases per head of a unit-month, each unit-month counting once, by the same
imputation: a department that a trained person joins has more cases, and nobody in it has. A month
without any case, or whose staff is not known, is not seen here. Figures: p-values; of case_volume
twice the smaller one of the overall change and the largest provider's, of case_mix of the service
whose change differs most from the change over all services.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from otdacha.effects.contrasts import Contrasts
from otdacha.effects.event_time import ALL, grouped
from otdacha.effects.gates.gate import Gate, chance, not_testable, outcome, percent
from otdacha.effects.gates.material import Material
from otdacha.effects.gates.placebo import each_told, with_largest
from otdacha.effects.observed import Question
from otdacha.effects.reestimate import imputed, numbered, statements
from otdacha.language import text

VOLUME = "case_volume"
MIX = "case_mix"


def case_volume(given: Material) -> Gate:
    rules = given.rules
    overall = overall_volume(given)
    if not overall.known.all():
        return not_testable(
            VOLUME,
            text(
                "Whether training changed the number of cases cannot be tested: there are too few "
                "months, or every month has the same number."
            ),
            rules.level,
        )
    providers = given.providers
    own = grouped(given.exposure, {name: name for name in providers})
    each = volumes(given, numbered(own, "group", providers), providers)
    p, provider = with_largest(given, overall, each)
    figures = {"change": percent(math.expm1(overall.estimate[0])), "chance": chance(p)}
    sentence = (
        text(
            "Training did not visibly change how many cases people handle: by {change} % "
            "overall, and chance alone gives as much, overall or with some provider, "
            "{chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "After training people handle another number of cases: the change is {change} % "
            "overall, and chance alone gives as much, overall or with some provider, only "
            "{chance}. Better results may be those of less work, or of other work.",
            **figures,
        )
    )
    return Gate(
        VOLUME,
        outcome(p >= rules.level),
        sentence,
        p,
        rules.level,
        provider=provider,
        detail=each_told(each),
    )


def case_mix(given: Material) -> Gate:
    rules = given.rules
    services = _services(given)
    names = services["service"].unique().sort().to_list()
    if len(names) < 2:
        return not_testable(
            MIX,
            text("There is one service only, so training cannot have moved work between services."),
            rules.level,
        )
    exposed = grouped(given.exposure, None).join(services, on="place")
    each = volumes(given, numbered(exposed, "service", names), names)
    differs = each.minus(overall_volume(given))
    largest = differs.largest_t(draws=rules.draws, seed=rules.seed)
    if largest is None or int(differs.known.sum()) < 2:
        return not_testable(
            MIX,
            text(
                "Whether training moved work between services cannot be tested: too few "
                "municipalities have trained people in more than one service."
            ),
            rules.level,
        )
    worst, p = largest
    figures = {
        "count": int(differs.known.sum()),
        "change": percent(math.expm1(differs.estimate[worst])),
        "chance": chance(p),
    }
    sentence = (
        text(
            "Training did not visibly move work between services: of {count}, the one that "
            "stands out most changed by {change} % beside the others, and chance alone gives "
            "as much {chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "After training people handle other services than before: of {count}, one changed "
            "by {change} % beside the others, and chance alone gives as much {chance}. "
            "Results before and after are of different work.",
            **figures,
        )
    )
    detail = each_told(differs).rename({"provider": "service"})
    return Gate(MIX, outcome(p >= rules.level), sentence, p, rules.level, detail=detail)


def overall_volume(given: Material) -> Contrasts:
    """The change of log cases per head over all exposed unit-months."""
    return volumes(given, given.together, [ALL])


def volumes(given: Material, exposure: pl.DataFrame, names: list[str]) -> Contrasts:
    """Changes of log cases per head by pseudo-provider; the exposure has their numbers."""
    question = Question(given.observed.clean, given.observed.exposed, exposure)
    found = imputed(given.volume, question, max(len(names), 1), given.fixed)
    part = statements({VOLUME: found}, names or [ALL], given.fixed)[VOLUME]
    return part.where(np.full(len(part.names), found.varies))


def _services(given: Material) -> pl.DataFrame:
    """The service of each unit-month: place, service.

    It is a part of the stratum's name where the methodology makes strata of services; where names
    are not made so (other people's cells), a stratum stands for a service.
    """
    parts = given.methodology.design.stratum
    names = given.months.select("place", service=pl.col("stratum").cast(pl.String))
    split = pl.col("service").str.split("/")
    made_so = bool(names.select((split.list.len() == len(parts)).all()).item())
    if "service" in parts and made_so and len(parts) > 1:
        return names.with_columns(service=split.list.get(parts.index("service")))
    return names
