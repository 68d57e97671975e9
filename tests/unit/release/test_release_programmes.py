"""Programmes: counted from records by hand, priced, and no small group by subtraction."""

from __future__ import annotations

import polars as pl
import pytest
from tests.invented_release import invented_results, provider, withheld

from otdacha.methodology import default_methodology
from otdacha.records import Successions, columns_of, successions
from otdacha.release import State
from otdacha.release.disclosure import people_rule, publish_counts
from otdacha.release.programmes import PROGRAMMES, programmes, programmes_table
from otdacha.release.publish import Results, publish

NOBODY_MERGED = Successions()
RULES = default_methodology()


def register(*rows: tuple[str, str, str, float | None]) -> pl.DataFrame:
    """Rows of the table of programmes: provider, programme, name, price."""
    kinds = columns_of("programmes")
    named = ("provider", "programme", "name", "price")
    known = pl.DataFrame(rows, schema={name: kinds[name] for name in named}, orient="row")
    return known.select(
        pl.col(name) if name in named else pl.lit(None, kind).alias(name)
        for name, kind in kinds.items()
    )


def taken(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    """Rows of the table of training: person, provider, programme."""
    schema = {"person": pl.String, "provider": pl.String, "programme": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_person_counts_once_for_a_programme_and_what_nobody_took_is_a_zero() -> None:
    found = programmes(
        register(("A", "a-1", "Обращения", 8000.0), ("A", "a-2", "Этика", None)),
        taken(("x", "A", "a-1"), ("x", "A", "a-1"), ("y", "A", "a-1")),
        NOBODY_MERGED,
    )
    assert found.schema == PROGRAMMES
    assert found.select("programme", "name", "price", "trained").rows() == [
        ("a-1", "Обращения", 8000.0, 2),
        ("a-2", "Этика", None, 0),
    ]


def test_what_only_the_training_records_know_has_no_name_and_maybe_no_code() -> None:
    found = programmes(register(), taken(("x", "A", "old"), ("y", "A", None)), NOBODY_MERGED)
    assert found.select("provider", "programme", "name", "trained").rows() == [
        ("A", "old", None, 1),
        ("A", None, None, 1),
    ]


def test_a_programme_of_a_merged_organisation_is_its_successors() -> None:
    organisations = pl.DataFrame({"provider": ["A", "B"], "successor": ["B", None]})
    found = programmes(
        register(("A", "1", "Старое", 100.0), ("B", "1", "Новое", 200.0), ("A", "2", "Иное", 5.0)),
        taken(("x", "A", "1"), ("y", "B", "1"), ("x", "B", "1")),
        successions(organisations, "provider"),
    )
    assert found.select("provider", "programme", "name", "price", "trained").rows() == [
        ("B", "1", "Новое", 200.0, 2),
        ("B", "2", "Иное", 5.0, 0),
    ]


@pytest.fixture(scope="module")
def results() -> Results:
    return invented_results()


@pytest.fixture(scope="module")
def tables(results: Results) -> dict[str, pl.DataFrame]:
    return publish(results, RULES)


def test_the_effect_of_the_organisation_is_divided_by_the_price_of_the_programme(
    tables: dict[str, pl.DataFrame],
) -> None:
    best = tables["providers"].row(0, named=True)
    rows = tables["programmes"].filter(provider=best["provider"])
    priced = rows.filter(pl.col("price") > 0).row(0, named=True)
    for figure, whole in (("effect", "posterior_mean"), ("lower", "lower"), ("upper", "upper")):
        expected = best[whole] * 10_000 / priced["price"]
        assert priced[f"{figure}_per_10000"] == pytest.approx(expected, rel=1e-5)
    assert priced["lower_per_10000"] < priced["effect_per_10000"] < priced["upper_per_10000"]


def test_without_a_price_or_without_an_effect_the_state_says_so(
    tables: dict[str, pl.DataFrame],
) -> None:
    table = tables["programmes"]
    states = tables["providers"].select("provider", headline="state")
    for row in table.join(states, on="provider").iter_rows(named=True):
        assert row["state"] == row["headline"]
        if row["state"] != State.PUBLISHED:
            assert row["per_10000_state"] == row["state"]
        else:
            there = State.PUBLISHED if row["price"] else State.NOT_COLLECTED
            assert row["per_10000_state"] == there
        assert (row["effect_per_10000"] is None) == (row["per_10000_state"] != State.PUBLISHED)
    free = table.filter(provider=provider(0), programme="ДПО-01-3").row(0, named=True)
    assert (free["price"], free["per_10000_state"]) == (0.0, State.NOT_COLLECTED)
    assert table["per_10000_state"].n_unique() >= 4


def test_programmes_follow_the_order_of_the_providers(tables: dict[str, pl.DataFrame]) -> None:
    seen = tables["programmes"]["provider"].unique(maintain_order=True).to_list()
    order = tables["providers"]["provider"].to_list()
    assert seen == [one for one in order if one in seen]


def test_a_withheld_release_prices_nothing(results: Results) -> None:
    table = publish(withheld(results), RULES)["programmes"]
    assert table["effect_per_10000"].null_count() == table.height
    assert "withheld" in table["per_10000_state"].cast(pl.String).to_list()
    assert table["trained"].drop_nulls().len() > 0


def shown(counts: list[int]) -> list[int | None]:
    frame = pl.DataFrame({"whole": ["A"] * len(counts), "part": range(len(counts)), "n": counts})
    rule = {"n": people_rule(RULES.disclosure)}
    keys, parts = ["whole", "part"], {"n": ["whole"]}
    return publish_counts(frame, rule, keys=keys, parts_of=parts)["n"].to_list()


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        # 23 in all: with 20 beside it, the 3 would be what the total leaves over
        ([20, 3], [None, None]),
        # the first of the others goes with it, whatever its size; nobody stays nobody
        ([0, 20, 3, 10, 10], [0, None, None, 10, 10]),
        # 4 and 4 would be shown as 10 in all, and 10 is too much for less than 4 and 4
        ([4, 4, 30, 12], [None, None, None, 10]),
        # the total is small itself: four that are not zero would be one each
        ([1, 1, 1, 1, 0], [None, None, None, None, None]),
        ([0, 0], [0, 0]),
        ([20, 10], [20, 10]),
    ],
)
def test_a_small_part_never_stands_alone(counts: list[int], published: list[int | None]) -> None:
    assert shown(counts) == published


def test_a_small_part_of_one_organisation_hides_nothing_of_another() -> None:
    frame = pl.DataFrame({"whole": ["A", "A", "B", "B"], "part": [1, 2, 1, 2], "n": [9, 2, 9, 9]})
    table = publish_counts(
        frame,
        {"n": people_rule(RULES.disclosure)},
        keys=["whole", "part"],
        parts_of={"n": ["whole"]},
    )
    assert table["n"].to_list() == [None, None, 10, 10]
    assert table["n_state"].to_list() == ["suppressed", "suppressed", "published", "published"]


def test_in_a_release_the_total_of_an_organisation_leaves_no_few_over(
    tables: dict[str, pl.DataFrame],
) -> None:
    """The first organisation taught 20, 10 and 2: the 2 are hidden, and the 20 with them."""
    first = tables["programmes"].filter(provider=provider(0)).sort("programme")
    assert first["trained"].to_list() == [None, 10, None]


def test_a_change_of_few_since_the_last_release_is_not_shown(
    results: Results, tables: dict[str, pl.DataFrame]
) -> None:
    """12 were shown under other rules; 14 would be 15 now, three more."""
    now = results.programmes.with_columns(trained=pl.lit(14, pl.Int64))
    last = tables["programmes"].with_columns(trained=pl.lit(12, pl.Int64))
    for previous, expected in ((last, 12), (None, 15)):
        table = programmes_table(now, tables["providers"], RULES.disclosure, previous)
        assert table["trained"].unique().to_list() == [expected]
