"""What of a scenario anybody may have: no figure of a few people, and none that tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otdacha.pay.costs_told import SOURCES
from otdacha.pay.disclosure import Told, few_exits, for_the_office, hidden_groups, public
from otdacha.pay.tables import COSTS, DISTRIBUTION, TABLES
from tests.invented_scenario import BUYAN, KITEZH, TRAINED, small_scenario, small_tables


def told(tmp_path: Path, people: Mapping[str, int] | None = None, minimum: int = 5) -> Told:
    """The scenario in which groups have other counts of people, all of whom receive something."""
    table = small_tables()["distribution"]
    for value, count in (people or {}).items():
        there = pl.col("value") == value
        table = table.with_columns(
            pl.when(there).then(count).otherwise(name).alias(name) for name in ("people", "receive")
        )
    return public(small_scenario(tmp_path, changes={"distribution": table}), minimum)


def hidden(found: Told, by: str) -> set[str]:
    table = found.tables["distribution"].filter(by=by, hidden="suppressed")
    return set(table["value"])


def test_a_small_group_is_hidden_with_another_so_that_it_does_not_follow(tmp_path: Path) -> None:
    """3 of the highest group are 140 less 60 and 77: one of the others goes too."""
    found = told(tmp_path)
    assert hidden(found, "position_group") == {"высшая", "ведущая"}
    assert hidden(found, "sex") == hidden(found, "municipality") == set()
    row = found.tables["distribution"].filter(value="ведущая").row(0, named=True)
    assert [row[name] for name in ("people", "receive", "pay_before", "pay_after", "gain")] == [
        None
    ] * 5


def test_one_of_two_sexes_that_is_few_hides_both(tmp_path: Path) -> None:
    assert hidden(told(tmp_path, {"male": 4}), "sex") == {"female", "male"}


def test_a_group_in_which_few_receive_something_is_hidden_too(tmp_path: Path) -> None:
    """What two people receive is the mean's rise times the people of the group."""
    table = small_tables()["distribution"].with_columns(
        receive=pl.when(pl.col("value") == "male").then(2).otherwise("receive")
    )
    found = public(small_scenario(tmp_path, changes={"distribution": table}), 5)
    assert hidden(found, "sex") == {"female", "male"}


def test_a_small_town_is_hidden_with_another_and_its_costs_stand_with_theirs(
    tmp_path: Path,
) -> None:
    found = told(tmp_path, {BUYAN: 4})
    assert found.towns == {KITEZH, BUYAN}
    towns = found.tables["municipalities"]
    assert towns["pay_before"].null_count() == towns["cost"].null_count() == 2
    assert towns["wage"].null_count() == 0  # Rosstat publishes it
    assert found.tables["limits"]["fund_after"].null_count() == 4
    costs = found.tables["costs"]
    assert costs["municipality"].null_count() == costs.height
    assert costs["cost"].sum() == Decimal("25000000.50")


def test_of_so_few_people_that_all_together_are_few_nothing_is_told(tmp_path: Path) -> None:
    few = {KITEZH: 3, BUYAN: 1, "ведущая": 4, "старшая": 0, "высшая": 0, "female": 4, "male": 0}
    found = told(tmp_path, few)
    assert found.figures["people"] is None
    assert set(found.tables["distribution"]["hidden"]) == {"suppressed"}
    assert found.towns == {KITEZH, BUYAN}


def test_people_are_in_no_table_that_is_told(tmp_path: Path) -> None:
    assert "people" not in told(tmp_path).tables


def test_of_a_hidden_town_no_package_tells_the_level(tmp_path: Path) -> None:
    """Two packages that differ in it differ by what it costs there; a level that all have stays."""
    levels = small_tables()["levels"]
    here = levels.filter(package=3).with_columns(municipality=pl.lit(BUYAN))
    few = small_tables()["distribution"].with_columns(
        pl.when(pl.col("value") == BUYAN).then(4).otherwise(name).alias(name)
        for name in ("people", "receive")
    )
    changes = {"levels": pl.concat([levels, here]), "distribution": few}
    found = public(small_scenario(tmp_path, changes=changes), 5).tables["levels"]
    hidden = found.filter(municipality=BUYAN)
    assert hidden.select("hidden", "level", "amount_ru", "amount_en").unique().rows() == [
        ("suppressed", None, None, None)
    ]
    shared = found.filter(pl.col("municipality").is_null())
    assert set(shared["hidden"]) == {"published"}
    assert shared["level"].to_list() == levels["level"].to_list()


def rivals_of(found: Told) -> dict[str, tuple[object, ...]]:
    names = ("hidden", "cost", "municipalities", "avoided", "ahead", "certain", "same")
    return {row["rule"]: tuple(row[name] for name in names)
            for row in found.tables["rivals"].iter_rows(named=True)}  # fmt: skip


def test_ways_to_spend_as_much_are_told_in_sums_of_all_towns(tmp_path: Path) -> None:
    found = rivals_of(told(tmp_path))
    assert found["alphabetical"] == (
        "published", Decimal("18500000.00"), 1, 3.5, 2.0, True, False,
    )  # fmt: skip
    assert {row[0] for row in found.values()} == {"published"}
    assert "people" not in told(tmp_path).tables["rivals"].columns


@pytest.mark.parametrize("people", [4, 136])
def test_a_way_that_reaches_few_people_or_leaves_out_few_is_hidden(
    tmp_path: Path, people: int
) -> None:
    """Four of 140: its cost, less that of no measure or of one for all, would be theirs."""
    table = small_tables()["rivals"].with_columns(
        people=pl.when(pl.col("rule") == "alphabetical").then(people).otherwise("people")
    )
    found = rivals_of(public(small_scenario(tmp_path, changes={"rivals": table}), 5))
    assert found["alphabetical"] == ("suppressed", *[None] * 6)
    assert {rule for rule, row in found.items() if row[0] == "suppressed"} == {"alphabetical"}


# Exits: of seven towns, how many have left each; of the last nothing is estimated.
CODES = [f"2870{at}000" for at in range(1, 8)]
EFFECT = TABLES["municipalities"]["effect"]
OF_EXITS = (
    "exits_before", "exits_after", "avoided", "avoided_lower", "avoided_upper", "vacant_months",
    "vacancy_cost", "training_kept",
)  # fmt: skip


def with_exits(
    tmp_path: Path, seen: Sequence[int | None], people: Mapping[str, int] | None = None,
    minimum: int = 5,
) -> Told:  # fmt: skip
    """The scenario with towns that so many have left; None: nothing is estimated of its exits."""
    first = small_tables()["municipalities"].head(1)
    codes = CODES[: len(seen)]
    towns = pl.concat(
        first.with_columns(
            municipality=pl.lit(code),
            exits_seen=pl.lit(count, pl.Int64),
            effect=pl.lit("estimated" if count is not None else "too few exits", EFFECT),
            **({} if count is not None else {
                name: pl.lit(None, TABLES["municipalities"][name]) for name in OF_EXITS
            }),
        )
        for code, count in zip(codes, seen, strict=True)
    )  # fmt: skip
    counts = {(code, 2027, MANY): (people or {}).get(code, 30) for code in codes}
    groups = small_tables()["distribution"]
    of_towns = groups.filter(by="municipality").head(1)
    changes = {
        "municipalities": towns,
        "distribution": pl.concat(
            [groups.filter(pl.col("by") != "municipality")]
            + [of_towns.with_columns(value=pl.lit(code), people=pl.lit(count, pl.Int64),
                                     receive=pl.lit(count, pl.Int64))
               for (code, _, _), count in counts.items()]
        ),
    }  # fmt: skip
    return with_measures(
        tmp_path, counts, {MANY: (0, 1, 0, 0)}, towns=codes, changes=changes, minimum=minimum
    )


def without_exits(found: Told) -> list[int]:
    """The places of the towns whose exits are not told."""
    towns = found.tables["municipalities"].filter(effect="suppressed")
    assert all(towns[name].null_count() == towns.height for name in OF_EXITS)
    others = found.tables["municipalities"].filter(effect="estimated")
    assert all(others[name].null_count() == 0 for name in OF_EXITS)
    return [CODES.index(code) for code in towns["municipality"]]


def test_exits_of_a_town_that_few_have_left_are_not_told_and_its_pay_is(tmp_path: Path) -> None:
    """One exit in three years is read off what is expected of the years to come."""
    found = with_exits(tmp_path, [9, 1, 4, 30])
    assert without_exits(found) == [1, 2]  # five together
    towns = found.tables["municipalities"]
    assert found.towns == frozenset()
    assert towns["pay_before"].null_count() == towns["cost"].null_count() == 0
    assert set(towns["hidden"]) == {"published"}


def test_beside_one_town_that_few_have_left_another_is_hidden(tmp_path: Path) -> None:
    """Its exits would be those of all towns less those of the others."""
    assert without_exits(with_exits(tmp_path, [9, 8, 1, 30])) == [0, 2]


def test_two_towns_that_hardly_anybody_has_left_are_hidden_with_a_third(tmp_path: Path) -> None:
    """Three exits are few of both together."""
    assert without_exits(with_exits(tmp_path, [9, 1, 2, 30])) == [0, 1, 2]


def test_that_nobody_has_left_a_town_is_not_told_either(tmp_path: Path) -> None:
    assert without_exits(with_exits(tmp_path, [9, 0, 8, 30])) == [0, 1]
    assert without_exits(with_exits(tmp_path, [9, 0, 0, 30])) == [0, 1, 2]


def test_where_few_have_left_all_towns_together_none_tells_of_it(tmp_path: Path) -> None:
    assert without_exits(with_exits(tmp_path, [0, 1, 2, None])) == [0, 1, 2]


def test_of_a_town_without_an_estimate_there_is_nothing_to_hide(tmp_path: Path) -> None:
    found = with_exits(tmp_path, [9, None, 8, 30])
    assert without_exits(found) == []
    assert found.tables["municipalities"]["effect"].to_list()[1] == "too few exits"


def test_exits_of_a_hidden_town_do_not_follow_from_those_of_the_others(tmp_path: Path) -> None:
    """Two towns are hidden with all they have; of both together three have left."""
    codes = CODES[:5]
    found = with_exits(tmp_path, [1, 2, 9, 30, 12], {codes[0]: 2, codes[1]: 30})
    assert found.towns == {codes[0], codes[1]}
    assert without_exits(found) == [0, 1, 2]
    assert found.tables["municipalities"]["hidden"].to_list()[2] == "published"


def test_how_many_have_left_is_in_no_table_that_is_told(tmp_path: Path) -> None:
    found = with_exits(tmp_path, [9, 1, 4, 30])
    assert not any("exits_seen" in table.columns for table in found.tables.values())
    assert found.tables["packages"]["avoided"].null_count() == 0  # sums of all towns are told


def test_without_a_minimum_exits_are_told_of_every_town(tmp_path: Path) -> None:
    assert without_exits(with_exits(tmp_path, [0, 1, 2, 30], minimum=1)) == []


@settings(max_examples=200, deadline=None)
@given(
    counts=st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=7),
    minimum=st.integers(2, 6),
)
def test_each_town_without_exits_could_be_one_that_enough_have_left(
    counts: list[tuple[int, bool]], minimum: int
) -> None:
    """Whoever has the sum of all and those that are told has the sum of the others: by that alone
    any of them could be as large as the minimum."""
    towns = pl.DataFrame(
        {"municipality": [str(at) for at in range(len(counts))],
         "exits_seen": [seen for seen, _ in counts]}
    )  # fmt: skip
    hidden_ = {str(at) for at, (_, away) in enumerate(counts) if away}
    found = few_exits(towns, hidden_, minimum)
    few = {str(at) for at, (seen, _) in enumerate(counts) if seen < minimum}
    assert few | hidden_ <= found
    if found and len(found) < len(counts):
        assert len(found) > 1
        assert sum(counts[int(code)][0] for code in found) >= minimum


# What measures cost. Of `MANY` both towns have enough people, of `RARE` Kitezh has one.
MANY, RARE, FLOOR = "many", "rare", "floor"
THREE = {MANY: (0.0, 0.5, 0.5, 0.0), FLOOR: (0.7, 0.0, 0.3, 0.0), RARE: (0.5, 0.5, 0.0, 0.0)}


def with_measures(
    tmp_path: Path,
    people: Mapping[tuple[str, int, str], int],
    parts: Mapping[str, tuple[float, float, float, float]],
    *,
    minimum: int = 5,
    towns: Sequence[str] = (KITEZH, BUYAN),
    changes: Mapping[str, pl.DataFrame] | None = None,
) -> Told:
    """The scenario with other measures, a thousand rubles for each of `people` by town, year and
    measure. parts: federal, regional, municipal and own parts of the cost of each measure."""
    costs = [
        (town, year, key, source, Decimal(1_000 * count) * Decimal(str(part)), count)
        for (town, year, key), count in people.items()
        for source, part in zip(SOURCES, parts[key], strict=True)
        if part
    ]
    first = small_tables()["measures"].head(1)
    measures = pl.concat(
        first.with_columns(
            number=pl.lit(number, pl.Int64),
            measure=pl.lit(key),
            people=pl.lit(_in_any_year(people, key), pl.Int64),
            **{
                source: pl.lit(part, pl.Float64)
                for source, part in zip(SOURCES, parts[key], strict=True)
            },
        )
        for number, key in enumerate(parts, 1)
    )
    groups = small_tables()["distribution"]
    of_towns = groups.filter(by="municipality").head(1)
    groups = pl.concat(
        [groups.filter(pl.col("by") != "municipality"), of_towns.clear()]
        + [of_towns.with_columns(value=pl.lit(town)) for town in towns]
    )
    towns_ = small_tables()["municipalities"].head(1)
    made = {
        "costs": pl.DataFrame(costs, schema=COSTS, orient="row"),
        "measures": measures,
        "distribution": groups,
        "municipalities": pl.concat(
            towns_.with_columns(municipality=pl.lit(town)) for town in towns
        ),
        **(changes or {}),
    }
    return public(small_scenario(tmp_path, changes=made), minimum)


def _in_any_year(people: Mapping[tuple[str, int, str], int], key: str) -> int:
    """Of each town those of its largest year."""
    towns = {town for town, _, _ in people}
    return sum(
        max([count for (where, _, what), count in people.items() if (where, what) == (town, key)],
            default=0)
        for town in towns
    )  # fmt: skip


def sources_of(found: Told, town: str | None) -> set[str]:
    costs = found.tables["costs"].filter(pl.col("municipality").eq_missing(pl.lit(town)))
    return set(costs["source"])


def test_costs_by_source_do_not_give_away_a_measure_that_reaches_one_person_in_a_town(
    tmp_path: Path,
) -> None:
    """80,000 rubles once to one person: the only federal money in the town."""
    people = {(KITEZH, 2027, MANY): 40, (KITEZH, 2027, RARE): 1,
              (BUYAN, 2027, MANY): 30, (BUYAN, 2027, RARE): 9}  # fmt: skip
    parts = {MANY: (0, 0.6, 0.4, 0), RARE: (1, 0, 0, 0)}
    found = with_measures(tmp_path, people, parts)
    assert sources_of(found, KITEZH) == {"all"}
    assert found.tables["costs"].filter(municipality=KITEZH)["cost"].to_list() == [Decimal(41_000)]


def test_nor_does_what_a_town_alone_does_not_tell_by_source(tmp_path: Path) -> None:
    """What the federal budget pays in Kitezh would be what it pays less what it pays in Buyan."""
    people = {(KITEZH, 2027, MANY): 40, (KITEZH, 2027, RARE): 1,
              (BUYAN, 2027, MANY): 30, (BUYAN, 2027, RARE): 9}  # fmt: skip
    parts = {MANY: (0, 0.6, 0.4, 0), RARE: (1, 0, 0, 0)}
    assert sources_of(with_measures(tmp_path, people, parts), BUYAN) == {"all"}


def test_three_sources_do_not_give_away_three_measures(tmp_path: Path) -> None:
    """By federal, regional and municipal money three measures follow, whichever pays for which: so
    it was of one young person in a town of the demonstration. Two sums of two large measures and a
    small one are told."""
    towns = (KITEZH, BUYAN, "28703000")
    people = {(town, 2027, key): 15 for town in towns for key in (MANY, FLOOR)}
    people |= {(town, 2027, RARE): 3 for town in towns}
    found = with_measures(tmp_path, people, THREE, towns=towns)
    assert all(sources_of(found, town) == {"above", "local"} for town in towns)


def test_one_person_in_each_of_two_towns_are_two_people(tmp_path: Path) -> None:
    """What the measure costs in them together is its cost less that of the third town, where every
    measure follows by source."""
    towns = (KITEZH, BUYAN, "28703000")
    people = {(town, 2027, key): 15 for town in towns for key in (MANY, FLOOR)}
    people |= {(KITEZH, 2027, RARE): 1, (BUYAN, 2027, RARE): 1, (towns[2], 2027, RARE): 16}
    found = with_measures(tmp_path, people, THREE, towns=towns)
    assert sources_of(found, towns[2]) == {"all"}


def test_costs_stand_by_source_where_every_measure_reaches_enough_people(tmp_path: Path) -> None:
    people = {(KITEZH, 2027, MANY): 40, (BUYAN, 2027, MANY): 30, (KITEZH, 2027, FLOOR): 5}
    parts = {MANY: (0, 0.6, 0.4, 0), FLOOR: (0.8, 0.2, 0, 0)}
    found = with_measures(tmp_path, people, parts)
    assert sources_of(found, KITEZH) == {"federal", "regional", "municipal"}
    assert sources_of(found, BUYAN) == {"regional", "municipal"}


def test_a_year_in_which_few_of_a_town_receive_something_hides_the_town(tmp_path: Path) -> None:
    """The pay of a year less that without the measures is what two people receive; in the other
    year forty do."""
    towns = (KITEZH, BUYAN, "28703000")
    people = {(town, year, MANY): 40 for town in towns for year in (2027, 2028)}
    people[KITEZH, 2027, MANY] = 2
    found = with_measures(tmp_path, people, {MANY: (0, 1, 0, 0)}, towns=towns)
    assert KITEZH in found.towns
    assert len(found.towns) > 1
    assert found.tables["limits"].filter(municipality=KITEZH)["fund_after"].is_null().all()
    hidden_ = found.tables["distribution"].filter(by="municipality", hidden="suppressed")["value"]
    assert set(hidden_) == found.towns
    assert found.tables["costs"]["cost"].sum() == Decimal(202_000)


def test_a_measure_that_reaches_few_costs_something_with_others_only(tmp_path: Path) -> None:
    """Cost over the rate is how many they are."""
    people = {(KITEZH, 2027, MANY): 40, (BUYAN, 2027, MANY): 30, (BUYAN, 2027, FLOOR): 10,
              (KITEZH, 2027, RARE): 3}  # fmt: skip
    parts = dict.fromkeys((MANY, FLOOR, RARE), (0.5, 0, 0.5, 0))
    found = with_measures(tmp_path, people, parts)
    measures = {row["measure"]: row for row in found.tables["measures"].to_dicts()}
    assert (measures[RARE]["people"], measures[RARE]["cost"]) == (None, None)
    assert (measures[MANY]["people"], measures[MANY]["cost"]) == (None, None)  # told with it
    assert measures[FLOOR]["people"] == 10
    together = found.tables["costs_by_measure"].filter(pl.col("measure").is_null())
    assert together["cost"].sum() == Decimal(73_000)
    assert found.tables["costs_by_measure"]["cost"].sum() == Decimal(83_000)
    assert found.tables["money"].equals(small_tables()["money"])  # it is asked for


def test_a_measure_that_reaches_few_in_one_year_stands_with_others_too(tmp_path: Path) -> None:
    people = {(KITEZH, 2027, MANY): 40, (KITEZH, 2028, MANY): 40, (BUYAN, 2027, MANY): 30,
              (BUYAN, 2028, MANY): 30, (KITEZH, 2027, RARE): 9,
              (KITEZH, 2028, RARE): 1}  # fmt: skip
    parts = dict.fromkeys((MANY, RARE), (0.5, 0, 0.5, 0))
    found = with_measures(tmp_path, people, parts)
    assert found.tables["costs_by_measure"]["measure"].is_null().all()


def test_a_rise_of_the_salary_does_not_give_away_what_is_told_as_one(tmp_path: Path) -> None:
    """The salary with a measure less that without it is what the measure costs."""
    people = {(KITEZH, 2027, MANY): 40, (BUYAN, 2027, MANY): 30, (KITEZH, 2027, RARE): 3}
    parts = dict.fromkeys((MANY, RARE), (0.5, 0, 0.5, 0))
    parts_of_pay = with_measures(tmp_path, people, parts).tables["components"]
    sums = parts_of_pay["component"].is_in(["total", "contributions", "cost"])
    assert parts_of_pay.filter(~sums)["after"].is_null().all()
    assert parts_of_pay.filter(sums)["after"].null_count() == 0


def test_parts_of_pay_of_few_people_are_one_with_another_that_no_town_tells(
    tmp_path: Path,
) -> None:
    """Secrecy with the salary would be secrecy less the salary of all towns, which they tell."""
    paid = small_tables()["components"].filter(component="salary")
    some = [
        paid.with_columns(component=pl.lit(name), people=pl.lit(count, pl.Int64))
        for name, count in (("secrecy", 2), ("bonus", 40), ("service", 30))
    ]
    components = pl.concat([small_tables()["components"], *some])
    found = public(small_scenario(tmp_path, changes={"components": components}), 5)
    named = set(found.tables["components"]["component"])
    assert {"others", "salary", "bonus"} <= named
    assert {"secrecy", "service"}.isdisjoint(named)


def test_what_hangs_on_the_person_is_one_part_of_the_fund_of_a_town(tmp_path: Path) -> None:
    """Two with a rank have a part with those who have served for some time."""
    paid = small_tables()["components"].filter(component="salary")
    fund = small_tables()["fund"].head(1)
    counts = (("special", 100), ("rank", 2), ("service", 40), ("secrecy", 0))
    changes = {
        "components": pl.concat(
            [
                small_tables()["components"].filter(pl.col("component") != "special"),
                *(
                    paid.with_columns(component=pl.lit(name), people=pl.lit(count, pl.Int64))
                    for name, count in counts
                ),
            ]
        ),
        "fund": pl.concat(
            fund.with_columns(component=pl.lit(name), norm=norm)
            for (name, _), norm in zip(counts, (12.0, 4.0, 3.0, None), strict=True)
        ),
    }
    found = public(small_scenario(tmp_path, changes=changes), 5).tables["fund"]
    assert found.select("component", "salaries", "norm").rows() == [
        ("special", 12.5, 12.0),
        ("others", 37.5, None),  # of secrecy the law says nothing: nor of all of them
    ]


def test_a_way_that_gives_few_people_something_else_than_the_chosen_package_is_hidden(
    tmp_path: Path,
) -> None:
    table = small_tables()["rivals"].with_columns(
        differ=pl.when(pl.col("rule") == "cheapest").then(4).otherwise("differ")
    )
    found = rivals_of(public(small_scenario(tmp_path, changes={"rivals": table}), 5))
    assert {rule for rule, row in found.items() if row[0] == "suppressed"} == {"cheapest"}


def test_packages_are_not_compared_where_a_measure_with_levels_reaches_few(tmp_path: Path) -> None:
    measures = small_tables()["measures"].with_columns(
        people=pl.when(pl.col("measure") == TRAINED).then(4).otherwise("people")
    )
    found = public(small_scenario(tmp_path, changes={"measures": measures}), 5)
    assert found.tables["packages"]["package"].to_list() == [3]
    assert set(found.tables["levels"]["package"]) == {3}
    assert {rule for rule, row in rivals_of(found).items() if row[0] == "published"} == {"chosen"}


def test_those_who_decide_have_costs_of_each_measure_in_each_town(tmp_path: Path) -> None:
    scenario = small_scenario(tmp_path)
    inside = for_the_office(scenario, public(scenario, 5))
    assert inside["costs"]["cost"].sum() == Decimal("25000000.50")
    assert inside["costs"].filter(municipality=KITEZH, measure=TRAINED).height == 4
    assert inside["packages"].equals(scenario.tables["packages"])


def test_without_a_minimum_everything_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, {"male": 1, BUYAN: 1}, minimum=1)
    assert set(found.tables["distribution"]["hidden"]) == {"published"}
    assert found.towns == frozenset()


@settings(max_examples=150, deadline=None)
@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=6), minimum=st.integers(2, 6))
def test_hidden_groups_together_are_never_a_small_group(counts: list[int], minimum: int) -> None:
    """Whoever knows the sum of all knows the sum of those hidden, and no more."""
    table = pl.DataFrame(
        [("sex", str(at), count, count, None, None, None) for at, count in enumerate(counts)],
        schema=DISTRIBUTION,
        orient="row",
    )
    found = hidden_groups(table, "sex", minimum)
    small = {str(at) for at, count in enumerate(counts) if 0 < count < minimum}
    if found is None:
        assert sum(counts) < 2 * minimum + len(counts)
        return
    assert small <= found
    assert all(counts[int(value)] for value in found)
    if found:
        assert len(found) > 1
        assert sum(counts[int(value)] for value in found) >= minimum


@pytest.mark.parametrize("minimum", [5, 10])
def test_what_is_hidden_grows_with_the_minimum(tmp_path: Path, minimum: int) -> None:
    small, large = (hidden(told(tmp_path / str(m), minimum=m), "position_group")
                    for m in (2, minimum))  # fmt: skip
    assert small <= large


def test_of_other_packages_only_that_levels_differ_by_town_is_told(tmp_path: Path) -> None:
    """Two packages that differ in one town's level differ by what it costs there."""
    levels = pl.DataFrame(
        [(package, town, TRAINED, level, "rubles", None, None) for package, town, level in (
            (1, None, None), (2, KITEZH, 3000.0), (2, BUYAN, None), (3, KITEZH, 3000.0),
            (3, BUYAN, 3000.0))],
        schema=TABLES["levels"], orient="row",
    )  # fmt: skip
    told_ = public(small_scenario(tmp_path, changes={"levels": levels}), 5).tables
    assert told_["packages"].height == 3
    assert told_["levels"].select("package", "municipality", "level", "hidden").rows() == [
        (1, None, None, "published"),
        (2, None, None, "suppressed"),
        (3, KITEZH, 3000.0, "published"),
        (3, BUYAN, 3000.0, "published"),
    ]
