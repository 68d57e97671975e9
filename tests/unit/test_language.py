"""Sentences that are put into words at the edge."""

from __future__ import annotations

import pytest

from otdacha.errors import FileProblem
from otdacha.language import ntext, text


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "Не ранжирована 1 организация (x)."),
        (3, "Не ранжированы 3 организации (x)."),
        (11, "Не ранжировано 11 организаций (x)."),
    ],
)
def test_russian_counts_in_three_forms(count: int, said: str) -> None:
    sentence = ntext(
        "Not ranked: {count} organisation ({state}).",
        "Not ranked: {count} organisations ({state}).",
        count=count,
        state="x",
    )
    assert sentence.said("ru") == said


def test_a_sentence_inside_a_sentence_is_said_in_the_same_language() -> None:
    inner = text("The case was cancelled.")
    assert text("{code}", code=inner).said("ru") == inner.said("ru") == "Дело отменено."


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    assert text("Never {written}", written=1).said("ru") == "Never 1"  # not in any catalogue


def test_a_fault_speaks_both_languages() -> None:
    fault = FileProblem(text("The case was cancelled."))
    assert (fault.said("en"), fault.said("ru")) == ("The case was cancelled.", "Дело отменено.")
    assert str(fault) == "The case was cancelled."
