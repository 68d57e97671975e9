"""Why a cell was left out, and why a provider's evidence is insufficient."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

REASONS: Mapping[str, Text] = {
    "around_training": text("A course was under way or about to begin."),
    "after_horizon": text("The training lies further back than its effect is followed."),
    "history_unknown": text("It is not known whether there was training before."),
    "status_missing": text("It is not said whether the month lies before or after training."),
    "identifier_missing": text("It is not known whose figure this is, or of which month."),
    "indicator_unknown": text("The methodology has no such indicator."),
    "repeated_cell": text(
        "There are several figures for one unit and month, and nobody knows which is right."
    ),
    "no_cases": text("There was no case in this month."),
    "too_many_cases": text(
        "More cases are given for one month of one unit than there can be, a thousand million."
    ),
    "not_a_number": text("The figure is missing or infinite."),
    "unit_without_clean_cell": text(
        "The unit was never observed untrained, so there is nothing to compare it with."
    ),
    "period_without_clean_cell": text(
        "In this month nobody comparable was untrained, so there is nothing to compare with."
    ),
    "not_connected": text(
        "The unit and this month share no chain of comparison through untrained units."
    ),
    "exposure_missing": text("The month counts as trained, but not by whom."),
    "exposure_not_valid": text(
        "It is not clear who trained the people of this month or how many: the share is no share "
        "from 0 to 1, the organisation has no name, or it stands there twice."
    ),
    "nothing_comparable": text(
        "Work results of the people it trained are on record, but there is nothing to compare them "
        "with: nobody comparable was untrained."
    ),
    "no_exposed_cell": text("No work results of the people it trained are on record."),
    "few_people": text("Too few people were trained."),
    "few_clusters": text("The people it trained work in too few municipalities."),
    "one_cluster": text("Everything known of it comes from one municipality."),
    "few_degrees_of_freedom": text("Almost all that is known of it comes from one municipality."),
    "inseparable": text(
        "It cannot be told apart: its people always belong to one other organisation or group too."
    ),
    "no_contrast": text(
        "There is no work without its training that could be compared with work after it."
    ),
    "few_sessions": text(
        "Almost all that is known of it comes from one run of a course, whose luck cannot be told "
        "from the quality of the training."
    ),
    "n_below_minimum": text("It is known from too few people."),
    "suppressed": text("The source withholds the figure."),
    "not_collected": text("The source has no figure."),
    "no_standard_error": text("It is not known how certain the figure is."),
    "incomplete_row": text("A value is missing in the row."),
    "no_variation": text("All results are the same, so there is no measure of chance."),
    "no_measure_of_chance": text(
        "All that is known of it agrees to the last digit, so nothing shows how far chance alone "
        "could carry it."
    ),
    "indicator_rare": text(
        "For too many of the people it trained, one of the weighted indicators is not recorded."
    ),
    "indicator_missing": text(
        "At least one of the weighted indicators cannot be estimated for it."
    ),
}
