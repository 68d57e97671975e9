"""The small invented union is what it says, and its effects can be found again."""

import polars as pl

from otdacha.demo import invent_cells
from otdacha.effects import impute
from otdacha.methodology import default_methodology


def test_the_same_seed_gives_the_same_union() -> None:
    one, again, other = invent_cells(1), invent_cells(1), invent_cells(2)
    assert one.cells.equals(again.cells)
    assert not one.cells.equals(other.cells)


def test_every_exposed_month_has_its_provider_and_no_other_month_has_one() -> None:
    made = invent_cells()
    exposed = made.cells.filter(pl.col("status") == "exposed").select("unit", "month").unique()
    assert exposed.sort("unit", "month").equals(
        made.exposure.select("unit", "month").sort("unit", "month")
    )


def test_the_effects_are_found_again() -> None:
    made = invent_cells()
    found = impute(made.cells, made.exposure, default_methodology()).of("on_time")
    both = found.join(made.truth, on="provider").drop_nulls("se")
    assert len(both) >= 10
    # an effect that grows for four months is smaller on average over a year, by about 0.85
    error = both["estimate"] / 0.20 - 0.85 * both["effect"]
    assert (error / (both["se"] / 0.20)).abs().median() < 1.5
    assert (error.abs() < 0.15).all()
