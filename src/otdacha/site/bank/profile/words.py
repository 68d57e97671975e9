"""What an organisation's page says in sentences: the verdict, its place, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from otdacha.documents.figures import why
from otdacha.language import Text, text
from otdacha.release.diff import cause_in_words, in_words
from otdacha.release.states import SENTENCES, WITH_FIGURE, WORDS, State
from otdacha.site.bank.profile.profile import Profile

Row = Mapping[str, Any]


def verdict(profile: Profile) -> Text:
    """What the release says of the organisation, in one plain sentence; never a place alone."""
    row = profile.row
    state = State(row["state"])
    if state not in WITH_FIGURE:
        return text("Its effect is not published: {state}.", state=WORDS[state])
    threshold = profile.edition.published.manifest["evaluation"]["threshold"]
    if profile.reported:
        return _verdict_on_figures(row, threshold)
    if row["listed"]:
        return text(
            "On the list of the most effective: after its training people work better, and that "
            "is as certain as the list demands."
        )
    if row["lower"] > 0:
        return text(
            "After its training people work better than without it, but that is not certain "
            "enough for the list of the most effective."
        )
    if row["upper"] < 0:
        return text("After its training people work worse than without it.")
    return text(
        "Its training cannot be told from no effect: how people work after it differs from how "
        "they work without it by no more than chance can make."
    )


def _verdict_on_figures(row: Row, threshold: float) -> Text:
    """The same where nobody knows how it would have been without training."""
    if row["listed"]:
        return text(
            "On the list: its figure is better than what the list is compared with, and that is "
            "as certain as the list demands."
        )
    if row["lower"] > threshold:
        return text(
            "Its figure is better than what the list is compared with, but that is not certain "
            "enough for the list."
        )
    if row["upper"] < threshold:
        return text("Its figure is worse than what the list is compared with.")
    return text(
        "Its figure cannot be told from what the list is compared with: the difference is no "
        "larger than chance can make."
    )


def reasons(profile: Profile) -> list[Text]:
    """Why there is no effect and what that means; nothing where there is one."""
    if profile.published:
        return []
    means = SENTENCES[State(profile.row["state"])]
    reason = why(profile.row)
    return [means] if reason == means else [reason, means]


def place(profile: Profile) -> Text | None:
    """Between which places it lies, in words; None where it has none."""
    low, high, count = profile.row["rank_low"], profile.row["rank_high"], profile.ranked
    if low is None or high is None:
        return None
    if low == high:
        return text("Its place is {low} of {count}.", low=low, count=count)
    if low == 1 and high == count:
        return text("Its place cannot be narrowed down: it may be any of the {count}.", count=count)
    return text(
        "Its place lies somewhere between {low} and {high} of {count}: more exactly nobody can "
        "tell.",
        low=low,
        high=high,
        count=count,
    )


def since_last(profile: Profile) -> list[Text]:
    """What became of it since the previous release, and what moved it; nothing in a first one."""
    previous = profile.edition.published.manifest["previous"]
    said = []
    for row in profile.figures("changes"):
        change = {"previous": previous["release"], "change": in_words(row["change"])}
        if row["cause"]:
            cause = cause_in_words(row["cause"], row["state"])
            said.append(
                text("Since release {previous}: {change}. Cause: {cause}.", cause=cause, **change)
            )
        else:
            said.append(text("Since release {previous}: {change}.", **change))
        said += _moved(profile, row)
    return said


def _moved(profile: Profile, row: Row) -> list[Text]:
    if row["effect_before"] is None or row["effect_after"] is None:
        return []
    measure, numbers = profile.edition.measures[0], profile.edition.numbers
    before, after = (
        numbers.signed(measure.shown(row[f"effect_{when}"]), measure.digits)
        for when in ("before", "after")
    )
    if before == after:
        return []
    return [
        text(
            "The effect was {before} and is {after}: {name}, {unit}.",
            before=before,
            after=after,
            name=measure.name,
            unit=measure.unit,
        )
    ]
