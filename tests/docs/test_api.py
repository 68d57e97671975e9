"""The Python examples of docs/api.md run as they stand, one after the other."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/api.md"


def test_the_examples_of_the_python_api_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(examples) >= 3
    known: dict[str, object] = {}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), known)


def test_the_profile_in_the_documentation_is_one(tmp_path: Path) -> None:
    from otdacha.records import load_profile, shipped_profiles

    page = (PAGE.parent / "files.md").read_text("utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)
    (tmp_path / "centre.toml").write_text(example, "utf-8")
    profile = load_profile(tmp_path / "centre.toml")
    assert profile.columns["unit"] == ("Отдел", "Сектор")
    assert all(f"`{name}`" in page for name in shipped_profiles())
