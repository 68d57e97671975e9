"""Every figure has a state, and a state stands where a figure is withheld."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.invented_release import (
    FEW_PEOPLE,
    FEW_TOWNS,
    ONE_CLUSTER,
    TOO_NEW,
    UNTRAINED,
    invented_results,
    provider,
)

from otdacha.language import LANGUAGES
from otdacha.methodology import default_methodology
from otdacha.release.publish import Results, publish
from otdacha.release.reasons import sentence
from otdacha.release.states import SENTENCES, WORDS, State
from otdacha.release.tables import TABLES


@pytest.fixture(scope="module")
def results() -> Results:
    return invented_results()


@pytest.fixture(scope="module")
def tables(results: Results) -> dict[str, pl.DataFrame]:
    return publish(results, default_methodology())


@pytest.mark.parametrize(
    ("at", "state", "reason"),
    [
        (0, State.PUBLISHED, None),
        (FEW_PEOPLE, State.SUPPRESSED, "few_people_to_publish"),
        (FEW_TOWNS, State.SUPPRESSED, "few_municipalities_to_publish"),
        (ONE_CLUSTER, State.INSUFFICIENT_EVIDENCE, "one_cluster"),
        (TOO_NEW, State.TOO_NEW, None),
        (UNTRAINED, State.NOT_COLLECTED, None),
    ],
)
def test_a_provider_has_the_state_that_its_records_give(
    tables: dict[str, pl.DataFrame], at: int, state: State, reason: str | None
) -> None:
    row = tables["providers"].row(by_predicate=pl.col("provider") == provider(at), named=True)
    assert (row["state"], row["reason"]) == (state, reason)


def test_a_provider_whose_cells_cannot_be_compared_is_not_comparable(results: Results) -> None:
    effects = results.effects
    hers = pl.col("provider") == provider(ONE_CLUSTER)
    lost = effects.estimates.with_columns(
        cells=pl.when(hers).then(0).otherwise("cells"),
        reason=pl.when(hers).then(pl.lit("no_exposed_cell")).otherwise("reason"),
    )
    changed = replace(results, effects=replace(effects, estimates=lost))
    shown = publish(changed, default_methodology())["providers"]
    row = shown.row(by_predicate=hers, named=True)
    assert row["state"] == State.NOT_COMPARABLE


def test_an_indicator_without_records_is_not_collected(results: Results) -> None:
    panel = results.panel
    unit = f"{provider(1)}/unit"
    kept = panel.cells.filter(~((pl.col("unit") == unit) & (pl.col("indicator") == "repeat")))
    estimates = results.effects.estimates.filter(
        ~((pl.col("provider") == provider(1)) & (pl.col("indicator") == "repeat"))
    )
    ranking = results.rankings["repeat"]
    gone = replace(ranking, frame=ranking.frame.filter(pl.col("provider") != provider(1)))
    shown = publish(
        replace(
            results,
            panel=replace(panel, cells=kept),
            effects=replace(results.effects, estimates=estimates),
            rankings={**results.rankings, "repeat": gone},
        ),
        default_methodology(),
    )["effects"]
    row = shown.row(
        by_predicate=(pl.col("provider") == provider(1)) & (pl.col("indicator") == "repeat"),
        named=True,
    )
    assert row["state"] == State.NOT_COLLECTED
    assert row["cells_state"] == State.TRUE_ZERO


def test_a_figure_is_null_exactly_where_its_state_withholds_it(
    tables: dict[str, pl.DataFrame],
) -> None:
    for name, table in tables.items():
        for column in TABLES[name]:
            if column.state is None:
                continue
            for value, state in table.select(column.name, column.state).iter_rows():
                shown = State(state) in (State.PUBLISHED, State.TRUE_ZERO)
                assert (value is not None) == shown, (name, column.name, state)


def test_a_true_zero_is_zero_and_a_published_count_is_not(tables: dict[str, pl.DataFrame]) -> None:
    people = tables["providers"].select("people", "people_state")
    assert people.filter(people_state=State.TRUE_ZERO)["people"].to_list() == [0, 0]
    assert people.filter(people_state=State.PUBLISHED)["people"].min() == 5


def test_providers_stand_best_first_and_states_stand_last(tables: dict[str, pl.DataFrame]) -> None:
    providers = tables["providers"]
    states = [list(State).index(State(state)) for state in providers["state"]]
    assert states == sorted(states)
    means = providers["posterior_mean"].drop_nulls().to_list()
    assert means == sorted(means, reverse=True)
    assert providers["state"].head(len(means)).unique().to_list() == ["published"]


def test_a_suppressed_provider_is_never_on_the_list() -> None:
    results = invented_results(better=[FEW_PEOPLE, FEW_TOWNS])
    ranked = results.rankings["composite"].listed
    assert provider(FEW_PEOPLE) in ranked
    shown = publish(results, default_methodology())["providers"]
    assert not shown.filter(pl.col("listed").fill_null(False))["provider"].is_in(ranked).any()


def test_figures_have_six_significant_digits_and_no_negative_zero(
    tables: dict[str, pl.DataFrame],
) -> None:
    for value in tables["effects"]["estimate"].drop_nulls():
        assert float(f"{value:.6g}") == value
        assert str(value) != "-0.0"


def test_a_provider_that_is_alone_is_not_comparable() -> None:
    results = invented_results()
    alone = results.effects.estimates.with_columns(
        state=pl.when(pl.col("provider") == provider(1))
        .then(pl.lit("estimated"))
        .otherwise(pl.lit("insufficient evidence")),
        reason=pl.when(pl.col("provider") != provider(1)).then(pl.lit("few_clusters")),
    )
    from otdacha.ranking import rank

    effects = replace(results.effects, estimates=alone)
    rankings = {k: rank(effects, default_methodology(), indicator=k) for k in effects.indicators}
    shown = publish(replace(results, effects=effects, rankings=rankings), default_methodology())[
        "providers"
    ]
    row = shown.row(by_predicate=pl.col("provider") == provider(1), named=True)
    assert (row["state"], row["reason"]) == ("not_comparable", "nothing_to_compare_with")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_and_a_sentence(language: str) -> None:
    said = [SENTENCES[state].said(language) for state in State]  # type: ignore[arg-type]
    words = [WORDS[state].said(language) for state in State]  # type: ignore[arg-type]
    assert len(set(said)) == len(set(words)) == len(State)


def test_a_reason_of_another_version_says_itself() -> None:
    assert sentence("of_a_later_version").said("en") == "of_a_later_version"
    assert sentence("cancelled", "panel").said("en") == "The case was cancelled."


def test_no_published_probability_claims_certainty(results: Results) -> None:
    headline = results.effects.headline
    ranking = results.rankings[headline]
    sure = ranking.frame.with_columns(
        probability_better=pl.when(pl.col("probability_better").is_not_null()).then(1.0),
        p_value=pl.when(pl.col("p_value").is_not_null()).then(1e-20),
    )
    rankings = {**results.rankings, headline: replace(ranking, frame=sure)}
    published = publish(replace(results, rankings=rankings), default_methodology())["providers"]
    assert published["probability_better"].max() == 0.999999
    assert published["p_value"].min() == 1e-6
