import numpy as np
import polars as pl

from otdacha.demo import faults


def case_log(rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "case": [f"2024-{number:06d}" for number in range(rows)],
            "opened": ["01.03.2024"] * rows,
            "closed": ["15.03.2024"] * rows,
            "status": ["Исполнено"] * rows,
            "executor": ["00101"] * rows,
        }
    )


def test_faults_are_spread_over_the_places_and_no_place_gets_more_than_it_has_rows():
    portions = faults.spread(
        np.random.default_rng(1), {"bad_inn": 5, "impossible_date": 3}, np.array([4, 0, 4])
    )

    assert [sum(portion.values()) for portion in portions] == [4, 0, 4]
    assert sum(portion["bad_inn"] for portion in portions) == 5


def test_sound_rows_stay_as_they_are_and_faulty_ones_are_rows_of_their_own():
    log = case_log(40)
    planted = faults.plant_in_cases(np.random.default_rng(1), log, dict.fromkeys(faults.CASES, 2))

    assert planted.head(40).equals(log)
    assert planted.height == 40 + 2 * len(faults.CASES)


def test_somebody_who_is_needed_twice_is_needed_on_one_day_for_another_topic():
    needs = pl.DataFrame(
        {
            "number": [1, 2, 3],
            "person": [7, None, 8],
            "by": ["30.06.2026", "30.06.2026", "31.12.2026"],
            "topic": ["закупки", "архив", "архив"],
            "indicator": [None, None, "on_time"],
        }
    )
    planned = {"twice_on_one_day": 1}
    topics = ["архив", "закупки"]
    planted = faults.plant_in_needs(np.random.default_rng(1), needs, planned, topics)

    assert planted.head(3).equals(needs)
    assert planted.row(3) == (4, 7, "30.06.2026", "архив", None)


def test_faulty_offers_have_codes_of_their_own():
    offers = pl.DataFrame(
        {
            "offer": [f"п{number}" for number in range(9)],
            "started": ["01.03.2026"] * 9,
            "minimum_group": [5] * 9,
            "places": [20] * 9,
            "price": [7000.0] * 9,
        }
    )
    planned = {"no_date_of_offer": 1, "minimum_above_places": 1, "negative_price": 1}
    planted = faults.plant_in_offers(np.random.default_rng(1), offers, planned)

    dateless, too_small, negative = planted.tail(3).to_dicts()
    assert planted.head(9).equals(offers)
    assert planted["offer"].n_unique() == 12
    assert dateless["started"] is None
    assert too_small["minimum_group"] == 25
    assert negative["price"] == -7000.0


def test_a_code_that_lost_a_sign_stands_beside_the_right_one():
    budgets = pl.DataFrame({"code": ["902 0705 01 2 01 S2340 244", None], "amount": [1.0, 2.0]})
    planned = {"bad_budget_code": 1}
    planted = faults.plant_in_budgets(np.random.default_rng(1), budgets, planned)

    assert planted.height == 3
    assert planted["code"][2] == "902 0705 01 2 01 S2340 24"


def test_each_kind_of_fault_in_cases_is_what_its_name_says():
    log = case_log(40)
    rows = faults.plant_in_cases(
        np.random.default_rng(1), log, dict.fromkeys(faults.CASES, 1)
    ).tail(5)
    repeated, rekeyed, backwards, impossible, unknown = rows.to_dicts()

    assert repeated in log.to_dicts()
    assert rekeyed["case"] in log["case"]
    assert rekeyed not in log.to_dicts()
    assert (backwards["opened"], backwards["closed"]) == ("15.03.2024", "01.03.2024")
    assert impossible["opened"] in ("31.02.2024", "00.00.2023", "31.06.2024", "29.02.2023")
    assert unknown["executor"] == "99999"
