"""Suggested profiles: what is claimed surely is right, what is unsure is left to the user."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from otdacha.cli.run import run
from otdacha.errors import FileProblem
from otdacha.records import add, load_profile, save_profile, suggest, suggested_columns
from otdacha.records.likeness import likeness
from otdacha.records.personal import unless_personal
from tests.unit.records.conftest import TOWN
from tests.unit.records.header_corpus import KNOWN, PROGRAMME, UNSEEN, Variants, invented

APPEALS = (
    "Рег. номер заявления;Наим. услуги;Дата регистрации;Дата факт. исполнения;"
    "Ответств. подразделение;СНИЛС заявителя;ФИО заявителя"
)


@pytest.fixture
def appeals(write):
    rows = [
        f"З-{i:04d};{('Справка', 'Выписка')[i % 2]};{9 + i:02d}.01.2024;{9 + i:02d}.02.2024;"
        f"{('Архив', 'Отдел земли')[i % 2]};112-233-445 95;Тестов Тест Тестович"
        for i in range(12)
    ]
    return write("Реестр заявлений;;;;;;", APPEALS, *rows, name="z.csv", encoding="cp1251")


def by_header(suggestion):
    return {guess.header: guess for guess in suggestion.guesses}


def test_names_contents_and_doubts_decide_what_is_sure(appeals):
    found = suggest(appeals)
    assert (found.table, found.sure_of_table) == ("cases", True)
    sure = {g.header: g.column for g in found.guesses if g.sure}
    assert sure == {
        "Наим. услуги": "service",
        "Дата регистрации": "opened",
        "Дата факт. исполнения": "closed",
        "Ответств. подразделение": "unit",
    }
    unsure = by_header(found)["Рег. номер заявления"]
    assert (unsure.column, unsure.sure) == ("case", False)
    assert [str(doubt) for doubt in unsure.doubts] == ["the name is not like enough"]
    # valid СНИЛС in a case log are as likely the applicant's as the executor's
    assert not by_header(found)["СНИЛС заявителя"].sure
    assert by_header(found)["ФИО заявителя"].column is None
    assert found.missing == ("municipality", "case")


def test_a_saved_profile_holds_what_is_sure_and_add_works_with_it(workspace, appeals, tmp_path):
    save_profile(suggest(appeals), tmp_path / "z.toml", source=appeals, language="en")
    written = (tmp_path / "z.toml").read_text("utf-8")
    assert '# case = "Рег. номер заявления"   # 0.68: called nearly' in written
    profile = load_profile(tmp_path / "z.toml")
    assert set(profile.columns) == {"service", "opened", "closed", "unit"}
    with pytest.raises(FileProblem, match="needs a column case"):
        add(workspace, "cases", appeals, profile=profile, constants={"municipality": TOWN})

    (tmp_path / "z.toml").write_text(written.replace("# case = ", "case = "), "utf-8")
    decided = load_profile(tmp_path / "z.toml")
    batch = add(workspace, "cases", appeals, profile=decided, constants={"municipality": TOWN})
    assert (batch.accepted, batch.rejected) == (12, 0)
    with pytest.raises(FileProblem, match="is there already"):
        save_profile(suggest(appeals), tmp_path / "z.toml")


def test_no_cell_is_shown_only_its_shape(appeals, tmp_path, capsys):
    for line in ([], ["--json"]):
        assert run(["profile", "suggest", str(appeals), "--lang", "ru", *line]) == 0
    assert run(["profile", "suggest", str(appeals), "--save", str(tmp_path / "p.toml")]) == 0
    said = capsys.readouterr().out + (tmp_path / "p.toml").read_text("utf-8")
    assert "000-000-000 00" in said
    for secret in ("Тестов", "112-233", "09.01.2024", "З-0001"):
        assert secret not in said


def test_a_column_called_so_whose_cells_say_something_else_is_unsure(write):
    rows = [f"{TOWN};{i};Архив;Справка;09.01.2024;{i}" for i in range(9)]
    path = write("ОКТМО;№ дела;Отдел;Услуга;Дата регистрации;Плановая дата", *rows)
    due = by_header(suggest(path))["Плановая дата"]
    assert not due.sure
    assert "only 0 % of the cells are dates" in [str(doubt) for doubt in due.doubts]


def test_a_header_that_stands_twice_and_two_that_mean_one_are_unsure(write):
    rows = [f"{TOWN};{i};Архив;Справка;Справка;09.01.2024;Архив" for i in range(9)]
    path = write("ОКТМО;№ дела;Отдел;Услуга;Услуга;Дата регистрации;Подразделение", *rows)
    guesses = suggest(path).guesses
    assert [g.header for g in guesses if g.sure] == ["ОКТМО", "№ дела", "Дата регистрации"]
    doubts = {g.column: [str(doubt) for doubt in g.doubts] for g in guesses if g.doubts}
    assert doubts["service"] == ["the file has this header more than once"]
    assert doubts["unit"] in (["“Отдел” comes as near"], ["“Подразделение” comes as near"])


def test_snils_alone_identify_people_in_a_roster(write):
    rows = ["112-233-445 95;Архив;09.01.2020", "087-654-303 00;Архив;09.01.2020"] * 3
    path = write("Код 7;Отдел;Дата приёма", *rows)
    found = by_header(suggest(path, table="staff"))
    assert (found["Код 7"].column, found["Код 7"].sure) == ("snils", True)


def test_dates_with_slashes_get_a_form_only_where_one_form_fits(write):
    def file(days: list[str], name: str):
        rows = [f"{i};Архив;Справка;{day}" for i, day in enumerate(days)]
        return write("№ дела;Отдел;Услуга;Дата регистрации", *rows, name=name)

    told = suggest(file(["31/01/2024", "02/01/2024", "05/02/2024"], "a.csv"))
    assert told.dates == ("%d/%m/%Y",)
    assert by_header(told)["Дата регистрации"].sure
    unclear = suggest(file(["03/01/2024", "02/01/2024", "05/02/2024"], "b.csv"))
    assert unclear.dates == ()
    assert not by_header(unclear)["Дата регистрации"].sure


def test_the_order_of_the_columns_says_nothing(write):
    rows = [[f"{i}", "Архив", "Справка", "09.01.2024", "да", "рабочие"] for i in range(9)]
    header = ["Номер заявл.", "Отдел", "Вид услуги", "Дата рег-ции", "Признак отказа", "Дни"]
    chance, seen = random.Random(7), []
    for at in range(4):
        order = list(range(len(header)))
        chance.shuffle(order)
        lines = [";".join(row[i] for i in order) for row in (header, *rows)]
        found = suggested_columns(suggest(write(*lines, name=f"{at}.csv"), table="cases"))
        seen.append(sorted(found.drop("score").rows()))
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize(
    ("header", "name", "alike"),
    [
        ("Дата регистрации", "регистрации дата", True),
        ("Подразделения", "Подразделение", True),
        ("Наим. услуги", "Наименование услуги", True),
        ("Регестрационный номер", "Регистрационный номер", True),
        ("Cтоимость", "Стоимость", True),  # a Latin C
        ("Дата рождения ребёнка", "Дата рождения", False),
        ("Дата начала", "Дата окончания", False),
        ("СНИЛС заявителя", "СНИЛС исполнителя", False),
        ("Плановая дата", "Фактическая дата", False),
    ],
)
def test_headers_are_alike_by_words_whatever_their_order_and_endings(header, name, alike):
    assert (likeness(header, name) >= 0.9) is alike


@dataclass(frozen=True)
class Score:
    """How the claims about a corpus fared. Columns are those of the file that a table stores."""

    files: int
    tables_right: int
    tables_claimed: int
    tables_wrong: int
    claimed: int
    wrong: int
    first_right: int
    columns: int


def scored(folder, variants: Variants, seeds: int) -> Score:
    """Every sure claim held against the truth; strangers that are claimed count as wrong."""
    counts = dict.fromkeys(Score.__dataclass_fields__, 0)
    for table in variants:
        for seed in range(seeds):
            file = invented(folder, table, variants, seed)
            guessed = suggest(file.path)
            told = guessed if guessed.table == table else suggest(file.path, table=table)
            truth_of = {unless_personal(header): name for header, name in file.truth.items()}
            counts["files"] += 1
            counts["tables_right"] += guessed.table == table
            counts["tables_claimed"] += guessed.sure_of_table
            counts["tables_wrong"] += guessed.sure_of_table and guessed.table != table
            for guess in told.guesses:
                truth = truth_of[guess.header]
                counts["columns"] += truth is not None
                counts["first_right"] += truth is not None and guess.column == truth
                counts["claimed"] += guess.sure
                counts["wrong"] += guess.sure and guess.column != truth
    return Score(**counts)


def told(name: str, score: Score) -> str:
    right = score.claimed - score.wrong
    return (
        f"{name}: {score.files} files, table right {score.tables_right}, claimed "
        f"{score.tables_claimed}, of these wrong {score.tables_wrong}; columns {score.columns}, "
        f"claimed {score.claimed}, of these wrong {score.wrong}: precision "
        f"{right / score.claimed:.3f}, recall {right / score.columns:.3f}, first guess right "
        f"{score.first_right / score.columns:.3f}"
    )


@pytest.mark.parametrize(
    ("name", "variants", "recall"),
    [("known", KNOWN, 0.65), ("unseen", UNSEEN, 0.15), ("programme", PROGRAMME, 0.65)],
)
@pytest.mark.parametrize(
    "seeds", [1, pytest.param(12, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_sure_claims_about_invented_files_are_right(tmp_path, name, variants, recall, seeds):
    """No sure claim is wrong, and enough are made; figures in docs/evidence.md."""
    score = scored(tmp_path, variants, seeds)
    print(told(name, score))
    assert (score.tables_wrong, score.wrong) == (0, 0)
    assert score.claimed - score.wrong >= recall * score.columns
