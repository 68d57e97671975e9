from collections import Counter
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from stdnum.ru import inn

from otdacha.demo import Union, faults, steps, write_union
from otdacha.demo.union import PARAMETERS
from otdacha.errors import WorkspaceProblem
from otdacha.language import Text

SCALE = 0.4


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Union:
    return write_union(tmp_path_factory.mktemp("union"), scale=SCALE)


def contents(folder: Path) -> dict[str, bytes]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def read(file: Path) -> pl.DataFrame:
    raw = file.read_bytes()
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1251"
    return pl.read_csv(raw.decode(encoding).encode(), separator=";", infer_schema=False)


def excel(file: Path) -> pl.DataFrame:
    return pl.read_excel(file, read_options={"header_row": 2}, infer_schema_length=None)


def read_all(union: Union, table: str) -> pl.DataFrame:
    of_table = [step.file for step in steps(union) if step.table == table]
    frames = [read(file).with_columns(town=pl.lit(file.parent.name)) for file in of_table]
    return pl.concat(frames, how="diagonal")


def test_the_same_seed_gives_the_same_bytes(union: Union, tmp_path: Path):
    write_union(tmp_path, scale=SCALE)
    assert contents(tmp_path) == contents(union.folder)


def test_another_seed_gives_another_union(union: Union, tmp_path: Path):
    other = write_union(tmp_path, scale=SCALE, seed=1)
    assert (other.files / "Тула" / "дела.csv").read_bytes() != (
        union.files / "Тула" / "дела.csv"
    ).read_bytes()


def test_every_step_names_a_file_that_is_there_and_what_the_file_lacks(union: Union):
    found = steps(union)

    named = ["licences" if step.file.stem == "лицензии" else step.table for step in found]
    assert Counter(named) == {
        "municipalities": 1,
        "providers": 1,
        "programmes": 1,
        "staff": 26,
        "training": 26,
        "cases": 26,
        "licences": 1,
        "offers": 1,
        "budgets": 1,
        "needs": 26,
        "posts": 26,
        "finances": 1,
        "statistics": 1,
    }
    assert all(step.file.is_file() for step in found)
    of_towns = [step for step in found if step.file.parent != union.files]
    assert {len(step.constants["municipality"]) for step in of_towns} == {8}
    assert not any(step.constants for step in found if step not in of_towns)
    on_disk = {path for path in union.files.rglob("*") if path.is_file()}
    samples = {path for path in on_disk if path.parent == union.pay or path == union.measures}
    assert {step.file for step in found} | {union.parameters} | samples == on_disk


def test_the_truth_is_in_no_file_that_is_added(union: Union):
    assert not any(union.truth in step.file.parents for step in steps(union))
    assert {path.name for path in union.truth.iterdir()} == {
        "truth.parquet",
        "truth.json",
        "pay.json",
    }


def test_it_tells_how_far_it_is(tmp_path: Path):
    told: list[tuple[int, int]] = []

    def hear(step: Text, done: int, total: int) -> None:
        told.append((done, total))

    write_union(tmp_path, scale=0.05, progress=hear)
    assert told == [(done, 28) for done in range(29)]


def test_a_plan_of_a_small_union_is_searched_for_a_shorter_time(union: Union, tmp_path: Path):
    shipped = (files("otdacha.demo") / PARAMETERS).read_bytes()
    assert union.parameters.read_bytes() == shipped
    small = write_union(tmp_path, scale=0.05).parameters.read_bytes()
    assert small == shipped.replace(b"seconds = 15", b"seconds = 6") != shipped


def test_the_planted_faults_of_cases_stand_in_the_files(union: Union):
    log = read_all(union, "cases")
    opened, closed = pl.col("Дата приёма"), pl.col("Дата исполнения")
    parsed = log.with_columns(
        opened.str.to_date("%d.%m.%Y", strict=False).alias("opened"),
        closed.str.to_date("%d.%m.%Y", strict=False).alias("closed"),
    )
    plain = log.columns
    exact = log.height - log.unique(plain).height
    same_number = log.height - log.unique(["town", "Номер дела"]).height
    found = {
        "repeated_row": exact,
        "repeated_key": same_number - exact,
        "impossible_date": parsed["opened"].null_count(),
        "closed_before_opened": parsed.filter(pl.col("closed") < pl.col("opened")).height,
        "unknown_executor": log.filter(pl.col("Таб. № исполнителя") == "99999").height,
        "cancelled": log.unique(["town", "Номер дела"])["Дата отмены"].count(),
    }
    assert found == {kind: union.planted("cases", kind) for kind in found}
    assert {kind: union.planted("cases", kind) for kind in faults.CASES} == faults.CASES
    assert log.height == union.cases


def test_the_planted_faults_of_training_stand_in_the_files(union: Union):
    register = read_all(union, "training")
    started, finished = (
        pl.col(name).str.to_date("%d.%m.%Y", strict=False)
        for name in ("Дата начала", "Дата окончания")
    )
    hours = pl.col("Объём, часов").str.replace(",", ".").cast(pl.Float64)
    found = {
        "bad_inn": sum(not inn.is_valid(number) for number in register["ИНН организации"]),
        "too_few_hours": register.filter(hours < 16).height,
        "finished_before_started": register.filter(finished < started).height,
        "impossible_date": register.select(started.is_null().sum()).item(),
    }
    assert found == faults.TRAINING
    assert found == {kind: union.planted("training", kind) for kind in found}
    assert register.height == union.training


def test_what_a_plan_is_made_from_comes_after_what_was_and_then_what_is_paid(union: Union):
    tables = [step.table for step in steps(union)]
    assert tables[:6] == ["municipalities", "providers", "programmes", "staff", "training", "cases"]
    first = tables.index("providers", 3)
    of_plan = ["providers", "offers", "budgets", *["needs"] * 26]
    of_pay = [*["posts"] * 26, "finances", "statistics"]
    assert tables[first:] == [*of_plan, *of_pay]


def test_the_planted_faults_of_offers_and_budgets_stand_in_the_files(union: Union):
    offers = read(union.files / "предложения.csv")
    places, least = pl.col("Мест в группе").cast(int), pl.col("Минимальная группа").cast(int)
    licences = excel(union.files / "лицензии.xlsx").select(
        "Лицензия действует до", pl.col("ИНН").alias("ИНН организации")
    )
    ended = offers.filter(~pl.col("Код предложения").str.ends_with("-н")).join(
        licences, on="ИНН организации"
    )
    found = {
        "no_date_of_offer": offers["Дата начала"].null_count(),
        "minimum_above_places": offers.filter(least > places).height,
        "negative_price": offers["Стоимость на 1 слушателя, руб."].str.starts_with("-").sum(),
        "licence_ended": ended.filter(
            pl.col("Дата окончания").str.to_date("%d.%m.%Y") > pl.col("Лицензия действует до")
        ).height,
    }
    assert found == {kind: union.planted("offers", kind) for kind in found}
    assert found["licence_ended"] > 0
    codes = excel(union.files / "бюджеты.xlsx")["КБК"].drop_nulls()
    signs = codes.str.replace_all(" ", "").str.len_chars()
    assert (signs == 19).sum() == union.planted("budgets", "bad_budget_code") == 2
    assert set(signs) == {19, 20}


def test_the_planted_faults_of_posts_stand_in_the_files_of_the_first_towns(union: Union):
    sheets = [excel(step.file) for step in steps(union) if step.table == "posts"]
    salary, share = pl.col("Оклад, руб.").cast(pl.Float64), pl.col("Ставка")
    special, group = pl.col("Надбавка за особые условия, %"), pl.col("Должность")
    found = {
        "negative_salary": sum(each.filter(salary < 0).height for each in sheets),
        "share_out_of_range": sum(each.filter(share > 1.5).height for each in sheets),
        "rate_out_of_range": sum(each.filter(special > 200).height for each in sheets),
        "perhaps_a_part": sum(each.filter(special <= 2).height for each in sheets),
        "two_main_posts": 2 * sum(each.filter(group == "Советник").height for each in sheets),
    }
    assert found == {kind: union.planted("posts", kind) for kind in found}
    assert set(found.values()) == {2, 3, 4}
    towns = {fault.file for fault in union.faults if fault.table == "posts"}
    assert towns == {f"{town}/должности.xlsx" for town in ("Воронеж", "Ярославль", "Рязань")}


def test_only_the_planted_people_are_needed_twice_on_one_day(union: Union):
    twice = 0
    for step in steps(union):
        if step.table == "needs":
            asked = excel(step.file)
            ways = ("СНИЛС", "Табельный №", "Дата рождения")
            named = next((name for name in ways if name in asked.columns), None)
            if named is not None:
                who = [named, "Сотрудник"] if "Сотрудник" in asked.columns else [named]
                asked = asked.drop_nulls(who)
                twice += asked.height - asked.n_unique([*who, "Обучить не позднее"])
    assert twice == union.planted("needs", "twice_on_one_day") == 6


def test_towns_name_those_whom_they_ask_for_each_in_its_own_way(union: Union):
    ways = {"СНИЛС", "Сотрудник", "Табельный №", "Дата рождения"}
    asked = [excel(step.file) for step in steps(union) if step.table == "needs"]
    found = Counter(" + ".join(sorted(ways & set(each.columns))) for each in asked)
    assert set(found) == {"СНИЛС + Сотрудник", "Табельный №", "Дата рождения + Сотрудник", ""}
    assert found[""] == 6
    assert max(each["Количество человек"].max() for each in asked) > 1


def test_six_towns_name_only_the_department(union: Union):
    logs = [read(step.file) for step in steps(union) if step.table == "cases"]
    assert sum("Таб. № исполнителя" not in log.columns for log in logs) == 6


def test_people_who_move_are_never_in_two_departments_on_one_day(union: Union):
    rosters = [step.file for step in steps(union) if step.table == "staff"]
    moved = 0
    for number, file in enumerate(rosters):
        roster = pl.read_excel(file, read_options={"header_row": 4})
        if number % 2 == 0:  # these towns write dates as text
            roster = roster.with_columns(
                pl.col("Дата приёма", "Дата увольнения").str.to_date("%d.%m.%Y", strict=False)
            )
        twice = roster.filter(pl.len().over("Табельный №") > 1).sort("Табельный №", "Дата приёма")
        moved += twice.height // 2
        left = twice["Дата увольнения"].gather_every(2).to_list()
        came = twice["Дата приёма"].gather_every(2, 1).to_list()
        assert all(a < b for a, b in zip(left, came, strict=True))
    assert moved > 0


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(WorkspaceProblem, match="taken"):
        write_union(tmp_path / "taken", scale=0.05)
