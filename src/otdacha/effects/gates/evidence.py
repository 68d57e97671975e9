"""How much the whole rests on: degrees of freedom of the overall effect, and what had to be left
out because nothing could be compared with it. Figures: degrees of freedom; a share of cells."""

from __future__ import annotations

import numpy as np

from otdacha.effects.fit import ROUNDING
from otdacha.effects.gates.gate import Gate, decimal, not_testable, outcome, percent
from otdacha.effects.gates.material import Material
from otdacha.language import text

FREEDOM = "effective_degrees_of_freedom"
EXCLUDED = "excluded_share"

_WITHOUT_COMPARISON = ("unit_without_clean_cell", "period_without_clean_cell", "not_connected")


def effective_degrees_of_freedom(given: Material) -> Gate:
    threshold, name = given.rules.degrees_of_freedom, given.fixed.headline
    figure = float(np.min([fit.df[0] for fit in given.fit.values()]))
    if not np.isfinite(figure):
        return not_testable(
            FREEDOM,
            text(
                "The overall effect has no measure of chance: all of it comes from one "
                "municipality, or there are no results to compare."
            ),
            threshold,
            name,
        )
    clusters = int(min(fit.clusters[0] for fit in given.fit.values()))
    figures = {
        "freedom": decimal(figure, 1),
        "clusters": clusters,
        "threshold": decimal(threshold, 1),
    }
    sound = figure >= threshold * (1 - ROUNDING)
    sentence = (
        text(
            "The overall effect rests on {clusters} municipalities, which weigh as much as "
            "{freedom} independent comparisons; at least {threshold} are needed.",
            **figures,
        )
        if sound
        else text(
            "The overall effect rests on too few municipalities: {clusters}, which weigh only as "
            "much as {freedom} independent comparisons; at least {threshold} are needed.",
            **figures,
        )
    )
    return Gate(FREEDOM, outcome(sound), sentence, figure, threshold, name)


def excluded_share(given: Material) -> Gate:
    threshold, name = given.rules.excluded, given.fixed.headline
    lost = sum(
        fit.excluded.get(reason, 0) for fit in given.fit.values() for reason in _WITHOUT_COMPARISON
    )
    used = sum(fit.exposed_cells for fit in given.fit.values())
    if not lost + used:
        return not_testable(EXCLUDED, text("There are no months after training."), threshold, name)
    figure = lost / (lost + used)
    figures = {"share": percent(figure), "threshold": percent(threshold)}
    sound = figure <= threshold
    sentence = (
        text(
            "{share} % of the results after training had to be left out because nothing could be "
            "compared with them; up to {threshold} % are allowed.",
            **figures,
        )
        if sound
        else text(
            "{share} % of the results after training had to be left out because nothing could be "
            "compared with them, more than the {threshold} % that are allowed: what is left may "
            "not speak for the rest.",
            **figures,
        )
    )
    return Gate(EXCLUDED, outcome(sound), sentence, figure, threshold, name)
