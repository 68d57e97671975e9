"""Bad input from the user's side: a clear sentence in either language, a code."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from otdacha.cli.faults import ATTENTION
from otdacha.cli.run import run
from otdacha.records import check, open_workspace
from tests.unit.cli.processes import otdacha
from tests.unit.cli.small_union import add_all, snils, town, write, write_files

TRAINING = ["СНИЛС", "ИНН", "Программа", "Дата начала", "Дата окончания", "Часы"]
GOOD = [snils(1), "7707083893", "Курс", "2023-02-01", "2023-02-20", "36"]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "w"), "--lang", "en"]) == 0
    return tmp_path / "w"


def empty(folder: Path) -> Path:
    (folder / "x.csv").touch()
    return folder / "x.csv"


def header_only(folder: Path) -> Path:
    return write(folder / "x.csv", TRAINING, [])


def missing_column(folder: Path) -> Path:
    return write(folder / "x.csv", TRAINING[:5], [GOOD[:5]])


def two_columns_for_one(folder: Path) -> Path:
    return write(folder / "x.csv", [*TRAINING, "Часов"], [[*GOOD, "36"]])


def two_encodings(folder: Path) -> Path:
    file = folder / "x.csv"
    lines = [";".join(TRAINING).encode("utf-8"), ";".join(GOOD).encode("utf-8")]
    lines += [";".join(GOOD).replace("Курс", "Школа").encode("cp1251")]
    file.write_bytes(b"\n".join(lines))
    return file


def not_a_table(folder: Path) -> Path:
    (folder / "x.csv").write_bytes(bytes(range(256)) * 40)
    return folder / "x.csv"


def no_such_file(folder: Path) -> Path:
    return folder / "nowhere.csv"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (empty, {"ru": "пуст", "en": "empty"}),
        (header_only, {"ru": "строк под ним нет", "en": "no rows below"}),
        (missing_column, {"ru": "нужна колонка hours", "en": "needs a column hours"}),
        (two_columns_for_one, {"ru": "не одна колонка", "en": "more than one column"}),
        (two_encodings, {"ru": "строка 3", "en": "line 3"}),
        (not_a_table, {"ru": "не таблица", "en": "not a table"}),
        (no_such_file, {"ru": "такого файла нет", "en": "no such file"}),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_the_users_language(
    workspace: Path,
    tmp_path: Path,
    make: Callable[[Path], Path],
    said: dict[str, str],
    language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = make(tmp_path)
    capsys.readouterr()
    assert run(["add", str(workspace), "training", str(file), "--lang", language]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said[language] in printed.err
    assert "Traceback" not in printed.err
    assert printed.err.startswith({"ru": "Ошибка: ", "en": "Error: "}[language])
    assert not list((workspace / "records").rglob("*.parquet"))
    assert run(["check", str(workspace)]) == ATTENTION


ROWS = {
    "bad_inn": [snils(1), "7707083894", "Курс", "2023-02-01", "2023-02-20", "36"],
    "no_inn": [snils(1), "", "Курс", "2023-02-01", "2023-02-20", "36"],
    "finished_before_started": [snils(1), "7707083893", "К", "2023-02-20", "2023-02-01", "36"],
    "impossible_date": [snils(1), "7707083893", "Курс", "2023-02-30", "2023-03-01", "36"],
    "not_a_date": [snils(1), "7707083893", "Курс", "прошлой зимой", "2023-03-01", "36"],
    "bad_snils": ["123-456-789 01", "7707083893", "Курс", "2023-02-01", "2023-02-20", "36"],
    "no_identity": ["", "7707083893", "Курс", "2023-02-01", "2023-02-20", "36"],
    "not_a_number": [snils(1), "7707083893", "Курс", "2023-02-01", "2023-02-20", "много"],
    "too_few_hours": [snils(1), "7707083893", "Курс", "2023-02-01", "2023-02-20", "8"],
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("reason", ROWS)
def test_a_row_that_is_wrong_is_rejected_with_its_reason(
    workspace: Path,
    tmp_path: Path,
    reason: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write(tmp_path / "x.csv", TRAINING, [GOOD, ROWS[reason]])
    capsys.readouterr()
    assert run(["add", str(workspace), "training", str(file), "--lang", language]) == 0
    printed = capsys.readouterr().out
    from otdacha.records import REASONS, batches

    (batch,) = batches(open_workspace(workspace))
    assert (batch.accepted, batch.rejected, set(batch.reasons)) == (1, 1, {reason})
    assert REASONS[reason].said("ru" if language == "ru" else "en") in printed


def test_a_file_with_no_right_row_ends_with_a_code_of_its_own(
    workspace: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "x.csv", TRAINING, [ROWS["bad_inn"]])
    assert run(["add", str(workspace), "training", str(file)]) == ATTENTION
    assert run(["add", str(workspace), "training", str(file)]) == 0


def test_excel_with_a_title_merged_cells_and_its_own_dates_is_read(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    sheet = book.add_worksheet("Реестр")
    sheet.merge_range(0, 0, 0, 5, "Реестр обучения (вымышлен)")
    sheet.merge_range(1, 0, 1, 5, "за 2023 год")
    for place, header in enumerate(TRAINING):
        sheet.write(3, place, header)
    for place, value in enumerate([*GOOD[:3], 44958, "20.02.2023", 36]):
        sheet.write(4, place, value)
    book.close()
    capsys.readouterr()
    line = ["add", str(workspace), "training", str(tmp_path / "x.xlsx"), "--lang", "en"]
    assert run(line) == 0
    assert "sheet “Реестр”, header in row 4" in capsys.readouterr().out
    from otdacha.records import frame

    stored = frame(open_workspace(workspace), "training")
    assert stored.select("started", "finished").cast(pl.String).row(0) == (
        "2023-02-01",
        "2023-02-20",
    )


def test_a_person_in_two_departments_on_one_day_and_an_unknown_unit_are_found(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = ["ОКТМО", "СНИЛС", "Подразделение", "Дата приёма", "Дата увольнения"]
    rows = [(town(0), snils(1), f"Отдел {i}", "2020-01-01", "2022-01-01") for i in (1, 2)]
    for name, header, content in (
        ("staff", staff, rows),
        ("units", ["ОКТМО", "Подразделение"], [(town(0), "Отдел 1")]),
    ):
        file = write(tmp_path / f"{name}.csv", header, content)
        assert run(["add", str(workspace), name, str(file)]) == 0
    codes = {(found.table, found.code): found.rows for found in check(open_workspace(workspace))}
    assert codes["staff", "two_departments"] == 2
    assert codes["staff", "unknown_unit"] == 1
    capsys.readouterr()
    assert run(["check", str(workspace), "--lang", "en"]) == ATTENTION
    assert "in two departments" in capsys.readouterr().out


def evaluated(folder: Path, **how: object) -> int:
    files = write_files(folder / "files", **how)  # type: ignore[arg-type]
    add_all(folder / "w", files)
    return run(["evaluate", str(folder / "w"), "--lang", "en"])


def test_no_clean_month_is_nothing_to_estimate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(tmp_path, everybody_always_trained=True) == 6
    assert "not one month of work before any training" in capsys.readouterr().err
    assert run(["check", str(tmp_path / "w")]) == 0
    assert not any((tmp_path / "w" / "releases").glob("2*"))


def test_one_provider_only_is_compared_with_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(tmp_path, organisations=["7707083893"]) == 0
    assert "Not ranked: 1 organisation" in capsys.readouterr().out


def test_one_town_only_is_too_little_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(tmp_path, towns=1, people=20) == 0
    assert "Not ranked: 2 organisations (too little evidence)" in capsys.readouterr().out


def test_outcomes_that_are_all_equal_rank_nobody(tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", takes=lambda person, when, trained: 10)
    add_all(tmp_path / "w", files)
    # in a process of its own: figures without any variation must not make anything run for ever
    ended = otdacha("evaluate", tmp_path / "w", "--lang", "en", timeout=120)
    assert "Traceback" not in ended.stderr
    assert (ended.returncode, "Nobody can be called" in ended.stdout) in ((0, True), (6, False))
    assert run(["check", str(tmp_path / "w")]) == 0
