"""Raw figures as somebody sees them who compares nobody with anybody like them."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from otdacha.panel import CELLS, EXPOSURE, REACH, Panel
from otdacha.programme.evidence.headline import headline_factors
from otdacha.programme.evidence.raw_rates import raw_rates
from otdacha.release.release import Release
from tests.invented_release import invented_release

MARCH = dt.date(2025, 3, 1)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


def cells(indicator: str, *rows: tuple[str, int, int, str]) -> pl.DataFrame:
    """rows: unit, cases, sum in steps, status."""
    return pl.DataFrame(
        [
            {
                "unit": unit,
                "stratum": "s",
                "cluster": "c",
                "month": MARCH,
                "indicator": indicator,
                "n": n,
                "total": total,
                "status": status,
                "staff": 2,
            }
            for unit, n, total, status in rows
        ],
        schema=CELLS,
    )


def taught(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [(unit, MARCH, provider, share, 2) for unit, provider, share in rows],
        schema=EXPOSURE,
        orient="row",
    )


def test_what_one_unit_of_an_indicator_counts_is_its_weight_by_its_deviation(
    release: Release,
) -> None:
    told = release.manifest["evaluation"]["indicators"]
    weights = release.methodology.weights
    known = {name: weight for name, weight in weights.items() if name in told and weight > 0}
    assert headline_factors(release) == pytest.approx(
        {n: w / sum(known.values()) / told[n]["scale"] for n, w in known.items()}
    )


def test_a_raw_figure_is_the_mean_of_who_was_taught_above_that_of_who_was_not(
    release: Release,
) -> None:
    factor = headline_factors(release)
    assert set(factor) == {"on_time", "duration", "repeat"}
    # on time: 9 of 10, and 6 of 10 of which the second provider taught half; others 14 of 20
    on_time = cells(
        "on_time",
        ("a", 10, 9, "exposed"),
        ("b", 10, 6, "exposed"),
        ("c", 20, 14, "clean"),
        ("d", 99, 99, "after_horizon"),
    )
    # days above the centre: 1 a case, 4 a case, others 3 a case; nobody's case comes twice
    days = cells(
        "duration", ("a", 10, 10, "exposed"), ("b", 10, 40, "exposed"), ("c", 20, 60, "clean")
    )
    twice = cells("repeat", ("a", 10, 0, "exposed"), ("b", 10, 0, "exposed"), ("c", 20, 0, "clean"))
    panel = Panel(
        pl.concat([on_time, days, twice]),
        taught(("a", "one", 1.0), ("a", "two", 0.5), ("b", "two", 0.5)),
        REACH.to_frame(),
        pl.DataFrame(),
    )
    one, two, nobody = raw_rates(panel, release, ("one", "two", "nobody"))
    day = release.methodology.indicator("duration").resolution
    # fewer days are better
    assert one == pytest.approx(factor["on_time"] * 0.2 + factor["duration"] * 2 * day)
    assert two == pytest.approx(factor["on_time"] * 0.05 + factor["duration"] * 0.5 * day)
    assert np.isnan(nobody)
