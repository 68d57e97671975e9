"""What came of looking at somebody, and why a need is not planned: codes and their sentences."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

OUTCOMES: Mapping[str, Text] = {
    "needed": text("Training is needed."),
    "duty_does_not_bind": text("The duty does not bind this group of positions."),
    "trained_in_time": text("The last training is recent enough for the whole plan."),
    "not_long_in_service": text(
        "No training is on record, but they came onto the staff list recently enough."
    ),
    "history_unknown": text(
        "No training is on record, but the town's training is not on record for long enough: they "
        "may have been trained before. Add older training, or ask for the need in a file."
    ),
    "long_in_post": text("They took their post longer ago than the duty binds."),
    "trained_since": text("They have been trained since they took their post."),
    "trained_lately": text("They were trained in this topic lately."),
    "service_without_topic": text(
        "Their department is weak in a service, but the parameters name no topic for it. Add the "
        "service to the topics."
    ),
    "department_not_weak": text("Their department is not worse than others, or not surely so."),
    "too_few_to_compare": text(
        "Too few departments do the same, or their months tell nobody apart."
    ),
    "department_without_results": text(
        "Their department has no cases and no results in the last twelve months."
    ),
}
"""Of everybody on the staff, by each rule."""

NOT_PLANNED: Mapping[str, Text] = {
    "left": text("The person has left the municipality by its staff list."),
    "on_no_staff_list": text(
        "The person is on no staff list of the municipality. Send the present list, or correct the "
        "need."
    ),
    "badge_unknown": text(
        "Nobody, or several people, on the staff list have this personnel number."
    ),
    "due_after_plan": text("The duty falls due after the last year of the plan."),
}
"""Of needs that make no class."""
