"""What the report says, read as a page of text and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from tests.invented_release import (
    FEW_PEOPLE,
    NAMES,
    TOO_NEW,
    invented_release,
    invented_results,
)

from otdacha.documents import write_report
from otdacha.documents.figures import measures
from otdacha.documents.numbers import Numbers
from otdacha.documents.trust import expected
from otdacha.errors import WorkspaceProblem
from otdacha.language import LANGUAGES, Language
from otdacha.methodology import Methodology, default_methodology
from otdacha.ranking.expected import EXPECTED_DIFFERS
from otdacha.release import Release
from otdacha.release.reasons import sentence
from otdacha.release.states import INVENTED, SENTENCES, State


class Page(HTMLParser):
    """The text of a page, and the rows of its tables by caption."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._caption = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption") and self._cell is not None:
            said = " ".join(" ".join(self._cell).split())
            self._cell = None
            if tag == "caption":
                self._caption = said
            else:
                self._rows[-1].append(said)
        elif tag == "table":
            self.tables[self._caption] = [row for row in self._rows if row]

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return invented_release(tmp_path_factory.mktemp("releases"))


def written(release: Release, folder: Path, language: Language = "en") -> str:
    return write_report(release, folder / f"{language}.html", language).read_text("utf-8")


def table(page: Page, starts: str) -> list[list[str]]:
    return next(rows for caption, rows in page.tables.items() if caption.startswith(starts))


def test_it_says_first_who_is_on_the_list(release: Release, tmp_path: Path) -> None:
    page = Page(written(release, tmp_path))
    assert "4 training organisations are among the most effective." in page.said
    rows = table(page, "The most effective")[1:]
    assert [row[0].split(" INN")[0] for row in rows] == release.listed["name"].to_list()


def test_effects_are_in_the_words_of_their_indicators(release: Release, tmp_path: Path) -> None:
    page = Page(written(release, tmp_path))
    head, first = table(page, "All training organisations")[:2]
    assert "Share of cases decided on time percentage points; more is better" in head
    assert "Working days per case working days; less is better" in head
    effects = release.effects.filter(pl.col("provider") == release.providers["provider"][0])
    days = effects.row(by_predicate=pl.col("indicator") == "duration", named=True)
    # plus is better in the release; fewer days are better, so the reader sees a minus
    shown = first[head.index("Working days per case working days; less is better")]
    assert days["posterior_mean"] > 0
    assert shown.startswith(f"\N{MINUS SIGN}{days['posterior_mean']:.2f}")


def test_every_published_provider_has_a_row_and_an_interval(
    release: Release, tmp_path: Path
) -> None:
    content = written(release, tmp_path)
    published = release.providers.filter(pl.col("state") == State.PUBLISHED).height
    assert len(table(Page(content), "All training organisations")) - 1 == published
    assert content.count('<g class="bar') == published


def test_every_other_provider_stands_apart_with_a_reason(release: Release, tmp_path: Path) -> None:
    rows = table(Page(written(release, tmp_path)), "Organisations whose effect is not published")[
        1:
    ]
    why = {row[0].split(" INN")[0]: row[2] for row in rows}
    assert len(why) == 5
    assert why[NAMES[FEW_PEOPLE]] == sentence("few_people_to_publish").said("en")
    assert why[NAMES[TOO_NEW]] == SENTENCES[State.TOO_NEW].said("en")


def test_what_was_left_out_is_counted_by_reason(release: Release, tmp_path: Path) -> None:
    page = Page(written(release, tmp_path))
    files = table(page, "Rows that were handed in")
    assert files[2][:4] == ["Cases", "1", "48,211", "37"]
    panel = {row[0]: row[1:] for row in table(page, "Cases and training records")[1:]}
    assert panel["The case was cancelled."][0] == "510"
    assert panel["Nobody rated the case."][1] == "suppressed"
    months = {row[0]: row[1:] for row in table(page, "Months of work of departments")[1:]}
    # the total was published beside a suppressed part: it is not added up again
    assert months[sentence("period_without_clean_cell").said("en")][1] == "90"


def test_an_empty_list_is_said_in_plain_words(tmp_path: Path) -> None:
    release = invented_release(tmp_path, results=invented_results(better=[], spread=0.0))
    assert release.listed.is_empty()
    page = Page(written(release, tmp_path))
    assert "No training organisation stands out from the others yet." in page.said
    assert not any(caption.startswith("The most effective") for caption in page.tables)


def test_a_release_without_any_estimate_still_makes_a_page(tmp_path: Path) -> None:
    stricter = default_methodology().model_dump()
    stricter["disclosure"]["people"] = 1000
    methodology = Methodology.model_validate(stricter)
    release = invented_release(
        tmp_path, results=invented_results(methodology), methodology=methodology
    )
    page = Page(written(release, tmp_path))
    assert "No training organisation can be judged yet" in page.said
    assert len(table(page, "Organisations whose effect is not published")) - 1 == 18


def test_what_was_expected_beforehand_is_said_where_it_differs(
    release: Release, tmp_path: Path
) -> None:
    assert release.expected.is_empty()
    assert EXPECTED_DIFFERS.said("en") not in Page(written(release, tmp_path)).said
    by_type = default_methodology().model_dump()
    by_type["shrinkage"]["covariates"] = ["type"]
    methodology = Methodology.model_validate(by_type)
    differs = invented_release(
        tmp_path, results=invented_results(methodology), methodology=methodology
    )
    assert differs.expected["term"].to_list()[1] in ("type=университет", "type=учебный центр")
    for language in LANGUAGES:
        page = Page(written(differs, tmp_path, language))
        assert EXPECTED_DIFFERS.said(language) in page.said
    rows = table(Page(written(differs, tmp_path)), "What is expected beforehand")
    assert [row[0].split(" is ")[0] for row in rows[1:]] == ["where type", "difference where type"]
    shown = differs.expected["coefficient"][0]
    assert rows[1][1].lstrip("+\N{MINUS SIGN}") == f"{abs(shown):.3f}"


def test_what_was_expected_beforehand_is_in_the_unit_of_the_other_tables(release: Release) -> None:
    coefficients = pl.DataFrame({"term": ["(intercept)"], "coefficient": [0.05], "se": [0.01]})
    one = replace(
        release,
        tables={
            **release.tables,
            "prior_mean": coefficients.with_columns(indicator=pl.lit(release.headline)),
        },
    )
    share = next(m for m in measures(release, Numbers("en")) if m.id == "on_time")
    (row,) = expected(one, share, Numbers("en"))
    assert (row.effect, row.error) == ("+5.000", "1.000")  # percentage points
    days = next(m for m in measures(release, Numbers("en")) if m.id == "duration")
    (row,) = expected(one, days, Numbers("en"))
    assert (row.effect, row.error) == ("\N{MINUS SIGN}0.050", "0.010")  # fewer days are better


def test_a_release_of_one_indicator_is_shown_in_its_own_unit(tmp_path: Path) -> None:
    one = default_methodology().model_dump()
    one["indicators"] = one["indicators"][:1]
    methodology = Methodology.model_validate(one)
    results = invented_results()
    effects = replace(
        results.effects,
        estimates=results.effects.estimates.filter(pl.col("indicator") == "on_time"),
        scores={"on_time": results.effects.scores["on_time"]},
    )
    alone = replace(results, effects=effects, rankings={"on_time": results.rankings["on_time"]})
    page = Page(
        written(invented_release(tmp_path, results=alone, methodology=methodology), tmp_path)
    )
    head = table(page, "All training organisations")[0]
    assert head[1] == "Share of cases decided on time percentage points; more is better"
    assert "Probability" in head[2]


def test_the_page_needs_nothing_but_itself(release: Release, tmp_path: Path) -> None:
    content = written(release, tmp_path)
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", content)
    assert "<script" not in content
    assert "url(" not in content


def test_names_are_escaped(tmp_path: Path) -> None:
    results = invented_results()
    named = results.organisations.with_columns(
        name=pl.when(pl.col("name") == NAMES[0])
        .then(pl.lit("<b>ООО «Рога & копыта»</b>"))
        .otherwise("name")
    )
    release = invented_release(tmp_path, results=replace(results, organisations=named))
    content = written(release, tmp_path)
    assert "<b>ООО" not in content
    assert "&lt;b&gt;ООО «Рога &amp; копыта»" in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_release_gives_the_same_page(
    release: Release, tmp_path: Path, language: Language
) -> None:
    assert written(release, tmp_path, language) == written(release, tmp_path / "again", language)
    assert f'<html lang="{language}">' in written(release, tmp_path, language)


def test_it_names_the_release_by_its_hashes(release: Release, tmp_path: Path) -> None:
    said = Page(written(release, tmp_path)).said
    for name in (release.hash, release.methodology.hash, release.manifest["software"]["source"]):
        assert name in said


def test_a_report_that_cannot_be_written_says_so(release: Release, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkspaceProblem, match="cannot be written"):
        write_report(release, tmp_path / "file" / "report.html", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_invented_data_say_so_before_anything_else(
    release: Release, tmp_path: Path, language: Language
) -> None:
    said = Page(written(release, tmp_path, language)).said
    warning = INVENTED.said(language)
    assert warning in said
    assert said.index(warning) < min(said.index(name) for name in NAMES if name in said)
