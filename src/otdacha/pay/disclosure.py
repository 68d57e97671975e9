"""What of a scenario anybody may have: one rule for its open data, its documents and the site.

What a town spends on pay, and for how many people, is public by law (131-FZ, article 52 part 6); of
a few people it would be what each of them earns. So no mean, and no sum that makes one, is told of
fewer people than the methodology's minimum, nor of a group in which fewer receive something: what
they receive is a known part of what they earn. Beside a group that is hidden stands another one, so
that neither follows from a sum over all. People are told in no table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from otdacha.errors import PayProblem
from otdacha.language import text
from otdacha.pay.scenario import Scenario
from otdacha.pay.tables import DIMENSIONS
from otdacha.release.states import STATE, State

EXACT = ("money", "packages", "leaving", "wages", "excluded")
"""Tables that are told as they lie in the scenario: of all towns together, or of others' figures."""
PROTECTED = (
    "municipalities",
    "measures",
    "costs",
    "components",
    "fund",
    "distribution",
    "limits",
    "levels",
)
"""Tables of which only what may be told is public. Each has a column `told` more: the state of what
is in the row, `published` or `suppressed`."""

_OF_A_TOWN: Mapping[str, tuple[str, ...]] = {
    "municipalities": (
        "people",
        "posts",
        "pay_before",
        "pay_after",
        "gap_before",
        "gap_after",
        "exits_before",
        "exits_after",
        "avoided",
        "avoided_lower",
        "avoided_upper",
        "vacant_months",
        "vacancy_cost",
        "training_kept",
        "cost",
    ),
    "costs": ("cost",),
    "components": ("before", "after"),
    "fund": ("salaries", "norm", "difference"),
    "limits": ("fund_before", "fund_after", "above"),
    "levels": ("level",),  # two packages that differ in one town's level differ by its cost
}
"""What is not told of a town that is hidden."""
_OF_A_GROUP = ("people", "receive", "pay_before", "pay_after", "gain")


@dataclass(frozen=True)
class Public:
    """What is told of a scenario. minimum: people; of fewer nothing is told.

    tables: `EXACT` as they are, `PROTECTED` with `told`. hidden: the towns that are hidden.
    """

    minimum: int
    tables: Mapping[str, pl.DataFrame]
    hidden: frozenset[str]


@dataclass(frozen=True)
class Group:
    """People whose mean pay is told together, and how many of them receive something."""

    people: int
    receive: int


def public(scenario: Scenario, minimum: int) -> Public:
    """What anybody may have of `scenario`.

    minimum: the methodology's `disclosure.people`. Raises PayProblem where the whole scenario is
    about fewer people: nothing of it could be told then.
    """
    tables = scenario.tables
    people = int(tables["municipalities"]["people"].sum())
    if people < minimum:
        raise PayProblem(
            text(
                "Scenario {scenario} is about {people} people. Of fewer than {minimum} nothing may "
                "be shown (disclosure.people in the methodology), so it cannot be published.",
                scenario=scenario.id,
                people=people,
                minimum=minimum,
            )
        )
    groups = {by: _groups(tables["distribution"], by) for by in DIMENSIONS}
    towns = _groups_of_towns(tables["municipalities"], groups["municipality"])
    hidden = {**{by: hidden_groups(groups[by], minimum) for by in DIMENSIONS}}
    hidden["municipality"] = hidden_groups(towns, minimum)
    told = {name: tables[name] for name in EXACT}
    for name, columns in _OF_A_TOWN.items():
        of_hidden = pl.col("municipality").is_in(list(hidden["municipality"])).fill_null(False)
        told[name] = _masked(tables[name], of_hidden, columns)
    told["distribution"] = _masked(tables["distribution"], _any_of(hidden), _OF_A_GROUP)
    few = pl.col("people").is_between(1, minimum - 1).fill_null(False)
    told["measures"] = _masked(tables["measures"], few, ("people",))
    return Public(minimum, told, hidden["municipality"])


def hidden_groups(groups: Mapping[str, Group], minimum: int) -> frozenset[str]:
    """The groups that are hidden: those of few people, and others beside them.

    Of what is hidden together, whose sum is known, any part could be as large as `minimum`, each
    being one person at least. What is hidden beside a small group is the next in order, and not the
    smallest: that it is no larger than the others would be known of it.
    """
    order = list(groups)
    hidden = [name for name in order if _few(groups[name], minimum)]
    while hidden and not _safe([groups[name] for name in hidden], minimum):
        after = order.index(hidden[-1]) + 1
        others = (name for name in (*order[after:], *order) if name not in hidden)
        found = next((name for name in others if groups[name].people), None)
        if found is None:
            return frozenset(hidden)  # all of them are
        hidden.append(found)
    return frozenset(hidden)


def _few(group: Group, minimum: int) -> bool:
    """Nobody at all is no small group."""
    return 0 < group.people < minimum or 0 < group.receive < minimum


def _safe(hidden: Sequence[Group], minimum: int) -> bool:
    receive = [group.receive for group in hidden if group.receive]
    return _enough([group.people for group in hidden], minimum) and (
        not receive or _enough(receive, minimum)
    )


def _enough(counts: Sequence[int], minimum: int) -> bool:
    return len(counts) > 1 and sum(counts) >= len(counts) - 1 + minimum


def _groups(distribution: pl.DataFrame, by: str) -> dict[str, Group]:
    of_it = distribution.filter(pl.col("by") == by).select("value", "people", "receive")
    return {value: Group(people or 0, receive or 0) for value, people, receive in of_it.iter_rows()}


def _groups_of_towns(towns: pl.DataFrame, receive: Mapping[str, Group]) -> dict[str, Group]:
    """The towns in their order; how many receive something only the distribution says."""
    nobody = Group(0, 0)
    return {
        code: Group(people or 0, receive.get(code, nobody).receive)
        for code, people in towns.select("municipality", "people").iter_rows()
    }


def _any_of(hidden: Mapping[str, frozenset[str]]) -> pl.Expr:
    of_each = [
        (pl.col("by") == by) & pl.col("value").is_in(list(values)) for by, values in hidden.items()
    ]
    return pl.any_horizontal(*of_each)


def _masked(table: pl.DataFrame, hidden: pl.Expr, columns: Sequence[str]) -> pl.DataFrame:
    """The table without `columns` where `hidden`, and with the state of each row."""
    return table.with_columns(
        pl.when(hidden)
        .then(pl.lit(State.SUPPRESSED))
        .otherwise(pl.lit(State.PUBLISHED))
        .cast(STATE)
        .alias("told"),
        *(pl.when(~hidden).then(pl.col(name)).alias(name) for name in columns),
    )
