"""The tables of an organisation's page, each row in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otdacha.documents.figures import Figure, count_figure, effect_figure, why
from otdacha.documents.numbers import Numbers
from otdacha.language import text
from otdacha.release.export import indicator_name
from otdacha.release.export_provider import KINDS
from otdacha.release.reasons import STAGES, sentence
from otdacha.release.states import WITH_FIGURE, WORDS, State
from otdacha.site.bank.profile.profile import Past, Peers, Profile
from otdacha.site.bank.rows.standings import Standing, standing

Row = Mapping[str, Any]

PROGRAMMES_SHOWN = 100
"""Programmes of one organisation on its page; the downloads hold all."""


@dataclass(frozen=True)
class OnIndicator:
    """The effect on one indicator, and what stands behind it. why: its own reason for none."""

    name: str
    unit: str
    better: str
    effect: Figure
    why: str
    units: Figure
    clusters: Figure
    cases: Figure


@dataclass(frozen=True)
class LeftOut:
    """Rows about the organisation that were left out, and why."""

    stage: str
    why: str
    indicator: str
    rows: Figure


@dataclass(frozen=True)
class Then:
    """What one release said: of the list in words, the effect, the places."""

    release: str
    href: str
    current: bool
    method: str
    effect: Figure
    listed: str
    places: str


def on_indicators(profile: Profile) -> list[OnIndicator]:
    """Its effect on each indicator, the headline first; the reason of all is not said again."""
    numbers = profile.edition.numbers
    said = why(profile.row)
    found = []
    for measure in profile.edition.measures:
        row = profile.effects[measure.id]
        told = row["state"] in WITH_FIGURE or why(row) == said
        found.append(
            OnIndicator(
                name=measure.name,
                unit=measure.unit,
                better=measure.better,
                effect=effect_figure(row, measure, numbers),
                why="" if told else why(row).said(numbers.language),
                units=count_figure(row, "units", numbers),
                clusters=count_figure(row, "clusters", numbers),
                cases=count_figure(row, "cases", numbers),
            )
        )
    return found


def with_peers(profile: Profile) -> list[Standing]:
    """It and its peers in the release's order, by indicator: what the charts are drawn from."""
    peers = profile.peers
    effects: dict[str, dict[str, Row]] = {profile.row["provider"]: dict(profile.effects)}
    for (provider, indicator), row in peers.effects.items():
        effects.setdefault(provider, {})[indicator] = row
    return [
        standing(
            profile.edition,
            row,
            effects[row["provider"]],
            chosen=row["provider"] == profile.row["provider"],
        )
        for row in sorted([profile.row, *peers.rows], key=_best_first)
    ]


def _best_first(row: Row) -> tuple[bool, float]:
    effect = row["posterior_mean"]
    return effect is None, -(effect or 0.0)


def left_out(profile: Profile) -> list[LeftOut]:
    """What of it was left out, in the order of the steps."""
    edition = profile.edition
    return [
        LeftOut(
            stage=STAGES[row["stage"]].said(edition.language) if row["stage"] in STAGES else "",
            why=sentence(row["reason"], row["stage"]).said(edition.language),
            indicator=indicator_name(edition.published, row["indicator"], edition.language)
            if row["indicator"]
            else text("all indicators").said(edition.language),
            rows=count_figure(row, "rows", edition.numbers),
        )
        for row in profile.figures("excluded")
    ]


def over_releases(profile: Profile) -> list[Then]:
    """It in every release of the bank, the newest first."""
    return [_then(profile, past) for past in profile.past]


def _then(profile: Profile, past: Past) -> Then:
    edition, row = profile.edition, past.row
    known = row is not None and past.comparable and row["state"] in WITH_FIGURE
    return Then(
        release=past.release,
        href=edition.in_release(
            past.release, "organisation", provider=profile.organisation.provider
        )
        if row is not None
        else "",
        current=past.release == edition.release.name,
        method=past.method,
        effect=_effect_then(profile, past),
        listed=(text("on the list") if row["listed"] else text("not on the list")).said(
            edition.language
        )
        if row is not None and known
        else "",
        places=edition.numbers.places(row["rank_low"], row["rank_high"])
        if row is not None and known
        else "",
    )


def _effect_then(profile: Profile, past: Past) -> Figure:
    edition = profile.edition
    if past.row is None:
        state = State.NOT_COLLECTED
        return Figure(text("not in this release").said(edition.language), state=state)
    if not past.comparable:
        state = State.NOT_COMPARABLE
        return Figure(WORDS[state].said(edition.language), state=state)
    return effect_figure(past.row, edition.measures[0], edition.numbers)


def about_peers(peers: Peers, numbers: Numbers) -> str:
    """Who the peers are, in one sentence, and how many of them are shown."""
    if peers.topics:
        who = text(
            "Compared with those that teach one of its topics and have an effect: {count} "
            "({topics}).",
            count=numbers.whole(peers.count),
            topics=", ".join(peers.topics),
        )
    else:
        who = text(
            "Compared with all others that have an effect: {count}.",
            count=numbers.whole(peers.count),
        )
    if peers.all_shown:
        return who.said(numbers.language)
    shown = text(
        "Of them {count} are shown, evenly from the best to the worst.",
        count=numbers.whole(len(peers.rows)),
    )
    return f"{who.said(numbers.language)} {shown.said(numbers.language)}"


def downloads(profile: Profile) -> list[tuple[str, str]]:
    """Files with exactly these figures: what each is called, and its address."""
    provider = profile.organisation.provider
    return [
        (kind.upper(), profile.edition.url("organisation_figures", provider=provider, kind=kind))
        for kind in KINDS
    ]


def people(profile: Profile) -> list[tuple[str, Figure]]:
    """How many people and towns stand behind its figures: what it is, and how many."""
    numbers = profile.edition.numbers
    names = (
        (text("People trained"), "trained"),
        (text("People followed"), "people"),
        (text("Municipalities"), "municipalities"),
    )
    return [
        (name.said(numbers.language), count_figure(profile.row, column, numbers))
        for name, column in names
    ]
