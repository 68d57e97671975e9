"""What of a plan anybody may have: one rule for its open data, its documents and the site.

Contracts of municipalities are public by law with their price and what is bought, so what a
contract says is told exactly: who sends how many people where, for how much, out of which budget.
What no contract says is protected: how many more need training, for which reason, whom the law
obliges. Departments, classes and people are told in no table (docs/decisions/0041).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from otdacha.programme.people.roster import folded_topic
from otdacha.programme.plan import Plan
from otdacha.programme.suppression import Cell, Hidden, hidden_in_table
from otdacha.release.states import STATE, State

EXACT = (
    "lines",
    "funding",
    "groups",
    "offers",
    "budgets",
    "left_out",
    "results",
    "rivals",
    "frontier",
    "shadow",
    "sensitivity",
)
"""Tables that are told as they lie in the plan: of contracts, of the plan as a whole, of files."""
PROTECTED = ("municipalities", "needs", "unmet", "demands")
"""Tables of which only what may be told is public; the last three are of no plan."""
BY_LAW = "legal_duty"
"""The reason of needs that must be met."""
SEVERAL = "several"
"""Why needs are not met, where by each reason they are too few to be told."""

NEEDS = pl.Schema(
    {
        "municipality": pl.String(),
        "topic": pl.String(),
        "planned": pl.Int64(),
        "state": STATE,
        "needed": pl.Int64(),
        "unmet": pl.Int64(),
    }
)
UNMET = pl.Schema(
    {
        "municipality": pl.String(),
        "topic": pl.String(),
        "why": pl.String(),
        "state": STATE,
        "people": pl.Int64(),
    }
)
DEMANDS = pl.Schema(
    {
        "topic": pl.String(),
        "reason": pl.String(),
        "state": STATE,
        "needed": pl.Int64(),
        "planned": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Public:
    """What is told of a plan. minimum: people; a smaller protected count is not told.

    tables: those of `EXACT` that the plan holds, as they are; municipalities, with the states of
    what is protected in it; needs, unmet, demands (schemas `NEEDS`, `UNMET`, `DEMANDS`).
    figures: those of the whole plan; needed and mandatory are None where they are hidden.
    """

    minimum: int
    tables: Mapping[str, pl.DataFrame]
    figures: Mapping[str, Any]

    def manifest(self, plan: Plan) -> dict[str, Any]:
        """The plan's manifest with the figures that are told: mostly the manifest as it is."""
        return {**plan.manifest, "figures": dict(self.figures)}


def public(plan: Plan, minimum: int) -> Public:
    """What anybody may have of `plan`; nothing that is hidden follows from what is told.

    minimum: the methodology's `disclosure.people`. People who are sent count under the topic of
    their course, as the lines have it; those who are not, under the topic that they need.
    """
    people = _People.of(plan)
    hidden = hidden_in_table(people.left, minimum)
    together = _hidden_by_reason(people, hidden, minimum)
    all_topics = frozenset(people.reasons)
    figures = {
        **plan.figures,
        **({"needed": None} if hidden.whole else {}),
        **({"mandatory": None} if together is None else {}),
    }
    tables = {
        **{name: plan.tables[name] for name in EXACT if name in plan.tables},
        "municipalities": _municipalities(plan.tables["municipalities"], hidden),
        "needs": _needs(people, hidden),
        "unmet": _unmet(people, hidden, minimum),
        "demands": _demands(people, hidden, all_topics if together is None else together),
    }
    return Public(minimum, tables, figures)


@dataclass(frozen=True)
class _People:
    """Counts of people. sent, left: by town and topic; why: those left, by why they are.

    reasons: by topic and reason, those sent and those left. A topic is known by its folded name;
    topics: how it is written; empty: any topic.
    """

    sent: Mapping[Cell, int]
    left: Mapping[Cell, int]
    why: Mapping[Cell, Mapping[str, int]]
    reasons: Mapping[str, Mapping[str, tuple[int, int]]]
    topics: Mapping[str, str | None]

    @classmethod
    def of(cls, plan: Plan) -> _People:
        lines = _folded(plan.tables["lines"])
        of_course = lines.unique(["provider", "offer"]).select("provider", "offer", "topic", "key")
        seats = plan.tables["seats"].drop("topic").join(of_course, on=["provider", "offer"])
        left = _folded(plan.tables["unmet"])
        written = pl.concat([left.select("key", "topic"), lines.select("key", "topic")])
        sent = _summed(lines, ["municipality", "key"], "seats")
        unmet = _summed(left, ["municipality", "key"], "people")
        by_why: dict[Cell, dict[str, int]] = defaultdict(dict)
        for (town, key, why), count in _summed(left, ["municipality", "key", "why"], "people"):
            by_why[town, key][why] = count
        reasons: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for frame, place in ((seats, 0), (left, 1)):
            for (key, reason), count in _summed(frame, ["key", "reason"], "people"):
                pair = list(reasons[key].get(reason, (0, 0)))
                pair[place] = count
                reasons[key][reason] = (pair[0], pair[1])
        return cls(
            sent=dict(sent),
            left=dict(unmet),
            why=by_why,
            reasons=dict(sorted(reasons.items())),
            topics=dict(written.unique("key", keep="first").iter_rows()),
        )

    def cells(self) -> list[Cell]:
        return sorted({*self.sent, *self.left})


def _folded(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(key=folded_topic("topic").fill_null(""))


def _summed(frame: pl.DataFrame, by: list[str], count: str) -> list[tuple[Any, int]]:
    summed = frame.group_by(pl.col(by).cast(pl.String)).agg(pl.col(count).sum()).sort(by)
    return [(tuple(row[:-1]), row[-1]) for row in summed.iter_rows()]


def _small(count: int, minimum: int) -> bool:
    """Nobody at all is no small group."""
    return 0 < count < minimum


def _hidden_by_reason(people: _People, hidden: Hidden, minimum: int) -> frozenset[str] | None:
    """The topics whose needs over all towns are not told by reason."""
    small = {
        key
        for key, reasons in people.reasons.items()
        if key in hidden.columns
        or _one_for_all(people, key, minimum)
        or any(
            _small(count, minimum)
            for sent, left in reasons.values()
            for count in (sent, left, sent + left)
        )
    }
    by_law = {key: sum(reasons.get(BY_LAW, (0, 0))) for key, reasons in people.reasons.items()}
    others = {
        key: sum(map(sum, reasons.values())) - by_law[key]
        for key, reasons in people.reasons.items()
    }
    return _hidden_of_both(by_law, others, small, minimum)


def _hidden_of_both(
    by_law: Mapping[str, int], others: Mapping[str, int], small: set[str], minimum: int
) -> frozenset[str] | None:
    """The parts of which it is hidden how many are by law and how many are not.

    The sums of both are told: so of each must be hidden as many as the minimum together, in two
    parts at least; then by law may be more or fewer in any of them, and otherwise fewer or more.
    None where that cannot be: not even the sums may be told then.
    """
    if minimum <= 1:
        return frozenset()  # nobody is a small group
    hidden = [part for part in by_law if part in small and by_law[part] + others[part]]
    if not hidden or not any(by_law.values()):
        return frozenset(hidden)
    while len(hidden) < 2 or any(
        sum(counts[part] for part in hidden) < minimum for counts in (by_law, others)
    ):
        lacking = by_law if sum(by_law[part] for part in hidden) < minimum else others
        more = [part for part in lacking if lacking[part] and part not in hidden] or [
            part for part in by_law if by_law[part] and len(hidden) < 2 and part not in hidden
        ]
        if not more:
            return None
        hidden.append(more[0])
    return frozenset(hidden)


def _one_for_all(people: _People, key: str, minimum: int) -> bool:
    """Whether all who are sent on a topic are for one reason, which would be told of the few whom
    some town sends."""
    reasons = sum(sent > 0 for sent, _ in people.reasons[key].values())
    return reasons == 1 and any(
        _small(count, minimum) for cell, count in people.sent.items() if cell[1] == key
    )


def _state(hidden: bool, count: int) -> State:
    if hidden:
        return State.SUPPRESSED
    return State.PUBLISHED if count else State.TRUE_ZERO


def _municipalities(towns: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    """The towns without whom the law obliges: together with the reasons by topic that would tell of
    a few. What a town gets at least is a share of what it needs, and hidden with it."""
    unsaid = pl.col("municipality").is_in(list(hidden.rows))
    return towns.drop("mandatory").with_columns(
        pl.when(unsaid)
        .then(pl.lit(State.SUPPRESSED))
        .when(pl.col("needed") == 0)
        .then(pl.lit(State.TRUE_ZERO))
        .otherwise(pl.lit(State.PUBLISHED))
        .cast(STATE)
        .alias("needed_state"),
        *(pl.when(~unsaid).then(pl.col(name)).alias(name) for name in ("needed", "floor")),
    )


def _needs(people: _People, hidden: Hidden) -> pl.DataFrame:
    rows = []
    for cell in people.cells():
        sent, left = people.sent.get(cell, 0), people.left.get(cell, 0)
        gone = cell in hidden.cells
        rows.append(
            (
                cell[0],
                people.topics[cell[1]],
                sent,
                _state(gone, sent + left),
                None if gone else sent + left,
                None if gone else left,
            )
        )
    return pl.DataFrame(rows, schema=NEEDS, orient="row")


def _unmet(people: _People, hidden: Hidden, minimum: int) -> pl.DataFrame:
    """Why needs are not met. Where by one of the reasons they are few, no reason is told."""
    rows: list[tuple[Any, ...]] = []
    for cell, why in sorted(people.why.items()):
        place = (cell[0], people.topics[cell[1]])
        if cell in hidden.cells:
            rows.append((*place, SEVERAL, State.SUPPRESSED, None))
        elif len(why) > 1 and any(_small(count, minimum) for count in why.values()):
            rows.append((*place, SEVERAL, State.PUBLISHED, sum(why.values())))
        else:
            rows += [(*place, code, State.PUBLISHED, count) for code, count in why.items()]
    return pl.DataFrame(rows, schema=UNMET, orient="row")


def _demands(people: _People, hidden: Hidden, together: frozenset[str]) -> pl.DataFrame:
    """Needs over all towns: by reason where that is told, else of the topic as a whole."""
    rows: list[tuple[Any, ...]] = []
    for key, reasons in people.reasons.items():
        topic = people.topics[key]
        if key not in together:
            for reason, (sent, left) in sorted(reasons.items()):
                rows.append((topic, reason, State.PUBLISHED, sent + left, sent))
            continue
        gone = key in hidden.columns
        sent = sum(pair[0] for pair in reasons.values())
        needed = sent + sum(pair[1] for pair in reasons.values())
        rows.append((topic, None, _state(gone, needed), None if gone else needed, sent))
    return pl.DataFrame(rows, schema=DEMANDS, orient="row")
