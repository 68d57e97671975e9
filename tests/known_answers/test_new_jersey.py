"""417 training providers of New Jersey: successes of n, with suppressed cells and true zeros."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from otdacha.documents.figures import measures
from otdacha.documents.numbers import Numbers
from otdacha.methodology import Methodology, default_methodology, load_methodology
from otdacha.ranking import Ranking
from otdacha.release import verify
from tests.known_answers.examples import example
from tests.known_answers.shared_data import shared

FILE = "new_jersey/outcomes.csv"


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    found: pl.DataFrame = example("new_jersey").providers(shared(FILE))
    return found


@pytest.fixture(scope="module")
def ranking(table: pl.DataFrame) -> Ranking:
    found: Ranking = example("new_jersey").ranked(table)
    return found


def test_the_share_is_of_those_who_completed() -> None:
    rows = pl.read_csv(shared(FILE)).filter(pl.col("PerEmployed2") != -99999)
    whole = rows["PerEmployed2"] * rows["NumCompleted2"]
    assert rows.height == 1089
    assert (whole - whole.round()).abs().max() < 1e-9  # type: ignore[operator]
    of_wages = rows["PerEmployed2"] * rows["NumUsedWageCalc2"]
    assert ((of_wages - of_wages.round()).abs() < 1e-9).mean() < 0.1  # type: ignore[operator]


def test_all_417_providers_are_counted_once_with_whole_successes(table: pl.DataFrame) -> None:
    shown = table.filter(pl.col("n") != -99999)
    assert table.height == 417
    assert table["provider"].is_unique().all()
    assert shown.height == 365
    assert (shown["n"].sum(), shown["successes"].sum()) == (60903, 39600)


def test_every_provider_has_a_state(ranking: Ranking) -> None:
    assert dict(ranking.frame.group_by("state").len().iter_rows()) == {
        "estimated": 327,
        "insufficient evidence": 38,
        "suppressed": 52,
    }


def test_nobody_below_the_minimum_is_ranked(ranking: Ranking, table: pl.DataFrame) -> None:
    minimum = default_methodology("reported").minimum.n
    rows = ranking.frame.join(table, on="provider")
    few = rows.filter((pl.col("n") < minimum) & (pl.col("n") >= 0))
    assert few.height == 38
    assert few["rank_low"].is_null().all()
    assert not few["listed"].any()
    assert (rows.filter(pl.col("rank_low").is_not_null())["n"] >= minimum).all()


def test_suppressed_is_never_zero_and_a_true_zero_is_kept(
    ranking: Ranking, table: pl.DataFrame
) -> None:
    hidden = ranking.frame.filter(pl.col("state") == "suppressed")
    assert hidden["estimate"].is_null().all()
    zero = ranking.frame.join(table.filter(pl.col("successes") == 0), on="provider")
    assert zero["estimate"].to_list() == [0.0] * zero.height
    assert zero.filter(pl.col("state") == "estimated").height == 2
    assert (zero.filter(pl.col("state") == "estimated")["se"] > 0).all()


def test_the_ranking_is_the_known_one(ranking: Ranking) -> None:
    assert ranking.threshold == pytest.approx(0.6338, abs=5e-5)
    assert ranking.prior.sd == pytest.approx(0.1983, abs=5e-5)
    assert ranking.null_share == pytest.approx(0.7706, abs=5e-5)
    assert len(ranking.listed) == 133
    assert ranking.listed[:3] == ("8782", "8273", "412")
    best = ranking.frame.row(0, named=True)
    assert best["posterior_mean"] == pytest.approx(0.9409, abs=5e-5)
    # the best of 327 may stand anywhere among the first 153: a published order would be a fiction
    assert best["rank_low"] == 1
    assert 130 <= best["rank_high"] <= 175


def test_the_example_says_what_it_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["new_jersey.py", str(shared(FILE))])
    example("new_jersey").main()
    said = capsys.readouterr().out
    assert "not municipal work results" in said
    assert "ranked:               327" in said


def test_the_release_holds_the_figures_of_the_ranking(
    ranking: Ranking, table: pl.DataFrame, tmp_path: Path
) -> None:
    release, file = example("new_jersey").released(table, tmp_path)
    assert dict(release.providers.group_by("state").len().iter_rows()) == {
        "published": 327,
        "insufficient_evidence": 38,
        "suppressed": 52,
    }
    assert tuple(release.listed["provider"]) == ranking.listed
    assert release.manifest["evaluation"]["threshold"] == pytest.approx(0.6338, abs=5e-5)
    both = ranking.frame.drop_nulls("posterior_mean").join(
        release.providers, on="provider", suffix="_released"
    )
    for figure in ("estimate", "se", "posterior_mean", "lower", "upper"):
        assert both[figure].round_sig_figs(6).to_list() == both[f"{figure}_released"].to_list()
    for place in ("rank_low", "rank_high", "grade"):
        assert both[place].equals(both[f"{place}_released"])
    note = release.about.note
    assert note is not None
    assert "not municipal work results" in note.en
    assert "intake is not accounted for" in note.en
    assert verify(release.path, file=file).good


def test_its_methodology_is_the_shipped_one_under_the_figures_own_name() -> None:
    bank = load_methodology(example("new_jersey").BANK / "methodology.toml")
    assert unnamed(bank) == unnamed(default_methodology("reported"))


def unnamed(methodology: Methodology) -> dict[str, object]:
    """Everything that decides a figure."""
    return methodology.model_dump(exclude={"id", "title", "indicators"})


def test_shares_are_said_as_levels_in_percent_and_not_as_changes(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    release, _ = example("new_jersey").released(table, tmp_path)
    numbers = Numbers("en")
    (share,) = measures(release, numbers)
    assert share.unit == "percent"
    assert share.point(0.941, numbers) == "94.1"
    assert share.interval(0.84, 0.97, numbers) == "84.0 to 97.0"
