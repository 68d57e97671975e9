"""Were the people of a provider different before training: in how well they worked, in where they
were heading?

balance_level: the figure is the largest difference, in standard deviations between units, that is
surely there (the end nearer zero of its simultaneous interval at the level of the gates). Unit
effects remove a lasting difference; a large one is dangerous because extreme results come back by
themselves. balance_trend: p-value of the largest difference in slope.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import sparse

from otdacha.effects.cells import Floats
from otdacha.effects.contrasts import Contrasts, combined, contrasts
from otdacha.effects.gates.gate import Gate, chance, decimal, not_testable, outcome
from otdacha.effects.gates.material import Material
from otdacha.effects.gates.placebo import each_told
from otdacha.effects.observed import Question
from otdacha.effects.reestimate import headline, slopes
from otdacha.effects.variance import cluster_shares, degrees_of_freedom
from otdacha.language import text
from otdacha.methodology import Indicator

LEVEL = "balance_level"
TREND = "balance_trend"

_RESTS = 1e-9
"""A provider whose weight outside one cluster is a smaller part than this rests on it."""


def balance_level(given: Material) -> Gate:
    rules, name = given.rules, given.fixed.headline
    weights = given.methodology.weights
    parts = {one.id: level_differences(given, one) for one in given.fixed.indicators}
    total = sum(weights[one] for one in parts)
    whole = combined(parts, {one: weights[one] / total for one in parts})
    if not whole.known.any():
        return not_testable(
            LEVEL,
            text(
                "How well a provider's people worked before training cannot be compared with the "
                "untrained: for no provider are there enough months of both."
            ),
            rules.level_difference,
            name,
        )
    bands = whole.bands(level=1 - rules.level, draws=rules.draws, seed=rules.seed)
    surely = np.maximum(np.maximum(bands.lower_all, -bands.upper_all), 0.0)
    surely = np.where(whole.known, surely, -1.0)
    largest = np.where(whole.known, np.abs(whole.estimate), -1.0)
    worst = int(np.argmax(surely if surely.max() > 0 else largest))
    figure = float(surely[worst])
    sound = figure <= rules.level_difference
    figures = {
        "found": decimal(float(whole.estimate[worst])),
        "sure": decimal(figure),
        "threshold": decimal(rules.level_difference),
    }
    sentence = (
        text(
            "Before training, no provider's people surely differed from the untrained of the "
            "same services by more than {threshold} standard deviations: the largest "
            "difference found is {found}, of which {sure} is certain.",
            **figures,
        )
        if sound
        else text(
            "Before training, one provider's people differed from the untrained of the same "
            "services by {found} standard deviations, of which {sure} is certain: more than "
            "{threshold}. Extreme results come back by themselves, and that would look like "
            "an effect.",
            **figures,
        )
    )
    return Gate(
        LEVEL,
        outcome(sound),
        sentence,
        figure,
        rules.level_difference,
        name,
        whole.names[worst],
        each_told(whole),
    )


def level_differences(given: Material, indicator: Indicator) -> Contrasts:
    """Clean results of each provider's people less those of the never trained in the same
    stratum-month, in standard deviations between never-trained units.

    A weighted mean of y − μ, μ the mean of the never trained; the score as in design/method.md §4:
    leave-one-cluster-out for the provider's own clusters, plain for what they are compared with.
    """
    providers = given.providers
    J, C = len(providers), len(given.fixed.clusters)
    frame = _before_training(given, indicator)
    never = frame.filter(pl.col("number") < 0)
    S = int(frame["place"].max() or 0) + 1 if frame.height else 1  # type: ignore[arg-type]
    place, w, y = (never[name].to_numpy() for name in ("place", "w", "y"))
    weight = np.bincount(place, w, S)
    mean = np.divide(np.bincount(place, w * y, S), weight, out=np.full(S, np.nan), where=weight > 0)
    sd = _between_units(never, mean)
    mine = frame.filter(pl.col("number") >= 0)
    mine = mine.filter(pl.Series(weight[mine["place"].to_numpy()] > 0, dtype=pl.Boolean))
    if not mine.height or not sd > 0:
        return contrasts(providers, np.full(J, np.nan), np.zeros((C, J)), np.full(J, np.nan))

    at, number, cluster = (mine[name].to_numpy() for name in ("place", "number", "cluster"))
    own, away = mine["w"].to_numpy(), mine["y"].to_numpy() - mean[at]
    mass = _by(cluster, number, own, C, J).toarray()
    total = mass.sum(0)
    there = total > 0
    d = np.divide(_by(cluster, number, own * away, C, J).toarray().sum(0), total,
                  out=np.full(J, np.nan), where=there)  # fmt: skip
    score = _by(cluster, number, own * (away - d[number]), C, J).toarray()
    rest = 1 - np.divide(mass, total, out=np.zeros_like(mass), where=there)
    first = np.divide(score, rest, out=np.zeros_like(score), where=rest > _RESTS)
    leans = _by(at, number, own, S, J)  # what each provider takes from each stratum-month
    noise = _by(never["cluster"].to_numpy(), place, w * (y - mean[place]) / weight[place], C, S)
    psi = (first - (noise @ leans).toarray()) / np.where(there, total, 1.0)
    known = (
        there & (rest > _RESTS).all(0) & ((mass > 0).sum(0) >= given.methodology.minimum.clusters)
    )
    df = degrees_of_freedom(cluster_shares(mass))
    known &= df > given.methodology.minimum.degrees_of_freedom - 1e-9
    return contrasts(providers, d, psi, df, 1 / sd).where(known)


def _before_training(given: Material, indicator: Indicator) -> pl.DataFrame:
    """Cells before any training: unit, cluster (code), place (number of the stratum-month), w, y;
    number: of the provider whose training comes next, -1 where none ever comes."""
    told = _numbered(given)
    observed = given.observed
    number = observed.spread(told["number"], told["place"], np.nan)
    question = Question(
        clean=~np.isnan(number),
        exposed=np.zeros(len(number), dtype=np.bool_),
        covariates={"number": number},
    )
    cells = observed.of_indicator(indicator).asked(question, "cases")
    return cells.frame.select(
        "unit",
        pl.col("cluster").cast(pl.Int64),
        pl.col("number").cast(pl.Int64),
        place=pl.col("stratum").rle_id().cast(pl.Int64) * cells.months
        + pl.col("month").cast(pl.Int64),
        y="y",
        w=pl.col("n").cast(pl.Float64),
    )


def _numbered(given: Material) -> pl.DataFrame:
    """Unit-months before any training: place, lead, number of the provider whose training comes
    next, -1 where none ever comes; months before that of another provider are not in it."""
    code = {name: number for number, name in enumerate(given.providers)}
    return (
        given.before.filter(~pl.col("since"))
        .select(
            "place",
            "lead",
            number=pl.when(pl.col("lead").is_null())
            .then(-1)
            .otherwise(
                pl.col("provider").replace_strict(code, default=None, return_dtype=pl.Int64)
            ),
        )
        .drop_nulls("number")
    )


def _by(
    row: np.ndarray[tuple[int], np.dtype[np.int64]],
    column: np.ndarray[tuple[int], np.dtype[np.int64]],
    amount: Floats,
    rows: int,
    columns: int,
) -> sparse.csr_array:
    return sparse.csr_array((amount, (row, column)), shape=(rows, columns))


def _between_units(never: pl.DataFrame, mean: Floats) -> float:
    """Standard deviation of the levels of units, each weighted by its cases."""
    if not never.height:
        return 0.0
    levels = (
        never.with_columns(away=pl.col("y") - pl.Series(mean[never["place"].to_numpy()]))
        .group_by("unit")
        .agg(level=(pl.col("w") * pl.col("away")).sum() / pl.col("w").sum(), w=pl.col("w").sum())
    )
    level, w = levels["level"].to_numpy(), levels["w"].to_numpy()
    centre = np.average(level, weights=w)
    return float(np.sqrt(np.average((level - centre) ** 2, weights=w)))


def balance_trend(given: Material) -> Gate:
    rules, name = given.rules, given.fixed.headline
    minimum = given.methodology.minimum
    whole = trends(given)
    whole = whole.where(whole.df > minimum.degrees_of_freedom - 1e-9)
    largest = whole.largest_t(draws=rules.draws, seed=rules.seed)
    if largest is None:
        return not_testable(
            TREND,
            text(
                "Whether a provider's people were already getting better or worse before training "
                "cannot be tested: no provider's people were seen long enough in enough "
                "municipalities."
            ),
            rules.level,
            name,
        )
    worst, p = largest
    figures = {"slope": decimal(12 * float(whole.estimate[worst])), "chance": chance(p)}
    sentence = (
        text(
            "No provider's people were getting better or worse before training more than "
            "others: the trend that stands out most is {slope} standard deviations a year, "
            "and chance alone gives one like it {chance}.",
            **figures,
        )
        if p >= rules.level
        else text(
            "Before training, one provider's people were already getting better or worse than "
            "others: by {slope} standard deviations a year, and chance alone gives such a "
            "trend {chance}. What was found after training may be that trend.",
            **figures,
        )
    )
    return Gate(
        TREND,
        outcome(p >= rules.level),
        sentence,
        p,
        rules.level,
        name,
        whole.names[worst],
        each_told(whole),
    )


def trends(given: Material) -> Contrasts:
    """Slopes of the providers' people before training against those of the never trained, sd a
    month on the headline. People of providers without an estimate are not looked at."""
    told = _numbered(given)
    observed = given.observed
    number = observed.spread(told["number"], told["place"], np.nan)
    months_ahead = observed.spread(-told["lead"].fill_null(0), told["place"], 0.0)
    parts = slopes(
        observed, number, months_ahead, given.providers, given.fixed, given.fixed.indicators
    )
    return headline(parts, given.fixed)
