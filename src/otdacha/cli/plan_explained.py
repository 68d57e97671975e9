"""Why a plan is as it is, on a terminal: other ways, other money, other circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from otdacha.cli.tables import UNKNOWN, figure, table
from otdacha.language import Text, text

if TYPE_CHECKING:
    import polars as pl

    from otdacha.cli.verb import Shown
    from otdacha.cli.voice import Voice
    from otdacha.methodology import Methodology
    from otdacha.programme.plan import Plan

ROWS = 12
"""Rows of a table that are printed; all are in the plan's own files and in --json."""
Row = Mapping[str, Any]
BETTER = text("A better one by at most")
"""How rough a plan is: another one of the same aim may reach so much more of it."""


def results_shown(voice: Voice, made: Plan) -> list[Shown]:
    """What may be expected of a plan, by indicator and year, each with its range."""
    results = made.tables["results"]
    if results.is_empty():
        return []
    methodology = _methodology(made)
    found = {(row["indicator"], row["year"]): row for row in results.iter_rows(named=True)}
    return [
        table(
            voice,
            {
                "what": text("Indicator"),
                **{str(year): str(year) for year in made.years},
            },
            [
                (
                    _improved(made, indicator, methodology),
                    *(_expected(voice, found[indicator, year]) for year in made.years),
                )
                for indicator in results["indicator"].unique(maintain_order=True)
            ],
            title=text("What is expected of it. In brackets: the range of 90 %"),
        )
    ]


def _expected(voice: Voice, row: Row) -> str:
    return f"{figure(row['expected'], voice.language, plus=True)} ({_range(voice, row, plus=True)})"


def _improved(made: Plan, indicator: str, methodology: Methodology) -> Text:
    """What gets better: an indicator, or what the release's headline figure is an effect on."""
    from otdacha.documents.plan.passport_indicators import result_name
    from otdacha.effects import COMPOSITE
    from otdacha.programme.beside import release_beside
    from otdacha.programme.explain.results import HEADLINE

    if indicator != HEADLINE:
        return result_name(indicator, methodology)
    release = release_beside(made)
    return result_name(COMPOSITE if release is None else release.headline, methodology)


def explained_shown(voice: Voice, made: Plan) -> list[Shown]:
    """Rivals, frontier, the next rubles, sensitivity and robustness, where the plan holds them."""
    if "rivals" not in made.tables:
        return []
    return [
        text(
            "Improvement: cases a year that go better, each by one standard deviation. A range "
            "holds the true value with a probability of 90 %."
        )
        if made.manifest["evidence"]
        else text("Improvement: the priorities of the needs that are met, added up."),
        _rivals(voice, made),
        *_not_sure(made),
        _frontier(voice, made),
        *_shadow(voice, made),
        _sensitivity(voice, made),
        *_robustness(voice, made),
    ]


def _rivals(voice: Voice, made: Plan) -> Any:
    from otdacha.programme.wording import RULES, said

    def ahead(row: Row) -> str:
        if row["rule"] == "plan" or row["ahead"] is None:
            return UNKNOWN
        more = figure(row["ahead"], voice.language, plus=True)
        if row["ahead_lower"] is None:
            return more
        ends = (row["ahead_lower"], row["ahead_upper"])
        low, high = (figure(end, voice.language, plus=True) for end in ends)
        return f"{more} ({low} … {high})"

    return table(
        voice,
        {
            "rule": text("How to choose"),
            "people": text("People"),
            "cost": text("Cost, ₽"),
            "benefit": text("Improvement"),
            "range": text("Range"),
            "ahead": text("This plan brings more by"),
            "gap": BETTER,
        },
        [
            (
                said(row["rule"], RULES),
                *_figures(voice, row, "cost"),
                ahead(row),
                _percent(voice, row["gap"], 1),
            )
            for row in made.tables["rivals"].iter_rows(named=True)
        ],
        title=text("The same money, given out otherwise"),
        numbers=("people", "cost", "benefit", "range", "ahead", "gap"),
    )


def _not_sure(made: Plan) -> list[Text]:
    """What a range on both sides of nought means, where there is one."""
    rivals = made.tables["rivals"]
    both = rivals.filter((rivals["ahead_lower"] < 0) & (rivals["ahead_upper"] > 0))
    if both.is_empty():
        return []
    return [
        text(
            "Where a range of the difference holds nought, it is not sure that this plan is better."
        )
    ]


def _frontier(voice: Voice, made: Plan) -> Any:
    return table(
        voice,
        {
            "share": text("Part of the money"),
            "budget": text("Budget, ₽"),
            "people": text("People"),
            "cost": text("Cost, ₽"),
            "benefit": text("Improvement"),
            "range": text("Range"),
            "gap": BETTER,
        },
        [
            (
                f"{figure(100 * row['share'], voice.language)} %",
                figure(row["budget"], voice.language),
                *_figures(voice, row, "spent"),
                _percent(voice, _gap(row), 1),
            )
            for row in made.tables["frontier"].iter_rows(named=True)
        ],
        title=text("If there were less money or more"),
        numbers=("share", "budget", "people", "cost", "benefit", "range", "gap"),
    )


def _shadow(voice: Voice, made: Plan) -> list[Shown]:
    """The next rubles by source and year, where they bring most first, and why some bring none."""
    from otdacha.documents.words import SOURCES
    from otdacha.programme.wording import LATE, said

    more = made.tables["shadow"].sort("gained", descending=True, maintain_order=True)
    if more.is_empty():
        return []
    names = dict(made.tables["municipalities"].select("municipality", "name").iter_rows())
    return [
        table(
            voice,
            {
                "source": text("Source"),
                "year": text("Year"),
                "holder": text("Where it brings most"),
                "gained": text("More improvement"),
                "range": text("Is known to lie between"),
            },
            [
                (
                    said(row["source"], SOURCES),
                    str(row["year"]),
                    text("everybody in the plan")
                    if row["holder"] is None
                    else names.get(row["holder"]) or row["holder"],
                    UNKNOWN
                    if row["why"] == LATE
                    else figure(row["gained"], voice.language, 1, plus=True),
                    _range(voice, row, 1),
                )
                for row in more.head(ROWS).iter_rows(named=True)
            ],
            title=text(
                "What the next {added} ₽ of a source would bring",
                added=figure(more["added"][0], voice.language),
            ),
            numbers=("gained", "range"),
        ),
        *_nothing_gained(voice, more),
    ]


def _nothing_gained(voice: Voice, more: pl.DataFrame) -> list[Text]:
    """Why more money brings nothing, for all sources and years of one reason together."""
    from otdacha.documents.words import SOURCES
    from otdacha.programme.wording import LATE, NOT_GAINED, said

    budgets: dict[str, list[str]] = {}
    for row in more.sort("year").iter_rows(named=True):
        if row["why"] is not None:
            source = voice.say(said(row["source"], SOURCES))
            budgets.setdefault(row["why"], []).append(f"{source} {row['year']}")
    return [
        text("Not known of: {budgets}. {why}.", budgets=", ".join(which), why=said(why, NOT_GAINED))
        if why == LATE
        else text(
            "Would bring nothing: {budgets}. {why}.",
            budgets=", ".join(which),
            why=said(why, NOT_GAINED),
        )
        for why, which in budgets.items()
    ]


def _sensitivity(voice: Voice, made: Plan) -> Any:
    from otdacha.programme.wording import NO_PART, STATES, said

    methodology = _methodology(made)

    def best(row: Row) -> str | Text:
        if row["replanned"] is None:
            return said(row["state"], STATES)
        return figure(row["replanned"], voice.language)

    return table(
        voice,
        {
            "changed": text("What is otherwise"),
            "kept": text("This plan brings then"),
            "replanned": text("A new plan would bring"),
            "moved": text("Seats that would move"),
            "gap": BETTER,
        },
        [
            (
                _otherwise(row["changed"], methodology),
                NO_PART if row["kept"] is None else figure(row["kept"], voice.language),
                best(row),
                _percent(voice, row["moved"]),
                _percent(voice, row["gap"], 1),
            )
            for row in made.tables["sensitivity"].iter_rows(named=True)
        ],
        title=text("If it turns out otherwise"),
        numbers=("kept", "replanned", "moved", "gap"),
    )


def _otherwise(code: str, methodology: Methodology) -> Text:
    """A change in words, an indicator by its name."""
    from otdacha.documents.plan.passport_indicators import Both
    from otdacha.programme.wording import CHANGED, ONLY, said

    names = {one.id: Both(one.name.ru, one.name.en) for one in methodology.indicators}
    indicator = code.removeprefix(ONLY)
    if code.startswith(ONLY) and indicator in names:
        return text("Only the indicator {indicator} counts", indicator=names[indicator])
    return said(code, CHANGED)


def _robustness(voice: Voice, made: Plan) -> list[Shown]:
    """How surely each organisation of the plan is chosen, the surest first."""
    sure = made.tables["robustness"]
    chosen = sure.filter(sure["seats"] > 0)
    if chosen.is_empty():
        return []
    names = dict(made.tables["lines"].select("provider", "provider_name").iter_rows())
    order = chosen.sort("chosen", "seats", descending=True, maintain_order=True)
    return [
        table(
            voice,
            {
                "provider": text("Organisation"),
                "seats": text("Seats in this plan"),
                "chosen": text("Would be chosen again"),
                "low": text("Seats if it brings little"),
                "high": text("Seats if it brings much"),
            },
            [
                (
                    names.get(row["provider"]) or row["provider"],
                    row["seats"],
                    _percent(voice, row["chosen"]),
                    figure(row["low_seats"], voice.language),
                    figure(row["high_seats"], voice.language),
                )
                for row in order.head(ROWS).iter_rows(named=True)
            ],
            title=text("How surely an organisation is chosen, over what may be true"),
            numbers=("seats", "chosen", "low", "high"),
        )
    ]


def _figures(voice: Voice, row: Row, money: str) -> tuple[Any, ...]:
    """People, money, improvement and its range; where no such plan is, why."""
    from otdacha.programme.wording import STATES, said

    if row["people"] is None:
        return (None, None, said(row["state"], STATES), None)
    return (
        row["people"],
        figure(row[money], voice.language),
        figure(row["benefit"], voice.language),
        _range(voice, row),
    )


def _range(voice: Voice, row: Row, digits: int = 0, *, plus: bool = False) -> str:
    if row["lower"] is None or row["upper"] is None:
        return UNKNOWN
    ends = (row["lower"], row["upper"])
    return " … ".join(figure(end, voice.language, digits, plus=plus) for end in ends)


def _gap(row: Row) -> float | None:
    """How much more of its aim another plan of that money may have, as a share."""
    if row["bound"] is None or not row["objective"]:
        return None
    bound, objective = float(row["bound"]), float(row["objective"])
    return max(0.0, bound - objective) / abs(objective)


def _percent(voice: Voice, share: float | None, digits: int = 0) -> str:
    return UNKNOWN if share is None else f"{figure(100 * share, voice.language, digits)} %"


def _methodology(made: Plan) -> Methodology:
    """The one that the plan's figures were measured by: of its release, else of its workspace."""
    from otdacha.methodology import default_methodology
    from otdacha.programme.beside import release_beside, workspace_beside

    release = release_beside(made)
    if release is not None:
        return release.methodology
    workspace = workspace_beside(made)
    return default_methodology() if workspace is None else workspace.methodology()
