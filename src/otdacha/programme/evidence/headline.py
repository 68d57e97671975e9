"""What the indicators count in the figure that a release ranks by."""

from __future__ import annotations

from otdacha.effects import COMPOSITE
from otdacha.effects.composite import factors, known_weights
from otdacha.release.release import Release


def headline_factors(release: Release) -> dict[str, float]:
    """What one unit of each indicator counts in the headline, plus being better: its weight by its
    standard deviation where that is the composite, one where it is the indicator itself."""
    if release.headline != COMPOSITE:
        return {release.headline: 1.0}
    told = release.manifest["evaluation"]["indicators"]
    scales = {name: float(told[name]["scale"]) for name in told if name != COMPOSITE}
    return factors(scales, known_weights(scales, release.methodology))
