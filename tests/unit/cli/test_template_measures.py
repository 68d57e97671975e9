"""`otdacha template` of measures and of law: a file that is sound, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from otdacha.cli.run import run
from otdacha.errors import PayProblem
from otdacha.pay.measures import read_measures
from otdacha.pay.parameters import law_in, template_bytes
from tests.unit.pay.small_law import written


def test_the_template_of_measures_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "measures.toml"
    assert run(["template", "measures", str(file)]) == 0
    assert read_measures(file).measures.years == (2027, 2028, 2029)


def test_the_template_of_the_law_is_read_once_its_figures_are_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "pay" / "region.toml"
    file.parent.mkdir()
    assert run(["template", "law", str(file)]) == 0
    assert file.read_bytes() == template_bytes()
    assert law_in(file.parent).sets[0].said.regions


def test_the_federal_law_that_ships_can_be_gone_on_with(tmp_path: Path) -> None:
    """Whoever asks for a year beyond it is told how; the copy stands in its place as it is."""
    folder = written(tmp_path / "pay")
    (folder / "federal.toml").unlink()
    with pytest.raises(PayProblem, match=r"otdacha template federal DIR/pay/federal\.toml"):
        law_in(folder).contributions_of(2027)
    assert run(["template", "federal", str(folder / "federal.toml")]) == 0
    law = law_in(folder)
    assert law.contributions_of(2026).ceiling == 2_979_000
    with pytest.raises(PayProblem, match=r"pay/federal\.toml: contributions says nothing"):
        law.contributions_of(2027)


@pytest.mark.parametrize(
    ("name", "said"), [("measures.toml", "is there already"), ("measures.xlsx", "something.toml")]
)
def test_it_is_written_over_no_other_file(
    tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "measures.toml").write_text("mine", "utf-8")
    assert run(["template", "measures", str(tmp_path / name), "--lang", "en"]) == 3
    assert said in capsys.readouterr().err
    assert (tmp_path / "measures.toml").read_text("utf-8") == "mine"
