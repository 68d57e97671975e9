import numpy as np
from stdnum.ru import inn, ogrn

from otdacha.demo.identifiers import (
    invented_inn,
    invented_ogrn,
    invented_phones,
    invented_snils,
    with_wrong_check_digit,
)


def test_an_invented_inn_has_a_right_check_digit_and_a_tax_office_that_does_not_exist():
    # 0·2+0·4+0·10+0·3 + 1·5+2·9+3·4+4·6+5·8 = 99; 99 % 11 % 10 = 0
    assert invented_inn(12345) == "0000123450"
    assert all(inn.is_valid(invented_inn(number)) for number in range(1, 99_999, 997))


def test_an_invented_ogrn_is_of_the_year_00_which_came_before_the_register():
    assert invented_ogrn(1) == "1000000000011"[:12] + str(100000000001 % 11 % 10)
    assert all(ogrn.is_valid(invented_ogrn(number)) for number in range(1, 99_999, 997))


def test_a_wrong_check_digit_is_wrong():
    assert not inn.is_valid(with_wrong_check_digit(invented_inn(12345)))


def test_invented_snils_differ_and_carry_the_check_number_of_the_law():
    numbers = invented_snils(np.random.default_rng(1), 500)

    assert len(set(numbers)) == 500
    for number in numbers.tolist():
        digits = f"{number:011d}"
        total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
        assert int(digits[9:]) == total % 101 % 100
        assert digits.startswith("99")


def test_invented_phones_have_a_code_that_nobody_has():
    assert all(
        phone.startswith("+7 (000) ") and len(phone) == 18
        for phone in invented_phones(np.random.default_rng(1), 50)
    )
