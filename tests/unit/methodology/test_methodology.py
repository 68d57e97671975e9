"""Methodology files: those that ship, and what is said of a wrong one."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from otdacha.errors import MethodologyProblem
from otdacha.methodology import DEFAULT, Gates, default_methodology, load_methodology

SHIPPED = sorted(
    entry.name.removesuffix(".toml")
    for entry in (files("otdacha.methodology") / "files").iterdir()
    if entry.name.endswith(".toml")
)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_methodology_that_ships_is_valid_and_speaks_both_languages(name: str) -> None:
    methodology = default_methodology(name)
    assert sum(methodology.weights.values()) == pytest.approx(1)
    for indicator in methodology.indicators:
        assert indicator.next_review > indicator.reviewed
        for text in (indicator.name, indicator.why, indicator.unit):
            assert text.said("ru") != text.said("en")


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the default methodology with some of its lines changed."""
    content = (files("otdacha.methodology") / "files" / f"{DEFAULT}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    path = folder / "methodology.toml"
    path.write_text(content, "utf-8")
    return path


def test_a_copy_is_the_same_methodology_and_a_change_is_another(tmp_path: Path) -> None:
    assert load_methodology(written(tmp_path)).hash == default_methodology().hash
    changed = load_methodology(written(tmp_path, ("horizon_months = 12", "horizon_months = 11")))
    assert changed.hash != default_methodology().hash


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("horizon_months = 12", "horizon_months = 0", "design.horizon_months"),
        ("horizon_months = 12", "horizon_months = 36", "look_back_months"),
        ('better = "lower"', 'better = "less"', "indicators.1.better"),
        ("error_rate = 0.10", "error_rate = 10", "list.error_rate"),
        ('id = "repeat"', 'id = "on_time"', "ids of indicators"),
        ("seed = 20210415", "sead = 20210415", "ranks.seed"),
        ("clusters = 3", "clusters = 1", "minimum.clusters"),
        ("leads = 6", "leads = 0", "gates.leads"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    with pytest.raises(MethodologyProblem) as fault:
        load_methodology(written(tmp_path, (old, new)))
    assert named in fault.value.said("en")
    russian = fault.value.said("ru")
    assert "methodology.toml" in russian
    assert not re.search(
        r"[a-z]{3,} [a-z]{3,}",
        russian.replace("look_back_months", "").replace("horizon_months", ""),
    )


def test_a_file_that_is_absent_or_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MethodologyProblem, match="cannot be read"):
        load_methodology(tmp_path / "absent.toml")
    (tmp_path / "m.toml").write_text("это не TOML", "utf-8")
    with pytest.raises(MethodologyProblem, match="not a TOML file"):
        load_methodology(tmp_path / "m.toml")


def test_a_file_from_before_the_gates_gets_the_gates_that_ship(tmp_path: Path) -> None:
    text = written(tmp_path).read_text("utf-8")
    before = text[: text.index("[gates]")] + text[text.index("[prediction]") :]
    (tmp_path / "old.toml").write_text(before, "utf-8")
    old = load_methodology(tmp_path / "old.toml")
    assert old.gates == Gates()
    assert old.gates == default_methodology().gates


def test_a_placebo_indicator_is_one_without_a_weight(tmp_path: Path) -> None:
    marked = load_methodology(written(tmp_path, ("weight = 2", "weight = 0\nplacebo = true")))
    assert [one.placebo for one in marked.indicators] == [True, False, False]
    assert marked.weights["on_time"] == 0
    with pytest.raises(MethodologyProblem, match=r"indicators\.0.*must have the weight 0"):
        load_methodology(written(tmp_path, ("weight = 2", "weight = 2\nplacebo = true")))


def test_an_older_file_without_gates_and_prediction_still_loads(tmp_path: Path) -> None:
    content = (files("otdacha.methodology") / "files" / f"{DEFAULT}.toml").read_text("utf-8")
    start, stop = content.index("[gates]"), content.index("[disclosure]")
    path = tmp_path / "methodology.toml"
    path.write_text(content[:start] + content[stop:], "utf-8")
    known = load_methodology(path)
    assert known.gates.permutations == 20
    assert known.prediction.cut is None


def test_the_day_of_the_earlier_ranking_may_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, ("[prediction]\n", "[prediction]\ncut = 2024-06-01\n"))
    cut = load_methodology(path).prediction.cut
    assert cut is not None
    assert cut.isoformat() == "2024-06-01"
