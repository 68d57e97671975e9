"""What is said of a plan that is being carried out: states of its lines, and what fits no line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from otdacha.language import Text, text

STATES: Mapping[str, Text] = MappingProxyType(
    {
        "not_in_plan": text("not in the plan"),
        "overspent": text("overspent"),
        "late": text("late"),
        "to_sign": text("to be signed now"),
        "not_begun": text("not begun"),
        "signed": text("signed"),
        "running": text("running"),
        "underspent": text("underspent"),
        "finished": text("finished"),
    }
)
"""The state of a line, the one that asks for attention first before the others."""

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "not_in_plan": text("There is a contract, and the plan has no such line."),
        "overspent": text("Contracts or payments come to more than the plan sets aside."),
        "late": text("Nothing is signed, and the training begins in a few days or has begun."),
        "to_sign": text("Nothing is signed, and it is time to."),
        "not_begun": text("Nothing is signed, and there is still time."),
        "signed": text("A contract is signed, and the training has not begun."),
        "running": text("A contract is signed, and the training is under way."),
        "underspent": text(
            "The training is over: fewer seats were signed than planned, or less was paid than "
            "signed."
        ),
        "finished": text("The training is over, as planned and paid in full."),
    }
)
"""By which rule a line has its state."""

UNMATCHED: Mapping[str, Text] = MappingProxyType(
    {
        "payment_without_contract": text("The payment names a contract that nobody has sent."),
        "attends_without_line": text(
            "The person attends what their municipality neither planned nor signed."
        ),
        "contradicting_contract": text("Rows of one contract tell of it in two ways."),
        "unknown_offer": text("The offer of the contract is not in the plan's years."),
        "unknown_town": text("The municipality of the contract has no needs in the plan."),
        "no_budget": text("No budget of the plan pays from this source and code in that year."),
        "needs_nobody": text("Nobody of the municipality needs what was signed."),
        "no_travel_money": text("No budget is left for the journeys to what was signed."),
        "attends_without_contract": text("The person attends, and no contract was signed."),
    }
)
"""Why something of contracts, attendance or payments could not be matched with the plan."""

WAITS = "mandatory"

EASED: Mapping[str, Text] = MappingProxyType(
    {
        "share": text("a share of co-financing"),
        "learning_share": text("the share of places for learning"),
        "minimum_group": text("the smallest group"),
        WAITS: text("training that must be: not everybody who must be trained finds a place"),
    }
)
"""Rules that cannot be kept beside what is signed, so that the rest keeps them as far as it can."""
