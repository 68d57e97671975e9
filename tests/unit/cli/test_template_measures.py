"""`otdacha template measures` writes a file that is sound as it is, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from otdacha.cli.run import run
from otdacha.pay.measures import read_measures


def test_the_template_of_measures_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "measures.toml"
    assert run(["template", "measures", str(file)]) == 0
    assert read_measures(file).measures.years == (2027, 2028, 2029)


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
