"""The words for the codes in the tables of a plan, shared by documents, site and command line."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

WHY: Mapping[str, Text] = {
    "mandatory_only_run": text("They must be trained, and this is the only run that can take them"),
    "mandatory": text(
        "They must be trained; without that duty the place or the money would go to others"
    ),
    "only_run": text("The only run that can take them"),
    "learning": text("Shows what an organisation can do about which little is known"),
    "floor": text("Every municipality gets a part of what it needs"),
    "fills_group": text("Completes the smallest group, without which the run is not held"),
    "stays": text("Planned so already: moving them would gain too little"),
    "largest_effect": text("Brings more than any other run that could take them"),
    "best_per_rouble": text("Brings most for its money"),
    "others_full": text("Better runs are full of people to whom they bring more, or are not held"),
}
"""Why a class sits in a run: `seats.why`."""

LINE_WHY: Mapping[str, Text] = {
    code: words for code, words in WHY.items() if code not in ("mandatory_only_run", "mandatory")
}
"""Why a line is in the plan: `lines.why`; `seats.why_here`. Of a duty by law they say nothing."""

PASSED_OVER: Mapping[str, Text] = {
    "nobody": text("Nobody who lacks training needs this topic at that time"),
    "nobody_pays": text("No budget of those whom it would suit has money in that year"),
    "not_worth": text("It is not expected to help"),
    "others_bring_more": text("Other runs bring more for the same money"),
    "learning_share": text("A part of the places is kept for organisations that are little known"),
    "suited_elsewhere": text("Other runs suit the same people as well or better"),
    "no_group": text("The smallest group does not come together"),
}
"""Why a run that could have been chosen is not: `offers.why_not`; beside these stand the reasons of
`otdacha.programme.offers.REASONS` why one could not."""

UNMET: Mapping[str, Text] = {
    "no_run": text("Nobody offers the topic"),
    "too_late": text("The topic is offered, but not within the time"),
    "not_worth": text("No run is expected to help"),
    "no_money": text("The money brings more elsewhere, or nobody could pay"),
    "learning_share": text("A part of the places is kept for organisations that are little known"),
    "no_places": text("The runs are full of people to whom they bring more"),
    "no_group": text("The smallest group does not come together"),
    "next_in_line": text("First in line: what is left does not pay for a whole place or group"),
    "several": text("Several reasons; by each of them it would be a few people"),
}
"""Why somebody is not trained: `unmet.why`."""

SOURCES: Mapping[str, Text] = {
    "federal": text("federal budget"),
    "regional": text("budget of the region"),
    "municipal": text("local budget"),
    "own": text("extra-budgetary funds"),
}
"""Whose money it is, in the order of the passport of a programme."""

EVIDENCE: Mapping[str, Text] = {
    "proven": text("has a published effect"),
    "learning": text("too little evidence yet, a place to learn from"),
    "none": text("no evidence: chosen by priority"),
}
"""What a choice rests on: `lines.evidence`."""

REASONS: Mapping[str, Text] = {
    "legal_duty": text("legal duty"),
    "other": text("other reasons"),
    "gap": text("gap in competence"),
    "weak_indicator": text("weak results of the unit"),
    "request": text("request of the manager"),
    "": text("all reasons together"),
}
"""Why training is needed: `seats.reason`, `unmet.reason`; empty where a few would be told of."""

LATE = "no_plan_in_time"
STATES: Mapping[str, Text] = {
    "planned": text("Planned"),
    "infeasible": text("Impossible: what must be done costs more"),
    LATE: text("No plan was found in the time given"),
}
"""Whether another plan could be made: `state` of frontier, rivals and sensitivity."""

RULES: Mapping[str, Text] = {
    "plan": text("This plan"),
    "cheapest": text("As many people as possible, the cheapest first"),
    "last_year": text("As last year"),
    "raw_rate": text("By raw results"),
}
"""Who plans otherwise: `rivals.rule`."""

CHANGED: Mapping[str, Text] = {
    "prices_up": text("Prices and travel 10 % dearer"),
    "prices_down": text("Prices and travel 10 % cheaper"),
    "effects_low": text("All effects at the lower tenth of what is believed"),
    "effects_high": text("All effects at the upper tenth of what is believed"),
}
"""What is otherwise: `sensitivity.changed`."""

NOT_GAINED: Mapping[str, Text] = {
    "capped": text("Co-financing lets this source pay no more: others must add their part first"),
    "left_over": text("The source has money left that finds nobody whom it may pay for"),
    "not_short": text("What this source pays can be paid by others as well"),
    "not_whole": text("It does not pay for one more place or group that brings anything"),
    LATE: text("No plan was found in the time given"),
}
"""Why the next rubles of a source bring nothing: `shadow.why`."""

NO_PART = text("no part found")
"""Of this plan nothing was found that keeps the rules as they are then: `sensitivity.kept`."""

ONLY = "only:"
"""Begins the code of a change that counts one indicator alone."""

RESTS_ON: Mapping[str, Text] = {
    "draws": text("Nine of ten joint draws of what all organisations bring"),
    "ends": text(
        "Every organisation at the lower, then at the upper end of its own interval: wider than "
        "nine of ten, because nothing is known of how the errors of an indicator go together"
    ),
}
"""What a band is made of: `results.rests_on`."""


def said(code: str, words: Mapping[str, Text]) -> Text:
    """The words of a code; a code that this program does not know says itself."""
    if code in words:
        return words[code]
    if code.startswith(ONLY):
        return text("Only the indicator {indicator} counts", indicator=code.removeprefix(ONLY))
    return text("{code}", code=code)
