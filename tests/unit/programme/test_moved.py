"""Two plans of three invented towns side by side: what stays, what goes, what comes."""

import polars as pl

from otdacha.programme.moved import LINE, MOVED, moved
from tests.invented_plan import BUYAN, DUB, FIREBIRD, KITEZH, POLYN, invented_plan, with_table


def test_seats_of_two_plans_are_counted_line_by_line() -> None:
    """Китеж has 20 seats of A1 in 2026, 14 in 2027 and 6 of B1; the new plan has 23 of the first,
    none of the second and 4 of B1, and sends 5 from Буян to B1, where it sent nobody before."""
    before = invented_plan()
    lines = before.tables["lines"]
    first = (pl.col("municipality") == KITEZH) & (pl.col("year") == 2026)
    a1, b1 = first & (pl.col("offer") == "A1"), first & (pl.col("offer") == "B1")
    changed = lines.with_columns(
        seats=pl.when(a1).then(23).when(b1).then(4).otherwise("seats").cast(pl.Int64)
    ).filter(~((pl.col("municipality") == KITEZH) & (pl.col("year") == 2027)))
    to_buyan = lines.filter(municipality=DUB, offer="B1").with_columns(
        municipality=pl.lit(BUYAN), municipality_name=pl.lit("Буян"), seats=pl.lit(5, pl.Int64)
    )
    after = with_table(before, "lines", pl.concat([changed, to_buyan]))
    found = moved(before, after)
    told = {
        tuple(key): (old, new, change)
        for *key, old, new, change in found.lines.select(
            *LINE, "before", "after", "change"
        ).iter_rows()
    }
    assert told == {
        (KITEZH, 2026, FIREBIRD, "A1"): (20, 23, "more"),
        (KITEZH, 2027, FIREBIRD, "A1"): (14, 0, "gone"),
        (KITEZH, 2026, POLYN, "B1"): (6, 4, "fewer"),
        (BUYAN, 2026, POLYN, "B1"): (0, 5, "new"),
        (BUYAN, 2026, FIREBIRD, "A1"): (11, 11, "stays"),
        (BUYAN, 2028, FIREBIRD, "C1"): (12, 12, "stays"),
        (DUB, 2026, POLYN, "B1"): (3, 3, "stays"),
    }
    assert (found.stay, found.gone, found.come) == (66 - 14 - 2, 14 + 2, 3 + 5)
    assert found.lines.schema == MOVED
    assert found.lines["municipality_name"].null_count() == 0
    assert found.lines["started"].is_sorted()


def test_a_plan_beside_itself_has_not_moved() -> None:
    plan = invented_plan()
    found = moved(plan, plan)
    assert (found.stay, found.gone, found.come) == (66, 0, 0)
    assert found.lines["change"].unique().to_list() == ["stays"]
