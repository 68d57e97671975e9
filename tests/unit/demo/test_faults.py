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
