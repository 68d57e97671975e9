"""The parameters of the programme: what ships, what is refused, what a year and a region get."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest

from otdacha.errors import ProgrammeProblem
from otdacha.programme.parameters.entries import Parameters
from otdacha.programme.parameters.file import (
    default_parameters_bytes,
    load_parameters,
    parameters_in,
    parameters_of,
)
from otdacha.records import create_workspace

HEAD = 'id = "p"\nversion = "1.0"\ntitle = { ru = "П", en = "P" }\n'


def entry(section: str, first: str = "2026-01-01", last: str = "2028-12-31", **keys: object) -> str:
    said = {"reference": "закон", "confidence": "U", **keys}
    lines = [f"{key} = {_toml(value)}" for key, value in said.items()]
    return "\n".join([f"[[{section}]]", f"valid_from = {first}", f"valid_to = {last}", *lines, ""])


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')


def read(*entries: str) -> Parameters:
    return parameters_in((HEAD + "\n".join(entries)).encode(), "programme.toml")


def test_what_ships_answers_for_each_year_of_the_plan_and_says_that_it_is_a_sample() -> None:
    shipped = load_parameters()
    for year in (2026, 2027, 2028):
        (federal,) = shipped.cofinancing_of("Заозёрский край", year)
        assert (federal.source, federal.at_most, federal.region) == ("federal", 0.9, "*")
        limit = shipped.limit_of("federal", year)
        assert limit is not None
        assert limit.pays == ("fee",)
        assert shipped.knows_code("0" * 20, year)
    unsure = [*shipped.cofinancing, *shipped.price_rise]
    assert {one.confidence for one in unsure} == {"U"}
    assert all("sample" in one.reference for one in unsure)
    # the law obliges nobody to train for attestation: that is a town's own rule to write down
    assert [duty.rule for duty in shipped.duties_on(dt.date(2027, 5, 1))] == ["new_function"]


def test_a_copy_is_the_same_parameters_and_a_change_is_another(tmp_path: Path) -> None:
    copy = tmp_path / "programme.toml"
    copy.write_bytes(default_parameters_bytes())
    assert load_parameters(copy).hash == load_parameters().hash
    changed = default_parameters_bytes().replace(b"at_most = 0.9", b"at_most = 0.8", 1)
    assert parameters_in(changed, "p.toml").hash != load_parameters().hash


def test_a_workspace_goes_by_its_own_parameters_where_it_holds_some(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "union")
    assert parameters_of(workspace).hash == load_parameters().hash
    (workspace.path / "programme.toml").write_text(HEAD, "utf-8")
    assert parameters_of(workspace).id == "p"


def test_a_region_goes_by_its_own_entry_and_any_other_by_the_star() -> None:
    known = read(
        entry("cofinancing", region="*", source="federal", at_most=0.9),
        entry("cofinancing", region="Север", source="federal", at_most=0.5),
        entry("cofinancing", region="*", source="own", at_most=0.3),
    )
    assert [rule.at_most for rule in known.cofinancing_of("Север", 2026)] == [0.5, 0.3]
    assert [rule.at_most for rule in known.cofinancing_of("Юг", 2026)] == [0.9, 0.3]
    assert known.limit_of("federal", 2040) is None


def test_a_year_outside_all_entries_or_only_half_inside_is_refused_not_guessed() -> None:
    known = read(
        entry("limits", "2026-01-01", "2026-06-30", source="federal", per_person=1),
        entry("limits", "2026-07-01", "2027-12-31", source="federal", per_person=2),
        entry("cofinancing", region="*", source="own", at_most=0.9),
        entry("cofinancing", "2026-01-01", "2026-12-31", region="Юг", source="own", at_most=0.3),
    )
    limit = known.limit_of("federal", 2027)
    assert limit is not None
    assert limit.per_person == 2
    with pytest.raises(ProgrammeProblem, match=r"limits federal changes within 2026"):
        known.limit_of("federal", 2026)
    with pytest.raises(ProgrammeProblem, match=r"limits federal says nothing about 2028"):
        known.limit_of("federal", 2028)
    with pytest.raises(ProgrammeProblem, match=r"cofinancing Юг own says nothing about 2027"):
        known.cofinancing_of("Юг", 2027)
    with pytest.raises(ProgrammeProblem, match="attestation says nothing about 2029-01-01"):
        read(entry("legal_duty", rule="attestation")).duties_on(dt.date(2029, 1, 1))


def test_prices_rise_year_upon_year_and_are_rounded_once() -> None:
    rises = "".join(
        f'[[price_rise]]\nyear = {year}\nrate = {rate}\nreference = "r"\nconfidence = "U"\n'
        for year, rate in ((2027, 0.1), (2028, 0.05))
    )
    known = read(rises)
    assert known.price_index(2026, 2028) == Fraction(1155, 1000)
    assert known.raised(10_001, 2026, 2028) == 11_551  # 11 551.155
    assert known.raised(10_001, 2026, 2026) == 10_001
    with pytest.raises(ProgrammeProblem, match="nothing about 2029"):
        known.price_index(2026, 2029)
    with pytest.raises(ProgrammeProblem, match="never lowered"):
        known.price_index(2028, 2027)


def test_a_code_is_known_with_or_without_its_spaces_in_its_years_only() -> None:
    known = read(entry("codes", last="2026-12-31", code="901 0705 0123456789 244"))
    assert not known.knows_code("901" + "0705" + "0123456789" + "244", 2027)
    assert known.knows_code("90107050123456789244", 2026)
    assert not known.knows_code("90107050123456789242", 2026)
    assert known.knows_code(None, 2026)


FEDERAL = {"region": "*", "source": "federal"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (entry("limits", source="federal", per_person=-1), "limits.0.per_person: it must be 0"),
        (entry("limits", source="foreign"), "limits.0.source"),
        (entry("cofinancing", **FEDERAL, at_most=1.2), "cofinancing.0.at_most: it must be 1"),
        (entry("cofinancing", **FEDERAL, at_most=0.2, at_least=0.3), "at_least is above"),
        (entry("cofinancing", **FEDERAL, cap=-5), "cofinancing.0.cap"),
        (entry("cofinancing", "2027-01-01", "2026-01-01", **FEDERAL), "lies before valid_from"),
        (
            entry("cofinancing", **FEDERAL, at_least=0.6)
            + entry("cofinancing", region="Юг", source="municipal", at_least=0.5),
            "cofinancing Юг: on 2026-01-01 what the sources must bear at least is above 100 %",
        ),
        (
            "".join(
                entry("cofinancing", region="*", source=source, at_most=0.2)
                for source in ("federal", "regional", "municipal", "own")
            ),
            "all four sources may bear at most is below 100 %",
        ),
        (
            entry("limits", last="2026-12-31", source="own") + entry("limits", source="own"),
            "limits own: two entries hold on 2026-",
        ),
        (
            entry("limits", last="2026-12-31", source="own")
            + entry("limits", "2027-02-01", source="own"),
            "limits own: no entry holds between 2026-12-31 and 2027-02-01",
        ),
        (
            '[[price_rise]]\nyear = 2027\nrate = 1.5\nreference = "r"\nconfidence = "U"\n',
            "price_rise.0.rate: it must be 1.0 or less",
        ),
        (
            '[[price_rise]]\nyear = 2027\nrate = 0.1\nreference = "r"\nconfidence = "U"\n' * 2,
            "two entries for 2027",
        ),
        (entry("codes", code="901 0705"), "codes.0.code"),
        ("[plan]\nlearning_shar = 0.1\n", "plan.learning_shar: there is no such key"),
        ("[plan]\nseconds = inf\n", "plan.seconds: it must be a number"),
        ('limits = "none"\n', "limits: it must be a list"),
        ("plan = 3\n", "plan: it must be a table"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_key_in_both_languages(
    content: str, named: str
) -> None:
    with pytest.raises(ProgrammeProblem) as fault:
        read(content)
    assert named in fault.value.said("en")
    russian = fault.value.said("ru")
    assert re.match(r"programme\.toml(, строка \d+)?: ", russian)
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", russian.replace("limits own", ""))


def test_a_file_that_is_absent_or_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeProblem, match="cannot be read"):
        load_parameters(tmp_path / "absent.toml")
    with pytest.raises(ProgrammeProblem, match="not a TOML file"):
        parameters_in("это не TOML".encode(), "p.toml")
