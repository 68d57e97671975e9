"""Why a provider that has an estimate is not ranked: codes and their sentences."""

from __future__ import annotations

from collections.abc import Mapping

from otdacha.language import Text, text

REASONS: Mapping[str, Text] = {
    "no_estimate": text("The provider has no finite estimate."),
    "no_standard_error": text(
        "The provider's standard error is absent, infinite or zero: "
        "how far chance alone could carry the estimate is not known."
    ),
    "no_degrees_of_freedom": text(
        "It has less than one degree of freedom: how far its standard error can be trusted is not "
        "known."
    ),
    "nothing_to_compare_with": text(
        "It is the only provider with enough evidence: there is nobody to compare it with."
    ),
    "not_ranked_at_cut": text(
        "Until the day of the earlier ranking there was not enough evidence to rank it."
    ),
    "too_little_after_cut": text(
        "After the day of the earlier ranking it has trained too few people to judge what came."
    ),
}
